import { deepStrictEqual } from "node:assert/strict";
import type { DemoNode } from "../node.ts";
import { play, type Step } from "../scenario/mod.ts";
import { inForceWhenAppended, takesChangesAtOnce } from "./paper_changes.ts";

/**
 * Ongaro, raft-dev, 10 July 2015: node 1 of four appends "add node 5", which only node 5 hears of; node 2 is elected, and removes node 1
 * with node 3; node 1 starts again, and is elected with nodes 4 and 5.
 */
const STEPS: readonly Step[] = [
  { do: "pauseClock", nodes: "all" },
  { do: "campaign", nodes: 1 },
  { do: "runUntil", until: { is: "agreed", nodes: [1, 2, 3, 4] } },
  { do: "cut", from: 1, to: [2, 3, 4] },
  { do: "confChange", to: 1, addVoters: 5 },
  { do: "run", ticks: 3 },
  { do: "campaign", nodes: 2 },
  { do: "runUntil", until: { is: "leader", by: 2 } },
  { do: "cut", from: 2, to: 4 },
  { do: "confChange", to: 2, remove: 1 },
  { do: "run", ticks: 6 },
  { do: "stop", nodes: 1 },
  { do: "restart", nodes: 1 },
  { do: "mend", from: 1, to: 4 },
  { do: "campaign", nodes: 1 },
  { do: "run", ticks: 2 },
  { do: "campaign", nodes: 1 },
  { do: "run", ticks: 7 },
];

/** The terms of the entries that are applied at index 2. */
function appliedAt2(...doubles: ((node: DemoNode) => void)[]): number[] {
  const mutation = (node: DemoNode) => doubles.forEach((double) => double(node));
  const { trace } = play({ name: "two-changes", nodes: 5, setting: { spares: 1 }, steps: STEPS, mutation });
  return [...new Set(trace.of("apply").filter(({ index }) => index === 2).map(({ term }) => term))].sort();
}

Deno.test("changes in force when appended, taken before an own commit: two entries are committed at one index", () => {
  deepStrictEqual(appliedAt2(inForceWhenAppended, takesChangesAtOnce), [1, 2]);
});

Deno.test("with either double alone nothing breaks", () => {
  deepStrictEqual(appliedAt2(inForceWhenAppended), [1]);
  deepStrictEqual(appliedAt2(takesChangesAtOnce), []);
  deepStrictEqual(appliedAt2(), []);
});
