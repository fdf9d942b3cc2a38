/**
 * The drawing of a histogram.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { Bin, Spread } from "./bins.ts";
import { BOTTOM, stepOf } from "./chart.ts";
import { INK, ROLES } from "./palette.ts";
import { type Key, type Plot, WIDTH } from "./svg.ts";
import { numberText, shorten, textWidth } from "./text.ts";

/** The room around the bars. */
const MARGINS = { left: 60, right: 24, top: 40 };

const HEIGHT = 200;

/** As many bins as there is room for, at least: few bars do not become broad ones. */
const FEWEST = 10;

/** The height of the plot. */
export const HISTOGRAM_HEIGHT = MARGINS.top + HEIGHT + BOTTOM;

/** How the median looks. */
export const MEDIAN: Key = { label: "median", stroke: "#D55E00", strokeWidth: 2, dash: "5,3", height: 0 };

/** The words on it. */
export interface HistogramWords {
  /** What the numbers are. */
  readonly label: string;
  /** What each of them comes from. */
  readonly what: string;
  /** Whether they are whole: then a bar stands around its numbers, not behind the first. */
  readonly isWhole: boolean;
}

/** The plot. */
export function histogramPlot(plot: Plot, spread: Spread, { label, what, isWhole }: HistogramWords): PlotOptions {
  const { bins, width } = spread;
  const shift = isWhole ? 0.5 : 0;
  const most = Math.max(...bins.map(({ count }) => count));
  const step = stepOf(most / 5);
  const counts = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  const domain = domainOf(spread, shift);
  const head = {
    frameAnchor: "top-left",
    textAnchor: "start",
    text: (text: string) => text,
    dx: 12 - MARGINS.left,
  } as const;
  return {
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    marginTop: MARGINS.top,
    marginBottom: BOTTOM,
    x: { axis: null, domain },
    y: { axis: null, domain: [0, most * 1.04] },
    marks: [
      plot.ruleY(counts, { stroke: "#e4e4e4" }),
      plot.axisY(counts, { label: null, fontSize: 11, tickFormat: (count: number) => `${count}` }),
      plot.text([shorten(what, WIDTH / 2)], { ...head, dy: -34 }),
      plot.rect(bins.filter(({ count }) => count > 0), {
        x1: ({ from }: Bin) => from - shift,
        x2: ({ from }: Bin) => from + width - shift,
        y1: () => 0,
        y2: "count",
        fill: ROLES.follower.fill,
        stroke: ROLES.follower.stroke,
        ariaDescription: "bins",
      }),
      ...medianMarks(plot, spread, domain),
      plot.axisX(ticksOf(domain), {
        label: shorten(label, WIDTH - MARGINS.left - MARGINS.right),
        labelAnchor: "right",
        labelArrow: "none",
        labelOffset: 34,
        color: INK,
        fontSize: 11,
        tickFormat: (value: number) => `${value}`,
      }),
    ],
  };
}

function domainOf({ bins, width }: Spread, shift: number): [number, number] {
  const around = width * Math.max(0.5, (FEWEST - bins.length) / 2);
  return [bins[0].from - shift - around, bins[bins.length - 1].from + width - shift + around];
}

/** Whole numbers, with room for their labels. */
function ticksOf([low, high]: [number, number]): number[] {
  const room = WIDTH - MARGINS.left - MARGINS.right;
  const widest = Math.max(textWidth(`${Math.ceil(low)}`), textWidth(`${Math.floor(high)}`));
  const step = stepOf(Math.max(1, (high - low) / 14, (widest + 24) * (high - low) / room));
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

function medianMarks(plot: Plot, { median }: Spread, [low, high]: [number, number]): Markish[] {
  const part = (median - low) / (high - low);
  return [
    plot.ruleX([median], {
      stroke: MEDIAN.stroke,
      strokeWidth: MEDIAN.strokeWidth,
      strokeDasharray: MEDIAN.dash,
      insetTop: -4,
      ariaDescription: "median",
    }),
    plot.text([median], {
      x: (value: number) => value,
      text: (value: number) => `median ${numberText(value)}`,
      frameAnchor: "top",
      textAnchor: part < 0.1 ? "start" : part > 0.9 ? "end" : "middle",
      dy: -18,
      fontWeight: "bold",
    }),
  ];
}
