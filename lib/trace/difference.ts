/**
 * Where two runs part: the first row that is not the same.
 *
 * @module
 */
import { groupBy } from "./group.ts";
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
 * what happens in it.
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
  const place = longer.findIndex((_, i) => textOf(lefts[i]) !== textOf(rights[i]));
  if (place < 0) return null;
  const ticks = [lefts[place], rights[place]].map((row) => row?.tick ?? Infinity);
  return { tick: Math.min(...ticks), left: lefts[place] ?? null, right: rights[place] ?? null };
}

/**
 * What happens, tick by tick, and after it what the nodes are at that tick. What a scenario says of its run is left out, and what
 * a node is for a moment within a tick.
 */
function happenings({ rows }: Trace): TraceRow[] {
  const ticks = groupBy(rows.filter(({ kind }) => kind !== "part" && kind !== "expectation"), ({ tick }) => tick);
  return [...ticks.values()].flatMap((ofTick) => {
    const states = new Map(ofTick.flatMap((row) => row.kind === "node" ? [[row.node, row]] : []));
    return [...ofTick.filter(({ kind }) => kind !== "node"), ...states.values()];
  });
}

/** A row as it is compared: a timeout shows when it passes. */
function textOf(row: TraceRow | undefined): string | undefined {
  return JSON.stringify(row, (key, value) => (key === "timer" ? undefined : value));
}
