/**
 * Why an entry of an older term is never committed by counting replicas: the paper's Figure 8 (§5.4.2).
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

const refuse = ({ nodes }: ScenarioOptions) => nodes === 5 ? null : `the paper's Figure 8 has 5 nodes, not ${nodes}`;

/** (a) to (c): an entry of term 2 comes to be on three of five nodes, and one of term 4 is on its way to the third. */
const upToC = (options: ScenarioOptions): readonly Step[] => [
  {
    do: "pauseClock",
    nodes: "all",
    title: "Before (a): node 2 leads term 1, then node 1 leads term 2; all logs are equal",
  },
  { do: "campaign", nodes: 2 },
  { do: "runUntil", until: { is: "agreed" }, within: 10 },
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "leader", by: 1 }, within: 5 },
  { do: "runUntil", until: { is: "agreed" }, within: 10 },
  { do: "cut", from: 1, to: [3, 4, 5], title: "(a) A client's write reaches node 2 only" },
  { do: "propose", to: 1 },
  { do: "runUntil", until: { is: "log", nodes: 2, terms: [1, 2, 2] }, within: 10 },
  { do: "expect", that: { is: "log", nodes: [1, 2], terms: [1, 2, 2] } },
  { do: "stop", nodes: 1, title: "(b) Node 1 crashes; node 5 leads term 3, and its entries reach nobody" },
  { do: "heal" },
  { do: "campaign", nodes: 5 },
  { do: "runUntil", until: { is: "leader", by: 5 }, within: 5 },
  { do: "cut", from: 5, to: "all" },
  { do: "propose", to: 5, command: { kind: "Put", key: options.key, value: valueAfter(options.value, 1) } },
  { do: "run", ticks: 1 },
  { do: "expect", that: { is: "log", nodes: 5, terms: [1, 2, 3, 3] } },
  { do: "stop", nodes: 5, title: "(c) Node 5 crashes; node 1 is back and leads term 4" },
  { do: "heal" },
  { do: "restart", nodes: 1 },
  { do: "campaign", nodes: 1 },
  { do: "run", ticks: 2 },
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "leader", by: 1 }, within: 5 },
  { do: "cut", from: 1, to: 4, title: "It goes on replicating the write of term 2: node 3 is the third to hold it" },
  { do: "runUntil", until: { is: "log", nodes: 3, terms: [1, 2, 2] }, within: 10 },
  { do: "run", ticks: 1 },
];

/** The entry of term 4 is lost on its way to node 3. */
const NO_MORE: readonly Step[] = [
  { do: "dropMessages", from: 1 },
  { do: "expect", that: { is: "log", nodes: [1, 2], terms: [1, 2, 2, 4] } },
  { do: "expect", that: { is: "log", nodes: 3, terms: [1, 2, 2] } },
];

/** Node 1 crashes, node 5 is back, and campaigns: first in a term whose votes node 1 has, then in term 5. */
const nodeFive = (title: string): readonly Step[] => [
  { do: "stop", nodes: 1, title },
  { do: "heal" },
  { do: "restart", nodes: 5 },
  { do: "campaign", nodes: 5 },
  { do: "run", ticks: 2 },
  { do: "campaign", nodes: 5 },
];

/** (d): node 5 is elected by nodes that do not know the entry to be committed, and overwrites it. */
const overwrite = ({ value }: ScenarioOptions): readonly Step[] => [
  ...nodeFive("(d) Node 1 crashes; node 5 is back and leads term 5"),
  { do: "runUntil", until: { is: "leader", by: 5 }, within: 5 },
  { do: "runUntil", until: { is: "agreed" }, within: 20 },
  { do: "expect", that: { is: "log", nodes: [2, 3, 4, 5], terms: [1, 2, 3, 3, 5] } },
  { do: "expect", that: { is: "value", nodes: [2, 3, 4, 5], value: valueAfter(value, 1) } },
];

