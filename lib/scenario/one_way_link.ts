/**
 * Links that carry messages one way only (thesis §6.2 and §9.6 say what helps).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** First the leader hears nobody and is heard, then a follower. */
export const oneWayLink: Scenario = {
  name: "one-way-link",
  summary: "a leader, or a follower, that is heard and hears nobody",
  premise: [
    "Links fail one way only. First no message reaches the leader, while all that it sends arrives. Then the same happens " +
    "to a follower.",
  ],
  finding: "A leader that hears nobody leads on; a follower that hears nobody deposes one leader after the other",
  chart: "roleLanes",
  refuse: ({ nodes }) => nodes < 3 ? `the rest must be a majority; take 3 or more nodes, not ${nodes}` : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "the leader", nodes: "leader", title: "The leader hears nobody, and is heard" },
    { do: "name", as: "the others", except: "the leader" },
    { do: "mark", as: "the first fault" },
    { do: "cut", from: "the others", to: "the leader", oneWay: true },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "run", ticks: 60 },
    {
      do: "expect",
      that: { is: "grown", nodes: "all", what: "lastIndex", since: "the first fault" },
      text: "every node has the write in its log",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "all", what: "commit", since: "the first fault" },
      text: "and it is not committed: the leader hears no acknowledgement",
    },
    {
      do: "expect",
      that: { is: "unchanged", nodes: "all", what: "term", since: "the first fault" },
      text: "nobody campaigns: the leader's heartbeats restart every timer",
    },
    { do: "heal", title: "The links are mended" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 1) } },
    { do: "name", as: "the deaf", nodes: "follower 1", title: "A follower hears nobody, and is heard" },
    { do: "name", as: "the rest", except: "the deaf" },
    { do: "mark", as: "the second fault" },
    { do: "cut", from: "the rest", to: "the deaf", oneWay: true },
    { do: "runUntil", until: { is: "leaders", count: 0 }, within: 25 },
    {
      do: "expect",
      that: { is: "grown", nodes: "all", what: "term", since: "the second fault" },
      text: "it campaigns in a new term, and the leader steps down though nothing is wrong with it",
    },
    { do: "mark", as: "its first campaign" },
    { do: "run", ticks: 60 },
    {
      do: "expect",
      that: { is: "role", nodes: "the deaf", role: "candidate" },
      text: "it is a candidate for ever: no answer reaches it",
    },
    {
      do: "expect",
      that: { is: "grown", nodes: "the rest", what: "term", since: "its first campaign" },
      text: "it campaigns again and again, and the others' terms grow with its own",
    },
    { do: "heal", title: "The links are mended" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "leaders", count: 1 } },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 1) }, text: "nothing is lost" },
  ],
  shows: [
    "Nothing that was committed is lost. What suffers is progress.",
    "A leader does not ask whether anybody answers. Its heartbeats keep the others from campaigning, and it waits for " +
    "acknowledgements for ever. CheckQuorum helps: a leader that hears from no majority for an election timeout steps down " +
    "(thesis §6.2; deno task demo check-quorum).",
    "A greater term deposes any leader, even if it comes from a node that cannot win, because its log is behind. PreVote " +
    "helps: a node asks whether it could win before it raises its term (thesis §9.6; deno task demo prevote).",
  ],
  next: [
    "deno task demo one-way-link --nodes 5",
    "deno task demo drop-leader             the same leader with its links cut both ways",
  ],
};
