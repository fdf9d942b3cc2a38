/**
 * Every log, entry by entry, at the end of a tick, and what the leader knows of it (paper Figures 6 and 7; nextIndex and
 * matchIndex of Figure 2).
 *
 * @module
 */
import type { Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { checkOptions, checkTick, emptyFigure, figureOf } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { logAlt } from "./log_alt.ts";
import { logTableHeight, logTablePlot } from "./log_table_plot.ts";
import { logsAt } from "./logs.ts";
import { FAINT, INK, pale, SOME_TERMS } from "./palette.ts";
import type { Key } from "./svg.ts";

/** What a log table can be told. */
export interface LogTableOptions extends ChartOptions {
  /** Show the logs as they were at the end of this tick; by default the last there is. */
  readonly tick?: Ticks;
}

/** The most entries that are drawn of a log. */
const MOST = 12;

const KEYS: readonly Key[] = [
  { label: "known to be committed", fill: SOME_TERMS, stroke: INK },
  { label: "not known to be", fill: SOME_TERMS.map(pale), stroke: INK, dash: "3,2" },
  { label: "in a snapshot", fill: "#e6e6e6", stroke: FAINT },
  { label: "matchIndex", sign: "●" },
  { label: "nextIndex", sign: "▼" },
];

/**
 * The log of every node at the end of a tick.
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
  checkOptions(options);
  checkTick("tick", options.tick);
  const tick = options.tick ?? options.to ?? trace.lastTick();
  const logs = logsAt(trace, tick);
  if (logs.length === 0) {
    if (trace.lastTick() === 0) return emptyFigure(options);
    throw new RangeError(`Cannot show the logs at tick ${tick}: the last tick of the trace is ${trace.lastTick()}`);
  }
  const last = Math.max(1, ...logs.map(({ row, progress }) => Math.max(row.lastIndex, (progress?.nextIndex ?? 1) - 1)));
  const first = Math.max(1, last - MOST + 1);
  const cut = first === 1 ? "" : ` Only the indices from ${first} to ${last} are drawn.`;
  return figureOf(options, {
    caption:
      `The logs at the end of tick ${tick}, a row a node. A cell shows what an entry asks for, and its term, which is ` +
      `its colour too; it is filled if its own node knows it to be committed, else pale and dashed. What the leader ` +
      `knows of each node: ● stands at the last entry known to be there, ▼ where it will send on.${cut}`,
    alt: logAlt(logs, tick),
    drawing: {
      keys: KEYS,
      height: logTableHeight(logs),
      options: (plot) => logTablePlot(plot, logs, first, last),
    },
  });
}
