/**
 * Several runs in one figure, over the same ticks: where each of them is.
 *
 * Everything is placed in pixels: the panels share the figure, not a scale.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { capital, visible } from "../trace/text.ts";
import { BOTTOM, halo, Lanes, type RunLanes, TimeAxis } from "./axes.ts";
import { type ChartOptions, checkOptions, type Content, type LabelledRun, type Plot, WIDTH } from "./figure.ts";
import { INK } from "./palette.ts";
import { rolesText, type View, viewOf } from "./spans.ts";
import { shorten } from "./text.ts";

/** How panels are laid out, in pixels. */
export interface Layout {
  /** How many are side by side. */
  readonly columns: number;
  /** The height of a lane. */
  readonly lane: (views: readonly View[]) => number;
  /** The room in a panel above its lanes. */
  readonly above: number;
  /** The room in a panel left of its lanes. */
  readonly left: number;
}

/** A run among others, and where it is. */
export interface Panel extends RunLanes {
  readonly label: string;
  /** Where it begins, from the left. */
  readonly left: number;
}

/** Left and right of all panels, and between them. */
const LEFT = 12;
const RIGHT = 24;
const GAP = 18;

/**
 * A panel for each run, row by row; they all show the ticks of all of them. None, if nothing happened in any.
 *
 * @throws {RangeError} naming the option, or the run, that is wrong.
 */
export function panelsOf(
  runs: readonly LabelledRun[],
  options: ChartOptions,
  { columns, lane, above, left }: Layout,
): Panel[] {
  checkOptions(options);
  const shown = runs.map((run, i) => {
    const { label, trace }: LabelledRun = Object(run);
    if (typeof label === "string" && label.trim() !== "") {
      return { label: visible(label.trim()), view: viewOf(trace, options) };
    }
    throw new RangeError(`Cannot show run ${i + 1} without a label: say what tells it from the others`);
  });
  const views = shown.map(({ view }) => view).filter(({ scenes }) => scenes.length > 0);
  if (views.length === 0) return [];
  const [from, to] = [Math.min(...views.map(({ from }) => from)), Math.max(...views.map(({ to }) => to))];
  const width = (WIDTH - LEFT - RIGHT - GAP * (columns - 1)) / columns;
  const laneHeight = lane(views);
  const height = above + laneHeight * Math.max(...views.map(({ ids }) => ids.length));
  return shown.map((run, i) => {
    const [x, y] = [LEFT + (i % columns) * (width + GAP), Math.floor(i / columns) * height];
    const axis = new TimeAxis(from, to, { left: x + left, right: WIDTH - x - width, top: 0, bottom: 0 });
    return { ...run, left: x, axis, lanes: new Lanes(run.view.ids, laneHeight, y + above) };
  });
}

/** A scale of pixels, with an axis of time below the lowest panels. */
export function panelsFrame(panels: readonly Panel[]): Pick<Content, "height" | "margins" | "x" | "y"> {
  const bottom = Math.max(...panels.map(({ lanes }) => lanes.bottom));
  const margins = { left: 0, right: RIGHT, top: 0, bottom: BOTTOM };
  return { height: bottom + BOTTOM, margins, x: [0, WIDTH - RIGHT], y: [bottom, 0] };
}

/** The runs' labels, so many pixels above their lanes. */
export function panelLabels(plot: Plot, panels: readonly Panel[], above: number, fontSize: number): Markish {
  const text = ({ label, view, axis }: Panel) =>
    shorten(`${label}${view.scenes.length === 0 ? " (nothing happened yet)" : ""}`, axis.width, fontSize, "bold");
  const place = { x: "left", y: ({ lanes }: Panel) => lanes.top - above } as const;
  return plot.text(panels, { ...place, text, textAnchor: "start", fontSize, fontWeight: "bold", ...halo(), fill: INK });
}

/** What is said of a run where it stands beside others. */
export function panelText({ label, view }: Panel): string {
  return `${capital(label)}: ${view.scenes.length === 0 ? "nothing happened yet." : rolesText(view)}`;
}
