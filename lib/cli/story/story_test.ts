import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Step } from "../../scenario/step.ts";
import { storyOf, toldAfter } from "./story_cases.ts";

const ELECT: readonly Step[] = [
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "agreed" } },
];

Deno.test("a part is a heading; before the first thing that is broken all nodes are shown, and again at the end", () => {
  const story = storyOf([...ELECT, { do: "stop", nodes: 3, title: "Node 3 stops" }, { do: "run", ticks: 1 }]);
  const at = story.indexOf("Node 3 stops");
  deepStrictEqual(story.slice(at - 7), [
    "",
    "all nodes at the end of tick 5, before anything is broken:",
    "node  role      term  commit  applied  x",
    "1     leader    1     1       1        -",
    "2     follower  1     1       1        -",
    "3     follower  1     1       1        -",
    "",
    "Node 3 stops",
    "tick   5  node 3 is stopped",
    "",
    "node  role      term  commit  applied  x",
    "1     leader    1     1       1        -",
    "2     follower  1     1       1        -",
    "3     stopped   1     1       1        -",
  ]);
});

Deno.test("clocks that stand still from the start are no reason to show the nodes; links that are cut then, too late", () => {
  const count = (steps: readonly Step[]) => storyOf(steps).filter((line) => line.startsWith("node  role")).length;
  strictEqual(count([{ do: "pauseClock", nodes: "all" }, ...ELECT, { do: "stop", nodes: 3 }]), 2);
  strictEqual(count([{ do: "cut", from: 2, to: 3 }, ...ELECT, { do: "stop", nodes: 3 }]), 1);
});

Deno.test("where nothing is broken, all nodes are shown once", () => {
  strictEqual(storyOf(ELECT).filter((line) => line.startsWith("node  role")).length, 1);
});

Deno.test("what is done between two ticks is told in the order in which it is done", () => {
  const story = storyOf([
    ...ELECT,
    { do: "propose", title: "Now" },
    { do: "stop", nodes: "leader" },
    { do: "pauseClock", nodes: [2, 3] },
    { do: "stop", nodes: 3 },
    { do: "restart", nodes: 1 },
    { do: "resumeClock", nodes: 2 },
  ]);
  deepStrictEqual(toldAfter("Now", story).filter((line) => line !== ""), [
    "node 1 is asked to Put x = 1: appended at index 2",
  ]);
  const told = story.slice(story.findIndex((line) => line.includes("is stopped"))).map((line) => line.slice(10));
  deepStrictEqual(told.slice(0, 6), [
    "node 1 is stopped",
    "nodes 2 and 3 are muted: their clocks stand still",
    "node 3 is stopped",
    "node 1 is restarted",
    "node 1 applies index 1: the empty entry that opens the term",
    "node 2 is muted no more: its clock goes on",
  ]);
});

Deno.test("expectations are told as they turn out; what was found instead stands below", () => {
  const story = storyOf([
    ...ELECT,
    { do: "expect", that: { is: "leader", by: 1 }, text: "node 1 leads", title: "Then" },
    { do: "expect", that: { is: "leaders", count: 2 } },
  ]);
  deepStrictEqual(toldAfter("Then", story), [
    "as expected: node 1 leads",
    "not as expected: 2 nodes take themselves for the leader",
    "          found: node 1",
  ]);
});

Deno.test("logs that are there from the start are told, and what is replaced in them; the tables show them", () => {
  const story = storyOf(ELECT, { setting: { logs: [[1, 1, 2], [1, 1, 2], [1, 1, 1, 1]] } });
  deepStrictEqual(story.slice(0, 2), [
    "tick   0  nodes 1 and 2 start with a log: entries of the terms 1 1 2",
    "tick   0  node 3 starts with a log: entries of the terms 1 1 1 1",
  ]);
  ok(story.some((line) => line.endsWith("node 3 replaces indices 3 and 4 of term 1 by those of terms 2 and 3")));
  ok(story.includes("3     follower  3     1 1 2 3        4       4        2.3"));
});

