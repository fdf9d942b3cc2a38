/**
 * Role lanes of two runs, one above the other, and where they part: what a rule, a seed or a fault changes.
 *
 * @module
 */
import { type Difference, firstDifference } from "../trace/difference.ts";
import type { TraceRow } from "../trace/rows.ts";
import { checkOptions, emptyFigure, figureOf, Lanes, TimeAxis } from "./chart.ts";
import type { ChartOptions, Figure, LabelledRun } from "./figure.ts";
import { isEmpty, thinned } from "./history.ts";
import { shadeKeys } from "./lane_shades.ts";
import { lossesOf } from "./losses.ts";
import { ROLE_KEYS, rolesText } from "./role_lanes.ts";
import { detailText, rowText } from "./row_text.ts";
import { type Panel, panelsOf, spanOf } from "./runs.ts";
import { ABOVE, DIFFERENCE_KEY, HEADING, sideBySidePlot } from "./side_by_side_plot.ts";
import { capital, ticksText } from "./text.ts";

/** The height of a lane. */
const LANE = 54;

/**
 * The roles of every node in two runs, and the first difference between them.
 *
 * @throws {RangeError} naming the option, or the run, that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, sideBySide, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const [left, right] = [1, 2].map((seed) => {
 *   const trace = new Trace();
 *   new Cluster({ nodes: 3, seed, observer: trace.record }).run(30);
 *   return { label: `seed ${seed}`, trace };
 * });
 * const figure = sideBySide(left, right, { title: "Another seed, another election" });
 * match(figure.alt, /The first difference is at tick 11: in "seed 1" node 1 stores term 1 and its vote for itself/);
 * ```
 */
export function sideBySide(left: LabelledRun, right: LabelledRun, options: ChartOptions): Figure {
  checkOptions(options);
  const panels = panelsOf([left, right], options);
  const span = spanOf(panels);
  if (span === null) return emptyFigure(options);
  const difference = firstDifference(left.trace, right.trace);
  const axis = new TimeAxis(span.from, span.to, { left: 76, right: 24, top: ABOVE });
  const above = panels[0].history.ids.length + HEADING / LANE;
  const parts = panels.map(({ history, segments }, i) => ({
    history,
    axis,
    lanes: new Lanes(history.ids, LANE, ABOVE, i * above),
    losses: lossesOf(history),
    segments: segments.flatMap((ofNode) => thinned(ofNode, axis.bin)),
  }));
  const divisions = panels.flatMap(({ history }) => history.divisions);
  const mutes = panels.flatMap(({ history }) => history.mutes);
  const losses = parts.flatMap((part) => part.losses);
  const labels = panels.map(({ label }) => label);
  const parting = differenceText(labels, difference);
  return figureOf(options, {
    caption:
      `The roles of every node in two runs, over the same ticks. A bar's colour, height and letter are its role, the ` +
      `number its term. ${parting}${axis.note()}`,
    alt: [
      `The roles of every node in two runs, ${ticksText(span.from, span.to)}.`,
      ...panels.map((panel, i) => `${capital(panel.label)}: ${storyOf(panel, parts[i].losses)}`),
      parting,
    ].join(" "),
    drawing: {
      keys: [...ROLE_KEYS, ...shadeKeys({ divisions, mutes }, losses), DIFFERENCE_KEY],
      height: parts[1].lanes.plotHeight,
      options: (plot) => sideBySidePlot(plot, parts, labels, difference?.tick ?? null),
    },
  });
}

function storyOf({ history, segments }: Panel, losses: ReturnType<typeof lossesOf>): string {
  return isEmpty(history) ? "nothing happened yet." : rolesText(history, segments.flat(), losses);
}

function differenceText(labels: readonly string[], difference: Difference | null): string {
  if (difference === null) return "The two runs do not differ in anything.";
  const { tick, left, right } = difference;
  const clause = (row: TraceRow | null) => {
    if (row === null) return "nothing more happens";
    return `${row.tick === tick ? "" : `at tick ${row.tick} `}${rowText(row)}`;
  };
  const detail = left === null || right === null ? "" : detailText(left, right);
  const [one, other] = [left, right].map((row, i) => `in "${labels[i]}" ${clause(row)}`);
  return `The first difference is at tick ${tick}: ${one}; ${other}${detail}.`;
}
