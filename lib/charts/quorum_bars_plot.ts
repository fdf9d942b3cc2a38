/**
 * The drawing of quorum bars.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import { majority } from "../raft/mod.ts";
import type { Holding } from "./holders.ts";
import { FAINT, INK, pale, termColour } from "./palette.ts";
import { type Plot, WIDTH } from "./svg.ts";
import { textWidth, wrap } from "./text.ts";

/** The room around the bars, apart from that below them. */
const MARGINS = { left: 84, right: 108, top: 20 };

/** The widest a column becomes. */
const WIDEST = 72;

/** The part of a column that a bar takes. */
const BAR = 0.92;

/** The height of a line of text below the bars. */
const LINE = 14;

const SIZE = 10;

/** How many pixels a hatch is from the next. */
const HATCH = 7;

/** The height of the plot. */
export function quorumBarsHeight(holdings: readonly Holding[], nodes: number): number {
  return MARGINS.top + panelHeight(nodes) + bottom(holdings);
}

function panelHeight(nodes: number): number {
  return Math.max(80, nodes * (nodes > 5 ? 24 : 36));
}

function bottom(holdings: readonly Holding[]): number {
  return LINE * (1 + Math.max(...idLines(holdings).map((lines) => lines.length))) + 14;
}

function columnWidth(holdings: readonly Holding[]): number {
  return Math.min(WIDEST, (WIDTH - MARGINS.left - MARGINS.right) / holdings.length);
}

/** The ids of those that hold each entry, in lines as wide as a column. */
function idLines(holdings: readonly Holding[]): string[][] {
  return holdings.map(({ nodes }) => wrap(nodes.join(", "), columnWidth(holdings) - 4, SIZE));
}

/** The plot. */
export function quorumBarsPlot(plot: Plot, holdings: readonly Holding[], nodes: number): PlotOptions {
  const width = columnWidth(holdings);
  const first = holdings[0].index - 0.5;
  const columns = (WIDTH - MARGINS.left - MARGINS.right) / width;
  const counts = Array.from({ length: nodes + 1 }, (_, i) => i);
  return {
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    marginTop: MARGINS.top,
    marginBottom: bottom(holdings),
    x: { axis: null, domain: [first, first + columns] },
    y: { axis: null, domain: [0, nodes] },
    color: { type: "identity" },
    marks: [
      plot.ruleY(counts, { stroke: "#e4e4e4" }),
      plot.axisY(counts, { label: null, fontSize: 11, tickFormat: (amount: number) => `${amount}` }),
      plot.text(["nodes"], { text: (word) => word, frameAnchor: "left", textAnchor: "end", dx: -30 }),
      ...bars(plot, holdings),
      hatches(plot, holdings, width * BAR, panelHeight(nodes) / nodes),
      ...majorityRule(plot, nodes),
      terms(plot, holdings, width),
      ...names(plot, holdings),
    ],
  };
}

function fillOf({ term, isCommitted }: Holding): string {
  return isCommitted ? termColour(term) : pale(termColour(term));
}

function bars(plot: Plot, holdings: readonly Holding[]): Markish[] {
  return [true, false].map((is) =>
    plot.rect(holdings.filter(({ isCommitted }) => isCommitted === is), {
      x1: ({ index }: Holding) => index - BAR / 2,
      x2: ({ index }: Holding) => index + BAR / 2,
      y1: () => 0,
      y2: ({ nodes }: Holding) => nodes.length,
      fill: fillOf,
      stroke: INK,
      strokeDasharray: is ? "none" : "3,2",
      ariaDescription: is ? "committed" : "not committed",
    })
  );
}

/** Lines from the lower left to the upper right of the bars of older terms, which are `width` pixels wide. */
function hatches(plot: Plot, holdings: readonly Holding[], width: number, perNode: number): Markish {
  const lines = holdings.filter(({ isOld }) => isOld).flatMap(({ index, nodes }) => {
    const height = nodes.length * perNode;
    const starts = Array.from({ length: Math.ceil((width + height) / HATCH) }, (_, i) => (i + 0.5) * HATCH - height);
    const x = (px: number) => index + (px / width - 0.5) * BAR;
    return starts.map((start) => {
      const [left, right] = [Math.max(start, 0), Math.min(start + height, width)];
      return { x1: x(left), y1: (left - start) / perNode, x2: x(right), y2: (right - start) / perNode };
    }).filter(({ x1, x2 }) => x1 < x2);
  });
  return plot.link(lines, {
    x1: "x1",
    y1: "y1",
    x2: "x2",
    y2: "y2",
    stroke: INK,
    strokeWidth: 0.8,
    ariaDescription: "older term",
  });
}

function majorityRule(plot: Plot, nodes: number): Markish[] {
  const needed = majority(nodes);
  const place = { y: [needed], frameAnchor: "right", textAnchor: "start", dx: 6 } as const;
  return [
    plot.ruleY([needed], { stroke: INK, strokeWidth: 2, insetRight: -4, ariaDescription: "majority" }),
    plot.text(["majority:"], { ...place, text: (line) => line, dy: -7, fontWeight: "bold" }),
    plot.text([`${needed} of ${nodes} nodes`], { ...place, text: (line) => line, dy: 7 }),
  ];
}

/** The term of each entry, at the foot of its bar. */
function terms(plot: Plot, holdings: readonly Holding[], width: number): Markish {
  const text = ({ term }: Holding) => textWidth(`term ${term}`, SIZE) <= width * BAR ? `term ${term}` : `${term}`;
  return plot.text(holdings, {
    x: "index",
    y: () => 0,
    dy: -11,
    text,
    fontSize: SIZE,
    fontWeight: "bold",
    fill: INK,
    stroke: "white",
    strokeWidth: 4,
  });
}

/** Below each bar: its index, and who holds it. */
function names(plot: Plot, holdings: readonly Holding[]): Markish[] {
  const heads = ["index", "on nodes"].map((word, i) =>
    plot.text([word], {
      text: (line) => line,
      y: [0],
      frameAnchor: "left",
      textAnchor: "end",
      dx: -10,
      dy: LINE * (i + 1),
      fill: FAINT,
    })
  );
  const below = { x: "index", y: () => 0 } as const;
  const lines = idLines(holdings).flatMap((ofOne, i) => ofOne.map((text, line) => ({ ...holdings[i], text, line })));
  const most = Math.max(...lines.map(({ line }) => line));
  return [
    ...heads,
    plot.text(holdings, { ...below, dy: LINE, text: ({ index }: Holding) => `${index}`, fontWeight: "bold" }),
    ...Array.from({ length: most + 1 }, (_, place) =>
      plot.text(lines.filter(({ line }) => line === place), {
        ...below,
        dy: LINE * (place + 2),
        text: "text",
        fontSize: SIZE,
      })),
  ];
}
