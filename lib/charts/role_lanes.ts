/**
 * Who leads when: a lane a node, with a bar for each role in each term (paper §5.1, Figures 4 and 5).
 *
 * Floor 8.
 *
 * @module
 */
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace.ts";
import { checkOptions, emptyFigure, figureOf, Lanes, scopeOf, TimeAxis } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { type History, historyOf, isEmpty, type Segment, segmentsOf, thinned } from "./history.ts";
import { LOSS, ROLES } from "./palette.ts";
import { type Loss, roleLanesPlot } from "./role_lanes_plot.ts";
import { leadershipText, stopsText } from "./sentences.ts";
import type { Key } from "./svg.ts";
import { nodesText, ticksText } from "./text.ts";

/** Losses that are fewer ticks apart than this are drawn, and told, as one. */
const GAP = 10;

const KEYS: readonly Key[] = (["follower", "candidate", "leader", "stopped"] as const).map((condition) => {
  const { fill, stroke, height, letter } = ROLES[condition];
  const label = letter === "" ? condition : `${condition} (${letter}, term)`;
  return { label, fill, stroke, height: height / 2, ...(condition === "stopped" ? { dash: "4,2" } : {}) };
});
const LOSS_KEY: Key = { label: "messages lost, with whom", fill: LOSS, height: 14 };

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
  const lanes = new Lanes(history.ids, losses.length > 0 ? 54 : history.ids.length > 5 ? 42 : 48, 26);
  const segments = [...history.nodes.values()].map(segmentsOf);
  const drawn = segments.flatMap((ofNode) => thinned(ofNode, axis.bin));
  return figureOf(options, {
    caption:
      `A lane a node; a bar's colour, height and letter are its role, the number its term. A dashed line is the ` +
      `first tick at which any node is in a term.${axis.note()}`,
    alt: altOf(history, segments.flat(), losses),
    drawing: {
      keys: losses.length === 0 ? KEYS : [...KEYS, LOSS_KEY],
      height: lanes.plotHeight,
      options: (plot) => roleLanesPlot(plot, { history, axis, lanes, losses, segments: drawn }),
    },
  });
}

function lossesOf({ lost }: History): Loss[] {
  const losses: Loss[] = [];
  const open = new Map<NodeId, { peers: Set<NodeId>; from: Ticks; to: Ticks }>();
  const close = (node: NodeId) => {
    const loss = open.get(node);
    if (loss !== undefined) losses.push({ ...loss, node, peers: [...loss.peers].sort((a, b) => a - b) });
  };
  for (const { from, to, tick } of lost) {
    for (const [node, peer] of [[from, to], [to, from]]) {
      const loss = open.get(node);
      if (loss !== undefined && tick - loss.to <= GAP) {
        loss.peers.add(peer);
        loss.to = tick;
      } else {
        close(node);
        open.set(node, { peers: new Set([peer]), from: tick, to: tick });
      }
    }
  }
  for (const node of open.keys()) close(node);
  return losses;
}

function altOf(history: History, segments: readonly Segment[], losses: readonly Loss[]): string {
  const between = losses.map(({ from, to }) => [from, to]).flat();
  const losers = [...new Set(losses.map(({ node }) => node))].sort((a, b) => a - b);
  return [
    `The roles of ${scopeOf(history)}.`,
    leadershipText(segments),
    stopsText(segments),
    losses.length === 0
      ? ""
      : `Messages to and from ${losers.length === history.ids.length ? "every node" : nodesText(losers)} are lost ${
        ticksText(Math.min(...between), Math.max(...between))
      }.`,
  ].filter((sentence) => sentence !== "").join(" ");
}
