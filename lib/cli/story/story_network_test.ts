import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Step } from "../../scenario/schema.ts";
import { storyOf, toldAfter } from "./story_cases.ts";

const CASES: readonly [what: string, steps: readonly Step[], says: readonly string[]][] = [
  ["a partition", [{ do: "partition", groups: [[1, 2], [3, 4, 5]] }], [
    "nodes 1 and 2 are cut off from nodes 3, 4 and 5",
  ]],
  ["a partition in three", [{ do: "partition", groups: [[1, 2], [3], [4, 5]] }], [
    "nodes 1 and 2, node 3 and nodes 4 and 5 are cut off from one another",
  ]],
  ["a node that is cut off", [{ do: "cut", from: 3, to: "all" }], ["node 3 is cut off from nodes 1, 2, 4 and 5"]],
  ["links that are cut one way", [{ do: "cut", from: 1, to: [2, 3], oneWay: true }], [
    "the links from node 1 to nodes 2 and 3 are cut",
  ]],
  ["one link that is cut one way", [{ do: "cut", from: 1, to: 2, oneWay: true }], [
    "the link from node 1 to node 2 is cut",
  ]],
  ["links that are cut and all mended", [{ do: "cut", from: 1, to: 2 }, { do: "run", ticks: 1 }, { do: "heal" }], [
    "node 1 is cut off from node 2",
    "every link is mended",
  ]],
  ["a link that is mended while others are not", [
    { do: "cut", from: 1, to: [2, 3] },
    { do: "run", ticks: 1 },
    { do: "mend", from: 1, to: 3 },
  ], ["node 1 is cut off from nodes 2 and 3", "the link between nodes 1 and 3 is mended"]],
  ["messages that wait", [{ do: "hold", from: 1, to: 2, oneWay: true }], ["messages from node 1 to node 2 now wait"]],
  ["messages that are late", [{ do: "delay", from: 1, to: 2, ticks: 5, oneWay: true }], [
    "messages from node 1 to node 2 now take 5 ticks",
  ]],
  ["messages that are late everywhere", [{ do: "delay", from: "all", to: "all", ticks: 2 }], [
    "messages between nodes 1 to 5 now take 2 ticks",
  ]],
  ["what is undone at once", [{ do: "cut", from: 1, to: 2 }, { do: "mend", from: 1, to: 2 }], []],
  ["messages that are lost on purpose", [
    { do: "campaign", nodes: 1 },
    { do: "dropMessages", to: [2, 3] },
    { do: "dropMessages", to: 4 },
  ], [
    "node 1 is told to campaign: it does so in term 1, with its own vote",
    "the requests for votes from node 1 to nodes 2, 3 and 4 are lost",
  ]],
  ["messages that are taken in hand", [
    { do: "campaign", nodes: 1 },
    { do: "holdMessages", to: [2, 3] },
    { do: "duplicateMessages", to: 4 },
    { do: "run", ticks: 3 },
    { do: "releaseMessages", to: 2 },
  ], [
    "node 1 is told to campaign: it does so in term 1, with its own vote",
    "the requests for votes from node 1 to nodes 2 and 3 are held back",
    "the request for a vote from node 1 to node 4 is sent a second time",
    "nodes 4 and 5 vote for node 1 in term 1",
    "node 1 is elected leader of term 1 by the votes of nodes 1, 4 and 5",
    "the request for a vote from node 1 to node 2 arrives next",
  ]],
  ["many messages on one link", [
    { do: "campaign", nodes: 1 },
    { do: "duplicateMessages", to: [2, 3] },
    { do: "holdMessages", to: [2, 3] },
  ], [
    "node 1 is told to campaign: it does so in term 1, with its own vote",
    "the requests for votes from node 1 to nodes 2 and 3 are sent a second",
    "          time",
    "the 4 requests for votes from node 1 to nodes 2 and 3 are held back",
  ]],
  ["what is done to messages and links, in the order in which it is done", [
    { do: "campaign", nodes: 1 },
    { do: "holdMessages", to: [2, 3] },
    { do: "delay", from: 1, to: 4, ticks: 2, oneWay: true },
    { do: "releaseMessages", to: 2 },
    { do: "cut", from: 4, to: 5 },
    { do: "heal" },
  ], [
    "node 1 is told to campaign: it does so in term 1, with its own vote",
    "the requests for votes from node 1 to nodes 2 and 3 are held back",
    "messages from node 1 to node 4 now take 2 ticks",
    "the request for a vote from node 1 to node 2 arrives next",
    "the request for a vote from node 1 to node 3 goes on its way",
  ]],
];

