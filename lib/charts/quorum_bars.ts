/**
 * On how many nodes each entry of a leader's log is, beside the majority that commits it; and the entries of older terms,
 * which no majority commits (paper §5.4.2, Figure 8). That is matchIndex as it is, and not as the leader knows it.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { type Index, majority, type NodeId, type Ticks } from "../raft/mod.ts";
import { type ClusterState, conditionOf, leaderOf, type NodeState } from "../trace/fold.ts";
import { capital, count, list, nodeList } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { axisLeft, halo, note } from "./axes.ts";
import {
  type ChartOptions,
  emptyFigure,
  type Figure,
  figureOf,
  HATCHED,
  type Key,
  lookOf,
  type Plot,
  WIDTH,
} from "./figure.ts";
import { entriesText } from "./log_table.ts";
import { FAINT, GRID, INK, pale, SOME_TERMS, termColour } from "./palette.ts";
import { stateAt } from "./spans.ts";
import { textWidth, wrap } from "./text.ts";

/** What quorum bars can be told. */
export interface QuorumBarsOptions extends ChartOptions {
  /** Show the log as it was after everything that happened at this tick; by default the last there is. */
  readonly tick?: Ticks;
  /** Whose log, if not that of the leader of the latest term: a node that leads too, such as one that is cut off. */
  readonly leader?: NodeId;
}

/** The most entries that are drawn. */
const MOST = 12;

const COMMITTED: Key = { label: "committed by the leader", fill: SOME_TERMS, stroke: INK };
const OPEN: Key = { label: "not committed", fill: SOME_TERMS.map(pale), stroke: INK, dash: "3,2" };
const OLDER: Key = { label: "of an older term than the leader's", fill: HATCHED, stroke: INK };
const MAJORITY: Key = { label: "majority of all nodes", stroke: INK, strokeWidth: 2, height: 0 };

/** The room around the bars, apart from that below them. */
const MARGINS = { left: 84, right: 108, top: 20 };
const ROOM = WIDTH - MARGINS.left - MARGINS.right;

/** The widest a column becomes, and the part of it that a bar takes. */
const WIDEST = 72;
const BAR = 0.92;

/** The height of a line of text below the bars, and the size of that text. */
const LINE = 14;
const SIZE = 10;

/**
 * How many nodes hold each entry of a leader's log after everything that happened at a tick.
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
  const state = stateAt(trace, "entries", options);
  if (state === null) return emptyFigure(options);
  const leader = options.leader === undefined ? leaderOf(state) : chosen(state, options.leader);
  if (leader === null) return emptyFigure(options, `Nobody leads at tick ${state.tick}`);
  const all = holdingsOf(trace, state, leader);
  const last = leader.lastIndex;
  if (all.length === 0) return emptyFigure(options, `Node ${leader.node}'s log is a snapshot up to index ${last}`);
  const holdings = all.slice(-MOST);
  const { size } = state.nodes;
  const who = `node ${leader.node}, leader of term ${leader.term}, at tick ${state.tick}`;
  const cut = holdings.length === all.length ? "" : ` Only the indices from ${holdings[0].index} to ${last} are drawn.`;
  const facts = capital(entriesText(holdings, (holding) => factOf(holding, size)).join("; "));
  const stuck = stuckText(holdings, leader, majority(size));
  const width = Math.min(WIDEST, ROOM / holdings.length);
  const columns = holdings.map((holding) => ({ ...holding, lines: wrap(holding.nodes.join(", "), width - 4, SIZE) }));
  const bottom = LINE * (1 + Math.max(...columns.map(({ lines }) => lines.length))) + 14;
  const panel = Math.max(80, size * (size > 5 ? 24 : 36));
  const first = holdings[0].index - 0.5;
  return figureOf(options, {
    caption:
      `The log of ${who}: one bar per index, as high as there are nodes that have stored this very entry, the same ` +
      `index and the same term; below it, which ones. By the rule, a leader commits an entry of its own term once it ` +
      `knows that a majority holds it, and with it all before it. An entry of an older term is hatched: no majority of ` +
      `its own commits it.${cut}${stuck}`,
    alt: `The log of ${who}, and on which nodes its entries are; a majority of ${count(size, "node")} is ` +
      `${majority(size)}.${cut} ${facts}.${stuck}`,
    keys: [COMMITTED, OPEN, OLDER, MAJORITY],
    height: MARGINS.top + panel + bottom,
    margins: { ...MARGINS, bottom },
    x: [first, first + ROOM / width],
    y: [0, size],
    marks: (plot) => [
      ...axisLeft(plot, Array.from({ length: size + 1 }, (_, i) => i), GRID),
      note(plot, "nodes", { frameAnchor: "left", textAnchor: "end", dx: -30 }),
      ...bars(plot, holdings),
      ...majorityRule(plot, size),
      terms(plot, holdings, width),
      ...names(plot, columns),
    ],
  });
}

function chosen({ nodes, tick }: ClusterState, id: NodeId): NodeState {
  const leader = nodes.get(id);
  if (leader !== undefined && conditionOf(leader) === "leader") return leader;
  const leaders = [...nodes.values()].filter((node) => conditionOf(node) === "leader").map(({ node }) => node);
  throw new RangeError(`Cannot use leader: ${id}; leading at tick ${tick}: ${nodeList(leaders)}`);
}

/**
 * The entries of a leader's log: which nodes have stored them (stopped ones too), whether the leader has committed them, and
 * whether their terms are older than its own. What a log has compacted was applied, so that its term is the same in every log.
 */
