/**
 * How far each log goes, how much of it is committed and how much applied, over time; and when the terms change
 * (paper Figure 2: commitIndex, lastApplied, currentTerm).
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { checkOptions, emptyFigure, figureOf, scopeOf, TimeAxis } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { type History, historyOf, isEmpty, type Segment, segmentsOf } from "./history.ts";
import { divisionKeys } from "./lane_shades.ts";
import { FAINT, ROLES } from "./palette.ts";
import { divisionsText, grouped, stopsText } from "./sentences.ts";
import type { Key } from "./svg.ts";
import { count } from "./text.ts";
import { LINES, TIMELINE_MARGINS, timelineHeight, timelinePlot } from "./timeline_plot.ts";

const KEYS: readonly Key[] = [LINES[1], LINES[0], LINES[2]].map(({ name, stroke, strokeWidth, dash }) => {
  const line = { label: name, stroke, strokeWidth, height: 0 };
  return dash === "none" ? line : { ...line, dash };
});
const TERM_KEY: Key = { label: "new term", stroke: FAINT, dash: "3,3", height: 0 };
const STOP_KEYS: readonly Key[] = [
  { label: "stopped", fill: "#e6e6e6", stroke: ROLES.stopped.fill, dash: "4,2" },
  { label: "restarted", sign: "▲" },
];

/**
 * Last log index, commit index and applied index of every node over time.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { basic, play, timeline } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const { trace } = play(basic);
 * const figure = timeline(trace, { title: "The Put is applied on every node" });
 * match(figure.alt, /nodes 1, 2 and 3 are in term 1 with last log index 2, commit 2 and applied 2/);
 * ```
 */
export function timeline(trace: Trace, options: ChartOptions): Figure {
  checkOptions(options);
  const history = historyOf(trace, options);
  if (isEmpty(history)) return emptyFigure(options);
  const axis = new TimeAxis(history.from, history.to, TIMELINE_MARGINS);
  const segments = [...history.nodes.values()].flatMap(segmentsOf);
  const stops = segments.filter(({ condition }) => condition === "stopped");
  return figureOf(options, {
    caption:
      `A panel a node; indices count upwards. An entry is in the node's log where the thin line has reached it, known to ` +
      `the node as committed where the thick one has, applied where the dashed one has. On the right: the values at the ` +
      `end.${axis.note()}`,
    alt: altOf(history, segments),
    drawing: {
      keys: [...KEYS, TERM_KEY, ...(stops.length > 0 ? STOP_KEYS : []), ...divisionKeys(history)],
      height: timelineHeight(history.ids.length),
      options: (plot) => timelinePlot(plot, history, axis, stops),
    },
  });
}

function altOf(history: History, segments: readonly Segment[]): string {
  const ends = new Map<NodeId, string>();
  let first = Infinity;
  for (const [node, rows] of history.nodes) {
    const last = rows.at(-1);
    if (last === undefined) continue;
    const { term, lastIndex, commit, applied, running } = last;
    const values = `last log index ${lastIndex}, commit ${commit} and applied ${applied}`;
    ends.set(node, `${running ? "" : "stopped "}in term ${term} with ${values}`);
    first = Math.min(first, rows.find((row) => row.commit > 0)?.tick ?? Infinity);
  }
  const restarts = history.faults.filter(({ fault }) => fault === "restart").length;
  return [
    `Log, commit and applied indices of ${scopeOf(history)}; ` +
    (first === Infinity ? "nothing is committed." : `the first commit is seen at tick ${first}.`),
    `In the end ${grouped(ends)}.`,
    stopsText(segments),
    restarts === 0 ? "" : `Nodes are restarted ${count(restarts, "time")}.`,
    divisionsText(history.divisions),
  ].filter((sentence) => sentence !== "").join(" ");
}
