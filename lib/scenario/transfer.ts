/**
 * A leader hands over its lead (thesis §3.10).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** First it succeeds, then the word to campaign is lost. */
export const transfer: Scenario = {
  name: "transfer",
  summary: "a leader hands over its lead to a node that it names",
  premise: [
    "The leader is asked to let another node lead, while a write is on its way. Later the new leader is asked for the same, and its " +
    "word to campaign (TimeoutNow) is lost.",
  ],
  finding: "A leader hands over its lead without waiting for a timeout; where the word is lost it leads on",
  chart: "roleLanes",
  refuse: ({ nodes }) => nodes < 2 ? "there must be a node to hand over to; take 2 or more nodes, not 1" : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "old leader", nodes: "leader", title: "The leader is asked to let another node lead" },
    { do: "name", as: "the next", nodes: "follower 1" },
    { do: "mark", as: "the transfer" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "transfer", to: "the next" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    { do: "runUntil", until: { is: "leader", by: "the next" }, within: 9 },
    {
      do: "expect",
      that: { is: "grown", nodes: "the next", what: "term", since: "the transfer" },
      text: "it was elected in a new term, and no election timeout had to end",
    },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    {
      do: "expect",
      that: { is: "value", nodes: "all", value: valueAfter(value, 1) },
      text: "the write from before is there; the one that came during the transfer was refused",
    },
    { do: "mark", as: "the loss", title: "The new leader is asked to hand it back, and its word is lost" },
    { do: "dropNext", type: "TimeoutNow", count: 1 },
    { do: "transfer", to: "old leader" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "the next", what: "lastIndex", since: "the loss" },
      text: "while it waits it takes no proposals",
    },
    { do: "run", ticks: 12 },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "all", what: "term", since: "the loss" },
      text: "nobody has campaigned",
    },
    {
      do: "propose",
      title: "After an election timeout it leads on",
      command: { kind: "Put", key, value: valueAfter(value, 2) },
    },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "leader", by: "the next" }, text: "the same node leads" },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 2) } },
  ],
  shows: [
    "The leader first brings the other node up to date, then tells it to campaign. That node can win, for its log is as long as the " +
    "leader's, and it asks before anybody's timeout ends.",
    "The election is an ordinary one. If the word is lost, or the node is down, nothing has happened: after an election timeout " +
    "the leader takes proposals again.",
    "While it waits it refuses proposals, or the other node might never catch up.",
  ],
  next: [
    "deno task demo transfer --nodes 5",
    "deno task demo drop-leader               how long it takes where a leader falls silent instead",
  ],
};
