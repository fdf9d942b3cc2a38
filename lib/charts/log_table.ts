/**
 * Every log, entry by entry, after everything that happened at a tick, and what the leader knows of it (paper Figures 6 and 7; nextIndex and
 * matchIndex of Figure 2).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Index, NodeId, ProgressStatus, Ticks } from "../raft/mod.ts";
import { conditionOf, leaderOf, type NodeState } from "../trace/fold.ts";
import type { EntrySummary } from "../trace/rows.ts";
import { capital, nodeList, visible } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { changeTexts, CONDITIONS } from "../trace/words.ts";
import { Lanes, note } from "./axes.ts";
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
import { changesText, standingOf } from "./members.ts";
import { ABSENT, FAINT, GRID, INK, inkOn, isSecondRound, pale, SOME_TERMS, termColour } from "./palette.ts";
import { joined, prose, sharing, stateAt } from "./spans.ts";
import { shorten, textWidth } from "./text.ts";

/** What a log table can be told. */
export interface LogTableOptions extends ChartOptions {
  /** Show the logs as they were after everything that happened at this tick; by default the last there is. */
  readonly tick?: Ticks;
}

/** The most entries that are drawn of a log. */
const MOST = 12;

const COMMITTED: Key = { label: "known to be committed", fill: SOME_TERMS, stroke: INK };
const OPEN: Key = { label: "not known to be committed", fill: SOME_TERMS.map(pale), stroke: INK, dash: "3,2" };
/** What a snapshot has taken the place of. */
export const COMPACTED: Key = { label: "in a snapshot", fill: ABSENT, stroke: FAINT, strokeWidth: 0.5 };

/** What an entry looks like, or its place in a snapshot. */
export const CELL_KEYS: readonly Key[] = [COMMITTED, OPEN, COMPACTED];

/** What is drawn upon an entry whose term has the colour of an earlier one. */
export const SECOND_ROUND: Key = { label: "term 9 or later", fill: HATCHED, height: 12 };

const MATCH: Key = { label: "matchIndex", sign: "●" };
const NEXT: Key = { label: "nextIndex", sign: "▼" };

/** The room around the table, the height of a row, the widest a cell becomes, and half its height. */
const MARGINS = { left: 112, right: 16, top: 24, bottom: 8 };
const ROW = 64;
const WIDEST = 84;
const HALF = 0.3 * ROW;

/** The size of text in cells. */
const SIZE = 10;

/**
 * The log of every node after everything that happened at a tick.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { basic, logTable, play } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const { trace } = play(basic);
 * const figure = logTable(trace, { title: "The leader alone holds the Put", tick: 17 });
 * match(figure.alt, /node 1: leader of term 1, indices 1 to 2 of term 1, committed up to 1/i);
 * ```
 */
export function logTable(trace: Trace, options: LogTableOptions): Figure {
  const state = stateAt(trace, "logs", options);
  if (state === null) return emptyFigure(options);
  const progress = leaderOf(state)?.progress ?? [];
  const logs = [...state.nodes.values()].map((node) => (
    { node, progress: progress.find(({ id }) => id === node.node) ?? null }
  ));
  const last = Math.max(1, ...logs.map((log) => Math.max(log.node.lastIndex, (log.progress?.nextIndex ?? 1) - 1)));
  const first = Math.max(1, last - MOST + 1);
  const cut = first === 1 ? "" : ` Only the indices from ${first} to ${last} are drawn.`;
  const unknown = progress.some(({ matchIndex }) => matchIndex === 0) ? " Without ● nothing is known yet." : "";
  const lanes = new Lanes([...state.nodes.keys()], ROW, MARGINS.top);
  const room = WIDTH - MARGINS.left - MARGINS.right;
  const width = Math.min(WIDEST, room / (last - first + 2));
  const indices = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const cells = logs.flatMap(({ node }) => indices.flatMap((index) => cellAt(node, index)));
  return figureOf(options, {
    caption:
      `The logs at tick ${state.tick}, one row per node. A cell shows what an entry asks for, and its term, which is ` +
      `its colour too; it is filled if its own node knows it to be committed, else pale and dashed. What the leader ` +
      `knows of each node: ● stands at the last entry known to be there, ▼ where it will send on.${unknown}${cut}`,
    alt: altOf(logs, state.tick),
    keys: [...CELL_KEYS, SECOND_ROUND, MATCH, NEXT],
    height: lanes.bottom + MARGINS.bottom,
    margins: MARGINS,
    x: [first - 0.5, first - 0.5 + room / width],
    y: [lanes.bottom, lanes.top],
    marks: (plot) => [
      ...heading(plot, progress.some(({ nextIndex }) => nextIndex > last) ? [...indices, last + 1] : indices),
      plot.ruleY(lanes.ids, { y: (id) => lanes.px(id), stroke: GRID }),
      ...boxes(plot, cells, lanes),
      ...texts(plot, cells, lanes, width * 0.94 - 3),
      ...knowledge(plot, logs, lanes, first),
      ...names(plot, logs, lanes),
    ],
  });
}

