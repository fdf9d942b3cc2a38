/**
 * How numbers are spread, such as the ticks without a leader over many seeds (paper §9.3, Figure 16).
 *
 * @module
 */
import { type Spread, spreadOf } from "./bins.ts";
import { checkOptions, figureOf } from "./chart.ts";
import type { Figure } from "./figure.ts";
import { HISTOGRAM_HEIGHT, histogramPlot, MEDIAN } from "./histogram_plot.ts";
import { capital, numberText, visible } from "./text.ts";

/** What a histogram is told. */
export interface HistogramOptions {
  /** The finding, as a sentence. */
  readonly title: string;
  /** What the numbers are, with their unit: "ticks without a leader". */
  readonly label: string;
  /** What each of them comes from, in the plural: "seeds". */
  readonly what: string;
}

/**
 * A histogram of `values`, with their median.
 *
 * @throws {RangeError} naming the option, or the value, that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, histogram } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const ticks = Array.from({ length: 30 }, (_, seed) => {
 *   const cluster = new Cluster({ nodes: 3, seed });
 *   return cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
 * });
 * const title = "The first leader comes soon";
 * const figure = histogram(ticks, { title, label: "ticks until there is a leader", what: "seeds" });
 * match(figure.alt, /^Ticks until there is a leader of 30 seeds: least 12, median 13, greatest 16\./);
 * ```
 */
export function histogram(values: readonly number[], options: HistogramOptions): Figure {
  checkOptions(options);
  checkValues(values, options);
  const { title } = options;
  const [label, what] = [visible(options.label.trim()), visible(options.what.trim())];
  const spread = spreadOf(values);
  const { least, median, greatest, width } = spread;
  const [low, middle, high] = [least, median, greatest].map(numberText);
  const summary = `${capital(label)} of ${values.length} ${what}: least ${low}, median ${middle}, greatest ${high}.`;
  const isWhole = values.every(Number.isInteger);
  return figureOf({ title }, {
    caption:
      `${summary} A bar is as high as there are ${what} in its bin, which is ${width} wide; the dashed line is the ` +
      `median.`,
    alt: `${summary} ${fullestText(spread, isWhole)}`,
    drawing: {
      keys: [MEDIAN],
      height: HISTOGRAM_HEIGHT,
      options: (plot) => histogramPlot(plot, spread, { label, what, isWhole }),
    },
  });
}

function checkValues(values: readonly number[], { label, what }: HistogramOptions): void {
  for (const [name, text] of Object.entries({ label, what })) {
    if (typeof text === "string" && text.trim() !== "") continue;
    throw new RangeError(`Cannot make a histogram without ${name}: say what the numbers are, and what they come from`);
  }
  if (values.length === 0) throw new RangeError("Cannot make a histogram of no values: give it one at least");
  const bad = values.findIndex((value) => !(Math.abs(value) <= Number.MAX_SAFE_INTEGER));
  if (bad >= 0) {
    throw new RangeError(`Cannot use values[${bad}]: ${values[bad]}; it must be a finite number below 2^53`);
  }
}

/** The bin that most values are in; the first of several. */
function fullestText({ bins, width }: Spread, isWhole: boolean): string {
  const { from, count } = bins.reduce((best, bin) => (bin.count > best.count ? bin : best));
  const where = !isWhole
    ? `from ${from} to below ${from + width}`
    : width === 1
    ? `at ${from}`
    : `from ${from} to ${from + width - 1}`;
  return `The fullest bin, ${where}, has ${count} of them.`;
}
