/**
 * The drawing of a term staircase.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { NodeId, Term, Ticks } from "../raft/mod.ts";
import { BOTTOM, type Margins, stepOf, type TimeAxis } from "./chart.ts";
import { type History, type Step, stepsOf } from "./history.ts";
import { divisionShades } from "./lane_shades.ts";
import { INK, OKABE_ITO } from "./palette.ts";
import type { Plot } from "./svg.ts";
import { LabelRoom } from "./text.ts";

/** The room around the panel. */
const TOP = 14;
const HEIGHT = 250;
const LEFT = 60;

/** The height of the plot. */
export const STAIRCASE_HEIGHT = TOP + HEIGHT + BOTTOM;

/** The room around the panel, with labels of at most `widest` pixels on the right. */
export function staircaseMargins(widest: number): Margins {
  return { left: LEFT, right: Math.min(250, widest + 24), top: TOP };
}

/** Lines that would lie upon each other are this many pixels apart, or less where there are many terms. */
const APART = 3;

/** Colours that hold as lines on white. */
const COLOURS: readonly string[] = [INK].concat([4, 5, 2, 6, 0, 1].map((i) => OKABE_ITO[i]));

/** Where a node became leader. */
export interface Election {
  /** The node. */
  readonly node: NodeId;
  /** The term it leads. */
  readonly term: Term;
  /** When it does so first. */
  readonly tick: Ticks;
}

/** Nodes that end in the same term. */
export interface EndGroup {
  /** The nodes. */
  readonly ids: readonly NodeId[];
  /** The term. */
  readonly term: Term;
  /** Both, in words. */
  readonly label: string;
}

/** What is drawn. */
export interface StaircaseParts {
  /** The run. */
  readonly history: History;
  /** The axis of time. */
  readonly axis: TimeAxis;
  /** The dots. */
  readonly elections: readonly Election[];
  /** The labels on the right, from the greatest term to the smallest. */
  readonly groups: readonly EndGroup[];
}

/** The colour and the dashes of the line of the node at this place among the nodes. */
export function styleOf(place: number): { stroke: string; dash: string } {
  return { stroke: COLOURS[place % COLOURS.length], dash: place < COLOURS.length ? "none" : "6,2" };
}

/** Where a term and a node are, in pixels. */
interface Places {
  readonly most: Term;
  readonly domain: [number, number];
  py(term: Term): number;
  shift(node: NodeId): number;
}

function placesOf({ ids, nodes }: History): Places {
  const greatest = [...nodes.values()].map((rows) => rows.reduce((max, { term }) => Math.max(max, term), 0));
  const most = Math.max(1, ...greatest);
  const [low, high] = [-most * 0.08 - 0.02, most * 1.1];
  const py = (term: Term) => TOP + HEIGHT * (1 - (term - low) / (high - low));
  const apart = Math.min(APART, Math.max(0.5, (py(0) - py(1)) * 0.8 / ids.length));
  return { most, domain: [low, high], py, shift: (node) => (ids.indexOf(node) - (ids.length - 1) / 2) * apart };
}

/** The plot. */
export function termStaircasePlot(plot: Plot, { history, axis, elections, groups }: StaircaseParts): PlotOptions {
  const places = placesOf(history);
  const step = stepOf(places.most / 8);
  const terms = Array.from({ length: Math.floor(places.most / step) + 1 }, (_, i) => i * step);
  return {
    marginLeft: axis.margins.left,
    marginRight: axis.margins.right,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: axis.scale(),
    y: { axis: null, domain: places.domain },
    marks: [
      ...divisionShades(plot, history),
      plot.ruleY(terms, { stroke: "#e4e4e4" }),
      plot.axisY(terms, { label: null, fontSize: 11, tickFormat: (term: Term) => `${term}` }),
      plot.text(["term"], { frameAnchor: "top-left", dx: -48, dy: -12, textAnchor: "start", text: (name) => name }),
      ...stairs(plot, history, axis, places),
      ...elected(plot, elections, axis, places),
      ...endLabels(plot, groups, places),
      ...axis.marks(plot),
    ],
  };
}

function stairs(plot: Plot, { ids, nodes }: History, axis: TimeAxis, { shift }: Places): Markish[] {
  return ids.map((id, i) =>
    plot.line(stepsOf(nodes.get(id) ?? [], ({ term }) => term, axis.bin, axis.end), {
      x: "tick",
      y: (point: Step) => point.value ?? NaN,
      curve: "step-after",
      stroke: styleOf(i).stroke,
      strokeWidth: 2,
      strokeDasharray: styleOf(i).dash,
      strokeLinecap: "butt",
      dy: shift(id),
      ariaDescription: `node ${id}`,
    })
  );
}

/** Dots where a node became leader, as far as there is room for their numbers. */
function elected(plot: Plot, elections: readonly Election[], axis: TimeAxis, { py, shift }: Places): Markish[] {
  const room = new LabelRoom({ x1: axis.px(axis.from), x2: axis.px(axis.end), y1: 0, y2: TOP + HEIGHT });
  const seen = elections.toSorted((a, b) => a.tick - b.tick).filter(({ node, term, tick }) =>
    room.take(`${node}`, axis.px(tick), py(term) + shift(node) - 11)
  );
  return seen.flatMap((election) => {
    const at = { x: "tick", y: "term" } as const;
    return [
      plot.dot([election], { ...at, r: 3.5, fill: INK, dy: shift(election.node) }),
      plot.text([election], {
        ...at,
        text: ({ node }) => `${node}`,
        dy: shift(election.node) - 11,
        fontWeight: "bold",
        fill: INK,
        stroke: "white",
        strokeWidth: 3,
      }),
    ];
  });
}

/** The terms at the end, from top to bottom, none upon another. */
function endLabels(plot: Plot, groups: readonly EndGroup[], { py }: Places): Markish[] {
  let free = 0;
  const places = groups.map(({ term }) => {
    free = Math.max(py(term), free);
    free += 15;
    return free - 15;
  });
  const over = Math.max(0, free - 15 - (TOP + HEIGHT));
  return groups.map(({ term, label }, i) =>
    plot.text([label], {
      y: [term],
      text: (text) => text,
      frameAnchor: "right",
      textAnchor: "start",
      dx: 8,
      dy: places[i] - over - py(term),
    })
  );
}
