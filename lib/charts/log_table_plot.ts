/**
 * The drawing of a log table.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { Index } from "../raft/mod.ts";
import { Lanes } from "./chart.ts";
import { conditionOf } from "./history.ts";
import { type Cell, cellAt, cellText, fillOf } from "./log_cells.ts";
import type { LogState } from "./logs.ts";
import { FAINT, INK, inkOn, ROLES } from "./palette.ts";
import { type Plot, WIDTH } from "./svg.ts";

/** The room around the table. */
const MARGINS = { left: 112, right: 16, top: 24, bottom: 8 };

/** The height of a row. */
const ROW = 64;

/** The widest a cell becomes. */
const WIDEST = 84;

/** The height of a cell, in lanes. */
const HALF = 0.3;

/** A lane a log. */
export function logLanes(logs: readonly LogState[]): Lanes {
  return new Lanes(logs.map(({ row }) => row.node), ROW, MARGINS.top);
}

/** The height of the plot. */
export function logTableHeight(logs: readonly LogState[]): number {
  return logLanes(logs).px(logs.length) + MARGINS.bottom;
}

/** The plot of the indices from `first` to `last`. */
export function logTablePlot(plot: Plot, logs: readonly LogState[], first: Index, last: Index): PlotOptions {
  const lanes = logLanes(logs);
  const room = WIDTH - MARGINS.left - MARGINS.right;
  const columns = last - first + 2;
  const width = Math.min(WIDEST, room / columns);
  const indices = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const cells = logs.flatMap((log) => indices.flatMap((index) => cellAt(log, index)));
  return {
    marginLeft: MARGINS.left,
    marginRight: MARGINS.right,
    marginTop: MARGINS.top,
    marginBottom: MARGINS.bottom,
    x: { axis: null, domain: [first - 0.5, first - 0.5 + room / width] },
    y: lanes.scale(),
    color: { type: "identity" },
    marks: [
      ...heading(plot, indices),
      plot.ruleY(logs, { y: ({ row }) => lanes.middle(row.node), stroke: "#e4e4e4" }),
      ...boxes(plot, cells, lanes),
      ...texts(plot, cells, lanes, width),
      ...knowledge(plot, logs, lanes, first),
      ...names(plot, logs, lanes),
    ],
  };
}

/** The indices above the columns. */
function heading(plot: Plot, indices: readonly Index[]): Markish[] {
  const place = { dy: -14, fill: FAINT };
  return [
    plot.text(indices, { x: (index) => index, text: (index) => `${index}`, frameAnchor: "top", ...place }),
    plot.text(["index"], { text: (word) => word, frameAnchor: "top-left", textAnchor: "end", dx: -10, ...place }),
  ];
}

function boxes(plot: Plot, cells: readonly Cell[], lanes: Lanes): Markish[] {
  return (["committed", "open", "snapshot"] as const).map((kind) =>
    plot.rect(cells.filter((cell) => cell.kind === kind), {
      x1: ({ index }: Cell) => index - 0.47,
      x2: ({ index }: Cell) => index + 0.47,
      y1: ({ node }: Cell) => lanes.middle(node) - HALF,
      y2: ({ node }: Cell) => lanes.middle(node) + HALF,
      fill: fillOf,
      stroke: kind === "snapshot" ? FAINT : INK,
      strokeWidth: kind === "snapshot" ? 0.5 : 1,
      strokeDasharray: kind === "open" ? "3,2" : "none",
      ariaDescription: kind,
    })
  );
}

/** What the entry asks for, and below it its term. */
function texts(plot: Plot, cells: readonly Cell[], lanes: Lanes, width: number): Markish[] {
  const lines = [
    { text: (cell: Cell) => cellText(cell, width * 0.94 - 3), dy: -7, fontWeight: "bold" },
    { text: ({ entry }: Cell) => (entry === null ? "" : `term ${entry.term}`), dy: 7, fontWeight: "normal" },
  ];
  return lines.map(({ text, dy, fontWeight }) =>
    plot.text(cells.filter((cell) => text(cell) !== ""), {
      x: "index",
      y: ({ node }: Cell) => lanes.middle(node),
      text,
      fill: (cell: Cell) => inkOn(fillOf(cell)),
      fontSize: 10,
      fontWeight,
      dy,
    })
  );
}

/** What the leader knows, at the edges of the cells: a dot below for matchIndex, a tick above for nextIndex. */
function knowledge(plot: Plot, logs: readonly LogState[], lanes: Lanes, first: Index): Markish[] {
  const marks = [
    { sign: "●", at: ({ progress }: LogState) => progress?.matchIndex ?? 0, dy: ROW * HALF + 5, fontSize: 9 },
    { sign: "▼", at: ({ progress }: LogState) => progress?.nextIndex ?? 0, dy: -ROW * HALF - 4, fontSize: 9 },
  ];
  return marks.map(({ sign, at, dy, fontSize }) =>
    plot.text(logs.filter((log) => at(log) >= first), {
      x: at,
      y: ({ row }: LogState) => lanes.middle(row.node),
      text: () => sign,
      dy,
      fontSize,
    })
  );
}

function names(plot: Plot, logs: readonly LogState[], lanes: Lanes): Markish[] {
  const lines = [
    { text: ({ row }: LogState) => `node ${row.node}`, dy: -7, fontWeight: "bold" },
    {
      text: ({ row }: LogState) => {
        const condition = conditionOf(row);
        return condition === "stopped" ? "stopped" : `${condition} (${ROLES[condition].letter}${row.term})`;
      },
      dy: 7,
      fontWeight: "normal",
    },
  ];
  return lines.map(({ text, dy, fontWeight }) =>
    plot.text(logs, {
      y: ({ row }: LogState) => lanes.middle(row.node),
      text,
      frameAnchor: "left",
      textAnchor: "end",
      dx: -10,
      dy,
      fontWeight,
    })
  );
}
