/**
 * The leader falls silent, and another is elected (paper §5.2).
 *
 * @module
 */
import { ALL_IS_WELL } from "./basic.ts";
import { type Scenario, valueAfter } from "./scenario.ts";

/** Every link of the leader is cut; later they are mended. */
export const dropLeader: Scenario = {
  name: "drop-leader",
  summary: "the leader falls silent, and another is elected",
  premise: [
    "Every link of the leader is cut: it runs, but nobody hears it, and it hears nobody. Later the links are mended.",
  ],
  finding:
    "The leader falls silent, another is elected in a later term, and the old one follows it once it hears of it",
  chart: "roleLanes",
  refuse: ({ nodes }) =>
    nodes < 3 ? `the rest must be able to elect another; take 3 or more nodes, not ${nodes}` : null,
  steps: ({ key, value }) => [
    ...ALL_IS_WELL,
    { do: "name", as: "old leader", nodes: "leader", title: "The leader falls silent" },
    { do: "name", as: "the others", except: "old leader" },
    { do: "mark", as: "the silence" },
    { do: "cut", from: "old leader", to: "the others" },
    { do: "runUntil", until: { is: "leader", by: "the others" } },
    { do: "expect", that: { is: "grown", nodes: "the others", what: "term", since: "the silence" } },
    { do: "expect", that: { is: "value", nodes: "the others" }, text: "the write from before is still there" },
    { do: "expect", that: { is: "leaders", count: 2 } },
    {
      do: "propose",
      command: { kind: "Put", key, value: valueAfter(value, 1) },
      title: "Clients find the new leader, and write",
    },
    { do: "runUntil", until: { is: "agreed", nodes: "the others" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "value", nodes: "the others", value: valueAfter(value, 1) } },
    { do: "expect", that: { is: "unchanged", nodes: "old leader", what: "commit", since: "the silence" } },
    { do: "heal", title: "The links are mended" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 3 },
    { do: "expect", that: { is: "role", nodes: "old leader", role: "follower" } },
    { do: "expect", that: { is: "value", nodes: "all", value: valueAfter(value, 1) } },
  ],
  shows: [
    "Followers do not ask why they hear nothing. Each waits for its own timeout, and the one whose timeout ends first campaigns.",
    "For a while there are two leaders, in two terms. Only one of them has a majority behind it, so only one commits.",
    "A greater term ends it: the old leader steps down with the first message of that term.",
  ],
  next: [
    "deno task demo drop-leader --seeds 300   how long 300 clusters are without a leader",
    "deno task demo drop-leader --nodes 5",
    "deno task demo minority-partition        when clients still talk to the old leader",
  ],
};
