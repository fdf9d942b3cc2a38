/**
 * The basic scenario: a leader is elected, and one Put is replicated.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";
import type { Step } from "./schema.ts";

/** A leader is elected, and one write is applied everywhere. */
const WRITE: readonly Step[] = [
  { do: "runUntil", until: { is: "leader" } },
  { do: "runUntil", until: { is: "agreed" } },
  { do: "propose" },
  { do: "runUntil", until: { is: "agreed" } },
];

/** How most other scenarios begin, before anything is broken. */
export const ALL_IS_WELL: readonly Step[] = [
  { ...WRITE[0], title: "All is well: a leader, and one write" },
  ...WRITE.slice(1),
];

/** The first followers, this many of them. */
export function followers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `follower ${i + 1}`);
}

/** Nothing breaks. */
export const basic: Scenario = {
  name: "basic",
  summary: "a leader is elected, and one Put is replicated everywhere",
  finding: "A leader is elected, and one Put is replicated to every node",
  steps: [...WRITE, { do: "run", ticks: 1 }, { do: "expect", that: { is: "value", nodes: "all" } }],
  next: [
    "deno task demo basic --nodes 5       a majority of five is three",
    "deno task demo basic --seed 2        other timeouts, maybe another leader",
    "deno task demo basic --verbose       every turn of every node's ready loop",
    "deno task demo basic --json          the same run as data",
  ],
};