/** A node, and what the leader of the latest term knows of it, if there is one. */
interface Log {
  readonly node: NodeState;
  readonly progress: ProgressStatus | null;
}

function altOf(logs: readonly Log[], tick: Ticks): string {
  const facts = new Map(logs.map(({ node }) => [node.node, factOf(node)]));
  const known = new Map(
    logs.flatMap(({ node, progress }) =>
      progress === null ? [] : [[node.node, `match ${progress.matchIndex} and next ${progress.nextIndex}`]]
    ),
  );
  const progress = sharing(known).map(([fact, ids]) => `${fact} for ${nodeList(ids)}`).join("; ");
  return prose(
    `The ${logs.length === 1 ? "log of one node" : `logs of ${logs.length} nodes`} at tick ${tick}.`,
    `${capital(sharing(facts).map(([fact, ids]) => `${nodeList(ids)}: ${fact}`).join("; "))}.`,
    known.size === 0 ? "Nobody leads." : `The leader's indices are ${progress}.`,
    changesText(logs.map(({ node }) => node)),
  );
}

function factOf(node: NodeState): string {
  const { firstIndex, lastIndex, commit, term, log } = node;
  const condition = conditionOf(node);
  const standing = standingOf(node);
  const who = `${CONDITIONS[condition].one} ${condition === "leader" ? "of" : "in"} term ${term}` +
    (standing === "voter" ? "" : standing === "learner" ? ", a learner" : ", outside the configuration");
  if (lastIndex === 0) return `${who}, an empty log`;
  const entries = entriesText(log.entries(), ({ term }) => `of term ${term}`);
  const parts = [
    firstIndex === 1 ? "" : `a snapshot up to index ${firstIndex - 1}`,
    entries.length > MOST ? "older entries" : "",
    ...entries.slice(-MOST),
    commit === 0 ? "nothing committed" : `committed up to ${commit}`,
  ];
  return [who, ...parts.filter((part) => part !== "")].join(", ");
}

/** What is said of each entry; entries of which the same is said share it: `indices 3 to 5 of term 1`. */
export function entriesText<E extends { readonly index: Index }>(
  entries: readonly E[],
  factOf: (entry: E) => string,
): string[] {
  const spans = entries.map((entry) => ({ from: entry.index, to: entry.index, fact: factOf(entry) }));
  return joined(spans, ({ fact }) => fact)
    .map(({ from, to, fact }) => `${from === to ? `index ${from}` : `indices ${from} to ${to}`} ${fact}`);
}

/** An entry, or its place in a snapshot, in a row of the table. */
export interface Cell {
  readonly node: NodeId;
  readonly index: Index;
  /** How it looks. */
  readonly key: Key;
  /** The entry; `null` if it is in a snapshot. */
  readonly entry: EntrySummary | null;
}

/** The cell of a log at `index`; none if the log ends before. */
export function cellAt({ node, lastIndex, commit, log }: NodeState, index: Index): Cell[] {
  if (index > lastIndex) return [];
  const entry = log.entry(index) ?? null;
  return [{ node, index, entry, key: entry === null ? COMPACTED : index <= commit ? COMMITTED : OPEN }];
}

/** Its colour. */
export function fillOf({ key, entry }: Cell): string {
  if (entry === null) return ABSENT;
  const colour = termColour(entry.term);
  return key === COMMITTED ? colour : pale(colour);
}

