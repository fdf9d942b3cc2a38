/**
 * The term of every node over time, in one panel: whoever campaigns alone climbs away from the others (paper §5.1, §5.2).
 *
 * @module
 */
import type { NodeId, Term } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { checkOptions, emptyFigure, figureOf, scopeOf, TimeAxis } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { type History, historyOf, isEmpty, type Segment, segmentsOf } from "./history.ts";
import { divisionKeys } from "./lane_shades.ts";
import { divisionsText, grouped, leadershipText } from "./sentences.ts";
import type { Key } from "./svg.ts";
import {
  type Election,
  type EndGroup,
  STAIRCASE_HEIGHT,
  staircaseMargins,
  styleOf,
  termStaircasePlot,
} from "./term_staircase_plot.ts";
import { count, nodeList, textWidth } from "./text.ts";

const ELECTED_KEY: Key = { label: "elected leader", sign: "●" };

/**
 * The term of every node over time.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, termStaircase, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const trace = new Trace();
 * const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
 * cluster.network.partition([1], [2, 3]);
 * cluster.run(100);
 * match(termStaircase(trace, { title: "Node 1 campaigns alone" }).alt, /node 1 is in term 8; nodes 2 and 3 are in term 1/);
 * ```
 */
export function termStaircase(trace: Trace, options: ChartOptions): Figure {
  checkOptions(options);
  const history = historyOf(trace, options);
  if (isEmpty(history)) return emptyFigure(options);
  const groups = endGroups(history);
  const widest = Math.max(...groups.map(({ label }) => textWidth(label)));
  const axis = new TimeAxis(history.from, history.to, staircaseMargins(widest));
  const segments = [...history.nodes.values()].flatMap(segmentsOf);
  const elections = segments
    .filter(({ condition }, i) => condition === "leader" && segments[i - 1]?.condition !== condition)
    .map(({ node, term, from }): Election => ({ node, term, tick: from }));
  return figureOf(options, {
    caption: `A line a node, up a step with each new term; lines of equal terms are drawn side by side. A line is ` +
      `interrupted while its node is stopped. On the right: the terms at the end.${axis.note()}`,
    alt: altOf(history, segments),
    drawing: {
      keys: [...history.ids.map(keyOf), ...(elections.length > 0 ? [ELECTED_KEY] : []), ...divisionKeys(history)],
      height: STAIRCASE_HEIGHT,
      options: (plot) => termStaircasePlot(plot, { history, axis, elections, groups }),
    },
  });
}

function keyOf(id: NodeId, place: number): Key {
  return { label: `node ${id}`, height: 0, strokeWidth: 2, ...styleOf(place) };
}

function endGroups({ nodes }: History): EndGroup[] {
  const groups = new Map<Term, NodeId[]>();
  for (const [id, rows] of nodes) {
    const last = rows.at(-1);
    if (last !== undefined) groups.set(last.term, [...(groups.get(last.term) ?? []), id]);
  }
  const name = (ids: readonly NodeId[]) => (ids.length === nodes.size && ids.length > 2 ? "all nodes" : nodeList(ids));
  return [...groups].map(([term, ids]) => ({ term, ids, label: `term ${term}: ${name(ids)}` }))
    .sort((a, b) => b.term - a.term);
}

function altOf(history: History, segments: readonly Segment[]): string {
  const ends = new Map(endGroups(history).flatMap(({ term, ids }) => ids.map((id) => [id, `in term ${term}`])));
  const candidacies = segments.filter(({ condition }) => condition === "candidate").length;
  const alone = candidacies === 0
    ? ""
    : ` There ${candidacies === 1 ? "is" : "are"} ${count(candidacies, "candidacy", "candidacies")}.`;
  const divided = history.divisions.length === 0 ? "" : ` ${divisionsText(history.divisions)}`;
  return `The terms of ${scopeOf(history)}. ${leadershipText(segments)}${alone} In the end ${grouped(ends)}.${divided}`;
}
