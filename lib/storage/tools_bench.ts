/**
 * What the benchmarks of the log share: places, entries, medians and tables.
 *
 * @module
 */
import process from "node:process";
import type { Entry } from "../raft/mod.ts";

/** Everything that the benchmarks write is in here. */
export const DIRECTORY = `.jupyter/bench-${process.pid}`;
/** The configuration of all storages. */
export const CONF_STATE = { voters: [1, 2, 3] };

let places = 0;

/** A path that nothing has yet. */
export function newPlace(): string {
  return `${DIRECTORY}/${places++}`;
}

/** Entries with so many bytes of data each. */
export function entriesFrom(first: number, count: number, size: number): Entry[] {
  return Array.from({ length: count }, (_, i) => {
    const data = Uint8Array.from({ length: size }, (_, k) => (first + i) * 31 + k);
    return { type: "command", term: 1, index: first + i, data };
  });
}

/** How long `act` takes. */
export function milliseconds(act: () => void): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Without decimals. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/** A row of a Markdown table. */
export function printRow(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}
