/**
 * The logs at several moments, side by side: what a repair, a crash or an election leaves of them (paper Figures 7 and 8).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Index, NodeId, Term, Ticks } from "../raft/mod.ts";
import { type ClusterState, conditionOf, type NodeState } from "../trace/fold.ts";
import { requireThat } from "../arguments.ts";
import { capital, count, entriesText, nodeList, visible } from "../trace/text.ts";
import { Trace } from "../trace/trace.ts";
import { CONDITIONS } from "../trace/words.ts";
import {
  type ChartOptions,
  emptyFigure,
  type Figure,
  figureOf,
  type LabelledRun,
  lookOf,
  type Plot,
  WIDTH,
} from "./figure.ts";
import { type Cell, CELL_KEYS, cellAt, cellBoxes, cellHalo, cellText, fillOf, SECOND_ROUND } from "./log_table.ts";
import { changesText, standingMarks, standingOf, STANDINGS, standingText } from "./members.ts";
import { ALL_CONDITIONS, FAINT, inkOn, ROLES } from "./palette.ts";
import { ROLE_KEYS } from "./role_lanes.ts";
import { prose, sharing, stateAt } from "./spans.ts";
import { textWidth, wrap } from "./text.ts";

/** A moment of a run. */
export interface LogStage extends LabelledRun {
  /** The logs after everything that happened at this tick; by default the last there is. */
  readonly tick?: Ticks;
  /** The nodes to show; by default all. */
  readonly ids?: readonly NodeId[];
}

/** What log stages can be told. */
export interface LogStagesOptions extends Pick<ChartOptions, "title"> {
  /** How many stages stand side by side; by default as many as fit, 3 at most. */
  readonly columns?: number;
}

/** The most entries that are drawn of a log. */
const MOST = 12;

/** The edges of the figure, the gaps between stages, and the room for the nodes' names, in pixels. */
const EDGE = 12;
const [GAP_X, GAP_Y] = [20, 18];
const NAMES = 84;

/** The narrowest and the widest a cell becomes, and how wide it is to hold a command. */
const [NARROWEST, WIDEST, ROOMY] = [19, 60, 42];

const CHANGES_CAPTION =
  " Numbers with signs are nodes that come (+) or go (–), and conf stands for several of them; leave ends a joint configuration.";

/** The narrowest that holds a change of the configuration. */
const TELLING = 37;

/** The size of text in cells, and the height of a line of a label. */
const SIZE = 10;
const LINE = 15;

/** How wide the bar of a role is. */
const BADGE = 30;

/**
 * The logs of several moments, of one run or of several: small tables, row by row.
 *
 * @throws {RangeError} naming the option, or the stage, that is wrong.
 *
 * @example The Put is on the leader alone, then everywhere.
 * ```ts
 * import { basic, logStages, play } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const { trace } = play(basic);
 * const stages = [{ label: "before", trace, tick: 15 }, { label: "after", trace, tick: 18 }];
 * const figure = logStages(stages, { title: "The Put reaches every node" });
 * match(figure.alt, /After, at tick 18: node 1 leads term 1; node 1 has entries of the terms 1 1, committed up to 2/);
 * ```
 */
export function logStages(stages: readonly LogStage[], options: LogStagesOptions): Figure {
  requireThat(Array.isArray(stages), RangeError, "Cannot make log stages: stages", "a list", stages);
  if (stages.length === 0) throw new RangeError("Cannot make log stages of nothing: name at least one stage");
  const shown = stages.map((stage, i) => shownOf(stage, i, options));
  const logs = shown.flatMap(({ nodes }) => nodes);
  if (logs.length === 0) return emptyFigure(options);
  const last = Math.max(1, ...logs.map(({ lastIndex }) => lastIndex));
  const first = Math.max(1, last - MOST + 1);
  const cut = first === 1 ? "" : ` Only the indices from ${first} to ${last} are drawn.`;
  const changes = logs.some(({ log }) => log.entries(first).some(({ change }) => change !== undefined));
  const columns = columnsFor(stages.length, last - first + 1, changes ? TELLING : NARROWEST, options.columns);
  const tables = placed(shown, first, last, columns, changes ? TELLING : ROOMY);
  const bottom = Math.max(...tables.map(({ bottom }) => bottom));
  return figureOf(options, {
    caption:
      `The logs at ${
        count(stages.length, "moment")
      }, one row per node, with its role and term. A cell is an entry: the number ` +
      `in it is its term, which is its colour too; above the cells stand the indices. It is filled if its own node knows it ` +
      `to be committed, else pale and dashed.${changes ? CHANGES_CAPTION : ""}${cut}`,
    alt: prose(
      `The logs of a cluster at ${count(stages.length, "moment")}.`,
      ...shown.map(stageText),
      changesText(logs),
    ),
    keys: [...CELL_KEYS, SECOND_ROUND, ...ROLE_KEYS, ...Object.values(STANDINGS)],
    height: bottom + EDGE,
    margins: { left: 0, right: 0, top: 0, bottom: 0 },
    x: [0, WIDTH],
    y: [bottom + EDGE, 0],
    marks: (plot) => tables.flatMap((table) => tableMarks(plot, table)),
  });
}

