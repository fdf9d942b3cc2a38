/**
 * Nodes crash between the steps of their ready loop, on disks that lose what was not synced.
 *
 * The steps are those of `lib/node.ts`.
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** What left a node was durable before, or need not have been. */
export const crashRestart: Scenario = {
  name: "crash-restart",
  summary: "nodes crash between steps; nothing acknowledged is lost",
  premise: [
    "A turn of a node's ready loop has seven steps: 1 send what need not wait for the disk, 2 store a snapshot, 3 apply what " +
    "is committed, 4 append entries, 5 store term and vote, and sync, 6 send what had to wait for that, 7 advance.",
    "Nodes crash in the middle of it, on disks that lose what was not synced: a follower after step 4, before " +
    "its sync; the leader after step 1, when its messages have left and nothing is on its disk; a follower after step 6, " +
    "when its acknowledgement has left. Each starts again on what its disk holds.",
  ],
  disks: "files",
  finding: "Nodes crash between the steps of their ready loop, and nothing that was acknowledged is lost",
  chart: "timeline",
  refuse: ({ nodes }) => nodes < 3 ? `one node must be able to go; take 3 or more, not ${nodes}` : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "the follower", nodes: "follower 1", title: "A follower crashes before its sync" },
    { do: "mark", as: "its crash" },
    { do: "crashAfter", nodes: "the follower", step: 4 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "run", ticks: 5 },
    {
      do: "expect",
      that: { is: "value", nodes: "leader", value: valueAfter(value, 1) },
      text: "the others commit the write",
    },
    { do: "restart", nodes: "the follower" },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the follower", what: "lastIndex", since: "its crash" },
      text: "the entry is not on its disk, and it has told nobody that it was",
    },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "name", as: "the leader", nodes: "leader", title: "The leader crashes after its messages have left" },
    { do: "mark", as: "the leader's crash" },
    { do: "crashAfter", nodes: "the leader", step: 1 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    { do: "run", ticks: 1 },
    { do: "runUntil", until: { is: "leader" } },
    { do: "restart", nodes: "the leader" },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the leader", what: "lastIndex", since: "the leader's crash" },
      text: "the entry is not on its disk, though it was the first to have it",
    },
    { do: "runUntil", until: { is: "agreed" } },
    {
      do: "expect",
      that: { is: "value", nodes: "all", value: valueAfter(value, 2) },
      text: "it had left before the crash, and is kept",
    },
    { do: "name", as: "another", nodes: "follower 1", title: "A follower crashes after its acknowledgement has left" },
    { do: "mark", as: "its acknowledgement" },
    { do: "crashAfter", nodes: "another", step: 6 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 3) } },
    { do: "run", ticks: 5 },
    { do: "restart", nodes: "another" },
    {
      do: "expect",
      that: { is: "grown", nodes: "another", what: "lastIndex", since: "its acknowledgement" },
      text: "the entry it acknowledged is on its disk",
    },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 3) } },
    { do: "run", ticks: 3 },
  ],
  shows: [
    "What a node says in step 6 is durable since step 5. So it may crash anywhere, and nobody was ever told what it forgets.",
    "A leader's own disk is one among all. What it sends in step 1 is not on it yet, and need not be: an entry of its term is " +
    "committed once it is on a majority of the disks, with or without the leader's.",
  ],
  next: [
    "deno task demo crash-restart --storage raft-logs   real files; again, to go on",
    "deno task log raft-logs                            what is on the disks",
    "deno task demo power-cut                           all nodes crash at once",
  ],
};
