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
import { Lanes, note, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type LabelledRun, type Plot, WIDTH } from "./figure.ts";
import { FAINT } from "./palette.ts";
import { bars, roleKeys, type RunLanes, sideKeys, sides } from "./role_lanes.ts";
import { leaderships, type Panel, panelsOf, type Segment, type Span, stoppedAndNot } from "./spans.ts";
import { shorten, textWidth } from "./text.ts";

/** What small multiples can be told. */
export type SmallMultiplesOptions = Pick<ChartOptions, "title">;

/** The most runs that one figure shows. */
const MOST = 12;

/** How high a bar is, of its height in role lanes. */
const PART = 0.42;

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
  const { title } = options;
  const { panels, span } = panelsOf(runs, { title });
  if (runs.length < 1 || runs.length > MOST) {
    throw new RangeError(`Cannot show ${runs.length} runs: one figure shows 1 to ${MOST}`);
  }
  if (span === null) return emptyFigure({ title });
  const placed = place(panels, span);
  const height = Math.max(...placed.map(({ bottom }) => bottom)) + GAP / 2 + AXIS;
  const scope = `${count(runs.length, "run")}, ${ticksText(span.from, span.to)}`;
  return figureOf({ title }, {
    caption:
      `The roles of every node in ${scope}; time is the same in all of them, from left to right. One lane per node, ` +
      `node 1 at the top; a bar's colour and height are its role.${placed[0].axis.note()}`,
    alt: `The roles of every node in ${scope}.${firstText(panels)} ${capital(panels.map(panelText).join("; "))}.`,
    keys: [...roleKeys(PART, "alone"), ...sideKeys(panels.map(({ view }) => view))],
    height,
    margins: { left: 0, right: 0, top: 0, bottom: 0 },
    x: [0, WIDTH],
    y: [height, 0],
    marks: (plot) => [
      ...times(plot, placed, height),
      ...placed.flatMap((panel) => [...sides(plot, panel), ...bars(plot, panel, PART), ...labels(plot, panel)]),
    ],
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
  const [{ length: stops }] = stoppedAndNot(segments.flat());
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

/** A panel, its lanes and its place. */
interface PlacedPanel extends Panel, RunLanes {
  /** Whether it is in the first row. */
  readonly isFirst: boolean;
  readonly bottom: number;
}

/** Row by row, as many side by side as there are columns; all of them show `span`. */
function place(panels: readonly Panel[], { from, to }: Span): PlacedPanel[] {
  const columns = Math.min(3, Math.ceil(Math.sqrt(panels.length)));
  const width = (WIDTH - 2 * EDGE - GAP * (columns - 1)) / columns;
  const rowHeight = LABEL + Math.max(...panels.map(({ view }) => view.ids.length), 1) * LANE + GAP / 2;
  return panels.map((panel, i) => {
    const top = Math.floor(i / columns) * rowHeight;
    const left = EDGE + (i % columns) * (width + GAP);
    const axis = new TimeAxis(from, to, { left: left + NAMES, right: WIDTH - left - width, top: 0, bottom: 0 });
    const lanes = new Lanes(panel.view.ids, LANE, top + LABEL);
    return { ...panel, axis, lanes, isFirst: i < columns, bottom: top + rowHeight - GAP / 2 };
  });
}

/** A line through every panel at each tick of the axis, and the numbers below the lowest panels. */
function times(plot: Plot, panels: readonly PlacedPanel[], height: number): Markish[] {
  const ticks = panels.flatMap(({ axis, lanes, bottom, isFirst }) =>
    axis.ticks().map((tick) => ({ isFirst, tick, x: axis.px(tick), y1: lanes.top - 2, y2: bottom }))
  );
  const text = ({ tick }: { tick: Ticks }) => `${tick}`;
  const labelled = ticks.filter(({ isFirst, tick, x }) => isFirst && x + textWidth(`${tick}`) / 2 < WIDTH);
  return [
    plot.ruleX(ticks, { x: "x", y1: "y1", y2: "y2", stroke: "#d4d4d4", ariaDescription: "ticks" }),
    plot.text(labelled, { x: "x", y: () => height - AXIS + 8, text }),
    note(plot, "tick", { x: [WIDTH - EDGE], y: [height - 8], textAnchor: "end" }),
  ];
}

/** A run's label, and its nodes. */
function labels(plot: Plot, { label, view, axis, lanes }: PlacedPanel): Markish[] {
  const heading = shorten(`${label}${view.scenes.length === 0 ? " (nothing happened yet)" : ""}`, axis.width / 1.1);
  const x = axis.px(axis.from);
  const names = { x: () => x - 5, y: (id: NodeId) => lanes.px(id), text: (id: NodeId) => `${id}` };
  return [
    note(plot, heading, { x: [x], y: [lanes.top - LABEL / 2], textAnchor: "start", fontWeight: "bold" }),
    plot.text(view.ids, { ...names, textAnchor: "end", fontSize: 9, fill: FAINT }),
  ];
}