/** What an entry asks for, in `width` pixels: without blanks around "=", or cut, if need be. */
export function cellText({ entry }: Cell, width: number): string {
  if (entry === null) return "";
  const { command, change } = entry;
  if (change !== undefined) {
    const texts = changeTexts(change);
    return texts.find((text) => textWidth(text, SIZE, "bold") <= width) ??
      shorten(texts[texts.length - 1], width, SIZE, "bold");
  }
  if (command === null) {
    return ["(empty)", "empty"].find((text) => textWidth(text, SIZE, "bold") <= width) ?? "";
  }
  const key = visible(command.key);
  const text = command.kind === "Put" ? `${key} = ${visible(command.value)}` : `${command.kind} ${key}`;
  return shorten(textWidth(text, SIZE, "bold") <= width ? text : text.replace(" = ", "="), width, SIZE, "bold");
}

/** The indices above the columns. */
function heading(plot: Plot, indices: readonly Index[]): Markish[] {
  const place = { dy: -14, fill: FAINT };
  return [
    plot.text(indices, { x: (index) => index, text: (index) => `${index}`, frameAnchor: "top", ...place }),
    note(plot, "index", { frameAnchor: "top-left", textAnchor: "end", dx: -10, ...place }),
  ];
}

function boxes(plot: Plot, cells: readonly Cell[], lanes: Lanes): Markish[] {
  return cellBoxes(plot, cells, {
    x1: ({ index }) => index - 0.47,
    x2: ({ index }) => index + 0.47,
    ...lanes.around(HALF),
  });
}

type At = (cell: Cell) => number;

/** The boxes of cells, at places that are theirs. */
export function cellBoxes(plot: Plot, cells: readonly Cell[], place: Readonly<Record<"x1" | "x2" | "y1" | "y2", At>>) {
  const second = cells.filter(({ entry }) => isSecondRound(entry?.term ?? 0));
  return [
    ...CELL_KEYS.map((key) =>
      plot.rect(cells.filter((cell) => cell.key === key), { ...place, ...lookOf(key), fill: fillOf })
    ),
    plot.rect(second, { ...place, ...lookOf(SECOND_ROUND), fillOpacity: 0.35 }),
  ];
}

const [UPPER, LOWER] = [{ dy: -7, fontWeight: "bold" }, { dy: 7 }];

/** What keeps the text of a cell readable upon its lines. */
export const cellHalo = { stroke: fillOf, strokeWidth: 3 };

/** What the entry asks for, and below it its term. */
function texts(plot: Plot, cells: readonly Cell[], lanes: Lanes, width: number): Markish[] {
  const y = ({ node }: Cell) => lanes.px(node);
  const style = { x: "index", y, fill: (cell: Cell) => inkOn(fillOf(cell)), fontSize: SIZE, ...cellHalo };
  const known = cells.filter(({ entry }) => entry !== null);
  return [
    plot.text(cells, { text: (cell: Cell) => cellText(cell, width), ...style, ...UPPER }),
    plot.text(known, { text: ({ entry }: Cell) => `term ${entry?.term}`, ...style, ...LOWER }),
  ];
}

/** A node's name, and below it its role and term. */
function names(plot: Plot, logs: readonly Log[], lanes: Lanes): Markish[] {
  const y = ({ node }: Log) => lanes.px(node.node);
  const place = { y, frameAnchor: "left", textAnchor: "end", dx: -10 } as const;
  const role = ({ node }: Log) => {
    const { one, letter } = CONDITIONS[conditionOf(node)];
    const word = standingOf(node) === "voter" ? one : standingOf(node);
    return letter === "" ? `${one}, term ${node.term}` : `${word} (${letter}${node.term})`;
  };
  return [
    plot.text(logs, { text: ({ node }: Log) => `node ${node.node}`, ...place, ...UPPER }),
    plot.text(logs, { text: role, ...place, ...LOWER }),
  ];
}

/** What the leader knows, at the edges of the cells: a dot below for matchIndex, a tick above for nextIndex. */
function knowledge(plot: Plot, logs: readonly Log[], lanes: Lanes, first: Index): Markish[] {
  const marks = [
    { key: MATCH, at: ({ progress }: Log) => progress?.matchIndex ?? 0, dy: HALF + 5 },
    { key: NEXT, at: ({ progress }: Log) => progress?.nextIndex ?? 0, dy: -HALF - 4 },
  ];
  const y = ({ node }: Log) => lanes.px(node.node);
  return marks.map(({ key, at, dy }) => {
    const known = logs.filter((log) => at(log) >= first);
    return plot.text(known, { ...lookOf(key), x: at, y, text: () => key.sign, dy, fontSize: 9 });
  });
}
