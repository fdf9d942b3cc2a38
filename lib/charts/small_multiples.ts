/**
 * Role lanes of many runs side by side: what is alike in all of them, and what is chance.
 *
 * Everything is placed in pixels: the panels share the figure, not a scale.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { capital, count, ticksText } from "../trace/text.ts";
import { TimeAxis } from "./axes.ts";
import { checkOptions, emptyFigure, type Figure, figureOf, type LabelledRun, type Plot, WIDTH } from "./figure.ts";
import { CONDITIONS } from "../trace/words.ts";
import { ALL_CONDITIONS, FAINT, ROLES } from "./palette.ts";
import { placesOf, sideKeys } from "./role_lanes.ts";
import { leaderships, type Panel, panelsOf, type Segment, type Span, thinned } from "./spans.ts";
import { shorten } from "./text.ts";

/** What small multiples can be told. */
export interface SmallMultiplesOptions {
  /** The finding, as a sentence. */
  readonly title: string;
  /** How many runs stand side by side, 1 to 6; by default 3 at most. */
  readonly columns?: number;
}

/** The most runs that one figure shows. */
const MOST = 12;

/** How high a bar is, of its height in role lanes. */
const PART = 0.42;

const KEYS = ALL_CONDITIONS.map((condition) => {
  const { ink: _ink, ...style } = ROLES[condition];
  return { ...style, label: CONDITIONS[condition].one, height: style.height * PART };
});

const EDGE = 12;
const GAP = 18;
const LANE = 18;
const LABEL = 20;
const NAMES = 14;
const AXIS = 34;

/**
 * The role of every node over time, in each of up to 12 runs.
 *
 * @throws {RangeError} naming the option, or the run, that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, smallMultiples, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const runs = [1, 2, 3].map((seed) => {
 *   const trace = new Trace();
 *   new Cluster({ nodes: 3, seed, observer: trace.record }).run(30);
 *   return { label: `seed ${seed}`, trace };
 * });
 * const figure = smallMultiples(runs, { title: "Who is elected is chance" });
 * match(figure.alt, /Seed 1: node 1 leads term 1 from tick 13 to the end; seed 2:/);
 * ```
 */
export function smallMultiples(runs: readonly LabelledRun[], options: SmallMultiplesOptions): Figure {
  const { title, columns = Math.min(3, Math.ceil(Math.sqrt(runs.length))) } = options;
  checkOptions({ title });
  if (runs.length < 1 || runs.length > MOST) {
    throw new RangeError(`Cannot show ${runs.length} runs: one figure shows 1 to ${MOST}`);
  }
  if (!Number.isSafeInteger(columns) || columns < 1 || columns > 6) {
    throw new RangeError(`Cannot use columns: ${columns}; it must be a whole number from 1 to 6`);
  }
  const { panels, span } = panelsOf(runs, { title });
  if (span === null) return emptyFigure({ title });
  const placed = place(panels, columns, span);
  const height = Math.max(...placed.map(({ bottom }) => bottom)) + GAP / 2 + AXIS;
  const scope = `${count(runs.length, "run")}, ${ticksText(span.from, span.to)}`;
  return figureOf({ title }, {
    caption:
      `The roles of every node in ${scope}; time is the same in all of them, from left to right. One lane per node, ` +
      `node 1 at the top; a bar's colour and height are its role.${placed[0].axis.note()}`,
    alt: `The roles of every node in ${scope}.${firstText(panels)} ${capital(panels.map(panelText).join("; "))}.`,
    keys: [...KEYS, ...sideKeys(panels.map(({ view }) => view))],
    height,
    plot: (plot) => ({
      margin: 0,
      x: { axis: null, domain: [0, WIDTH] },
      y: { axis: null, domain: [height, 0] },
      color: { type: "identity" },
      marks: [
        ...times(plot, placed, columns, height),
        areas(plot, placed.flatMap(sides), "divided"),
        areas(plot, placed.flatMap((panel) => bars(panel, false)), "roles"),
        areas(plot, placed.flatMap((panel) => bars(panel, true)), "stopped"),
        ...labels(plot, placed),
      ],
    }),
  });
}

/** How far apart the first leaders are. */
function firstText(panels: readonly Panel[]): string {
  const ticks = panels.flatMap(({ view }) => leaderships(view.segments.flat()).at(0)?.from ?? []);
  if (ticks.length < 2) return "";
  const [first, last] = [Math.min(...ticks), Math.max(...ticks)];
  return ` The first leader is seen at tick ${first} at the earliest, at tick ${last} at the latest.`;
}

/** A run in a few words. */
function panelText({ label, view: { scenes, segments, divisions, to } }: Panel): string {
  if (scenes.length === 0) return `${label}: nothing happened yet`;
  const stops = segments.flat().filter(({ condition }) => condition === "stopped").length;
  const facts = [
    ledText(leaderships(segments.flat()), to),
    stops === 0 ? "" : count(stops, "stop"),
    divisions.length === 0 ? "" : count(divisions.length, "division"),
  ];
  return `${label}: ${facts.filter((fact) => fact !== "").join(", ")}`;
}

