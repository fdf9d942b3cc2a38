/**
 * The basic scenario: a leader is elected, and one Put is replicated.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";

/** Nothing breaks. */
export const basic: Scenario = {
  name: "basic",
  summary: "a leader is elected, and one Put is replicated everywhere",
  finding: "A leader is elected, and one Put is replicated to every node",
  steps: [
    { do: "runUntil", until: { is: "leader" } },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "propose" },
    { do: "runUntil", until: { is: "agreed" } },
    { do: "run", ticks: 1 },
    { do: "expect", that: { is: "value", nodes: "all" } },
  ],
  next: [
    "deno task demo basic --nodes 5       a majority of five is three",
    "deno task demo basic --seed 2        other timeouts, maybe another leader",
    "deno task demo basic --verbose       every turn of every node's ready loop",
    "deno task demo basic --json          the same run as data",
  ],
};
