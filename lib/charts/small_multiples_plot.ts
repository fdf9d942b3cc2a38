/**
 * The drawing of small multiples.
 *
 * Everything is placed in pixels: the panels share the figure, not a scale.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { TimeAxis } from "./chart.ts";
import type { Span } from "./divisions.ts";
import { isEmpty, type Segment, thinned } from "./history.ts";
import { placesOf } from "./lane_shades.ts";
import { FAINT, ROLES } from "./palette.ts";
import type { Panel } from "./runs.ts";
import { type Plot, WIDTH } from "./svg.ts";
import { shorten } from "./text.ts";

/** How high a bar is, of its height in role lanes. */
export const PART = 0.42;

const EDGE = 12;
const GAP = 18;
const LANE = 18;
const LABEL = 20;
const NAMES = 14;
const AXIS = 34;

/** A rectangle in pixels, with what fills it. */
interface Area {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly fill: string;
  readonly stroke: string;
}

/** Where the panels are: row by row, as many side by side as there are columns. */
export class Grid {
  /** Panels in `columns` columns, which all show `span`. */
  constructor(readonly panels: readonly Panel[], readonly columns: number, readonly span: Span) {}

  /** How high the plot is. */
  get height(): number {
    return this.top(this.columns * Math.ceil(this.panels.length / this.columns)) + AXIS;
  }

  /** Where the panel at this place begins, from the top. */
  top(place: number): number {
    return Math.floor(place / this.columns) * this.#rowHeight;
  }

  /** The lane of a node in the panel at this place: its middle. */
  lane(place: number, node: NodeId): number {
    return this.top(place) + LABEL + (this.panels[place].history.ids.indexOf(node) + 0.5) * LANE;
  }

  /** Where the lanes of a row of panels end. */
  bottom(place: number): number {
    return this.top(place) + this.#rowHeight - GAP / 2;
  }

  /** The time of the panel at this place. */
  axis(place: number): TimeAxis {
    const width = (WIDTH - 2 * EDGE - GAP * (this.columns - 1)) / this.columns;
    const left = EDGE + (place % this.columns) * (width + GAP);
    return new TimeAxis(this.span.from, this.span.to, { left: left + NAMES, right: WIDTH - left - width, top: 0 });
  }

  get #rowHeight(): number {
    const most = Math.max(...this.panels.map(({ history }) => history.ids.length), 1);
    return LABEL + most * LANE + GAP / 2;
  }
}

/** The plot. */
export function smallMultiplesPlot(plot: Plot, grid: Grid): PlotOptions {
  const { panels, height } = grid;
  return {
    margin: 0,
    x: { axis: null, domain: [0, WIDTH] },
    y: { axis: null, domain: [height, 0] },
    color: { type: "identity" },
    marks: [
      ...times(plot, grid),
      areas(plot, panels.flatMap((_, place) => sides(grid, place)), "divided"),
      areas(plot, panels.flatMap((_, place) => bars(grid, place, false)), "roles"),
      areas(plot, panels.flatMap((_, place) => bars(grid, place, true)), "stopped"),
      ...labels(plot, grid),
    ],
  };
}

function areas(plot: Plot, data: readonly Area[], ariaDescription: string): Markish {
  const strokeDasharray = ariaDescription === "stopped" ? "4,2" : "none";
  const ends = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" } as const;
  return plot.rect(data, {
    ...ends,
    fill: "fill",
    stroke: "stroke",
    strokeWidth: 0.5,
    strokeDasharray,
    ariaDescription,
  });
}

function sides(grid: Grid, place: number): Area[] {
  return placesOf(grid.panels[place].history.divisions).map(({ node, fill, from, to }) =>
    areaOf(grid, place, { node, from, to }, LANE, { fill, stroke: FAINT })
  );
}

function bars(grid: Grid, place: number, isStopped: boolean): Area[] {
  const { bin } = grid.axis(place);
  return grid.panels[place].segments.flatMap((segments) => thinned(segments, bin))
    .filter(({ condition }) => (condition === "stopped") === isStopped)
    .map((segment) => areaOf(grid, place, segment, ROLES[segment.condition].height * PART, ROLES[segment.condition]));
}

function areaOf(
  grid: Grid,
  place: number,
  { node, from, to }: Pick<Segment, "node" | "from" | "to">,
  height: number,
  { fill, stroke }: Pick<Area, "fill" | "stroke">,
): Area {
  const axis = grid.axis(place);
  const y = grid.lane(place, node);
  return { x1: axis.px(from), x2: axis.px(to + 1), y1: y - height / 2, y2: y + height / 2, fill, stroke };
}

/** A line through every panel at each tick of the axis, and the numbers below the lowest panels. */
function times(plot: Plot, grid: Grid): Markish[] {
  const { panels, columns, height } = grid;
  const ticks = panels.flatMap((_, place) => {
    const axis = grid.axis(place);
    return axis.ticks().map((tick) => ({ place, tick, x: axis.px(tick) }));
  });
  const lines = ticks.map(({ place, x }) => ({ x, y1: grid.top(place) + LABEL - 2, y2: grid.bottom(place) }));
  return [
    plot.ruleX(lines, { x: "x", y1: "y1", y2: "y2", stroke: "#d4d4d4", ariaDescription: "ticks" }),
    plot.text(ticks.filter(({ place }) => place < columns), {
      x: "x",
      y: () => height - AXIS + 8,
      text: ({ tick }: { tick: Ticks }) => `${tick}`,
    }),
    plot.text(["tick"], { x: [WIDTH - EDGE], y: [height - 8], text: (word) => word, textAnchor: "end" }),
  ];
}

function labels(plot: Plot, grid: Grid): Markish[] {
  const places = grid.panels.map(({ label, history }, place) => {
    const axis = grid.axis(place);
    const note = isEmpty(history) ? " (nothing happened yet)" : "";
    return {
      label: shorten(`${label}${note}`, axis.width / 1.1),
      x: axis.px(axis.from),
      y: grid.top(place) + LABEL / 2,
    };
  });
  const names = grid.panels.flatMap(({ history }, place) =>
    history.ids.map((id) => ({ label: `${id}`, x: grid.axis(place).margins.left - 5, y: grid.lane(place, id) }))
  );
  return [
    plot.text(places, { x: "x", y: "y", text: "label", textAnchor: "start", fontWeight: "bold" }),
    plot.text(names, { x: "x", y: "y", text: "label", textAnchor: "end", fontSize: 9, fill: FAINT }),
  ];
}