Deno.test("an election that fails is told, whether the votes are refused or nobody answers", () => {
  const split = storyOf([{ do: "fixTimeout", nodes: "all", ticks: 10 }, { do: "run", ticks: 12 }]);
  deepStrictEqual(split.slice(0, 4), [
    "tick  10  nodes 1, 2 and 3 hear from no leader: they campaign in term 1, each",
    "          with its own vote",
    "tick  11  nodes 1, 2 and 3 refuse one another their votes in term 1",
    "tick  12  nodes 1, 2 and 3 cannot win term 1 any more: they are followers again",
  ]);
  const alone = storyOf([{ do: "stop", nodes: [2, 3] }, { do: "run", ticks: 45 }]).join("\n");
  match(alone, /node 1 hears from no leader: it campaigns in term 1, with its own vote\n/);
  match(alone, /node 1 wins no majority in term 1: it campaigns again, in term 2\n/);
});

const LONELY: readonly Step[] = [{ do: "stop", nodes: [2, 3] }, { do: "run", ticks: 200 }];

Deno.test("many elections that nobody wins are told shortly; with the ready loop, each of them", () => {
  const short = storyOf(LONELY);
  const at = short.findIndex((line) =>
    / {2}node 1 campaigns \d+ more times up to tick \d+, in terms 3 to \d+,/.test(line)
  );
  ok(at > 0, short.join("\n"));
  strictEqual(short.filter((line) => line.includes("campaign")).length, 3);
  match(`${short[at]} ${short[at + 1].trim()}`, / and wins no majority$/);
  const long = storyOf(LONELY, { detail: "events and ready loop" });
  ok(long.filter((line) => line.includes("campaigns again")).length > 8);
});

Deno.test("entries that are applied in one tick share a sentence, unless there are too many of them", () => {
  const writes: Step[] = Array.from({ length: 20 }, () => ({ do: "propose" }));
  for (
    const [count, says] of [
      [2, "node 3 applies indices 1 to 3: an empty entry, Put x = 1, Put x = 1"],
      [20, "node 3 applies indices 1 to 21, one after the other"],
    ] as const
  ) {
    const away: Step[] = [{ do: "cut", from: 3, to: "all" }, ...ELECT.slice(0, 1), { do: "run", ticks: 3 }];
    const story = storyOf([
      ...away,
      ...writes.slice(0, count),
      { do: "run", ticks: 6 },
      { do: "heal" },
      { do: "pauseClock", nodes: 3 },
      { do: "runUntil", until: { is: "agreed" } },
    ]);
    ok(story.some((line) => line.endsWith(says)), story.join("\n"));
  }
});

Deno.test("a node that applies more than others at once is told in the order of indices", () => {
  const story = storyOf([
    { do: "runUntil", until: { is: "leader" } },
    { do: "cut", from: "follower 1", to: "all" },
    { do: "run", ticks: 100 },
    { do: "propose" },
    { do: "run", ticks: 50 },
    { do: "heal", title: "Back" },
    { do: "runUntil", until: { is: "agreed" } },
  ]);
  const applied = toldAfter("Back", story).filter((line) =>
    line.includes("node 2 appl") || line.includes("and 2 appl")
  );
  deepStrictEqual(applied, [
    "node 2 applies indices 1 and 2: an empty entry, Put x = 1",
    "nodes 1 and 2 apply index 3: the empty entry that opens the term",
  ]);
});

Deno.test("the table of all nodes stands alone, whether a heading follows or not", () => {
  for (const title of [undefined, "A stop"]) {
    const steps: Step[] = [{ do: "run", ticks: 2 }, {
      do: "stop",
      nodes: 1,
      ...(title === undefined ? {} : { title }),
    }];
    const story = storyOf([...steps, { do: "run", ticks: 1 }]);
    const table = story.findIndex((line) => line.startsWith("all nodes at the end of tick 2"));
    deepStrictEqual([story[table - 1], story[table + 5]], [table === 0 ? undefined : "", ""], story.join("\n"));
  }
});
