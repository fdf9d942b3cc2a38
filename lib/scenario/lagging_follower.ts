/**
 * A follower misses writes, and catches up (paper §5.3).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** One follower is away; the others do not need it. */
export const laggingFollower: Scenario = {
  name: "lagging-follower",
  summary: "a follower misses three writes, and catches up",
  premise: [
    "One follower is away: its clock is paused, and no message reaches or leaves it. Clients go on writing.",
  ],
  finding: "A follower that is away falls behind while the others commit, and catches up when it is back",
  chart: "timeline",
  refuse: ({ nodes }) =>
    nodes < 3 ? `no follower can be spared of fewer than 3 nodes; take 3 or more, not ${nodes}` : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "laggard", nodes: "follower 1", title: "A follower is away" },
    { do: "name", as: "the others", except: "laggard" },
    { do: "mark", as: "its absence" },
    { do: "pauseClock", nodes: "laggard" },
    { do: "cut", from: "laggard", to: "the others" },
    { do: "run", ticks: 5 },
    {
      do: "propose",
      command: { kind: "Put", key, value: valueAfter(value, 1) },
      title: "The others go on: three writes",
    },
    { do: "run", ticks: 5 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 2) } },
    { do: "run", ticks: 5 },
    { do: "propose", command: { kind: "Put", key, value: valueAfter(value, 3) } },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    { do: "run", ticks: 5 },
    { do: "expect", that: { is: "grown", nodes: "the others", what: "commit", since: "its absence" } },
    { do: "expect", that: { is: "unchanged", nodes: "laggard", what: "lastIndex", since: "its absence" } },
    { do: "resumeClock", nodes: "laggard", title: "It is back" },
    { do: "heal" },
    { do: "runUntil", until: { is: "agreed" }, within: 40 },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 3) } },
    { do: "expect", that: { is: "unchanged", nodes: "all", what: "term", since: "its absence" } },
  ],
  shows: [
    "A majority is enough: the leader commits without the follower that lags, and never waits for it.",
    "What it missed is not lost. The leader knows how far it is (matchIndex), finds out where the two logs still agree, " +
    "and sends the rest.",
    "No election was needed, for the others never stopped hearing their leader.",
  ],
  next: [
    "deno task demo lagging-follower --nodes 5",
    "deno task demo lagging-follower --verbose   how the leader finds out what is missing",
    "deno task demo far-behind                   when the leader has discarded what it lacks",
    "deno task demo no-quorum                    when too many are away",
  ],
};