/**
 * The logs as each part of a scenario leaves them, named by the parts' titles.
 *
 * @example
 * ```ts
 * import { figure7, logStages, play, stagesOf } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const stages = stagesOf(play(figure7).trace);
 * match(logStages(stages, { title: "Six logs become like the leader's" }).alt, /node 1 leads term 8; nodes 1 to 7 have entries/);
 * ```
 */
export function stagesOf({ rows }: Trace): LogStage[] {
  const parts = rows.flatMap((row, at) => row.kind === "part" ? [{ at, label: row.title }] : []);
  if (parts.length === 0) parts.push({ at: 0, label: "in the end" });
  return parts.map(({ label }, i) => {
    const trace = new Trace();
    for (const row of rows.slice(0, parts[i + 1]?.at)) trace.record(row);
    return { label, trace };
  });
}

/** A stage, as it is to be drawn. */
interface Shown {
  readonly label: string;
  readonly tick: Ticks;
  readonly nodes: readonly NodeState[];
}

function shownOf(stage: LogStage, i: number, { title }: LogStagesOptions): Shown {
  const { label, trace, tick, ids }: LogStage = Object(stage);
  if (typeof label !== "string" || label.trim() === "") {
    throw new RangeError(`Cannot show stage ${i + 1} without a label: say what tells it from the others`);
  }
  const state: ClusterState | null = stateAt(trace, "logs", { title, tick });
  const nodes = [...state?.nodes.values() ?? []].filter(({ node }) => ids?.includes(node) ?? true);
  return { label: visible(label.trim()), tick: state?.tick ?? 0, nodes };
}

/** Who leads, who is stopped, and the logs by the terms of their entries; nodes with equal ones share them. */
function stageText({ label, tick, nodes }: Shown): string {
  const leaders = nodes.filter((node) => conditionOf(node) === "leader");
  const stopped = nodes.filter(({ running }) => !running).map(({ node }) => node);
  const facts = [
    ...leaders.map(({ node, term }) => `node ${node} leads term ${term}`),
    ...sharing(new Map(nodes.map((node) => [node.node, standingOf(node)])))
      .flatMap(([standing, ids]) => standing === "voter" ? [] : [standingText(standing, ids)]),
    ...stopped.length === 0 ? [] : [`${nodeList(stopped)} ${stopped.length === 1 ? "is" : "are"} stopped`],
    ...sharing(new Map(nodes.map((node) => [node.node, logText(node)])))
      .map(([fact, ids]) => `${nodeList(ids)} ${ids.length === 1 ? "has" : "have"} ${fact}`),
  ];
  return `${capital(label)}, at tick ${tick}: ${facts.join("; ")}.`;
}

function logText({ firstIndex, lastIndex, commit, log }: NodeState): string {
  const entries = [
    firstIndex === 1 ? "" : `a snapshot up to index ${firstIndex - 1}`,
    log.terms().length > MOST ? "older entries" : "",
    firstIndex > lastIndex && firstIndex > 1 ? "" : entriesText(log.terms().slice(-MOST)),
  ].filter((part) => part !== "");
  return [...entries, commit === 0 ? "nothing committed" : `committed up to ${commit}`].join(", ");
}

function columnsFor(stages: number, entries: number, least: number, wanted?: number): number {
  const most = Math.floor((WIDTH - 2 * EDGE + GAP_X) / (NAMES + least * entries + GAP_X));
  return Math.max(1, Math.min(wanted ?? (stages === 4 ? 2 : 3), most, stages));
}

/** A stage, and where it is. */
interface Table extends Shown {
  readonly lines: readonly string[];
  readonly indices: readonly Index[];
  readonly left: number;
  readonly top: number;
  /** How wide a cell is, and how high a row. */
  readonly cell: number;
  readonly row: number;
  /** Whether there is room for what entries ask for. */
  readonly isRoomy: boolean;
  readonly bottom: number;
}

