/**
 * Why election timeouts are random (paper §5.2).
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";

/** Equal timeouts first, random ones then. */
export const splitVote: Scenario = {
  name: "split-vote",
  summary: "equal timeouts elect nobody, random ones somebody",
  premise: [
    "Every node waits 10 ticks, no more and no less, before it campaigns. Then they draw their timeouts again.",
  ],
  finding: "With equal timeouts every term splits its votes; with random ones somebody wins",
  chart: "termStaircase",
  refuse: ({ nodes }) => nodes < 2 ? "one node has nobody to share the votes with; take 2 or more" : null,
  steps: [
    { do: "fixTimeout", nodes: "all", ticks: 10, title: "Equal timeouts" },
    { do: "run", ticks: 45 },
    { do: "mark", as: "tick 45" },
    { do: "run", ticks: 10 },
    { do: "expect", that: { is: "role", nodes: "all", role: "candidate" } },
    { do: "expect", that: { is: "grown", nodes: "all", what: "term", since: "tick 45" } },
    { do: "expect", that: { is: "leaders", count: 0 } },
    { do: "fixTimeout", nodes: "all", ticks: null, title: "Random timeouts, from the next one on" },
    { do: "runUntil", until: { is: "leader" } },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "propose" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: "all" } },
  ],
  shows: [
    "Nodes that campaign together each vote for themselves, and nobody has a majority. If they wait equally long, they " +
    "campaign together again, for ever.",
    "A node gives one vote a term. That is what keeps two from winning, and why a split term elects nobody.",
    "Here, as in the crate, a candidate that cannot win its term any more is a follower again at once. In the paper it stays a " +
    "candidate until its timeout; either way it does not campaign before that.",
    "Random timeouts let one of them be first, and the others vote for it before they campaign themselves.",
  ],
  next: [
    "deno task demo split-vote --seeds 300   how many elections 300 clusters need",
    "deno task demo split-vote --nodes 9",
  ],
};
