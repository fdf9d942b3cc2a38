/**
 * More nodes fail than a majority can spare (paper §5.1).
 *
 * @module
 */
import { majority } from "../raft/mod.ts";
import { ALL_IS_WELL, followers } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** Nothing is committed until one of them is back. */
export const noQuorum: Scenario = {
  name: "no-quorum",
  summary: "without a majority nothing is committed, and nothing lost",
  premise: ["So many followers crash that leader and rest are no majority any more. Then one of them starts again."],
  nodes: 5,
  finding: "Without a majority the log grows and nothing is committed; with one node back, everything is",
  chart: "timeline",
  refuse: ({ nodes }) => nodes < 2 ? "one node is always its own majority; take 2 or more" : null,
  steps: ({ nodes, key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "the crashed", nodes: followers(nodes - majority(nodes) + 1), title: "Too many followers crash" },
    { do: "name", as: "the first to return", nodes: "follower 1" },
    { do: "name", as: "the leader", nodes: "leader" },
    { do: "mark", as: "the crash" },
    { do: "stop", nodes: "the crashed" },
    {
      do: "propose",
      command: { kind: "Put", key, value: valueAfter(value, 1) },
      title: "The leader still takes a write, and cannot commit it",
    },
    { do: "run", ticks: 40 },
    { do: "expect", that: { is: "role", nodes: "the leader", role: "leader" } },
    { do: "expect", that: { is: "grown", nodes: "the leader", what: "lastIndex", since: "the crash" } },
    { do: "expect", that: { is: "unchanged", nodes: "the leader", what: "commit", since: "the crash" } },
    { do: "restart", nodes: "the first to return", title: "One of them starts again" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: ["the leader", "the first to return"], value: valueAfter(value, 1) } },
    { do: "expect", that: { is: "grown", nodes: "the leader", what: "commit", since: "the crash" } },
  ],
  shows: [
    "A cluster of n nodes survives the loss of as many as leave a majority of n: one of 3, one of 4, two of 5.",
    "Beyond that it stands still, and loses nothing: what was committed is on a disk somewhere, and waits.",
    "That a leader takes a write says nothing. The write counts once it is committed: a majority holds it, and it is of the " +
    "leader's own term or stands before an entry that is.",
  ],
  next: [
    "deno task demo no-quorum --nodes 4   four nodes survive no more than three do",
    "deno task demo no-quorum --nodes 2   and two no more than one",
  ],
};
