/**
 * Six logs that differ from the leader's, as in the paper's Figure 7 (§5.3).
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";

/** The leader's log, and then those of (a) to (f), by the terms of their entries. */
const LOGS = [
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
  [1, 1, 1, 4, 4, 5, 5, 6, 6],
  [1, 1, 1, 4],
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  [1, 1, 1, 4, 4, 4, 4],
  [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
];

/** A new leader makes them all like its own. */
export const figure7: Scenario = {
  name: "figure-7",
  summary: "a new leader repairs six logs that differ from its own",
  premise: [
    "Nodes 2 to 7 are (a) to (f) of the paper's Figure 7: (a) and (b) lack entries, (c) and (d) have too many, (e) and (f) " +
    "both. Node 1 campaigns in term 8.",
  ],
  nodes: 7,
  setting: { logs: LOGS },
  finding: "Six logs that differ from the leader's become like it",
  chart: "logStages",
  refuse: ({ nodes }) => nodes === 7 ? null : `the paper's Figure 7 has 7 nodes, not ${nodes}`,
  steps: [
    { do: "campaign", nodes: 1, title: "Node 1 campaigns" },
    { do: "runUntil", until: { is: "leader", by: 1 }, within: 5 },
    { do: "expect", that: { is: "number", nodes: 1, what: "term", equals: 8 } },
    { do: "runUntil", until: { is: "agreed" }, within: 60, title: "It repairs the logs" },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "log", nodes: "all", terms: [...LOGS[0], 8] } },
    { do: "expect", that: { is: "number", nodes: "all", what: "commit", equals: 11 } },
  ],
  shows: [
    "(c) and (d) refuse node 1 their votes: their logs are longer, or end in a later term. The others are a majority.",
    "A follower that lacks the entry before the new ones refuses, and the leader goes back and sends from there: in the paper by " +
    "one entry for each refusal; here, as in the crate, the follower says where its log ends or disagrees.",
    "Whatever follows the last equal entry is replaced. A leader changes nothing in its own log.",
  ],
  next: [
    "deno task demo figure-7 --verbose   each refusal, and how far the leader goes back",
    "deno task demo figure-8             why a majority that holds an entry is not always enough",
  ],
};
