import { deepStrictEqual, throws } from "node:assert/strict";
import { judged } from "./stage_cases.ts";
import type { Condition, Nodes, Quantity, Step } from "./schema.ts";

/** Node 2 leads term 2, and node 1 does not know it. */
const TWO_LEADERS: readonly Step[] = [
  { do: "mark", as: "before" },
  { do: "cut", from: 1, to: "all" },
  { do: "campaign", nodes: 2 },
  { do: "run", ticks: 5 },
];
const WRITTEN: readonly Step[] = [
  { do: "mark", as: "before" },
  { do: "cut", from: 1, to: 3 },
  { do: "propose" },
  { do: "run", ticks: 5 },
];
/** Node 1 leads term 3, and node 3 takes it for the leader of term 1. */
const RE_ELECTED: readonly Step[] = [
  { do: "cut", from: 3, to: "all" },
  { do: "campaign", nodes: 2 },
  { do: "run", ticks: 5 },
  { do: "campaign", nodes: 1 },
  { do: "run", ticks: 5 },
];
const READ: readonly Step[] = [...WRITTEN, { do: "read", way: "store" }];
const UNREAD: readonly Step[] = [...WRITTEN, { do: "cut", from: 1, to: 2 }, { do: "read", way: "readIndex" }];
const GET = { kind: "Get", key: "x" } as const;
const ASKED: readonly Step[] = [...WRITTEN, { do: "request", client: 1, command: GET }, { do: "run", ticks: 2 }];
const UNANSWERED: readonly Step[] = [...WRITTEN, { do: "cut", from: 1, to: 2 }, { do: "request", client: 1 }];
const STOPPED: readonly Step[] = [{ do: "stop", nodes: "all" }];

const COMPACTED: readonly Step[] = [{ do: "compact", nodes: [1, 3], keep: 0 }];
const COLOUR = { key: "colour", value: "red" };

/** Node 3 of three is no member at first, and added as a learner. */
const SPARE = { setting: { spares: 1 } };
const JOINED: readonly Step[] = [{ do: "confChange", addLearners: 3 }, { do: "run", ticks: 9 }];

type Case = [steps: readonly Step[], condition: Condition, said: string, options?: typeof COLOUR | typeof SPARE];

const number = (nodes: Nodes, what: Quantity, bounds: { equals?: number; atLeast?: number; atMost?: number }) =>
  ({ is: "number", nodes, what, ...bounds }) as const;
const since = (is: "grown" | "unchanged", nodes: Nodes, what: Quantity) =>
  ({ is, nodes, what, since: "before" }) as const;

/** What holds, and how it is said. `found` is empty then. */
const HOLDS: Case[] = [
  [[], { is: "leader" }, "there is a leader"],
  [TWO_LEADERS, { is: "leader", by: [2, 3] }, "the latest term is led by node 2 or 3"],
  [[], { is: "leaders", count: 1 }, "one node takes itself for the leader"],
  [TWO_LEADERS, { is: "leaders", count: 2 }, "2 nodes take themselves for the leader"],
  [STOPPED, { is: "leaders", count: 0 }, "no node takes itself for the leader"],
  [[], { is: "role", nodes: "leader", role: "leader" }, "node 1 is a leader"],
  [[], { is: "role", nodes: "followers", role: "follower" }, "nodes 2 and 3 are followers"],
  [[], number(2, "term", { equals: 1 }), "the term of node 2 is 1"],
  [[], number("all", "commit", { atLeast: 1 }), "the commit index of nodes 1, 2 and 3 is at least 1"],
  [[], number(1, "lastIndex", { atLeast: 0, atMost: 1 }), "the last index of node 1 is at least 0 and at most 1"],
  [WRITTEN, since("grown", [1, 2], "commit"), "the commit index of nodes 1 and 2 has grown since before"],
  [WRITTEN, since("unchanged", 3, "applied"), "the applied index of node 3 has not moved since before"],
  [WRITTEN, { is: "value", nodes: [1, 2] }, "nodes 1 and 2 have x = a"],
  [WRITTEN, { is: "value", nodes: 3, value: null }, "node 3 has no x"],
  [[], { is: "value", nodes: "all", key: "y", value: null }, "nodes 1, 2 and 3 have no y"],
  [WRITTEN, { is: "log", nodes: 3, terms: [1] }, "node 3 holds one entry, of term 1"],
  [WRITTEN, { is: "log", nodes: [1, 2], terms: [1, 1] }, "nodes 1 and 2 hold entries of the terms 1 1"],
  [WRITTEN, { is: "value", nodes: 2 }, "node 2 has colour = red", COLOUR],
  [COMPACTED, { is: "log", nodes: [1, 3], terms: [] }, "nodes 1 and 3 hold no entry"],
  [COMPACTED, number([1, 3], "firstIndex", { equals: 2 }), "the first index of nodes 1 and 3 is 2"],
  [READ, { is: "read", answered: true }, "the client is answered x = a"],
  [UNREAD, { is: "read", answered: false }, "the client is not answered"],
  [ASKED, { is: "request", client: 1, answered: true }, "client 1 is answered"],
  [ASKED, { is: "request", client: 1, answered: true, value: "a" }, "client 1 is answered x = a"],
  [UNANSWERED, { is: "request", client: 1, answered: false }, "client 1 is not answered"],
  [[], { is: "agreed", nodes: 2 }, "node 2 follows one leader, and has applied all of its log"],
  [[], { is: "agreed" }, "nodes 1 and 2 follow one leader, and have applied all of its log", SPARE],
  [JOINED, { is: "role", nodes: "followers", role: "follower" }, "nodes 2 and 3 are followers", SPARE],
  [
    JOINED,
    { is: "configuration", voters: [1, 2], learners: 3, outgoing: [] },
    "nodes 1, 2 and 3 have the configuration: voters 1 and 2, learner 3, no outgoing voter",
    SPARE,
  ],
  [[], { is: "configuration", nodes: 2, voters: "all" }, "node 2 has the configuration: voters 1, 2 and 3"],
  [WRITTEN, { is: "agreed", nodes: [1, 2] }, "nodes 1 and 2 follow one leader, and have applied all of its log"],
];

