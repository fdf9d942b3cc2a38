/**
 * What every chart does alike: check what it is told, put a figure together, and lay out time and lanes.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { NodeId, Term, Ticks } from "../raft/mod.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import type { History } from "./history.ts";
import { FAINT, INK } from "./palette.ts";
import { type Drawing, type Plot, toSvg, WIDTH } from "./svg.ts";
import { LabelRoom, textWidth, visible } from "./text.ts";

/** What a chart has to say. */
export interface Content {
  /** How to read it. */
  readonly caption: string;
  /** The same in words. */
  readonly alt: string;
  /** The picture. */
  readonly drawing: Drawing;
}

/**
 * Refuse what no chart can show.
 *
 * @throws {RangeError} naming the option that is wrong.
 */
export function checkOptions({ title, from, to }: ChartOptions): void {
  if (typeof title !== "string" || title.trim() === "") {
    throw new RangeError("Cannot make a figure without a title: give it one that states the finding, as a sentence");
  }
  for (const [name, tick] of Object.entries({ from, to })) checkTick(name, tick);
  if (from !== undefined && to !== undefined && from > to) {
    throw new RangeError(`Cannot show ticks ${from} to ${to}: from must not be greater than to`);
  }
}

/**
 * Refuse what is no tick.
 *
 * @throws {RangeError} naming the option.
 */
export function checkTick(name: string, tick: Ticks | undefined): void {
  if (tick === undefined || (Number.isSafeInteger(tick) && tick >= 0)) return;
  throw new RangeError(`Cannot use ${name}: ${tick}; it must be a whole number of ticks from 0`);
}

/** A figure of `content`. */
export function figureOf(options: ChartOptions, { caption, alt, drawing }: Content): Figure {
  const title = visible(options.title.trim().replace(/\s+/g, " "));
  return { title, caption, alt, svg: () => toSvg(title, alt, drawing) };
}

/** A figure of nothing. */
export function emptyFigure(options: ChartOptions, text: string = "Nothing happened yet"): Figure {
  const drawing: Drawing = {
    keys: [],
    height: 100,
    options: (plot) => ({
      axis: null,
      margin: 12,
      marks: [
        plot.frame({ stroke: "#bbbbbb" }),
        plot.text([text], { frameAnchor: "middle", fontSize: 13, fill: FAINT }),
      ],
    }),
  };
  return figureOf(options, { caption: `${text}.`, alt: `${text}: there is nothing to show.`, drawing });
}

/** The margins of a plot, in pixels. */
export interface Margins {
  /** Left of the data. */
  readonly left: number;
  /** Right of it. */
  readonly right: number;
  /** Above it. */
  readonly top: number;
}

/** The room under the data, for the axis of time. */
export const BOTTOM = 38;

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

  /** The scale. */
  scale(): { axis: null; domain: [number, number] } {
    return { axis: null, domain: [this.from, this.end] };
  }

  /** Whole ticks, a dozen at most, with room for their labels. */
  ticks(): Ticks[] {
    const least = (textWidth(`${this.end}`) + 24) / this.perTick;
    const step = stepOf(Math.max(least, (this.end - this.from) / 14));
    const first = Math.ceil(this.from / step) * step;
    return Array.from({ length: Math.floor((this.end - first) / step) + 1 }, (_, i) => first + i * step);
  }

  /** The axis below the data. */
  marks(plot: Plot): Markish[] {
    const label = { labelAnchor: "right", labelArrow: "none", labelOffset: 34, label: "tick" } as const;
    return [plot.axisX(this.ticks(), { ...label, color: INK, tickFormat: (tick: number) => `${tick}`, fontSize: 11 })];
  }

  /** What is said of a run so long that not every tick can be drawn. */
  note(): string {
    return this.bin === 1 ? "" : ` The run is long: each step of the drawing stands for ${this.bin} ticks.`;
  }
}

/** 1, 2, 5, 10, 20, 50, …: the first that is not less than `least`. */
export function stepOf(least: number): number {
  for (let power = 1;; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power >= least) return digit * power;
  }
}

/** A lane a node, from top to bottom: lane 0 is around 0.5. */
export class Lanes {
  readonly #places: ReadonlyMap<NodeId, number>;

  /** Lanes of `height` pixels, under a margin of `top` and, if they are not the first, under as many lanes as `above`. */
  constructor(readonly ids: readonly NodeId[], readonly height: number, readonly top: number, readonly above = 0) {
    this.#places = new Map(ids.map((id, i) => [id, above + i + 0.5]));
  }

  /** Where they end, in lanes. */
  get end(): number {
    return this.above + this.ids.length;
  }

  /** The middle of a node's lane, in lanes. */
  middle(id: NodeId): number {
    return this.#places.get(id) ?? 0;
  }

  /** The same in pixels. */
  px(lane: number): number {
    return this.top + lane * this.height;
  }

  /** How high the plot is, with the axis of time. */
  get plotHeight(): number {
    return this.px(this.end) + BOTTOM;
  }

  /** The scale. */
  scale(): { axis: null; domain: [number, number] } {
    return { axis: null, domain: [this.end, 0] };
  }

  /** Margins and scales of a plot of lanes over time. */
  frame(axis: TimeAxis): PlotOptions {
    const { left, right, top } = axis.margins;
    return {
      marginLeft: left,
      marginRight: right,
      marginTop: top,
      marginBottom: BOTTOM,
      x: axis.scale(),
      y: this.scale(),
    };
  }

  /** The nodes' names, left of their lanes. */
  names(plot: Plot): Markish {
    return plot.text(this.ids, {
      y: (id: NodeId) => this.middle(id),
      text: (id: NodeId) => `node ${id}`,
      frameAnchor: "left",
      textAnchor: "end",
      dx: -10,
      fontSize: 12,
    });
  }
}

/** The first tick of each term, and its label; where there are many, only those that have room for it. */
export function termRules(
  starts: readonly { readonly term: Term; readonly tick: Ticks }[],
  axis: TimeAxis,
): { tick: Ticks; label: string }[] {
  const room = new LabelRoom({ x1: 0, x2: WIDTH, y1: -20, y2: 20 });
  const rules = starts.map(({ term, tick }) => {
    const label = `term ${term}`;
    return { tick, label: room.take(label, axis.px(tick), 0) ? label : "" };
  });
  return rules.length <= 24 ? rules : rules.filter(({ label }) => label !== "");
}

/** `3 nodes, tick 1 to 20`. */
export function scopeOf({ ids, from, to }: History): string {
  const nodes = ids.length === 1 ? "one node" : `${ids.length} nodes`;
  return `${nodes}, ${from === to ? `at tick ${from}` : `tick ${from} to ${to}`}`;
}