function holdingsOf(trace: Trace, { nodes, tick }: ClusterState, leader: NodeState) {
  const applied = new Map(trace.of("apply").flatMap((row) => row.tick <= tick ? [[row.index, row.term]] : []));
  const termAt = ({ firstIndex, log }: NodeState, index: Index) =>
    index < firstIndex ? applied.get(index) : log.entry(index)?.term;
  return leader.log.entries().map(({ index, term }) => ({
    index,
    term,
    nodes: [...nodes.values()].filter((node) => termAt(node, index) === term).map(({ node }) => node),
    isCommitted: index <= leader.commit,
    isOld: term < leader.term,
  }));
}

type Holding = ReturnType<typeof holdingsOf>[number];

function factOf({ term, nodes: holders, isCommitted, isOld }: Holding, nodes: number): string {
  const where = holders.length === nodes && nodes > 1 ? "every node" : nodeList(holders);
  const amount = holders.length >= majority(nodes) ? "a majority" : "no majority";
  const old = isOld ? ", which is older than the leader's," : "";
  return `of term ${term}${old} on ${where}, ${amount}, ${isCommitted ? "committed" : "not committed"}`;
}

/** Figure 8 in a sentence, if it is here. */
function stuckText(holdings: readonly Holding[], leader: NodeState, needed: number): string {
  const stuck = holdings.filter(({ nodes, isOld, isCommitted }) => isOld && !isCommitted && nodes.length >= needed);
  if (stuck.length === 0) return "";
  const indices = list(stuck.map(({ index }) => index));
  return stuck.length === 1
    ? ` Index ${indices} is on a majority and not committed: its term is older than ${leader.term}, the leader's.`
    : ` Indices ${indices} are on a majority and not committed: their terms are older than ${leader.term}, the leader's.`;
}

function bars(plot: Plot, holdings: readonly Holding[]): Markish[] {
  const bar = {
    x1: ({ index }: Holding) => index - BAR / 2,
    x2: ({ index }: Holding) => index + BAR / 2,
    y1: () => 0,
    y2: ({ nodes }: Holding) => nodes.length,
  };
  const colour = ({ term }: Holding) => termColour(term);
  const [committed, open] = [true, false].map((is) => holdings.filter(({ isCommitted }) => isCommitted === is));
  return [
    plot.rect(committed, { ...bar, ...lookOf(COMMITTED), fill: colour }),
    plot.rect(open, { ...bar, ...lookOf(OPEN), fill: (holding) => pale(colour(holding)) }),
    plot.rect(holdings.filter(({ isOld }) => isOld), { ...bar, ...lookOf(OLDER), stroke: "none" }),
  ];
}

function majorityRule(plot: Plot, nodes: number): Markish[] {
  const y = [majority(nodes)];
  const place = { y, frameAnchor: "right", textAnchor: "start", dx: 6 } as const;
  return [
    plot.ruleY(y, { ...lookOf(MAJORITY), insetRight: -4 }),
    note(plot, `${y} of ${nodes} nodes`, { ...place, fontWeight: "bold" }),
  ];
}

/** The term of each entry, at the foot of its bar. */
function terms(plot: Plot, holdings: readonly Holding[], width: number): Markish {
  const text = ({ term }: Holding) =>
    textWidth(`term ${term}`, SIZE, "bold") <= width * BAR ? `term ${term}` : `${term}`;
  const style = { dy: -11, fontSize: SIZE, fontWeight: "bold", fill: INK, ...halo() };
  return plot.text(holdings, { x: "index", y: () => 0, text, ...style });
}

/** Below each bar: its index, and who holds it. */
function names(plot: Plot, columns: readonly (Holding & { readonly lines: readonly string[] })[]): Markish[] {
  const head = { y: [0], frameAnchor: "left", textAnchor: "end", dx: -10, fill: FAINT } as const;
  const below = { x: "index", y: () => 0 } as const;
  const most = Math.max(...columns.map(({ lines }) => lines.length));
  return [
    ...["index", "on nodes"].map((word, i) => note(plot, word, { ...head, dy: LINE * (i + 1) })),
    plot.text(columns, { ...below, dy: LINE, text: ({ index }: Holding) => `${index}`, fontWeight: "bold" }),
    ...Array.from({ length: most }, (_, place) => {
      const long = columns.filter(({ lines }) => lines.length > place);
      return plot.text(long, { ...below, dy: LINE * (place + 2), text: ({ lines }) => lines[place], fontSize: SIZE });
    }),
  ];
}
