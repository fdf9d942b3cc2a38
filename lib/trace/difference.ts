/**
 * Where two runs part: the first row that is not the same.
 *
 * @module
 */
import type { TraceRow } from "./rows.ts";
import type { Ticks } from "../raft/mod.ts";
import type { Trace } from "./trace.ts";

/** The first difference of two runs. */
export interface Difference {
  /** When it is: the tick of its rows, or of the earlier one. */
  readonly tick: Ticks;
  /** What happens in one run; `null` if that one has ended. */
  readonly left: TraceRow | null;
  /** What happens in the other. */
  readonly right: TraceRow | null;
}

/**
 * The first rows in which two runs differ; `null` if they do not. What a scenario says of its run is not compared, only
 * what happens in it; nor is how long an election timer has left, which shows when it runs out.
 *
 * @example
 * ```ts
 * import { Cluster, firstDifference, Trace } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const [left, right, other] = [1, 1, 2].map((seed) => {
 *   const trace = new Trace();
 *   new Cluster({ nodes: 3, seed, observer: trace.record }).run(30);
 *   return trace;
 * });
 * strictEqual(firstDifference(left, right), null);
 * strictEqual(firstDifference(left, other)?.tick, 11);
 * ```
 */
export function firstDifference(left: Trace, right: Trace): Difference | null {
  const [lefts, rights] = [happenings(left), happenings(right)];
  const longer = lefts.length > rights.length ? lefts : rights;
  const place = longer.findIndex((_, i) => JSON.stringify(lefts[i]) !== JSON.stringify(rights[i]));
  if (place < 0) return null;
  const ticks = [lefts[place], rights[place]].map((row) => row?.tick ?? Infinity);
  return { tick: Math.min(...ticks), left: lefts[place] ?? null, right: rights[place] ?? null };
}

function happenings({ rows }: Trace): TraceRow[] {
  return rows.filter(({ kind }) => kind !== "part" && kind !== "expectation")
    .map((row) => row.kind === "node" ? { ...row, timer: null } : row);
}
