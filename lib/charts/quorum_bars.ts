/**
 * On how many nodes each entry of a leader's log is, beside the majority that commits it; and the entries of older terms,
 * which no majority commits (paper §5.4.2, Figure 8).
 *
 * @module
 */
import type { NodeRow } from "../trace/rows.ts";
import { majority, type NodeId, type Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { checkOptions, checkTick, emptyFigure, figureOf } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { type Holding, holdingsOf, holdingsText } from "./holders.ts";
import { leaderOf } from "./logs.ts";
import { INK, pale, SOME_TERMS } from "./palette.ts";
import { quorumBarsHeight, quorumBarsPlot } from "./quorum_bars_plot.ts";
import type { Key } from "./svg.ts";
import { capital, count, list, nodeList } from "./text.ts";

/** What quorum bars can be told. */
export interface QuorumBarsOptions extends ChartOptions {
  /** Show the log as it was at the end of this tick; by default the last there is. */
  readonly tick?: Ticks;
  /** Whose log, if not that of the leader of the latest term: a node that leads too, such as one that is cut off. */
  readonly leader?: NodeId;
}

/** The most entries that are drawn. */
const MOST = 12;

const KEYS: readonly Key[] = [
  { label: "committed by the leader", fill: SOME_TERMS, stroke: INK },
  { label: "not committed", fill: SOME_TERMS.map(pale), stroke: INK, dash: "3,2" },
  { label: "of an older term than the leader's", sign: "////" },
  { label: "majority of all nodes", stroke: INK, strokeWidth: 2, height: 0 },
];

/**
 * How many nodes hold each entry of a leader's log at the end of a tick.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, quorumBars, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const trace = new Trace();
 * const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
 * cluster.runUntil("a leader has committed", () => cluster.leader()?.status().hs.commit === 1);
 * cluster.stop(3);
 * cluster.propose({ kind: "Put", key: "x", value: "1" });
 * cluster.run(3);
 * const figure = quorumBars(trace, { title: "Two of three nodes are enough" });
 * match(figure.alt, /index 2 of term 1 on nodes 1 and 2, a majority, committed/);
 * ```
 */
export function quorumBars(trace: Trace, options: QuorumBarsOptions): Figure {
  checkOptions(options);
  checkTick("tick", options.tick);
  const tick = options.tick ?? options.to ?? trace.lastTick();
  const rows = trace.at(tick);
  if (rows.length === 0) {
    if (trace.lastTick() === 0) return emptyFigure(options);
    throw new RangeError(`Cannot show the entries at tick ${tick}: the last tick of the trace is ${trace.lastTick()}`);
  }
  const leader = options.leader === undefined ? leaderOf(rows) : chosen(rows, options.leader);
  if (leader === null) return emptyFigure(options, `Nobody leads at the end of tick ${tick}`);
  const all = holdingsOf(trace, leader);
  const last = leader.lastIndex;
  if (all.length === 0) return emptyFigure(options, `Node ${leader.node}'s log is a snapshot up to index ${last}`);
  const holdings = all.slice(-MOST);
  const needed = majority(rows.length);
  const who = `node ${leader.node}, leader of term ${leader.term}, at the end of tick ${tick}`;
  const cut = holdings.length === all.length ? "" : ` Only the indices from ${holdings[0].index} to ${last} are drawn.`;
  const stuck = stuckText(holdings, leader, needed);
  return figureOf(options, {
    caption:
      `The log of ${who}: a bar an index, as high as there are nodes that have stored this very entry, the same ` +
      `index and the same term; below it, which ones. By the rule, a leader commits an entry of its own term once it ` +
      `knows that a majority holds it, and with it all before it. An entry of an older term is hatched: no majority of ` +
      `its own commits it.${cut}${stuck}`,
    alt: `The log of ${who}, and on which nodes its entries are; a majority of ${count(rows.length, "node")} is ` +
      `${needed}.${cut} ${capital(holdingsText(holdings, rows.length))}.${stuck}`,
    drawing: {
      keys: KEYS,
      height: quorumBarsHeight(holdings, rows.length),
      options: (plot) => quorumBarsPlot(plot, holdings, rows.length),
    },
  });
}

function chosen(rows: readonly NodeRow[], id: NodeId): NodeRow {
  const row = rows.find(({ node }) => node === id);
  if (row?.running === true && row.role === "leader") return row;
  const leaders = rows.filter(({ running, role }) => running && role === "leader").map(({ node }) => node);
  const who = leaders.length === 0 ? "nobody leads" : `${nodeList(leaders)} ${leaders.length === 1 ? "leads" : "lead"}`;
  throw new RangeError(`Cannot use leader: ${id}; at the end of tick ${rows[0].tick} ${who}`);
}

/** Figure 8 in a sentence, if it is here. */
function stuckText(holdings: readonly Holding[], leader: NodeRow, needed: number): string {
  const stuck = holdings.filter(({ nodes, isOld, isCommitted }) => isOld && !isCommitted && nodes.length >= needed);
  if (stuck.length === 0) return "";
  const indices = stuck.map(({ index }) => index);
  const [is, its] = stuck.length === 1
    ? ["Index", "is on a majority and not committed: its term is"]
    : ["Indices", "are on a majority and not committed: their terms are"];
  return ` ${is} ${list(indices)} ${its} older than ${leader.term}, the leader's.`;
}
