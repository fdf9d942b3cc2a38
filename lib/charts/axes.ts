/**
 * Time from left to right, nodes from top to bottom: scales, lanes, rules and shades that several charts share.
 *
 * @module
 */
import type { Markish, TextOptions } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { type Content, type Key, lookOf, type Margins, type Plot, WIDTH } from "./figure.ts";
import { FAINT, INK, PAPER, SIDES } from "./palette.ts";
import type { Division, Segment, Span, View } from "./spans.ts";
import { LabelRoom, TEXT_SIZE, textWidth, type Weight } from "./text.ts";

/** The room under the data, for the axis of time. */
export const BOTTOM = 38;

/** What keeps a label readable upon lines. */
export function halo(strokeWidth = 4): { stroke: string; strokeWidth: number } {
  return { stroke: PAPER, strokeWidth };
}

/** Words at a place of their own. */
export function note(plot: Plot, words: string, place: TextOptions): Markish {
  return plot.text([words], { text: (text: string) => text, ...place });
}

/** 1, 2, 5, 10, 20, 50, …: the first that is not less than `least`. */
export function stepOf(least: number): number {
  for (let power = 1;; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power >= least) return digit * power;
  }
}

/** The multiples of `step` from `low` to `high`. */
export function multiples(step: number, low: number, high: number): number[] {
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** Whole numbers, a dozen at most, with room for their labels in `width` pixels. */
export function ticksBetween(low: number, high: number, width: number): number[] {
  const widest = Math.max(textWidth(`${Math.ceil(low)}`), textWidth(`${Math.floor(high)}`));
  return multiples(stepOf(Math.max(1, (high - low) / 14, (widest + 24) * (high - low) / width)), low, high);
}

/** A horizontal axis with a number at each of these places. */
export function axisBelow(
  plot: Plot,
  places: readonly number[],
  label: string,
  at = (i: number) => places[i],
): Markish {
  const style = { labelAnchor: "right", labelArrow: "none", labelOffset: 34, color: INK, fontSize: 11 } as const;
  return plot.axisX(places, { ...style, label, tickFormat: (_: number, i: number) => `${at(i)}` });
}

/** A vertical axis with a number at each of these places, and the lines at their height. */
export function axisLeft(
  plot: Plot,
  numbers: readonly number[],
  stroke: string,
  at = (i: number) => numbers[i],
): Markish[] {
  const tickFormat = (_: number, i: number) => `${at(i)}`;
  return [plot.ruleY(numbers, { stroke }), plot.axisY(numbers, { label: null, fontSize: 11, tickFormat })];
}

/** Time, from left to right. */
export class TimeAxis {
  /** How many ticks share a step of drawing: 1, but for long runs. */
  readonly bin: Ticks;
  /** Where the last tick ends. */
  readonly end: Ticks;

  /** From the first tick to the end of the last. */
  constructor(readonly from: Ticks, to: Ticks, readonly margins: Margins) {
    this.end = to + 1;
    const ticks = this.end - from;
    this.bin = ticks <= this.width / 1.5 ? 1 : Math.ceil(ticks / (this.width / 3));
  }

  /** How many pixels there are for the data. */
  get width(): number {
    return WIDTH - this.margins.left - this.margins.right;
  }

  /** How many pixels a tick takes. */
  get perTick(): number {
    return this.width / (this.end - this.from);
  }

  /** Where a tick begins, in pixels from the left edge of the figure. */
  px(tick: Ticks): number {
    return this.margins.left + (tick - this.from) * this.perTick;
  }

  /** Whether a label fits into the ticks it is about. */
  fits(label: string, { from, to }: Span, size: number = TEXT_SIZE, weight: Weight = "normal"): boolean {
    return textWidth(label, size, weight) + 3 <= (to + 1 - from) * this.perTick;
  }

  /** The middle of a span. */
  middle({ from, to }: Span): number {
    return this.px((from + to + 1) / 2);
  }

  /** From the beginning of a span's first tick to the end of its last. */
  get across() {
    return { x1: ({ from }: Span) => this.px(from), x2: ({ to }: Span) => this.px(to + 1) };
  }

  /** For long runs: in each step of drawing, only what holds in the last of its ticks. */
  binned<S extends Span>(spans: readonly S[]): S[] {
    const start = (tick: Ticks) => tick - (tick - this.from) % this.bin;
    return spans.map((span) => {
      const to = span.to + 1 === this.end ? span.to : start(span.to + 1) - 1;
      return { ...span, from: start(span.from), to };
    }).filter(({ from, to }) => from <= to);
  }

  /** Margins, and a scale of pixels. */
  frame(): Pick<Content, "margins" | "x"> {
    return { margins: this.margins, x: [this.margins.left, WIDTH - this.margins.right] };
  }

  /** Where the axis has numbers. */
  ticks(): Ticks[] {
    return ticksBetween(this.from, this.end, this.width);
  }

  /** The axis below the data. */
  mark(plot: Plot): Markish {
    const ticks = this.ticks();
    return axisBelow(plot, ticks.map((tick) => this.px(tick)), "tick", (i) => ticks[i]);
  }

  /** What is said of a run so long that not every tick can be drawn. */
  note(): string {
    return this.bin === 1 ? "" : ` The run is long: each step of the drawing stands for ${this.bin} ticks.`;
  }
}

/** The lane of clients without a number, among those of nodes, whose ids begin with 1; that of client 1 is -1. */
export const CLIENT: NodeId = 0;

/** One lane per node, from top to bottom, in pixels. */
export class Lanes {
  /** Lanes of `height` pixels, below `top`. */
  constructor(readonly ids: readonly NodeId[], readonly height: number, readonly top: number) {}

  /** Where they end. */
  get bottom(): number {
    return this.top + this.ids.length * this.height;
  }

  /** The middle of a node's lane. */
  px(id: NodeId): number {
    return this.top + (this.ids.indexOf(id) + 0.5) * this.height;
  }

  /** From so many pixels above the middle of a lane to so many below it. */
  around(above: number, below = above) {
    return {
      y1: ({ node }: { readonly node: NodeId }) => this.px(node) - above,
      y2: ({ node }: { readonly node: NodeId }) => this.px(node) + below,
    };
  }

  /** Scale and height of a plot with an axis of time below the lanes. */
  frame(): Pick<Content, "height" | "y"> {
    return { height: this.bottom + BOTTOM, y: [this.bottom, this.top] };
  }

  /** The nodes' names, left of their lanes. */
  names(plot: Plot, { margins: { left } }: TimeAxis): Markish {
    const place = { x: () => left - 10, y: (id: NodeId) => this.px(id), textAnchor: "end", fontSize: 12 } as const;
    return plot.text(this.ids, {
      ...place,
      text: (id: NodeId) => id > CLIENT ? `node ${id}` : id === CLIENT ? "client" : `client ${-id}`,
    });
  }
}

/** The lanes of a run. */
export interface RunLanes {
  readonly view: View;
  readonly axis: TimeAxis;
  readonly lanes: Lanes;
}

/** Where a term begins, and what is written there: in the first row or the next ones; nothing where there is no room. */
export interface TermRule {
  readonly x: number;
  readonly label: string;
  readonly row: number;
}

/** The height of a row of labels. */
const ROW = 12;

/**
 * Where each term begins. A label that has no room beside the others stands a row further, or is the number alone. Where there
 * are many terms, only those with a label have a rule.
 */
export function termRules(starts: readonly Segment[], axis: TimeAxis, rows: number, size = TEXT_SIZE): TermRule[] {
  const room = new LabelRoom({ x1: 0, x2: axis.px(axis.end) + 8, y1: -Infinity, y2: Infinity });
  const rules = starts.map(({ term, from }): TermRule => {
    const x = axis.px(from);
    const places = [`term ${term}`, `${term}`]
      .flatMap((label) => Array.from({ length: rows }, (_, row) => ({ x, label, row })));
    return places.find(({ label, row }) => room.take(label, x, row * (ROW + 2), size)) ?? { x, label: "", row: 0 };
  });
  return rules.length <= 24 ? rules : rules.filter(({ label }) => label !== "");
}

/** Their labels, row by row, in the direction `down`: 1 or -1. */
export function termLabels(plot: Plot, rules: readonly TermRule[], rows: number, down: number, style: TextOptions) {
  return Array.from({ length: rows }, (_, row) => {
    const labelled = rules.filter((rule) => rule.row === row && rule.label !== "");
    return plot.text(labelled, { x: "x", text: "label", ...style, dy: Number(style.dy) + down * ROW * row });
  });
}

/** Where a client asks a node for something. */
export const ASKED = { label: "client's request", sign: "▼" } as const satisfies Key;

/** Where a client asks a node that takes no requests. */
export const REFUSED = { label: "request refused", sign: "×" } as const satisfies Key;

/** What stands where a client asks. */
export const REQUESTS = [ASKED, REFUSED] as const;

/** Where a node was restarted. */
export const RESTARTED = { label: "restarted", sign: "▲" } as const satisfies Key;

interface Asked {
  readonly node: NodeId;
  readonly x: number;
  readonly key: typeof REQUESTS[number];
}

/** The requests for whose signs there is room. */
export function askedIn({ scenes }: View, axis: TimeAxis): Asked[] {
  const room = new LabelRoom({ x1: 0, x2: WIDTH, y1: -Infinity, y2: Infinity });
  return scenes.flatMap(({ rows }) => rows.filter((row) => row.kind === "proposal"))
    .map(({ node, tick, result }) => ({ node, x: axis.px(tick), key: result === "dropped" ? REFUSED : ASKED }))
    .filter(({ node, x, key }) => room.take(key.sign, x, 100 * node));
}

/** Their signs. */
export function requestSigns(plot: Plot, asked: readonly Asked[], style: TextOptions): Markish[] {
  return REQUESTS.map((key) =>
    plot.text(asked.filter((request) => request.key === key), {
      ...lookOf(key),
      x: "x",
      text: () => key.sign,
      fill: INK,
      ...style,
    })
  );
}

/** Where the nodes are divided. */
export const DIVIDED: Key = {
  label: "nodes are divided",
  fill: SIDES[1],
  stroke: FAINT,
  strokeWidth: 0.5,
  dash: "1,3",
};

/** Shades of that, in any panel over time. */
export function divisionShades(plot: Plot, divisions: readonly Division[], axis: TimeAxis): Markish {
  return plot.rectX(divisions, { ...axis.across, ...lookOf(DIVIDED), fillOpacity: 0.6 });
}
