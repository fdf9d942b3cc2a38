/**
 * A node joins a cluster, first as a learner (thesis §4.2.1).
 *
 * @module
 */
import { majority } from "../raft/mod.ts";
import { ALL_IS_WELL, followers } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** It catches up before it counts. */
export const addNode: Scenario = {
  name: "add-node",
  summary: "a node joins: first as a learner, then as a voter",
  premise: [
    "The last node is no member of the cluster yet: its log is empty, nobody sends it anything, and it never campaigns. Before it joins, " +
    "the others discard the entries so far, and keep a snapshot of their stores instead.",
    "The newcomer is added as a learner, which gets the log and does not vote. Once it has caught up it becomes a voter.",
  ],
  nodes: 4,
  setting: { spares: 1 },
  finding: "A node that joins catches up as a learner, and counts in no majority until it is a voter",
  chart: "timeline",
  refuse: ({ nodes }) =>
    nodes < 3 ? `two must be there before the last one joins; take 3 or more nodes, not ${nodes}` : null,
  steps: ({ nodes, key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "the newcomer", nodes },
    { do: "name", as: "the founders", except: "the newcomer" },
    { do: "name", as: "the leader", nodes: "leader" },
    { do: "run", ticks: 3 },
    {
      do: "compact",
      nodes: "the founders",
      keep: 0,
      title: "The members discard the entries so far; the newcomer is added as a learner",
    },
    { do: "mark", as: "the beginning" },
    { do: "run", ticks: 1 },
    { do: "confChange", addLearners: "the newcomer" },
    { do: "runUntil", until: { is: "agreed", nodes: "all" }, within: 40 },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "configuration", nodes: "all", voters: "the founders", learners: "the newcomer" } },
    {
      do: "expect",
      that: { is: "grown", nodes: "the newcomer", what: "firstIndex", since: "the beginning" },
      text: "its log begins behind a snapshot, which brought the configuration, too",
    },
    { do: "expect", that: { is: "value", nodes: "the newcomer" } },
    {
      do: "name",
      as: "the crashed",
      nodes: followers(nodes - majority(nodes - 1)),
      title: "Followers crash: if the learner counted, the rest would be a majority",
    },
    { do: "mark", as: "the crash" },
    { do: "stop", nodes: "the crashed" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "run", ticks: 20 },
    {
      do: "expect",
      that: { is: "grown", nodes: "the newcomer", what: "lastIndex", since: "the crash" },
      text: "the learner holds the write",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the leader", what: "commit", since: "the crash" },
      text: "it is not committed: a learner's copy does not count",
    },
    { do: "restart", nodes: "the crashed", title: "The crashed are back, and the learner becomes a voter" },
    { do: "runUntil", until: { is: "agreed", nodes: "all" }, within: 60 },
    { do: "confChange", addVoters: "the newcomer" },
    { do: "runUntil", until: { is: "configuration", nodes: "all", voters: "all", learners: [] }, within: 40 },
    { do: "expect", that: { is: "configuration", nodes: "all", voters: "all", learners: [] } },
    {
      do: "name",
      as: "the next to crash",
      nodes: followers(nodes - majority(nodes)),
      title: "As many crash as can be spared; now the newcomer counts",
    },
    { do: "name", as: "the rest", except: "the next to crash" },
    { do: "stop", nodes: "the next to crash" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    { do: "runUntil", until: { is: "agreed" }, within: 40 },
    { do: "run", ticks: 3 },
    {
      do: "expect",
      that: { is: "value", nodes: "the rest", value: valueAfter(value, 2) },
      text: "the write is committed; without the newcomer those that are left would be no majority",
    },
  ],
  shows: [
    "A change of the configuration is an entry. Here, as in the crate, it is in force on a node once the node has applied it; in the " +
    "paper, once it is in the node's log.",
    "Where the leader has discarded entries that a newcomer lacks, it sends its snapshot. That must name the newcomer as a member, or it is " +
    "not taken; so whoever applies such a change makes its snapshot anew.",
    "Had the newcomer been added as a voter at once, it would have counted while its log was empty: a majority may be greater then, and " +
    "until it has caught up, fewer crashes are enough to stop all commits. A learner delays no commit, however long it takes.",
    "One voter more or less at a time is safe: a majority before the change and one after it always have a node in common.",
  ],
  next: [
    "deno task demo add-node --nodes 6        a sixth node joins five",
    "deno task demo add-node --verbose        entry, snapshot and answers, message by message",
    "deno task demo joint                     why several nodes cannot be changed like that",
  ],
};
