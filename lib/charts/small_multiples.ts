/**
 * Role lanes of many runs side by side: what is alike in all of them, and what is chance.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { requireThat } from "../arguments.ts";
import type { NodeId } from "../raft/mod.ts";
import { count, ticksText } from "../trace/text.ts";
import { axisBelow } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type LabelledRun, type Plot } from "./figure.ts";
import { FAINT } from "./palette.ts";
import { type Panel, panelLabels, panelsFrame, panelsOf, panelText } from "./panels.ts";
import { bars, LANE_KEYS, sides } from "./role_lanes.ts";
import { TEXT_SIZE } from "./text.ts";

/** What small multiples can be told. */
export type SmallMultiplesOptions = Pick<ChartOptions, "title">;

/** The most runs that one figure shows. */
const MOST = 12;

/** How high a bar is, of its height in role lanes. */
const PART = 0.42;

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
 * match(figure.alt, /Seed 1: Node 1 leads term 1 from tick 13 to 30\. Seed 2:/);
 * ```
 */
export function smallMultiples(runs: readonly LabelledRun[], options: SmallMultiplesOptions): Figure {
  const { title }: SmallMultiplesOptions = Object(options);
  requireThat(Array.isArray(runs), RangeError, "Cannot make small multiples: runs", "a list", runs);
  if (runs.length < 1 || runs.length > MOST) {
    throw new RangeError(`Cannot show ${runs.length} runs: one figure shows 1 to ${MOST}`);
  }
  const columns = Math.min(3, Math.ceil(Math.sqrt(runs.length)));
  const panels = panelsOf(runs, { title }, { columns, lane: () => 18, above: 28, left: 14 });
  if (panels.length === 0) return emptyFigure({ title });
  const [{ axis }] = panels;
  const scope = `${count(runs.length, "run")}, ${ticksText(axis.from, axis.end - 1)}`;
  return figureOf({ title }, {
    caption:
      `The roles of every node in ${scope}; time is the same in all of them, from left to right. One lane per node, ` +
      `node 1 at the top; a bar's colour and height are its role.${axis.note()}`,
    alt: `The roles of every node in ${scope}. ${panels.map(panelText).join(" ")}`,
    keys: LANE_KEYS,
    ...panelsFrame(panels),
    marks: (plot) => [
      ...times(plot, panels, columns),
      ...panels.flatMap((panel) => [...sides(plot, panel), ...bars(plot, panel, PART), names(plot, panel)]),
      panelLabels(plot, panels, 10, TEXT_SIZE),
    ],
  });
}

/** A line through every panel at each tick of the axis, and the numbers below the lowest panels. */
function times(plot: Plot, panels: readonly Panel[], columns: number): Markish[] {
  const ticks = panels.map(({ axis, lanes: { top, bottom } }) =>
    axis.ticks().map((tick) => ({ tick, x: axis.px(tick), y1: top - 2, y2: bottom }))
  );
  const labelled = ticks.slice(0, columns).flat();
  return [
    plot.ruleX(ticks.flat(), { x: "x", y1: "y1", y2: "y2", stroke: "#d4d4d4", ariaDescription: "ticks" }),
    axisBelow(plot, labelled.map(({ x }) => x), "tick", (i) => labelled[i].tick),
  ];
}

function names(plot: Plot, { axis, lanes }: Panel): Markish {
  const place = { x: () => axis.margins.left - 5, y: (id: NodeId) => lanes.px(id), textAnchor: "end" } as const;
  return plot.text(lanes.ids, { ...place, text: (id: NodeId) => `${id}`, fontSize: 9, fill: FAINT });
}
