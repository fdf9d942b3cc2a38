import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { figure8WithoutTheRule } from "../scenario/figure_8.ts";
import { play } from "../scenario/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Step } from "../scenario/schema.ts";
import { scenesOf } from "./fold.ts";
import type { TraceRow } from "./rows.ts";
import { type Sentence, Story } from "./story.ts";

function storyOf(steps: readonly Step[], more: Partial<Scenario> = {}): Sentence[] {
  return Story.of(scenesOf(play({ name: "told", nodes: 3, ...more, steps }).trace.rows));
}

/** All but the timeouts at the start. */
const textsOf = (story: readonly Sentence[]) => story.flatMap(({ about, text }) => about === "timer" ? [] : [text]);
const atTick = (story: readonly Sentence[], tick: number) =>
  textsOf(story.filter((sentence) => sentence.tick === tick));

const ELECT: readonly Step[] = [{ do: "campaign", nodes: 1 }, { do: "runUntil", until: { is: "agreed" } }];
const CAMPAIGN = "node 1 is told to campaign: it does so in term 1";

const FAULTS: readonly [what: string, steps: readonly Step[], says: readonly string[]][] = [
  ["a partition in three", [{ do: "partition", groups: [[1, 2], [3], [4, 5]] }], [
    "nodes 1 and 2, node 3 and nodes 4 and 5 are cut off from one another",
  ]],
  ["links that are cut one way", [{ do: "cut", from: 1, to: [2, 3], oneWay: true }], [
    "the links from node 1 to nodes 2 and 3 are cut",
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
  ["a link that is held", [{ do: "hold", from: 1, to: 2, oneWay: true }], [
    "the link from node 1 to node 2 is held: messages wait",
  ]],
  ["messages that are late", [{ do: "delay", from: "all", to: "all", ticks: 2 }], [
    "messages between nodes 1 to 5 now take 2 ticks",
  ]],
  ["messages that are lost on purpose", [
    { do: "campaign", nodes: 1 },
    { do: "dropMessages", to: [2, 3] },
    { do: "dropMessages", to: 4 },
  ], [CAMPAIGN, "the requests for votes from node 1 to nodes 2, 3 and 4 are lost"]],
  ["messages and links, in the order in which something is done to them", [
    { do: "campaign", nodes: 1 },
    { do: "holdMessages", to: [2, 3] },
    { do: "delay", from: 1, to: 4, ticks: 2, oneWay: true },
    { do: "duplicateMessages", to: 5 },
    { do: "releaseMessages", to: 2 },
    { do: "heal" },
  ], [
    CAMPAIGN,
    "the requests for votes from node 1 to nodes 2 and 3 are held back",
    "messages from node 1 to node 4 now take 2 ticks",
    "the request for a vote from node 1 to node 5 is sent a second time",
    "the request for a vote from node 1 to node 2 arrives next",
    "the request for a vote from node 1 to node 3 goes on its way",
  ]],
  ["nodes, in the order in which something is done to them", [
    { do: "stop", nodes: 1 },
    { do: "pauseClock", nodes: [2, 3] },
    { do: "stop", nodes: 3 },
    { do: "restart", nodes: 1 },
    { do: "resumeClock", nodes: 2 },
  ], [
    "node 1 is stopped",
    "nodes 2 and 3 have their clocks paused",
    "node 3 is stopped",
    "node 1 is restarted",
    "node 2 has its clock running again",
  ]],
];

for (const [what, steps, says] of FAULTS) {
  Deno.test(`what is broken is told in few sentences: ${what}`, () => {
    deepStrictEqual(textsOf(storyOf(steps, { nodes: 5 })), says);
  });
}

Deno.test("votes and refusals are told before their loss, and a refusal that is lost is no vote", () => {
  const steps: Step[] = [{ do: "dropNext", count: 6, type: "RequestVoteResponse" }, { do: "campaign", nodes: [1, 2] }];
  deepStrictEqual(atTick(storyOf([...steps, { do: "run", ticks: 2 }]), 1), [
    "nodes 1 and 3 refuse node 2 its vote in term 1: they have voted already",
    "node 2 refuses node 1 its vote in term 1: it has voted already",
    "node 3 votes for node 1 in term 1",
    "the refusals of votes from nodes 1 and 3 to node 2 are lost",
    "the refusal of a vote from node 2 to node 1 is lost",
    "the vote from node 3 to node 1 is lost",
  ]);
});

Deno.test("what is lost on a cut link or at a stopped node is no news", () => {
  const broken: Step[] = [{ do: "stop", nodes: 2 }, { do: "cut", from: 1, to: 3 }];
  const story = storyOf([...broken, { do: "campaign", nodes: 1 }, { do: "run", ticks: 2 }]);
  deepStrictEqual(textsOf(story), ["node 2 is stopped", "node 1 is cut off from node 3", CAMPAIGN]);
});

Deno.test("a candidate whose requests are sent a tick later has not failed", () => {
  const { trace } = play({ name: "told", steps: [{ do: "run", ticks: 1 }] });
  const node = { ...trace.at(1)[0], role: "candidate", term: 1 } as const;
  const log = { lastLogIndex: 0, lastLogTerm: 0, commit: 0, commitTerm: 0 };
  const request = { type: "RequestVote", from: 1, to: 2, term: 1, ...log } as const;
  const sent = { ...request, kind: "message", event: "sent", tick: 2, id: 1 } as const;
  const [campaign] = Story.of(scenesOf([node, sent, { ...node, tick: 2 }]));
  match(campaign.text, /^node 1 .*: it campaigns in term 1$/);
});

Deno.test("candidates that all refuse one another share a sentence", () => {
  const story = storyOf([{ do: "fixTimeout", nodes: "all", ticks: 10 }, { do: "run", ticks: 12 }]);
  deepStrictEqual(story.map(({ tick, text }) => `${tick} ${text}`), [
    "0 the election timeout of nodes 1, 2 and 3 is 10 ticks",
    "10 nodes 1, 2 and 3 time out after 10 ticks: they campaign in term 1",
    "11 nodes 1, 2 and 3 refuse one another their votes in term 1: each has voted for itself",
    "12 nodes 1, 2 and 3 have 1 of 3 votes each in term 1, and need 2: too many refuse, so here they are followers again",
  ]);
});

Deno.test("many elections that nobody wins share a sentence; scene by scene each has its own", () => {
  const { trace } = play({ name: "alone", steps: [{ do: "stop", nodes: [2, 3] }, { do: "run", ticks: 200 }] });
  const scenes = [...scenesOf(trace.rows)];
  const short = textsOf(Story.of(scenes)).filter((text) => text.includes("campaigns"));
  strictEqual(short.length, 3);
  match(short[1], /^node 1 has 1 of 3 votes in term 1, and needs 2: it campaigns again, in term 2$/);
  match(short[2], /^node 1 campaigns \d+ more times up to tick \d+, in terms 3 to \d+, and wins no majority$/);
  const story = new Story();
  const long = textsOf(scenes.flatMap((scene) => story.hear(scene)));
  ok(long.filter((text) => text.includes("campaigns again")).length > 8);
});

Deno.test("the timeouts that were drawn are told, not those that nobody waits for, and how long a candidate has waited", () => {
  const timers = (steps: Step[]) =>
    storyOf([...steps, { do: "run", ticks: 11 }]).flatMap(({ about, text }) => about === "timer" ? [text] : []);
  deepStrictEqual(timers([]), ["the election timeouts of nodes 1, 2 and 3 are 11, 19 and 16 ticks"]);
  deepStrictEqual(timers([{ do: "pauseClock", nodes: "all" }]), []);
  deepStrictEqual(timers([{ do: "campaign", nodes: 1 }]), []);
  deepStrictEqual(timers([{ do: "run", ticks: 1 }, { do: "fixTimeout", nodes: [1, 2], ticks: 15 }]).slice(1), [
    "nodes 1 and 2 now wait 15 ticks before they campaign",
  ]);
  const [, campaign] = storyOf([{ do: "run", ticks: 11 }]);
  strictEqual(campaign.text, "node 1 times out after 11 ticks: it campaigns in term 1");
});

Deno.test("what is explained is explained once: a candidate's own vote, and the empty entry", () => {
  const story = storyOf([...ELECT, { do: "campaign", nodes: 2 }, { do: "runUntil", until: { is: "agreed" } }]);
  const explained = story.flatMap(({ about, more }) => more === undefined ? [] : [about]);
  deepStrictEqual(explained, ["campaign", "role"]);
});

Deno.test("a candidate that gives way says how many votes it had", () => {
  const story = textsOf(storyOf([
    { do: "cut", from: [1, 2], to: [3, 4, 5] },
    { do: "campaign", nodes: 1 },
    { do: "run", ticks: 3 },
    { do: "campaign", nodes: 5 },
    { do: "campaign", nodes: 5 },
    { do: "run", ticks: 2 },
    { do: "heal" },
    { do: "runUntil", until: { is: "agreed" } },
  ], { nodes: 5 }));
  const gaveWay = "node 1 has 2 of 5 votes in term 1, and needs 3: it steps down and follows node 5 in term 2";
  ok(story.includes(gaveWay), story.join("\n"));
});

Deno.test("a client is told that its request is done, or lost; who was told nothing is named in the end", () => {
  const put = (to: number, value: string): Step => ({ do: "propose", to, command: { kind: "Put", key: "x", value } });
  const story = textsOf(storyOf([
    ...ELECT,
    put(1, "a"),
    { do: "run", ticks: 3 },
    { do: "cut", from: 1, to: "all" },
    put(1, "b"),
    { do: "campaign", nodes: 2 },
    { do: "run", ticks: 2 },
    put(2, "c"),
    { do: "run", ticks: 1 },
    { do: "stop", nodes: 2 },
    { do: "heal" },
    { do: "campaign", nodes: 3 },
    { do: "runUntil", until: { is: "agreed" } },
  ]));
  deepStrictEqual(story.filter((text) => /told: |tells|answer/.test(text)), [
    "node 1 applies index 2: Put x = a; the client is told: done",
    "node 1 tells the client of Put x = b: lost, another entry took index 3",
    "no answer was given to Put x = c (node 2, tick 10): it may or may not be done, and its client cannot know",
  ]);
});

Deno.test("a client that reads through the log is told what is there", () => {
  const get: Step = { do: "propose", command: { kind: "Get", key: "x" } };
  const story = textsOf(storyOf([...ELECT, get, { do: "run", ticks: 2 }]));
  ok(story.includes("node 1 applies index 2: Get x: nothing there; the client is told: nothing there"), `${story}`);
});

Deno.test("snapshots are told of when they take the place of entries, are sent, and are restored", () => {
  const story = textsOf(storyOf([
    ...ELECT,
    { do: "stop", nodes: 3 },
    { do: "propose" },
    { do: "run", ticks: 3 },
    { do: "compact", nodes: [1, 2], keep: 0 },
    { do: "restart", nodes: 3 },
    { do: "runUntil", until: { is: "agreed" } },
  ]));
  deepStrictEqual(story.filter((text) => text.includes("snapshot")), [
    "nodes 1 and 2 discard their entries up to index 2: their snapshots stand for them",
    "node 1 sends node 3 its snapshot up to index 2",
    "node 3 restores its store up to index 2 from a snapshot",
  ]);
});

Deno.test("a commit is told by the whole rule, and where the rule is taken out the story says so", () => {
  const texts = textsOf(Story.of(scenesOf(play(figure8WithoutTheRule).trace.rows)));
  ok(texts.includes("node 1 commits index 3, of the older term 2: a majority holds it"), texts.join("\n"));
  ok(texts.includes("node 5 commits indices 4 and 5: a majority holds index 5, of its own term"));
});

Deno.test("a follower that refuses an append says why, and the leader how far it goes back", () => {
  const story = textsOf(storyOf(ELECT, { setting: { logs: [[1, 1, 2], [1], [1, 1, 1, 1]] } }));
  deepStrictEqual(story.filter((text) => /append|nextIndex/.test(text)), [
    "node 2 refuses the append: it has no entry at index 3",
    "node 3 refuses the append: its entry at index 3 is of term 1",
    "node 1 sets nextIndex back to 2 for node 2 and 3 for node 3",
  ]);
});

Deno.test("entries that a node applies in one tick share a sentence, unless there are too many of them", () => {
  const cases: [count: number, says: string][] = [
    [2, "node 3 applies indices 1 to 3: an empty entry, Put x = a, Put x = a"],
    [20, "node 3 applies indices 1 to 21, one after the other"],
  ];
  for (const [count, says] of cases) {
    const story = textsOf(storyOf([
      { do: "cut", from: 3, to: "all" },
      { do: "campaign", nodes: 1 },
      { do: "run", ticks: 3 },
      ...Array.from({ length: count }, (): Step => ({ do: "propose" })),
      { do: "run", ticks: 6 },
      { do: "heal" },
      { do: "pauseClock", nodes: 3 },
      { do: "runUntil", until: { is: "agreed" } },
    ]));
    ok(story.includes(says), story.join("\n"));
  }
});

Deno.test("nodes that apply more or less share what is the same, in the order of indices", () => {
  const story = storyOf([
    { do: "runUntil", until: { is: "leader" } },
    { do: "cut", from: "follower 1", to: "all" },
    { do: "run", ticks: 100 },
    { do: "propose" },
    { do: "run", ticks: 50 },
    { do: "heal", title: "Back" },
    { do: "runUntil", until: { is: "agreed" } },
  ]);
  const back = textsOf(story.slice(story.findIndex(({ about }) => about === "part")));
  deepStrictEqual(back.filter((text) => /^nodes? .*2 appl/.test(text)), [
    "node 2 applies indices 1 and 2: an empty entry, Put x = a",
    "nodes 1 and 2 apply index 3: the empty entry that opens the term",
  ]);
});

Deno.test("logs that are there from the start are told, and what is replaced in them", () => {
  const story = textsOf(storyOf(ELECT, { setting: { logs: [[1, 1, 2], [1, 1, 2], [1, 1, 1, 1]] } }));
  deepStrictEqual(story.slice(0, 2), [
    "nodes 1 and 2 start with a log: entries of the terms 1 1 2",
    "node 3 starts with a log: entries of the terms 1 1 1 1",
  ]);
  ok(story.includes("node 3 replaces indices 3 and 4 of term 1 by those of terms 2 and 3"));
});

Deno.test("an expectation says how it turned out, and what was found instead", () => {
  const [part, holds, fails] = storyOf([
    { do: "expect", that: { is: "leaders", count: 0 }, text: "nobody leads", title: "Now" },
    { do: "expect", that: { is: "leaders", count: 1 }, text: "somebody leads" },
  ]).filter(({ about }) => about !== "timer");
  deepStrictEqual([part.about, part.text], ["part", "Now"]);
  deepStrictEqual([holds.style, holds.text], ["good", "as expected: nobody leads"]);
  deepStrictEqual([fails.style, fails.text, fails.more], [
    "bad",
    "not as expected: somebody leads",
    "found: none does",
  ]);
});

Deno.test("a story takes time proportional to what is told, however many proposals or applied entries share a tick", () => {
  const rows: TraceRow[] = [];
  for (let index = 1; index <= 40_000; index++) {
    const put = { kind: "Put", key: "x", value: `${index}`, previous: null } as const;
    rows.push({ kind: "proposal", tick: 0, node: 1, term: 1, index, command: put, result: "appended" });
    rows.push({ kind: "apply", tick: 1, node: 1, term: 1, index, outcome: put });
  }
  const start = performance.now();
  strictEqual(Story.of(scenesOf(rows.toSorted((a, b) => a.tick - b.tick))).length, 40_001);
  ok(performance.now() - start < 10_000);
});

Deno.test("a lead that is handed over is told, and one that is not", () => {
  const steps: Step[] = [...ELECT, { do: "transfer", to: 2 }, { do: "run", ticks: 3 }];
  const story = textsOf(storyOf(steps));
  for (
    const text of [
      "node 1 is asked to let node 2 lead: it takes no more proposals until that is settled",
      "node 1 tells node 2 to campaign at once (TimeoutNow)",
      "node 2 campaigns in term 2, as the leader asks",
      "node 2 is elected leader of term 2 by 3 of 3 votes: nodes 1, 2 and 3",
    ]
  ) ok(story.includes(text), text);
  const lost: Step[] = [{ do: "stop", nodes: 2 }, { do: "transfer", to: 2 }, { do: "propose" }, {
    do: "run",
    ticks: 20,
  }];
  const without = textsOf(storyOf([...ELECT, ...lost]));
  ok(without.includes("node 1 waits no longer for node 2 to lead, and takes proposals again"), without.join("\n"));
  ok(without.includes("node 1 is asked to Put x = a: refused, for it is handing over its lead"), without.join("\n"));
});

Deno.test("reads are told by their way, and what the client is answered", () => {
  const written: Step[] = [...ELECT, { do: "propose" }, { do: "runUntil", until: { is: "agreed" } }];
  const reads: Step[] = [
    { do: "read", way: "store", to: 3 },
    { do: "read", way: "readIndex", key: "y" },
    { do: "run", ticks: 2 },
    { do: "read", way: "readIndex", to: 2 },
    { do: "run", ticks: 4 },
  ];
  const alone: Step[] = [{ do: "cut", from: 2, to: "all" }, { do: "campaign", nodes: 2 }, {
    do: "read",
    way: "readIndex",
    to: 2,
  }];
  const told = textsOf(storyOf([...written, ...reads, ...alone])).filter((text) => /asked for|answers/.test(text));
  deepStrictEqual(told, [
    "node 3 answers from its store: x = a",
    "node 1 is asked for y by ReadIndex",
    "node 1 answers the read: no y, having applied index 2",
    "node 2 is asked for x by ReadIndex, and asks the leader",
    "node 2 answers the read: x = a, having applied index 2",
    "node 2 is asked for x by ReadIndex: no leader is known that could answer",
  ]);
});

Deno.test("a node that asks whether it could win is told as one that asks, not as one that campaigns", () => {
  const cut: Step[] = [{ do: "cut", from: 2, to: "all" }, { do: "fixTimeout", nodes: 2, ticks: 10 }];
  const steps: Step[] = [...ELECT, ...cut, { do: "run", ticks: 50 }, { do: "heal" }, { do: "run", ticks: 12 }];
  const story = storyOf(steps, { setting: { preVote: true } }).filter(({ about }) => about !== "apply");
  deepStrictEqual(textsOf(story).slice(0, 4), [
    "node 1 is told to campaign: it asks whether it could win term 1",
    "nodes 2 and 3 would vote for node 1 in term 1",
    "node 1 has 3 of 3 pre-votes (nodes 1, 2 and 3): it campaigns in term 1",
    "nodes 2 and 3 vote for node 1 in term 1",
  ]);
  deepStrictEqual(textsOf(story).filter((text) => /^node 2 (times|has|asks)/.test(text)), [
    "node 2 times out after 10 ticks: it asks whether it could win term 2",
    "node 2 has 1 of 3 pre-votes for term 2, and needs 2: it asks again whether it could win term 2",
    "node 2 asks 3 more times up to tick 56, in vain",
    "node 2 asks no more, and follows node 1 in term 1",
  ]);
});

Deno.test("a pre-vote is refused where the log is behind, and the node stays a follower in its term", () => {
  const write: Step[] = [{ do: "cut", from: 2, to: "all" }, { do: "propose" }, { do: "run", ticks: 4 }];
  const ask: Step[] = [{ do: "pauseClock", nodes: 1 }, { do: "heal" }, { do: "campaign", nodes: 2 }, {
    do: "run",
    ticks: 2,
  }];
  const story = textsOf(storyOf([...ELECT, ...write, ...ask], { setting: { preVote: true } }));
  ok(story.includes("nodes 1 and 3 refuse node 2 its pre-vote: their logs are more up-to-date"), story.join("\n"));
  const lost =
    "node 2 has 1 of 3 pre-votes for term 2, and needs 2: too many refuse, so it stays in its term, a follower";
  ok(story.includes(lost), story.join("\n"));
});

Deno.test("with CheckQuorum a request for a vote is ignored while a leader is heard, and a leader alone steps down", () => {
  const setting = { checkQuorum: true };
  const early = textsOf(storyOf([...ELECT, { do: "campaign", nodes: 2 }, { do: "run", ticks: 2 }], { setting }));
  ok(early.includes("node 1 ignores node 2's request for a vote: it leads"), early.join("\n"));
  const heard = "node 3 ignores node 2's request for a vote: node 1 leads, and was heard within an election timeout";
  ok(early.includes(heard), early.join("\n"));
  const alone = textsOf(storyOf([...ELECT, { do: "stop", nodes: [2, 3] }, { do: "run", ticks: 25 }], { setting }));
  ok(alone.includes("node 1 has heard from no majority for an election timeout, and steps down in term 1"));
  const without = textsOf(storyOf([...ELECT, { do: "stop", nodes: [2, 3] }, { do: "run", ticks: 25 }]));
  ok(!without.some((text) => text.includes("steps down")));
});

Deno.test("an election counts the voters of the configuration, and each half of a joint one", () => {
  const spares = { nodes: 5, setting: { spares: 2 } } as const;
  const told = textsOf(storyOf([
    { do: "pauseClock", nodes: "all" },
    ...ELECT,
    { do: "confChange", addVoters: [4, 5], remove: [2, 3], transition: "explicit" },
    { do: "runUntil", until: { is: "configuration", nodes: "all", outgoing: [1, 2, 3] }, within: 20 },
    { do: "confChange", addLearners: 3 },
    { do: "run", ticks: 3 },
    { do: "stop", nodes: [2, 5] },
    { do: "campaign", nodes: 4 },
    { do: "runUntil", until: { is: "leader", by: 4 }, within: 5 },
  ], spares));
  const has = (text: string) => ok(told.includes(text), `${text} is not in\n${told.join("\n")}`);
  has("nodes 1 to 5 start with the configuration: voters 1, 2 and 3");
  has("node 1 is elected leader of term 1 by 3 of 3 votes: nodes 1, 2 and 3");
  has("node 1 is asked to add nodes 4 and 5 as voters, and remove nodes 2 and 3: appended at index 2");
  has(
    "node 1 is asked to add node 3 as a learner: an empty entry is appended in its place, at index 3, for the joint configuration " +
      "must end first",
  );
  has("node 1 commits index 3, of its own term: a majority of each half holds it");
  has("node 1 applies index 3: an empty entry in place of a change");
  has(
    "node 4 is elected leader of term 2 by 3 of 5 votes: nodes 1, 3 and 4, a majority of 1, 2, 3 and one of 1, 4, 5",
  );
});

Deno.test("a change that nobody takes is told with the reason, and a passed one where it is applied", () => {
  const story = storyOf([
    { do: "confChange", to: 2, remove: 3 },
    { do: "pauseClock", nodes: "all" },
    ...ELECT,
    { do: "confChange", to: 2, remove: 3 },
    { do: "run", ticks: 2 },
    { do: "confChange", addVoters: 3 },
    { do: "run", ticks: 4 },
    { do: "confChange" },
    { do: "run", ticks: 1 },
  ]);
  const [refused] = story.filter(({ text }) => text === "node 2 is asked to remove node 3: refused");
  match(refused.more ?? "", /^Cannot propose to node 2 in term 0: it knows no leader/);
  const told = textsOf(story);
  for (
    const text of [
      "node 2 is asked to remove node 3: passed on to the leader",
      "node 1 applies index 2: node 3 is no member any more",
      "node 1 is asked to add node 3 as a voter: an empty entry is appended in its place, at index 3, for another change is on its way",
      "node 1 is asked to leave the joint configuration: an empty entry is appended in its place, at index 4, for the configuration is " +
      "not joint",
    ]
  ) ok(told.includes(text), `${text} is not in\n${told.join("\n")}`);
});

Deno.test("a client that tries again is told by its number, with each attempt and what it learns", () => {
  const get = { kind: "Get", key: "x" } as const;
  const told = storyOf([
    ...ELECT,
    { do: "loseAnswer", client: 1, count: 1 },
    { do: "request", client: 1, to: 1, timeout: 5 },
    { do: "run", ticks: 12 },
    { do: "request", client: 2, to: 2, command: get, way: "store" },
    { do: "request", client: 2, to: 1, command: get, way: "readIndex" },
    { do: "run", ticks: 3 },
    { do: "request", client: 2, command: { kind: "Get", key: "y" } },
    { do: "run", ticks: 3 },
    { do: "cut", from: 1, to: "all" },
    { do: "request", client: 2, command: { kind: "Delete", key: "x" }, timeout: 50 },
    { do: "run", ticks: 5 },
  ]);
  deepStrictEqual(told.flatMap(({ tick, text }) => /client|appends|answer/.test(text) ? [`${tick} ${text}`] : []), [
    "5 client 1 asks node 1 to Put x = a (its request 1)",
    "5 node 1 appends Put x = a at index 2",
    "7 node 1's answer to client 1 is lost on its way (request 1)",
    "10 client 1 has waited too long for node 1 (request 1)",
    "10 client 1 asks node 2 to Put x = a (its request 1, attempt 2)",
    "10 node 2 tells client 1 that node 1 leads",
    "11 client 1 asks node 1 to Put x = a (its request 1, attempt 3)",
    "11 node 1 appends Put x = a at index 3",
    "13 node 1 applies index 3: request 1 of client 1, which was applied before, and is not again",
    "13 client 1 is told by node 1: done (request 1)",
    "14 nodes 2 and 3 apply index 3: request 1 of client 1, which was applied before, and is not again",
    "17 client 2 asks node 2 for x, from its store (its request 1)",
    "17 client 2 is told by node 2: x = a (request 1)",
    "17 client 2 asks node 1 for x, by ReadIndex (its request 2)",
    "19 client 2 is told by node 1: x = a (request 2)",
    "20 client 2 asks node 1 to Get y (its request 3)",
    "20 node 1 appends Get y at index 4",
    "22 client 2 is told by node 1: no y (request 3)",
    "23 client 2 asks node 1 to Delete x (its request 4)",
    "23 node 1 appends Delete x at index 5",
    "28 no answer was given to Delete x (node 1, tick 23): it may or may not be done, and its client cannot know",
  ]);
});

Deno.test("a request that nobody takes is refused, and one that nobody answers is named in the end", () => {
  const told = storyOf([
    { do: "request", client: 3, to: 2, timeout: 50 },
    { do: "run", ticks: 1 },
    { do: "stop", nodes: 3 },
    { do: "run", ticks: 5 },
  ]);
  deepStrictEqual(textsOf(told), [
    "client 3 asks node 2 to Put x = a (its request 1)",
    "node 2 refuses request 1 of client 3",
    "node 3 is stopped",
    "client 3 asks node 3 to Put x = a (its request 1, attempt 2)",
    "no answer was given to Put x = a (node 3, tick 5): it may or may not be done, and its client cannot know",
  ]);
});

Deno.test("a transfer that cannot be is told with the reason", () => {
  const told = textsOf(storyOf([
    { do: "transfer", from: 2, to: 3 },
    { do: "pauseClock", nodes: "all" },
    ...ELECT,
    { do: "transfer", to: 1 },
    { do: "transfer", to: 3 },
  ], { nodes: 3, setting: { spares: 1 } }));
  for (
    const text of [
      "node 2 is asked to let node 3 lead: refused, for it knows no leader",
      "node 1 is asked to let node 1 lead: refused, for it leads already",
      "node 1 is asked to let node 3 lead: refused, for node 3 has no vote",
    ]
  ) ok(told.includes(text), `${text} is not in\n${told.join("\n")}`);
});
