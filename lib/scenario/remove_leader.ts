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
    "The leader is asked to remove itself. So many followers have crashed that those that are left are a majority of the old configuration " +
    "with the leader, and no majority of the new one, without it.",
  ],
  finding:
    "A leader that removes itself does not count itself, commits the change, steps down, and is not heard of again",
  chart: "roleLanes",
  refuse: ({ nodes }) =>
    nodes === 1
      ? "a cluster needs a voter; take 3, 5, 7 or 9 nodes, not 1"
      : nodes % 2 === 0
      ? `a majority of ${nodes} that has the leader in it has a majority of the others in it; take 3, 5, 7 or 9 nodes`
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
      text: "it is not committed: for a change that removes it, the leader does not count itself",
    },
    { do: "restart", nodes: "the crashed", title: "The crashed are back, and there is a majority without the leader" },
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
    "From the change that removes it on, the leader replicates, and does not count itself (the crate does): what it commits takes a " +
    "majority of those that stay, too. Otherwise the change could be committed, and the leader be gone, with too few of them holding it.",
    "Having applied the change it steps down, and does not campaign again. Another is elected, as after a crash; to save that wait, the " +
    "lead can be handed over first (demo transfer).",
    "Here the removed node learns of its removal. One that does not would campaign in ever greater terms, and depose leaders. CheckQuorum " +
    "is the remedy: whoever hears from a leader votes for nobody.",
  ],
  next: [
    "deno task demo remove-leader --nodes 5",
    "deno task demo transfer                  a lead handed over",
    "deno task demo check-quorum              a leader that is cut off steps down",
  ],
};
