/**
 * The drawing of a timeline.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { NodeRow } from "../trace/rows.ts";
import type { Index, NodeId, Term, Ticks } from "../raft/mod.ts";
import { BOTTOM, type Margins, stepOf, termRules, type TimeAxis } from "./chart.ts";
import { type History, type Segment, type Step, stepsOf, thinned } from "./history.ts";
import { divisionShades } from "./lane_shades.ts";
import { FAINT, INK, ROLES } from "./palette.ts";
import type { Plot } from "./svg.ts";

/** The three lines, from the one behind to the one in front. */
export const LINES = [
  { name: "commit", of: ({ commit }: NodeRow) => commit, stroke: "#56B4E9", strokeWidth: 4.5, dash: "none" },
  { name: "last log index", of: ({ lastIndex }: NodeRow) => lastIndex, stroke: INK, strokeWidth: 1, dash: "none" },
  { name: "applied", of: ({ applied }: NodeRow) => applied, stroke: "#D55E00", strokeWidth: 2, dash: "4,3" },
] as const;

/** The height of a node's facet, and the gap to the next one. */
const FACET = 80;
const GAP = 14;
const TOP = 8;

/** The room around the facets. */
export const TIMELINE_MARGINS: Margins = { left: 96, right: 96, top: TOP };

/** The height of the plot. */
export function timelineHeight(nodes: number): number {
  return TOP + nodes * (FACET + GAP) - GAP + BOTTOM;
}

/** The plot. */
export function timelinePlot(plot: Plot, history: History, axis: TimeAxis, stops: readonly Segment[]): PlotOptions {
  const { ids, nodes } = history;
  const rows = [...nodes.values()];
  const most = Math.max(1, ...rows.map((ofNode) => ofNode.reduce((max, { lastIndex }) => Math.max(max, lastIndex), 0)));
  return {
    marginLeft: axis.margins.left,
    marginRight: axis.margins.right,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: axis.scale(),
    y: { axis: null, domain: [-most * 0.06, most * 1.3] },
    fy: { axis: null, domain: ids, padding: ids.length === 1 ? 0 : GAP / (FACET + GAP) },
    marks: [
      ...divisionShades(plot, history),
      ...indexAxis(plot, ids, most),
      ...stopMarks(plot, history, axis, stops),
      ...termMarks(plot, history, axis),
      ...LINES.map((line) => stepLine(plot, rows, axis, line)),
      plot.text(ids, { fy: (id) => id, text: (id) => `node ${id}`, frameAnchor: "left", dx: -84, fontSize: 12 }),
      ...endLabels(plot, rows),
      ...axis.marks(plot),
    ],
  };
}

/** Whole indices, five at most. */
function indexAxis(plot: Plot, ids: readonly NodeId[], most: Index): Markish[] {
  const step = stepOf(most / 4);
  const indices = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  const grid = ids.flatMap((node) => indices.map((index) => ({ node, index })));
  return [
    plot.ruleY(grid, { fy: "node", y: "index", stroke: "#dddddd" }),
    plot.axisY(indices, { tickSize: 3, fontSize: 10, label: null, tickFormat: (index: Index) => `${index}` }),
  ];
}

/** Where a node was stopped, and where it was restarted. */
function stopMarks(plot: Plot, { faults }: History, axis: TimeAxis, stops: readonly Segment[]): Markish[] {
  const restarts = faults.filter(({ fault }) => fault === "restart");
  return [
    plot.rectX(stops.flatMap((stop) => thinned([stop], axis.bin)), {
      fy: "node",
      x1: "from",
      x2: ({ to }: Segment) => to + 1,
      fill: "#e6e6e6",
      stroke: ROLES.stopped.fill,
      strokeDasharray: "4,2",
      ariaDescription: "stopped",
    }),
    plot.text(restarts, {
      fy: "node",
      x: ({ tick }) => tick + 1,
      frameAnchor: "bottom",
      text: () => "▲",
      dy: -2,
      fontSize: 12,
    }),
  ];
}

/** Where a node's term changes. */
function termMarks(plot: Plot, { nodes }: History, axis: TimeAxis): Markish[] {
  const rules = [...nodes].flatMap(([node, rows]) => termRules(changes(rows), axis).map((rule) => ({ ...rule, node })));
  const halo = { stroke: "white", strokeWidth: 3 };
  return [
    plot.ruleX(rules, { fy: "node", x: "tick", stroke: FAINT, strokeDasharray: "3,3", strokeWidth: 0.8 }),
    plot.text(rules.filter(({ label }) => label !== ""), {
      fy: "node",
      x: "tick",
      text: "label",
      frameAnchor: "top",
      dy: 4,
      fontSize: 10,
      fill: FAINT,
      ...halo,
    }),
  ];
}

function stepLine(
  plot: Plot,
  rows: readonly (readonly NodeRow[])[],
  axis: TimeAxis,
  { name, of, stroke, strokeWidth, dash }: typeof LINES[number],
): Markish {
  const points = rows.flatMap((ofNode) => stepsOf(ofNode, of, axis.bin, axis.end));
  return plot.line(points, {
    x: "tick",
    y: (point: Step) => point.value ?? NaN,
    z: null,
    fy: "node",
    curve: "step-after",
    stroke,
    strokeWidth,
    strokeDasharray: dash,
    strokeLinecap: "butt",
    ariaDescription: name,
  });
}

/** The values at the end, right of the lines. */
function endLabels(plot: Plot, rows: readonly (readonly NodeRow[])[]): Markish[] {
  const ends = rows.flatMap((ofNode) => ofNode.slice(-1));
  const texts: ((row: NodeRow) => string)[] = [
    ({ lastIndex }) => `last ${lastIndex}`,
    ({ commit }) => `commit ${commit}`,
    ({ applied }) => `applied ${applied}`,
    ({ running }) => (running ? "" : "(stopped)"),
  ];
  return texts.map((text, i) =>
    plot.text(ends.filter((row) => text(row) !== ""), {
      fy: "node",
      text,
      frameAnchor: "right",
      textAnchor: "start",
      dx: 8,
      dy: -20 + 15 * i,
    })
  );
}

/** When a node's own term changed. */
function changes(rows: readonly NodeRow[]): { term: Term; tick: Ticks }[] {
  return rows.filter(({ term }, i) => term > 0 && term !== (i === 0 ? 0 : rows[i - 1].term));
}
