/**
 * All nodes lose power at once, on disks that lose what was not synced (paper Figure 2, §5.4.2).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** What was acknowledged is there; that it is committed is learnt anew. */
export const powerCut: Scenario = {
  name: "power-cut",
  summary: "all nodes lose power; no acknowledged write is lost",
  premise: [
    "A client is told that its write is done, and in that tick every node loses power. Their disks lose what was not synced. " +
    "Then the power is back, and each node starts again on what its disk holds.",
  ],
  disks: "files",
  finding: "After a power cut every log is there, and commit moves on only with the new leader's entry",
  chart: "timeline",
  refuse: ({ nodes }) =>
    nodes < 2 ? "one node that leads commits by itself, and learns of nothing; take 2 or more" : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "the leader", nodes: "leader", title: "A write is committed, and the power goes" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "runUntil", until: { is: "value", nodes: "the leader", value: valueAfter(value, 1) } },
    { do: "mark", as: "the power cut" },
    { do: "stop", nodes: "all" },
    { do: "run", ticks: 10 },
    { do: "restart", nodes: "all", title: "The power is back" },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "all", what: "lastIndex", since: "the power cut" },
      text: "every log is as long as it was: an entry is synced before it is acknowledged",
    },
    {
      do: "expect",
      that: { is: "value", nodes: "all" },
      text: "no store has the write yet: nobody knows that it is committed",
    },
    { do: "runUntil", until: { is: "leader" } },
    { do: "expect", that: { is: "value", nodes: "leader" }, text: "not even the new leader, whose log has the entry" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    {
      do: "expect",
      that: { is: "value", nodes: "all", value: valueAfter(value, 1) },
      text: "with the empty entry of the new term, everything before it is committed",
    },
  ],
  shows: [
    "A client is told of a write once it is committed: a majority has it on disk, and it is of the leader's own term or " +
    "stands before an entry that is. So there is always a node with it after a power cut, and only such a node can be elected.",
    "The commit index need not survive: the paper's Figure 2 has it among the volatile state. In the crate, and here, it goes " +
    "to the disk with the next sync, so a node may start again with a smaller one.",
    "A new leader may not count copies of older entries. Its own empty entry is what commits them.",
  ],
  next: [
    "deno task demo power-cut --nodes 5",
    "deno task demo crash-restart         crashes between the steps of the ready loop",
    "deno task demo missing-sync          what becomes of it where a disk does not sync",
  ],
};