for (const [steps, condition, text, options] of HOLDS) {
  Deno.test(`it holds, and is told of, that ${text}`, () => {
    deepStrictEqual(judged(steps, condition, options), { text, holds: true, found: "" });
  });
}

/** What does not hold, and what is found instead. */
const FOUND: Case[] = [
  [STOPPED, { is: "leader" }, "nobody leads"],
  [TWO_LEADERS, { is: "leader", by: 1 }, "node 2 leads term 2"],
  [TWO_LEADERS, { is: "leaders", count: 1 }, "nodes 1 and 2"],
  [STOPPED, { is: "leaders", count: 1 }, "none does"],
  [[], { is: "role", nodes: "all", role: "leader" }, "node 2: follower; node 3: follower"],
  [[], number([1, 2], "term", { equals: 2 }), "node 1: 1; node 2: 1"],
  [WRITTEN, number("all", "commit", { atLeast: 2 }), "node 3: 1"],
  [WRITTEN, number("all", "lastIndex", { atMost: 1 }), "node 1: 2; node 2: 2"],
  [WRITTEN, since("unchanged", "all", "applied"), "node 1: 1 then, 2 now; node 2: 1 then, 2 now"],
  [WRITTEN, since("grown", "all", "lastIndex"), "node 3: 1 then, 1 now"],
  [WRITTEN, { is: "value", nodes: "all" }, "node 3: no x"],
  [WRITTEN, { is: "value", nodes: "all", value: null }, "node 1: x = a; node 2: x = a"],
  [WRITTEN, { is: "log", nodes: "all", terms: [1] }, "node 1: 1 1; node 2: 1 1"],
  [WRITTEN, { is: "value", nodes: 2, value: "blue" }, "node 2: colour = red", COLOUR],
  [COMPACTED, { is: "log", nodes: "all", terms: [1] }, "node 1: no entry; node 3: no entry"],
  [WRITTEN, { is: "agreed" }, "node 3: it has applied 1 of 2"],
  [[], { is: "configuration", nodes: 3, learners: 3 }, "node 3: voters 1 and 2", SPARE],
  [
    JOINED,
    { is: "configuration", nodes: [1, 3], voters: 1 },
    "node 1: voters 1 and 2, learner 3; node 3: voters 1 and 2, learner 3",
    SPARE,
  ],
  [ASKED, { is: "request", client: 1, answered: false }, "it is answered x = a"],
  [ASKED, { is: "request", client: 1, answered: true, value: "b" }, "it is answered x = a"],
  [ASKED, { is: "request", client: 1, answered: true, value: null }, "it is answered x = a"],
  [UNANSWERED, { is: "request", client: 1, answered: true }, "it is not answered"],
  [TWO_LEADERS, { is: "agreed" }, "node 1: it follows node 1 in term 1"],
  [RE_ELECTED, { is: "agreed" }, "node 3: it follows node 1 in term 1"],
  [STOPPED, { is: "agreed", nodes: 2 }, "node 2: it follows node 1 in term 1"],
];

for (const [steps, condition, found, options] of FOUND) {
  Deno.test(`where ${JSON.stringify(condition)} is expected, this is found: ${found}`, () => {
    const judgement = judged(steps, condition, options);
    deepStrictEqual([judgement.holds, judgement.found], [false, found]);
  });
}

const OF_NOBODY: Condition[] = [{ is: "value", nodes: "nobody" }, { is: "log", nodes: [], terms: [] }, {
  is: "agreed",
}];

for (const condition of OF_NOBODY) {
  Deno.test(`${JSON.stringify(condition)} cannot be said where it speaks of no node`, () => {
    const steps: Step[] = [{ do: "name", as: "nobody", except: "all" }, ...STOPPED];
    throws(() => judged(steps, condition), { name: "ScenarioError", message: /^it speaks of no node at tick \d+$/ });
  });
}