for (const [what, steps, says] of CASES) {
  Deno.test(`in a few sentences: ${what}`, () => {
    const [first, ...rest] = steps;
    const story = storyOf([{ ...first, title: "Now" }, ...rest], { nodes: 5 });
    deepStrictEqual(toldAfter("Now", story), says);
  });
}

Deno.test("a vote that is lost on its way is told where it is lost", () => {
  const steps: Step[] = [{ do: "dropNext", count: 1, type: "RequestVoteResponse" }, { do: "campaign", nodes: 1 }];
  const story = storyOf([...steps, { do: "run", ticks: 2 }]);
  ok(story.includes("tick   1  the vote from node 2 to node 1 is lost"), story.join("\n"));
});

Deno.test("a refusal that is lost is no vote, and both are told before their loss", () => {
  const steps: Step[] = [{ do: "dropNext", count: 6, type: "RequestVoteResponse" }, { do: "campaign", nodes: [1, 2] }];
  const story = storyOf([...steps, { do: "run", ticks: 2 }]);
  deepStrictEqual(story.filter((line) => line.startsWith("tick   1")), [
    "tick   1  nodes 1 and 3 refuse node 2 its vote in term 1",
    "tick   1  node 2 refuses node 1 its vote in term 1",
    "tick   1  node 3 votes for node 1 in term 1",
    "tick   1  the refusals of votes from nodes 1 and 3 to node 2 are lost",
    "tick   1  the refusal of a vote from node 2 to node 1 is lost",
    "tick   1  the vote from node 3 to node 1 is lost",
  ]);
});

Deno.test("all nodes before anything is broken stand above what happens in the tick of the first loss", () => {
  const steps: Step[] = [{ do: "run", ticks: 1 }, { do: "dropNext", count: 1, type: "RequestVoteResponse", from: 3 }];
  const story = storyOf([...steps, { do: "campaign", nodes: 1 }, { do: "run", ticks: 1 }]);
  const table = story.findIndex((line) => line.includes("before anything is broken"));
  deepStrictEqual(story.slice(table).filter((line) => line.startsWith("tick   2")), [
    "tick   2  nodes 2 and 3 vote for node 1 in term 1",
    "tick   2  the vote from node 3 to node 1 is lost",
  ]);
});

Deno.test("the same loss tick after tick is told once", () => {
  const story = storyOf([
    { do: "campaign", nodes: 1 },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "dropNext", count: 3, type: "Heartbeat", to: 2 },
    { do: "run", ticks: 12 },
  ]);
  const told = story.filter((line) => line.includes("lost"));
  strictEqual(told.length, 1);
  ok(/the heartbeat from node 1 to node 2 is lost; so it is 3 times, up to$/.test(told[0]), told[0]);
});

Deno.test("what is lost on a cut link or at a stopped node is no news, but for those who want all", () => {
  const steps: Step[] = [{ do: "stop", nodes: 2 }, { do: "cut", from: 1, to: 3 }, { do: "campaign", nodes: 1 }];
  const isLoss = (line: string) => /\blost\b/.test(line);
  const run: Step = { do: "run", ticks: 2 };
  deepStrictEqual(storyOf([...steps, run]).filter(isLoss), []);
  deepStrictEqual(storyOf([...steps, run], { detail: "events and ready loop" }).filter(isLoss), [
    "tick   0  lost, from node 1: RequestVote to 3 (index 0, commit 0)",
    "tick   1  lost, from node 1: RequestVote to 2 (index 0, commit 0)",
  ]);
});
