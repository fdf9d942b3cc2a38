/**
 * A leader removes itself (thesis §4.2.2).
 *
 * @module
 */
import { majority } from "../raft/mod.ts";
import { ALL_IS_WELL, followers } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** It manages a cluster that it does not belong to any more, does not count itself, and steps down. */
export const removeLeader: Scenario = {
  name: "remove-leader",
  summary: "a leader removes itself, without counting itself",
  premise: [
    "The leader is asked to remove itself. So many followers have crashed that the others are a majority together with the leader, and no " +
    "majority without it.",
  ],
  finding:
    "A leader that removes itself does not count itself, commits the change, steps down, and is not heard of again",
  chart: "roleLanes",
  refuse: ({ nodes }) =>
    nodes < 3 || nodes % 2 === 0
      ? `with an even number of nodes the leader's own copy makes no difference; take 3, 5, 7 or 9 nodes, not ${nodes}`
      : null,
  steps: ({ nodes, key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "old leader", nodes: "leader" },
    { do: "name", as: "the others", except: "old leader" },
    {
      do: "name",
      as: "the crashed",
      nodes: followers(nodes - majority(nodes - 1)),
      title: "Followers crash, and the leader is asked to remove itself",
    },
    { do: "mark", as: "the crash" },
    { do: "stop", nodes: "the crashed" },
    { do: "confChange", remove: "old leader" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "run", ticks: 20 },
    {
      do: "expect",
      that: { is: "grown", nodes: "followers", what: "lastIndex", since: "the crash" },
      text: "with the leader a majority of the old configuration holds the change",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "old leader", what: "commit", since: "the crash" },
      text: "it is not committed: the leader does not count itself, for a change after which it is no member",
    },
    { do: "restart", nodes: "the crashed", title: "The crashed are back: a majority without the leader" },
    { do: "runUntil", until: { is: "role", nodes: "old leader", role: "follower" }, within: 40 },
    { do: "expect", that: { is: "configuration", nodes: "old leader", voters: "the others" } },
    { do: "runUntil", until: { is: "leader", by: "the others" }, within: 100 },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    {
      do: "expect",
      that: { is: "value", nodes: "the others", value: valueAfter(value, 1) },
      text: "the write that came after the change is committed as well",
    },
    { do: "mark", as: "the election", title: "The others go on, and hear nothing from the node that was removed" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    { do: "run", ticks: 60 },
    { do: "expect", that: { is: "configuration", nodes: "the others", voters: "the others" } },
    { do: "expect", that: { is: "value", nodes: "the others", value: valueAfter(value, 2) } },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "all", what: "term", since: "the election" },
      text: "nobody has campaigned: who is no voter never does",
    },
  ],
  shows: [
    "For the change that removes it, and all that follows, the leader leads a cluster that it does not belong to: it replicates, and does " +
    "not count itself. Otherwise the change could be committed without a majority of those who are left to hold it.",
    "Having applied the change it steps down, and knows that it has no vote. Another is elected, as after a crash; who would rather not " +
    "wait for a timeout hands the lead over first (transfer).",
    "A node that was removed and does not know it could still disturb the others, campaigning in ever greater terms. PreVote and " +
    "CheckQuorum are the remedy: no node votes while it hears from a leader.",
  ],
  next: [
    "deno task demo remove-leader --nodes 5",
    "deno task demo transfer                  a lead handed over",
    "deno task demo check-quorum              a node that nobody follows",
  ],
};
