/**
 * A follower is away for so long that the leader has discarded the entries it lacks (paper §7).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** What is no longer in the leader's log comes as a snapshot. */
export const farBehind: Scenario = {
  name: "far-behind",
  summary: "a follower lacks entries that the leader has discarded",
  premise: [
    "A follower crashes. The others go on writing, and compact their logs: each makes a snapshot of its store, and discards " +
    "the entries that the snapshot stands for. Then the follower starts again.",
  ],
  finding: "After a long absence a follower jumps ahead with a snapshot, and goes on with entries",
  chart: "timeline",
  refuse: ({ nodes }) => nodes < 3 ? `the others must be a majority; take 3 or more nodes, not ${nodes}` : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "laggard", nodes: "follower 1", title: "A follower crashes, and the others go on: three writes" },
    { do: "name", as: "the others", except: "laggard" },
    { do: "mark", as: "the crash" },
    { do: "stop", nodes: "laggard" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 1) } },
    { do: "run", ticks: 5 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    { do: "run", ticks: 5 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 3) } },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    { do: "compact", nodes: "the others", keep: 0, title: "They compact their logs, and a fourth write follows" },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 4) } },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    {
      do: "expect",
      that: { is: "grown", nodes: "the others", what: "firstIndex", since: "the crash" },
      text: "only the fourth write is still in their logs",
    },
    { do: "restart", nodes: "laggard", title: "The follower starts again" },
    { do: "runUntil", until: { is: "agreed" }, within: 40 },
    { do: "run", ticks: 3 },
    {
      do: "expect",
      that: { is: "grown", nodes: "laggard", what: "firstIndex", since: "the crash" },
      text: "its log begins behind the snapshot: it never got the three writes as entries",
    },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 4) } },
    { do: "expect", that: { is: "unchanged", nodes: "all", what: "term", since: "the crash" } },
  ],
  shows: [
    "A log cannot grow for ever. Each node may discard what it has applied, without asking anybody: its snapshot stands for it.",
    "A follower that refuses an Append makes the leader go back. Where the leader's own log does not go back far enough, it " +
    "sends its snapshot instead: the store, and the index and term of the last entry in it.",
    "The snapshot takes the place of the follower's store and of its log. What comes behind it is sent as entries, as always.",
  ],
  next: [
    "deno task demo far-behind --verbose       refusal, snapshot and its answer, message by message",
    "deno task demo lagging-follower           the same where the leader still has every entry",
  ],
};
