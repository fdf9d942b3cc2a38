/**
 * The network splits, with the leader on the smaller side (paper §5.2 to §5.4).
 *
 * @module
 */
import { majority } from "../raft/mod.ts";
import { ALL_IS_WELL, followers } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** Two leaders, in two terms; only one of them commits. */
export const minorityPartition: Scenario = {
  name: "minority-partition",
  summary: "two leaders in two terms, and only one of them can commit",
  premise: [
    "The network splits. The leader is on the smaller side, and a client goes on writing to it; another client writes to " +
    "the leader of the larger side. Later the network heals.",
  ],
  nodes: 5,
  finding: "Two leaders in two terms: the one without a majority commits nothing, and its entry is overwritten",
  chart: "logStages",
  refuse: ({ nodes }) => nodes < 3 ? `it takes a larger and a smaller side; take 3 or more nodes, not ${nodes}` : null,
  steps: ({ nodes, key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "old leader", nodes: "leader", title: "The network splits" },
    { do: "name", as: "the minority", nodes: ["old leader", ...followers(nodes - majority(nodes) - 1)] },
    { do: "name", as: "the majority", except: "the minority" },
    { do: "mark", as: "the split" },
    { do: "partition", groups: ["the minority", "the majority"] },
    { do: "propose", to: "old leader", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "runUntil", until: { is: "leader", by: "the majority" } },
    {
      do: "propose",
      to: "leader",
      command: { kind: "Put", key, value: valueAfter(value, 2) },
      title: "The larger side has a leader too, and a client writes to it",
    },
    { do: "runUntil", until: { is: "agreed", nodes: "the majority" } },
    { do: "run", ticks: 10 },
    { do: "expect", that: { is: "leaders", count: 2 } },
    { do: "expect", that: { is: "grown", nodes: "the minority", what: "lastIndex", since: "the split" } },
    { do: "expect", that: { is: "unchanged", nodes: "the minority", what: "commit", since: "the split" } },
    { do: "expect", that: { is: "value", nodes: "the majority", value: valueAfter(value, 2) } },
    { do: "heal", title: "The network heals" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "leaders", count: 1 } },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 2) } },
  ],
  shows: [
    "Two nodes can lead at the same time, though never in the same term. The old leader cannot know of the other.",
    "A majority is counted of all nodes, not of those one can reach: on the smaller side nothing is ever committed.",
    'Its entry is overwritten, and its client was never told "done". Nothing that was committed is lost.',
  ],
  next: [
    "deno task demo minority-partition --nodes 4   four nodes: the smaller side is one",
    "deno task demo drop-leader                    the same without a client at the old leader",
  ],
};
