/**
 * On how many nodes each entry of a leader's log is, beside the majority that commits it, or the two of a joint configuration
 * (paper §6); and the entries of older terms, which no majority commits (§5.4.2, Figure 8). That is matchIndex as it is, and not
 * as the leader knows it.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { type ConfState, type Index, majority, type NodeId, type Ticks } from "../raft/mod.ts";
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

/** A majority, of those who are counted together. */
function majorityKey({ all }: Half): Key {
  return { label: `majority of ${all}`, stroke: INK, strokeWidth: 2, height: 0 };
}

/** The room around the bars, apart from that below them. */
const MARGINS = { left: 84, right: 108, top: 20 };

/** How much wider the names of the two halves of a joint configuration are. */
const WIDER = 28;

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
  const halves = halvesOf(leader.configuration, [...state.nodes.keys()]);
  const { learners } = leader.configuration;
  const who = `node ${leader.node}, leader of term ${leader.term}, at tick ${state.tick}`;
  const cut = holdings.length === all.length ? "" : ` Only the indices from ${holdings[0].index} to ${last} are drawn.`;
  const facts = capital(entriesText(holdings, (holding) => factOf(holding, halves, learners)).join("; "));
  const stuck = stuckText(holdings, leader, halves);
  const needed = halves.map(({ ids: { length }, noun }) =>
    `a majority of ${count(length, noun)} is ${majority(length)}`
  );
  const left = MARGINS.left + (halves.length > 1 ? WIDER : 0);
  const room = WIDTH - left - MARGINS.right;
  const width = Math.min(WIDEST, room / holdings.length);
  const rows = rowsOf(holdings, halves, learners, width);
  const bottom = LINE * (1 + rows.reduce((sum, { height }) => sum + height, 0)) + 14;
  const top = Math.max(...halves.map(({ base, ids }) => base + ids.length));
  const first = holdings[0].index - 0.5;
  return figureOf(options, {
    caption: captionOf(who, halves, `${cut}${stuck}`),
    alt: `The log of ${who}, and on which nodes its entries are; ${needed.join(", ")}.${cut} ${facts}.${stuck}`,
    keys: [COMMITTED, OPEN, OLDER, ...halves.map(majorityKey)],
    height: MARGINS.top + Math.max(80, top * (top > 5 ? 24 : 36)) + bottom,
    margins: { ...MARGINS, left, bottom },
    x: [first, first + room / width],
    y: [0, top],
    marks: (plot) => [
      ...halves.flatMap((half) => halfMarks(plot, holdings, half)),
      terms(plot, holdings, width),
      ...names(plot, holdings, rows),
    ],
  });
}

function captionOf(who: string, halves: readonly Half[], notes: string): string {
  const [{ axis }, ...others] = halves;
  return `The log of ${who}: one bar per index, as high as there are ${
    others.length > 0 ? "voters" : axis
  } that have ` +
    `stored this very entry, the same index and the same term; below it, which ones. By the rule, a leader commits an entry ` +
    `of its own term once it knows that a majority holds it, and with it all before it. ` +
    `${
      others.length > 0 ? TWO_MAJORITIES : ""
    }An entry of an older term is hatched: no majority of its own commits it.${notes}`;
}

const TWO_MAJORITIES = "The configuration is joint: it takes a majority of the old voters and one of the new. ";

/** Nodes that are counted together, and what they are called. */
interface Half {
  readonly ids: readonly NodeId[];
  /** One of them, beside the axis, beside the majority, beside their names, and all of them. */
  readonly noun: string;
  readonly axis: string;
  readonly short: string;
  readonly word: string;
  readonly all: string;
  /** How far up their bars begin. */
  readonly base: number;
}

/** All nodes, or the voters; in a joint configuration, the old voters and below them the new. */
function halvesOf({ voters, votersOutgoing }: ConfState, nodes: readonly NodeId[]): Half[] {
  const half = (ids: readonly NodeId[], which: string, base = 0): Half => {
    const axis = `${which}voters`;
    return {
      ids,
      noun: `${which}voter`,
      axis,
      short: which === "" ? axis : which.trim(),
      word: `on ${axis}`,
      all: `the ${axis}`,
      base,
    };
  };
  if (votersOutgoing.length > 0) return [half(votersOutgoing, "old ", voters.length + 0.8), half(voters, "new ")];
  if (voters.length < nodes.length) return [half(voters, "")];
  return [{ ids: nodes, noun: "node", axis: "nodes", short: "nodes", word: "on nodes", all: "all nodes", base: 0 }];
}

/** Which of `ids` hold an entry. */
function heldBy({ nodes }: Holding, ids: readonly NodeId[]): NodeId[] {
  return nodes.filter((node) => ids.includes(node));
}

