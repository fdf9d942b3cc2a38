/**
 * Who leads when: a lane a node, with a bar for each role in each term (paper §5.1, Figures 4 and 5).
 *
 * @module
 */
import type { Trace } from "../trace/trace.ts";
import { checkOptions, emptyFigure, figureOf, Lanes, scopeOf, TimeAxis } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { type History, historyOf, isEmpty, type Segment, segmentsOf, thinned } from "./history.ts";
import { shadeKeys } from "./lane_shades.ts";
import { type Loss, lossesOf, lossesText } from "./losses.ts";
import { ROLES } from "./palette.ts";
import { roleLanesPlot } from "./role_lanes_plot.ts";
import { cutsText, divisionsText, leadershipText, mutesText, stopsText } from "./sentences.ts";
import type { Key } from "./svg.ts";

/** What the bars look like. */
export const ROLE_KEYS: readonly Key[] = (["follower", "candidate", "leader", "stopped"] as const).map((condition) => {
  const { fill, stroke, height, letter } = ROLES[condition];
  const label = letter === "" ? condition : `${condition} (${letter}, term)`;
  return { label, fill, stroke, height: height / 2, ...(condition === "stopped" ? { dash: "4,2" } : {}) };
});

/**
 * The role of every node over time.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, roleLanes, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const trace = new Trace();
 * new Cluster({ nodes: 3, seed: 1, observer: trace.record }).run(20);
 * const figure = roleLanes(trace, { title: "Node 1 is elected" });
 * match(figure.alt, /Node 1 leads term 1 from tick 13/);
 * ```
 */
export function roleLanes(trace: Trace, options: ChartOptions): Figure {
  checkOptions(options);
  const history = historyOf(trace, options);
  if (isEmpty(history)) return emptyFigure(options);
  const losses = lossesOf(history);
  const axis = new TimeAxis(history.from, history.to, { left: 76, right: 24, top: 26 });
  const keys = shadeKeys(history, losses);
  const lanes = new Lanes(history.ids, keys.length > 0 ? 54 : history.ids.length > 5 ? 42 : 48, 26);
  const segments = [...history.nodes.values()].map(segmentsOf);
  const drawn = segments.flatMap((ofNode) => thinned(ofNode, axis.bin));
  return figureOf(options, {
    caption:
      `A lane a node; a bar's colour, height and letter are its role, the number its term. A dashed line is the ` +
      `first tick at which any node is in a term.${axis.note()}`,
    alt: `The roles of ${scopeOf(history)}. ${rolesText(history, segments.flat(), losses)}`,
    drawing: {
      keys: [...ROLE_KEYS, ...keys],
      height: lanes.plotHeight,
      options: (plot) => roleLanesPlot(plot, { history, axis, lanes, losses, segments: drawn }),
    },
  });
}

/** Who led when, and what was broken, in sentences. */
export function rolesText(history: History, segments: readonly Segment[], losses: readonly Loss[]): string {
  return [
    leadershipText(segments),
    stopsText(segments),
    divisionsText(history.divisions),
    cutsText(history.cuts),
    lossesText(history, losses),
    mutesText(history.mutes),
  ].filter((sentence) => sentence !== "").join(" ");
}
