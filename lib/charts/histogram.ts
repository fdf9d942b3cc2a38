/**
 * How numbers are spread, such as the ticks without a leader over many seeds (paper §9.3, Figure 16).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { requireThat } from "../arguments.ts";
import { capital, visible } from "../trace/text.ts";
import { axisBelow, axisLeft, BOTTOM, multiples, note, stepOf, ticksBetween } from "./axes.ts";
import {
  type ChartOptions,
  checkOptions,
  type Figure,
  figureOf,
  type Key,
  lookOf,
  type Plot,
  WIDTH,
} from "./figure.ts";
import { GRID, ROLES } from "./palette.ts";
import { shorten } from "./text.ts";

/** What a histogram is told. */
export interface HistogramOptions extends Pick<ChartOptions, "title"> {
  /** What the numbers are, with their unit: "ticks without a leader". */
  readonly label: string;
  /** What each of them comes from, in the plural: "seeds". */
  readonly what: string;
}

/** The most bins, and as many as there is room for, at least: few bars do not become broad ones. */
const MOST = 24;
const FEWEST = 10;

/** The room around the bars, and their height. */
const MARGINS = { left: 60, right: 60, top: 40, bottom: BOTTOM };
const ROOM = WIDTH - MARGINS.left - MARGINS.right;
const HEIGHT = 200;

const TOP_LEFT = { frameAnchor: "top-left", textAnchor: "start" } as const;

const MEDIAN: Key = { label: "median", stroke: "#D55E00", strokeWidth: 2, dash: "5,3", height: 0 };

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
  const [label, what] = [visible(options.label.trim()), visible(options.what.trim())];
  const spread = spreadOf(values);
  const { bins, width, least, median, greatest } = spread;
  const numbers = `least ${least}, median ${median}, greatest ${greatest}`;
  const summary = `${capital(label)} of ${values.length} ${what}: ${numbers}.`;
  const domain = domainOf(spread);
  const most = Math.max(...bins.map(({ count }) => count));
  return figureOf({ title: options.title }, {
    caption:
      `${summary} A bar is as high as there are ${what} in its bin, which is ${width} wide; the dashed line is the ` +
      `median.`,
    alt: `${summary} ${fullestText(spread)}`,
    keys: [MEDIAN],
    height: MARGINS.top + HEIGHT + BOTTOM,
    margins: MARGINS,
    x: domain,
    y: [0, most * 1.04],
    marks: (plot) => [
      ...axisLeft(plot, multiples(stepOf(most / 5), 0, most), GRID),
      note(plot, shorten(what, WIDTH / 2), { ...TOP_LEFT, dx: 12 - MARGINS.left, dy: -34 }),
      bars(plot, spread),
      ...medianMarks(plot, median),
      axisBelow(plot, ticksBetween(...domain, ROOM), shorten(label, ROOM)),
    ],
  });
}

function checkValues(values: readonly number[], { label, what }: HistogramOptions): void {
  for (const [name, text] of Object.entries({ label, what })) {
    if (typeof text === "string" && text.trim() !== "") continue;
    throw new RangeError(`Cannot make a histogram without ${name}: say what the numbers are, and what they come from`);
  }
  requireThat(Array.isArray(values), RangeError, "Cannot make a histogram: values", "a list", values);
  if (values.length === 0) throw new RangeError("Cannot make a histogram of no values: give it one at least");
  const bad = values.findIndex((value) => !Number.isSafeInteger(value));
  requireThat(bad < 0, RangeError, `Cannot make a histogram: values[${bad}]`, "a whole number", values[bad]);
}

/** `values` (one at least) at a glance, and in bins that are 1, 2, 5, 10, 20, … wide, from the least value to the greatest. */
export function spreadOf(values: readonly number[]) {
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

type Spread = ReturnType<typeof spreadOf>;
type Bin = Spread["bins"][number];

/** The bin that most values are in; the first of several. */
function fullestText({ bins, width }: Spread): string {
  const { from, count } = bins.reduce((best, bin) => (bin.count > best.count ? bin : best));
  const where = width === 1 ? `at ${from}` : `from ${from} to ${from + width - 1}`;
  return `The fullest bin, ${where}, has ${count} of them.`;
}

function domainOf({ bins, width }: Spread): [number, number] {
  const around = width * Math.max(0.5, (FEWEST - bins.length) / 2);
  return [bins[0].from - 0.5 - around, bins[bins.length - 1].from + width - 0.5 + around];
}

/** Each stands around its numbers. */
function bars(plot: Plot, { bins, width }: Spread): Markish {
  const { fill, stroke } = ROLES.follower;
  const x1 = ({ from }: Bin) => from - 0.5;
  const x2 = ({ from }: Bin) => from + width - 0.5;
  const filled = bins.filter(({ count }) => count > 0);
  return plot.rect(filled, { x1, x2, y1: () => 0, y2: "count", fill, stroke, ariaDescription: "bins" });
}

function medianMarks(plot: Plot, median: number): Markish[] {
  const place = { x: [median], frameAnchor: "top", dy: -18 } as const;
  return [
    plot.ruleX([median], { ...lookOf(MEDIAN), insetTop: -4 }),
    note(plot, `${MEDIAN.label} ${median}`, { ...place, fontWeight: "bold" }),
  ];
}