/** (e): an entry of node 1's own term is on a majority before node 1 crashes. */
export const figure8E: Scenario = {
  name: "figure-8-e",
  summary: "an entry of the leader's own term commits the older one",
  premise: [
    "The paper's Figure 8 (e), with the rule. All goes as in (a) to (c), but the entry of term 4 reaches node 3, too, before " +
    "node 1 crashes.",
  ],
  nodes: 5,
  setting: { maxSizePerMsg: 0 },
  finding: "With an entry of term 4 on three of five nodes, the one of term 2 is committed, and node 5 cannot win",
  chart: "logStages",
  refuse,
  steps: (options) => [
    ...upToC(options),
    { do: "runUntil", until: { is: "number", nodes: 1, what: "commit", equals: 4 }, within: 5 },
    { do: "expect", that: { is: "log", nodes: [1, 2, 3], terms: [1, 2, 2, 4] } },
    { do: "expect", that: { is: "value", nodes: 1 }, text: "node 1 has applied the write" },
    ...nodeFive("(e) Node 1 crashes; node 5 is back, and cannot win"),
    { do: "run", ticks: 2 },
    {
      do: "expect",
      that: { is: "leaders", count: 0 },
      text: "only node 4 votes for node 5: the logs of nodes 2 and 3 end in a later term",
    },
    { do: "campaign", nodes: 2, title: "Node 2 leads term 6, node 1 is back, and the clocks are resumed" },
    { do: "runUntil", until: { is: "leader", by: 2 }, within: 5 },
    { do: "restart", nodes: 1 },
    { do: "resumeClock", nodes: "all" },
    { do: "runUntil", until: { is: "agreed" }, within: 40 },
    { do: "expect", that: { is: "log", nodes: "all", terms: [1, 2, 2, 4, 6] } },
    { do: "expect", that: { is: "value", nodes: "all" }, text: "the write of term 2 is kept on every node" },
  ],
  shows: [
    "The write of term 2 was on three nodes in (c), too. What commits it is the entry of term 4 behind it: whoever lacks that " +
    "one has an older log than a majority, and is not elected.",
  ],
};

/** The same without the rule: the leader commits whatever a majority holds, of any term. */
export const figure8WithoutTheRule: Scenario = {
  name: "figure-8-without-the-rule",
  summary: "the same without one rule: a committed write is lost",
  premise: ["The rule is taken out: this leader commits whatever a majority holds, of whatever term."],
  nodes: 5,
  setting: { maxSizePerMsg: 0 },
  finding: "Without the rule, a write that was committed and applied is overwritten",
  chart: "logStages",
  refuse,
  mutation: commitOldTerms,
  steps: (options) => [
    ...upToC(options),
    ...NO_MORE,
    { do: "expect", that: { is: "number", nodes: 1, what: "commit", equals: 3 } },
    { do: "expect", that: { is: "value", nodes: 1 }, text: "node 1 has applied the write" },
    ...overwrite(options),
    { do: "expect", that: { is: "value", nodes: 1 }, text: "what node 1 has applied is on no other node any more" },
  ],
  shows: [
    "Index 3 was applied twice, and differently: as the write on node 1, as an empty entry on the rest. State Machine " +
    "Safety is broken. Node 1 could not even come back: it would be told to overwrite what it knows to be committed.",
  ],
  sequel: figure8E,
};

/** Three of five nodes hold an entry, and it is overwritten; rightly so. */
export const figure8: Scenario = {
  name: "figure-8",
  summary: "a majority holds an entry, and it is not committed",
  premise: [
    "The paper's Figure 8, (a) to (d). Nodes crash and return so that an entry of term 2 is on three of five nodes, while " +
    "a node without it can still be elected. All clocks are paused: who campaigns is said.",
    "Two things differ from the figure. Every leader begins with an empty entry, as the paper asks in its section 8, so that " +
    "what the figure has at index 2 is here at index 3. And node 2 has the entry of term 4 already in (c), so that it refuses " +
    "node 5 its vote in (d).",
  ],
  nodes: 5,
  setting: { maxSizePerMsg: 0 },
  finding: "An entry on three of five nodes is overwritten; nobody had called it committed",
  chart: "logStages",
  refuse,
  steps: (options) => [
    ...upToC(options),
    ...NO_MORE,
    { do: "expect", that: { is: "number", nodes: 1, what: "commit", equals: 2 } },
    { do: "expect", that: { is: "value", nodes: 1, value: null }, text: "node 1 has applied nothing of it" },
    ...overwrite(options),
    { do: "restart", nodes: 1, title: "Node 1 is back too, and the clocks are resumed" },
    { do: "resumeClock", nodes: "all" },
    { do: "runUntil", until: { is: "agreed" }, within: 20 },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(options.value, 1) } },
  ],
  shows: [
    "Stored by a majority is not committed. Node 5 could be elected in term 5, for its log ends in term 3, and those of " +
    "nodes 3 and 4 in term 2.",
    "So a leader counts replicas only of its own term's entries. Once one of those is on a majority, nobody without it can " +
    "be elected, and everything before it is committed with it.",
  ],
  next: ["deno task demo figure-8 --verbose", "deno task demo figure-7            how logs that differ are repaired"],
  sequel: figure8WithoutTheRule,
};

/** Takes out "and log[N].term == currentTerm", the one thing for which a leader compares a term with its log. */
function commitOldTerms({ raft }: DemoNode): void {
  const { log } = raft;
  const matchTerm = log.matchTerm.bind(log);
  log.matchTerm = (index, term) => raft.role.kind === "leader" || matchTerm(index, term);
}