function placed(stages: readonly Shown[], first: Index, last: Index, columns: number, roomy: number): Table[] {
  const columnsOfCells = last - first + 1;
  const width = (WIDTH - 2 * EDGE - GAP_X * (columns - 1)) / columns;
  const cell = Math.min(WIDEST, (width - NAMES) / columnsOfCells);
  const isRoomy = cell >= roomy;
  const row = isRoomy ? 34 : 24;
  const tables: Table[] = [];
  for (let i = 0; i < stages.length; i += columns) {
    const top = i === 0 ? EDGE / 2 : Math.max(...tables.slice(i - columns).map(({ bottom }) => bottom)) + GAP_Y;
    const beside = stages.slice(i, i + columns).map((stage) => ({
      ...stage,
      lines: wrap(stage.label, width, 11, "bold"),
    }));
    const head = LINE * Math.max(...beside.map(({ lines }) => lines.length));
    tables.push(...beside.map((stage, column) => {
      const left = EDGE + column * (width + GAP_X);
      const until = Math.max(first, ...stage.nodes.map(({ lastIndex }) => lastIndex));
      const indices = Array.from({ length: until - first + 1 }, (_, i) => first + i);
      const bottom = top + head + LINE + row * stage.nodes.length;
      return { ...stage, indices, left, top, cell, isRoomy, row, bottom };
    }));
  }
  return tables;
}

function tableMarks(plot: Plot, table: Table): Markish[] {
  const { nodes, tick, lines, indices, left, top, cell, row, bottom } = table;
  const above = bottom - row * nodes.length;
  const x = (index: Index) => left + NAMES + (index - indices[0] + 0.5) * cell;
  const y = (id: NodeId) => above + (nodes.findIndex(({ node }) => node === id) + 0.5) * row;
  const cells = nodes.flatMap((node) => indices.flatMap((index) => cellAt(node, index)));
  const start = { textAnchor: "start", lineAnchor: "middle" } as const;
  return [
    plot.text(lines, {
      x: () => left,
      y: (_, i) => top + LINE * (i + 0.5),
      text: (line) => line,
      ...start,
      fontWeight: "bold",
    }),
    plot.text([tick], {
      x: [left],
      y: [above - LINE / 2],
      text: (tick) => `tick ${tick}`,
      ...start,
      fontSize: SIZE,
      fill: FAINT,
    }),
    plot.text(indices, { x, y: () => above - LINE / 2, text: (index) => `${index}`, fontSize: 9, fill: FAINT }),
    plot.text(nodes, {
      x: () => left,
      y: ({ node }) => y(node),
      text: ({ node }) => `node ${node}`,
      ...start,
      fontSize: SIZE,
    }),
    ...badges(plot, table, y),
    ...cellBoxes(plot, cells, {
      x1: ({ index }) => x(index) - 0.46 * cell,
      x2: ({ index }) => x(index) + 0.46 * cell,
      y1: ({ node }) => y(node) - 0.42 * row,
      y2: ({ node }) => y(node) + 0.42 * row,
    }),
    ...cellTexts(plot, cells, ({ index }) => x(index), ({ node }) => y(node), table),
  ];
}

/** Each node's role and term, as role lanes have them. */
function badges(plot: Plot, { nodes, left }: Table, y: (id: NodeId) => number): Markish[] {
  const x = left + NAMES - BADGE - 8;
  return ALL_CONDITIONS.flatMap((condition, i) => {
    const own = nodes.filter((node) => conditionOf(node) === condition)
      .map(({ node, term, configuration }) => ({ node, term, standing: standingOf({ node, configuration }) }));
    const { ink, height } = ROLES[condition];
    const place = {
      x1: () => x,
      x2: () => x + BADGE,
      y1: ({ node }: { node: NodeId }) => y(node) - 0.35 * height,
      y2: ({ node }: { node: NodeId }) => y(node) + 0.35 * height,
    };
    const { letter } = CONDITIONS[condition];
    const text = ({ term }: { term: Term }) => letter === "" ? "" : `${letter}${term}`;
    return [
      plot.rect(own, { ...place, ...lookOf(ROLE_KEYS[i]) }),
      ...standingMarks(plot, own, place),
      plot.text(own, { x: () => x + BADGE / 2, y: ({ node }) => y(node), text, fill: ink, fontSize: SIZE }),
    ];
  });
}

type At = (cell: Cell) => number;

/** The terms of the entries; above them what they ask for, if there is room for that. */
function cellTexts(plot: Plot, cells: readonly Cell[], x: At, y: At, { cell: width, isRoomy }: Table): Markish[] {
  const known = cells.filter(({ entry }) => entry !== null);
  const style = { x, y, fontSize: SIZE, fill: (cell: Cell) => inkOn(fillOf(cell)), ...cellHalo };
  const term = ({ entry }: Cell) => isRoomy ? `term ${entry?.term}` : `${entry?.term}`;
  const longest = Math.max(0, ...known.map((cell) => textWidth(term(cell), SIZE)));
  return [
    plot.text(known, {
      ...style,
      text: isRoomy && (width < ROOMY || longest > width) ? ({ entry }: Cell) => `${entry?.term}` : term,
      dy: isRoomy ? 7 : 0,
    }),
    isRoomy
      ? plot.text(known, { ...style, text: (cell: Cell) => cellText(cell, width - 6), dy: -6, fontWeight: "bold" })
      : null,
  ];
}
