/**
 * The term of every node over time, in one panel: whoever campaigns alone climbs away from the others (paper §5.1, §5.2).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId, Term } from "../raft/mod.ts";
import { capital, nodeList } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { axisLeft, BOTTOM, divisionKeys, divisionShades, halo, multiples, note, stepOf, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Plot } from "./figure.ts";
import { GRID, INK, OKABE_ITO } from "./palette.ts";
import type { Segment, View } from "./spans.ts";
import { candidaciesText, divisionsText, grouped, leadershipText, prose, scopeOf, viewOf } from "./spans.ts";
import { LabelRoom, textWidth } from "./text.ts";
import { steps, stepsOf } from "./timeline.ts";
import { groupBy } from "../trace/group.ts";

const TOP = 14;
const HEIGHT = 250;

/** Lines that would lie upon each other are this many pixels apart, or less where there are many terms. */
const APART = 3;

/** Colours that hold as lines on white. */
const COLOURS: readonly string[] = [INK].concat([4, 5, 2, 6, 0, 1].map((i) => OKABE_ITO[i]));

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
  const view = viewOf(trace, options);
  const { ids, divisions } = view;
  if (view.scenes.length === 0) return emptyFigure(options);
  const groups = endGroups(view);
  const widest = Math.max(...groups.map(({ label }) => textWidth(label)));
  const right = Math.min(250, widest + 24);
  const axis = new TimeAxis(view.from, view.to, { left: 60, right, top: TOP, bottom: BOTTOM });
  const elections = electionsIn(view);
  const places = placesIn(view);
  return figureOf(options, {
    caption:
      `One line per node, up a step with each new term; lines of equal terms are drawn side by side. A line is ` +
      `interrupted while its node is stopped. On the right: the terms at the end.${axis.note()}`,
    alt: altOf(view, groups),
    keys: [
      ...ids.map((id, i) => ({ label: `node ${id}`, height: 0, strokeWidth: 2, ...styleOf(i) })),
      ...(elections.length > 0 ? [{ label: "elected leader", sign: "●" }] : []),
      ...divisionKeys(divisions),
    ],
    height: TOP + HEIGHT + BOTTOM,
    ...axis.frame(),
    y: places.domain,
    marks: (plot) => [
      ...divisionShades(plot, divisions, axis),
      ...axisLeft(plot, multiples(stepOf(places.most / 8), 0, places.most), GRID),
      note(plot, "term", { frameAnchor: "top-left", dx: -48, dy: -12, textAnchor: "start" }),
      ...stairs(plot, view, axis, places),
      ...elected(plot, elections, axis, places),
      ...endLabels(plot, groups, places),
      axis.mark(plot),
    ],
  });
}

/** The colour and the dashes of the line of the node at this place among the nodes. */
function styleOf(place: number): { stroke: string; dash: string } {
  return { stroke: COLOURS[place % COLOURS.length], dash: place < COLOURS.length ? "none" : "6,2" };
}

/** Nodes that end in the same term, and both in words; from the greatest term to the smallest. */
function endGroups({ scenes }: View) {
  const { nodes } = scenes[scenes.length - 1].state;
  const groups = groupBy(nodes.values(), ({ term }) => term);
  return [...groups].map(([term, members]) => {
    const ids = members.map(({ node }) => node);
    const name = ids.length === nodes.size && ids.length > 2 ? "all nodes" : nodeList(ids);
    return { term, ids, label: `term ${term}: ${name}` };
  }).sort((a, b) => b.term - a.term);
}

type EndGroups = ReturnType<typeof endGroups>;

function altOf(view: View, groups: EndGroups): string {
  const segments = view.segments.flat();
  const ends = new Map(groups.flatMap(({ term, ids }) => ids.map((id) => [id, `in term ${term}`])));
  const candidacies = candidaciesText(segments);
  return prose(
    `The terms of ${scopeOf(view)}.`,
    leadershipText(segments),
    candidacies === "" ? "" : `${capital(candidacies)}.`,
    `In the end ${grouped(ends)}.`,
    divisionsText(view),
  );
}

/** When nodes became leaders. */
function electionsIn({ segments }: View): Segment[] {
  return segments.flatMap((ofNode) =>
    ofNode.filter(({ condition }, i) => condition === "leader" && ofNode[i - 1]?.condition !== condition)
  );
}

/** Where a term and a node are, in pixels. */
function placesIn({ ids, segments }: View) {
  const most = Math.max(1, ...segments.flat().map(({ term }) => term));
  const [low, high] = [-most * 0.08 - 0.02, most * 1.1];
  const py = (term: Term) => TOP + HEIGHT * (1 - (term - low) / (high - low));
  const apart = Math.min(APART, Math.max(0.5, (py(0) - py(1)) * 0.8 / ids.length));
  const domain: [number, number] = [low, high];
  return { most, domain, py, shift: (node: NodeId) => (ids.indexOf(node) - (ids.length - 1) / 2) * apart };
}

type Places = ReturnType<typeof placesIn>;

function stairs(plot: Plot, view: View, axis: TimeAxis, { shift }: Places): Markish[] {
  return view.ids.map((id, i) => {
    const { stroke, dash } = styleOf(i);
    const look = { stroke, strokeWidth: 2, strokeDasharray: dash, dy: shift(id), ariaDescription: `node ${id}` };
    return plot.line(stepsOf(view, id, ({ term }) => term, axis), { ...steps(axis), ...look });
  });
}

/** Dots where a node became leader, as far as there is room for their numbers. */
function elected(plot: Plot, elections: readonly Segment[], axis: TimeAxis, { py, shift }: Places): Markish[] {
  const room = new LabelRoom({ x1: axis.px(axis.from), x2: axis.px(axis.end), y1: 0, y2: TOP + HEIGHT });
  const seen = elections.toSorted((a, b) => a.from - b.from).filter(({ node, term, from }) =>
    room.take(`${node}`, axis.px(from), py(term) + shift(node) - 11)
  );
  const at = { x: ({ from }: Segment) => axis.px(from), y: "term" } as const;
  return seen.flatMap((election) => {
    const dy = shift(election.node);
    const label = { text: () => `${election.node}`, dy: dy - 11, fontWeight: "bold", fill: INK, ...halo(3) };
    return [plot.dot([election], { ...at, r: 3.5, fill: INK, dy }), plot.text([election], { ...at, ...label })];
  });
}

/** The terms at the end, from top to bottom, none upon another. */
function endLabels(plot: Plot, groups: EndGroups, { py }: Places): Markish[] {
  let free = 0;
  const places = groups.map(({ term }) => {
    free = Math.max(py(term), free) + 15;
    return free - 15;
  });
  const over = Math.max(0, free - 15 - (TOP + HEIGHT));
  const anchors = { frameAnchor: "right", textAnchor: "start", dx: 8 } as const;
  return groups.map((group, i) =>
    plot.text([group], { y: "term", text: "label", ...anchors, dy: places[i] - over - py(group.term) })
  );
}
