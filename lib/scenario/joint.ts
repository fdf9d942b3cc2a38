/**
 * Several nodes are replaced at once: why that takes a joint configuration (paper §6, Figure 10; thesis §4.3).
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import { type ConfState, newConfState } from "../raft/mod.ts";
import { type Scenario, valueAfter } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";

const refuse = ({ nodes }: ScenarioOptions) =>
  nodes === 5 ? null : `nodes 2 and 3 of three are replaced by nodes 4 and 5: that takes 5 nodes, not ${nodes}`;

/** Node 1 leads nodes 1, 2 and 3, and applies the change; nobody else hears that it is committed. */
const upToTheChange: readonly Step[] = [
  { do: "pauseClock", nodes: "all", title: "All is well: node 1 leads nodes 1, 2 and 3, and one write" },
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "leader", by: 1 }, within: 5 },
  { do: "propose" },
  { do: "runUntil", until: { is: "agreed" }, within: 20 },
  { do: "run", ticks: 1 },
  { do: "mark", as: "the beginning", title: "Nodes 2 and 3 are to be replaced by nodes 4 and 5" },
  { do: "confChange", addVoters: [4, 5], remove: [2, 3] },
  { do: "runUntil", until: { is: "grown", nodes: 1, what: "commit", since: "the beginning" }, within: 9 },
  {
    do: "partition",
    groups: [[1, 4, 5], [2, 3]],
    title: "Node 1 has applied the change; before anybody hears of that, the network is split",
  },
  { do: "expect", that: { is: "configuration", nodes: [2, 3], voters: [1, 2, 3], outgoing: [] } },
];

/** A client writes where node 1 leads. */
const writeToOne = ({ key, value }: ScenarioOptions): Step => (
  { do: "propose", to: 1, command: { kind: "Put", key, value: valueAfter(value, 1) } }
);

/**
 * Node 2 is elected, and another client writes there. Its first Append to node 3 is lost, so that it commits its empty entry and the
 * write at once; after the first of them it may have applied the change, and lead no more.
 */
const writeToTwo = ({ key, value }: ScenarioOptions): readonly Step[] => [
  {
    do: "dropNext",
    type: "Append",
    from: 2,
    to: 3,
    count: 1,
    title: "Node 2 campaigns, its first Append is lost, and another client writes there",
  },
  { do: "campaign", nodes: 2 },
  { do: "runUntil", until: { is: "leader", by: 2 }, within: 5 },
  { do: "expect", that: { is: "leaders", count: 2 }, text: "there are two leaders, of two terms" },
  { do: "propose", to: 2, command: { kind: "Put", key, value: valueAfter(value, 2) } },
  { do: "resumeClock", nodes: 2 },
  { do: "runUntil", until: { is: "value", nodes: [2, 3], value: valueAfter(value, 2) }, within: 20 },
  { do: "expect", that: { is: "value", nodes: [2, 3], value: valueAfter(value, 2) } },
];

/** The same with a joint configuration: only one side can commit anything. */
export const jointConsensus: Scenario = {
  name: "joint-consensus",
  summary: "the same with a joint configuration: nothing is lost",
  premise: [
    "The same change, the same bad luck. Now the nodes go through a joint configuration, as the paper demands: until it ends, a majority of " +
    "1, 2 and 3 and one of 1, 4 and 5 must agree.",
  ],
  nodes: 5,
  setting: { spares: 2 },
  finding: "With a joint configuration both sides need nodes 1, 2 and 3, and only one can have them",
  chart: "logStages",
  refuse,
  steps: (options) => [
    ...upToTheChange,
    { do: "expect", that: { is: "configuration", nodes: 1, voters: [1, 4, 5], outgoing: [1, 2, 3] } },
    { do: "mark", as: "the split", title: "A client writes where node 1 leads" },
    writeToOne(options),
    { do: "run", ticks: 20 },
    {
      do: "expect",
      that: { is: "log", nodes: [4, 5], terms: [1, 1, 1, 1, 1] },
      text: "nodes 4 and 5 hold the write",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: 1, what: "commit", since: "the split" },
      text: "it is not committed: it takes a majority of 1, 2 and 3 as well",
    },
    ...writeToTwo(options),
    {
      do: "expect",
      that: { is: "configuration", nodes: [2, 3], voters: [1, 4, 5], outgoing: [1, 2, 3] },
      text: "now they are in the joint configuration, too: what comes next takes a majority of 1, 4 and 5 as well",
    },
    { do: "heal", title: "The links are mended, and the clocks run again" },
    { do: "resumeClock", nodes: "all" },
    { do: "runUntil", until: { is: "leader", by: [1, 4, 5] }, within: 100 },
    { do: "runUntil", until: { is: "agreed", nodes: [1, 4, 5] }, within: 100 },
    { do: "expect", that: { is: "configuration", nodes: [1, 4, 5], voters: [1, 4, 5], outgoing: [] } },
    {
      do: "expect",
      that: { is: "value", nodes: "all", value: valueAfter(options.value, 2) },
      text: "the write that was committed is on every node; the other one was never committed",
    },
  ],
  shows: [
    "The old configuration takes a majority of 1, 2 and 3, and so does the joint one, which takes one of 1, 4 and 5 besides. Nodes 2 and 3 " +
    "were that majority: node 1 could commit nothing without them.",
    "The change has two entries. The first makes the configuration joint; once that is applied, the leader appends the second, which " +
    "ends it. A leader that the second removes steps down.",
    "To change one node at a time needs no such thing: a majority before and one after it always share a node.",
  ],
};