function isMajority(holding: Holding, { ids }: Half): boolean {
  return heldBy(holding, ids).length >= majority(ids.length);
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

function factOf(holding: Holding, halves: readonly Half[], learners: readonly NodeId[]): string {
  const { term, isCommitted, isOld } = holding;
  const counted = halves.map((half) => {
    const holders = heldBy(holding, half.ids);
    const where = holders.length === half.ids.length && holders.length > 1 ? `every ${half.noun}` : nodeList(holders);
    return `${where}, ${isMajority(holding, half) ? "a majority" : "no majority"}`;
  });
  const apart = heldBy(holding, learners);
  const old = isOld ? ", which is older than the leader's," : "";
  return `of term ${term}${old} on ${halves.length === 1 ? counted[0] : ofBoth(counted)}` +
    `${apart.length === 0 ? "" : `, on ${apart.length === 1 ? "learner" : "learners"} ${list(apart)}`}, ` +
    (isCommitted ? "committed" : "not committed");
}

function ofBoth([old, other]: readonly string[]): string {
  return `${old} of the old voters, on ${other} of the new`;
}

/** Figure 8 in a sentence, if it is here. */
function stuckText(holdings: readonly Holding[], leader: NodeState, halves: readonly Half[]): string {
  const stuck = holdings.filter((holding) =>
    holding.isOld && !holding.isCommitted && halves.every((half) => isMajority(holding, half))
  );
  if (stuck.length === 0) return "";
  const indices = list(stuck.map(({ index }) => index));
  return stuck.length === 1
    ? ` Index ${indices} is on a majority and not committed: its term is older than ${leader.term}, the leader's.`
    : ` Indices ${indices} are on a majority and not committed: their terms are older than ${leader.term}, the leader's.`;
}

/** Axis, bars and the majority of nodes that are counted together. */
function halfMarks(plot: Plot, holdings: readonly Holding[], half: Half): Markish[] {
  const { ids: { length }, axis, short, base } = half;
  const numbers = Array.from({ length: length + 1 }, (_, i) => base + i);
  const needed = [base + majority(length)];
  const place = { y: needed, frameAnchor: "right", textAnchor: "start", dx: 6 } as const;
  return [
    ...axisLeft(plot, numbers, GRID, (i) => i),
    note(plot, axis, { y: [base + length / 2], frameAnchor: "left", textAnchor: "end", dx: -30 }),
    ...bars(plot, holdings, half),
    plot.ruleY(needed, { ...lookOf(majorityKey(half)), insetRight: -4 }),
    note(plot, `${majority(length)} of ${length} ${short}`, { ...place, fontWeight: "bold" }),
  ];
}

function bars(plot: Plot, holdings: readonly Holding[], { base, ids }: Half): Markish[] {
  const bar = {
    x1: ({ index }: Holding) => index - BAR / 2,
    x2: ({ index }: Holding) => index + BAR / 2,
    y1: () => base,
    y2: (holding: Holding) => base + heldBy(holding, ids).length,
  };
  const colour = ({ term }: Holding) => termColour(term);
  const [committed, open] = [true, false].map((is) => holdings.filter(({ isCommitted }) => isCommitted === is));
  return [
    plot.rect(committed, { ...bar, ...lookOf(COMMITTED), fill: colour }),
    plot.rect(open, { ...bar, ...lookOf(OPEN), fill: (holding) => pale(colour(holding)) }),
    plot.rect(holdings.filter(({ isOld }) => isOld), { ...bar, ...lookOf(OLDER), stroke: "none" }),
  ];
}

/** Who holds an entry, counted together: what that is called, and for each entry the lines of text. */
interface Row {
  readonly word: string;
  readonly lines: readonly (readonly string[])[];
  /** As many lines as the longest has. */
  readonly height: number;
}

function rowsOf(
  holdings: readonly Holding[],
  halves: readonly Half[],
  learners: readonly NodeId[],
  width: number,
): Row[] {
  const apart = learners.length === 0 ? [] : [{ word: "learners", ids: learners }];
  return [...halves, ...apart].map(({ word, ids }) => {
    const lines = holdings.map((holding) => wrap(heldBy(holding, ids).join(", "), width - 4, SIZE));
    return { word, lines, height: Math.max(...lines.map(({ length }) => length)) };
  });
}

/** The term of each entry, at the foot of its bar. */
function terms(plot: Plot, holdings: readonly Holding[], width: number): Markish {
  const text = ({ term }: Holding) =>
    textWidth(`term ${term}`, SIZE, "bold") <= width * BAR ? `term ${term}` : `${term}`;
  const style = { dy: -11, fontSize: SIZE, fontWeight: "bold", fill: INK, ...halo() };
  return plot.text(holdings, { x: "index", y: () => 0, text, ...style });
}

/** Below each bar: its index, and who holds it. */
function names(plot: Plot, holdings: readonly Holding[], rows: readonly Row[]): Markish[] {
  const head = { y: [0], frameAnchor: "left", textAnchor: "end", dx: -10, fill: FAINT } as const;
  const below = { x: "index", y: () => 0 } as const;
  const firsts = rows.map((_, i) => 2 + rows.slice(0, i).reduce((sum, { height }) => sum + height, 0));
  const texts = rows.flatMap(({ lines, height }, i) =>
    Array.from({ length: height }, (_, place) => {
      const long = holdings.map(({ index }, at) => ({ index, text: lines[at][place] ?? "" })).filter(({ text }) =>
        text !== ""
      );
      return plot.text(long, { ...below, dy: LINE * (firsts[i] + place), text: "text", fontSize: SIZE });
    })
  );
  return [
    note(plot, "index", { ...head, dy: LINE }),
    ...rows.map(({ word }, i) => note(plot, word, { ...head, dy: LINE * firsts[i] })),
    plot.text(holdings, { ...below, dy: LINE, text: ({ index }: Holding) => `${index}`, fontWeight: "bold" }),
    ...texts,
  ];
}