function ledText(led: readonly Segment[], end: Ticks): string {
  if (led.length === 0) return "nobody leads";
  const [{ node, term, from, to }] = led;
  if (led.length === 1 && to === end) return `node ${node} leads term ${term} from tick ${from} to the end`;
  const last = led.filter((segment) => segment.to === end).sort((a, b) => b.term - a.term).at(0);
  const inTheEnd = last === undefined ? "nobody" : `node ${last.node}, in term ${last.term},`;
  return `node ${node} leads first, from tick ${from}, and ${inTheEnd} in the end`;
}

/** A panel, and where it is, in pixels. */
interface PlacedPanel extends Panel {
  readonly axis: TimeAxis;
  readonly top: number;
  readonly bottom: number;
  /** The middle of a node's lane. */
  lane(node: NodeId): number;
}

/** Row by row, as many side by side as there are columns; all of them show `span`. */
function place(panels: readonly Panel[], columns: number, { from, to }: Span): PlacedPanel[] {
  const width = (WIDTH - 2 * EDGE - GAP * (columns - 1)) / columns;
  const rowHeight = LABEL + Math.max(...panels.map(({ view }) => view.ids.length), 1) * LANE + GAP / 2;
  return panels.map((panel, i) => {
    const top = Math.floor(i / columns) * rowHeight;
    const left = EDGE + (i % columns) * (width + GAP);
    return {
      ...panel,
      axis: new TimeAxis(from, to, { left: left + NAMES, right: WIDTH - left - width, top: 0 }),
      top,
      bottom: top + rowHeight - GAP / 2,
      lane: (node) => top + LABEL + (panel.view.ids.indexOf(node) + 0.5) * LANE,
    };
  });
}

/** A rectangle in pixels, with what fills it. */
interface Area {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly fill: string;
  readonly stroke: string;
}

function areas(plot: Plot, data: readonly Area[], ariaDescription: string): Markish {
  const strokeDasharray = ariaDescription === "stopped" ? "4,2" : "none";
  const channels = { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "fill", stroke: "stroke" } as const;
  return plot.rect(data, { ...channels, strokeWidth: 0.5, strokeDasharray, ariaDescription });
}

function sides(panel: PlacedPanel): Area[] {
  return placesOf(panel.view.divisions).map((place) => areaOf(panel, place, LANE, { fill: place.fill, stroke: FAINT }));
}

function bars(panel: PlacedPanel, isStopped: boolean): Area[] {
  return thinned(panel.view.segments, panel.axis.bin)
    .filter(({ condition }) => (condition === "stopped") === isStopped)
    .map((segment) => {
      const { height, ...look } = ROLES[segment.condition];
      return areaOf(panel, segment, height * PART, look);
    });
}

function areaOf(
  { axis, lane }: PlacedPanel,
  { node, from, to }: Span & { readonly node: NodeId },
  height: number,
  { fill, stroke }: Pick<Area, "fill" | "stroke">,
): Area {
  const y = lane(node);
  return { x1: axis.px(from), x2: axis.px(to + 1), y1: y - height / 2, y2: y + height / 2, fill, stroke };
}

/** A line through every panel at each tick of the axis, and the numbers below the lowest panels. */
function times(plot: Plot, panels: readonly PlacedPanel[], columns: number, height: number): Markish[] {
  const ticks = panels.flatMap(({ axis, top, bottom }, i) =>
    axis.ticks().map((tick) => ({ isFirst: i < columns, tick, x: axis.px(tick), y1: top + LABEL - 2, y2: bottom }))
  );
  const text = ({ tick }: { tick: Ticks }) => `${tick}`;
  return [
    plot.ruleX(ticks, { x: "x", y1: "y1", y2: "y2", stroke: "#d4d4d4", ariaDescription: "ticks" }),
    plot.text(ticks.filter(({ isFirst }) => isFirst), { x: "x", y: () => height - AXIS + 8, text }),
    plot.text(["tick"], { x: [WIDTH - EDGE], y: [height - 8], text: (word) => word, textAnchor: "end" }),
  ];
}

function labels(plot: Plot, panels: readonly PlacedPanel[]): Markish[] {
  const headings = panels.map(({ label, view, axis, top }) => {
    const note = view.scenes.length === 0 ? " (nothing happened yet)" : "";
    return { label: shorten(`${label}${note}`, axis.width / 1.1), x: axis.px(axis.from), y: top + LABEL / 2 };
  });
  const names = panels.flatMap(({ view, axis, lane }) =>
    view.ids.map((id) => ({ label: `${id}`, x: axis.margins.left - 5, y: lane(id) }))
  );
  const at = { x: "x", y: "y", text: "label" } as const;
  return [
    plot.text(headings, { ...at, textAnchor: "start", fontWeight: "bold" }),
    plot.text(names, { ...at, textAnchor: "end", fontSize: 9, fill: FAINT }),
  ];
}