/** First the naive way: each node goes from the old configuration to the new one when it applies the change. */
export const joint: Scenario = {
  name: "joint",
  summary: "two of three nodes are replaced at once, badly and well",
  premise: [
    "Nodes 2 and 3 of a cluster of three are to be replaced by nodes 4 and 5. First the naive way: each node goes straight from the old " +
    "configuration to the new one when it applies the change, and nodes do not apply it at the same time. (A rule of Raft is taken out for " +
    "that; the second run has it.)",
    "All clocks are paused, so that nobody campaigns unless it is told to.",
  ],
  nodes: 5,
  setting: { spares: 2 },
  finding:
    "A majority of the old nodes and one of the new have no node in common: two entries are committed at one index",
  chart: "logStages",
  refuse,
  mutation: dropOldHalf,
  steps: (options) => [
    ...upToTheChange,
    { do: "expect", that: { is: "configuration", nodes: 1, voters: [1, 4, 5], outgoing: [] } },
    { ...writeToOne(options), title: "A client writes where node 1 leads" },
    {
      do: "runUntil",
      until: { is: "value", nodes: [1, 4, 5], value: valueAfter(options.value, 1) },
      within: 20,
    },
    {
      do: "expect",
      that: { is: "value", nodes: [1, 4, 5], value: valueAfter(options.value, 1) },
      text: "nodes 1, 4 and 5 have committed the write, by the new configuration",
    },
    ...writeToTwo(options),
    {
      do: "expect",
      that: { is: "log", nodes: [1, 4, 5], terms: [1, 1, 1, 1] },
      text: "on nodes 1, 4 and 5 index 4 is of term 1",
    },
    {
      do: "expect",
      that: { is: "log", nodes: [2, 3], terms: [1, 1, 1, 2, 2] },
      text: "on nodes 2 and 3 it is of term 2",
    },
    {
      do: "expect",
      that: { is: "number", nodes: "all", what: "commit", atLeast: 4 },
      text: "and all five have committed it",
    },
  ],
  shows: [
    "Both clients were told that their write is done, and no node has both. State Machine Safety is broken, though every node did what " +
    "its configuration asked for.",
    "Nodes 2 and 3 are a majority of 1, 2 and 3; nodes 1, 4 and 5 are all of the new configuration. The two have no node in common, and " +
    "nothing can make the change take effect everywhere at once.",
    "Had the Append not been lost, node 2 would have committed its empty entry first, at the same index 4, and stepped down before it " +
    "committed the write.",
  ],
  next: [
    "deno task demo joint --verbose",
    "deno task demo add-node                  one node at a time, which is safe",
    "deno task demo figure-8                  another rule taken out",
  ],
  sequel: jointConsensus,
};

/** Takes out the old half of a joint configuration: what a change makes of the voters counts at once, and alone. */
function dropOldHalf({ raft }: DemoNode): void {
  let confState = raft.confState;
  Object.defineProperty(raft, "confState", {
    get: () => confState,
    set({ voters, learners, learnersNext }: ConfState) {
      confState = newConfState({ voters, learners: [...learners, ...learnersNext] });
    },
  });
}
