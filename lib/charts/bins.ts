/**
 * Numbers, counted in bins of equal width, and what is in their middle.
 *
 * @module
 */
import { stepOf } from "./chart.ts";

/** Numbers at a glance. */
export interface Spread {
  /** The smallest. */
  readonly least: number;
  /** The one in the middle, or halfway between the two in the middle. */
  readonly median: number;
  /** The greatest. */
  readonly greatest: number;
  /** How wide a bin is: 1, 2, 5, 10, 20, … */
  readonly width: number;
  /** Every bin from that of the least to that of the greatest. */
  readonly bins: readonly Bin[];
}

/** How many numbers lie from one to another, that one not included. */
export interface Bin {
  /** Where it begins. */
  readonly from: number;
  /** How many there are. */
  readonly count: number;
}

/** The most bins that are drawn. */
const MOST = 24;

/** The spread of `values`, of which there is one at least. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  const width = stepOf(Math.max(1, (greatest - least + 1) / (MOST - 1)));
  const first = Math.floor(least / width);
  const counts = Array.from({ length: Math.floor(greatest / width) - first + 1 }, () => 0);
  for (const value of sorted) counts[Math.floor(value / width) - first]++;
  const bins = counts.map((count, i) => ({ from: (first + i) * width, count }));
  return { least, median: (below + above) / 2, greatest, width, bins };
}
