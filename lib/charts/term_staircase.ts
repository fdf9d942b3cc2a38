/**
 * The term of every node over time, in one panel: whoever campaigns alone climbs away from the others (paper §5.1, §5.2).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId, Term } from "../raft/mod.ts";
import { count, nodeList } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { axisLeft, BOTTOM, DIVIDED, divisionShades, halo, multiples, note, stepOf, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, lookOf, type Plot } from "./figure.ts";
import { GRID, INK, OKABE_ITO } from "./palette.ts";
import type { View } from "./spans.ts";
import { divisionsText, grouped, leadershipText, prose, scopeOf, segmentsOf, sharing, viewOf } from "./spans.ts";
import { LabelRoom, TEXT_SIZE, textWidth } from "./text.ts";
import { stepsOf } from "./timeline.ts";

const TOP = 14;
const HEIGHT = 250;

/** Lines that would lie upon each other are this many pixels apart, or less where there are many terms. */
const APART = 3;

/** Colours that hold as lines on white. */
const COLOURS: readonly string[] = [INK].concat([4, 5, 2, 6, 0, 1].map((i) => OKABE_ITO[i]));

const ELECTED: Key = { label: "elected leader", sign: "●" };

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
  const { ids } = view;
  if (view.scenes.length === 0) return emptyFigure(options);
  const groups = endGroups(view);
  const widest = Math.max(...groups.map(({ label }) => textWidth(label)));
  const right = Math.min(250, widest + 24);
  const axis = new TimeAxis(view.from, view.to, { left: 60, right, top: TOP, bottom: BOTTOM });
  const scale = scaleOf(view);
  return figureOf(options, {
    caption:
      `One line per node, up a step with each new term; lines of equal terms are drawn side by side. A line is ` +
      `interrupted while its node is stopped. On the right: the terms at the end.${axis.note()}`,
    alt: altOf(view, groups),
    keys: [...ids.map(keyOf), ELECTED, DIVIDED],
    height: TOP + HEIGHT + BOTTOM,
    ...axis.frame(),
    y: scale.domain,
    marks: (plot) => [
      divisionShades(plot, view.divisions, axis),
      ...axisLeft(plot, multiples(stepOf(scale.most / 8), 0, scale.most), GRID),
      note(plot, "term", { frameAnchor: "top-left", dx: -48, dy: -12, textAnchor: "start" }),
      ...ids.map((id, i) => stairs(plot, view, axis, scale, keyOf(id, i))),
      ...elected(plot, view, axis, scale),
      endLabels(plot, groups, scale),
      axis.mark(plot),
    ],
  });
}

/** How the line of a node looks that is at this place among the nodes. */
function keyOf(id: NodeId, place: number): Key & { readonly id: NodeId } {
  const dash = place < COLOURS.length ? "none" : "6,2";
  return { id, label: `node ${id}`, stroke: COLOURS[place % COLOURS.length], strokeWidth: 2, dash, height: 0 };
}

/** Nodes that end in the same term, and both in words; from the greatest term to the smallest. */
function endGroups({ scenes }: View) {
  const terms = new Map([...scenes[scenes.length - 1].state.nodes].map(([id, { term }]) => [id, term]));
  return sharing(terms).map(([term, ids]) => ({ term, ids, label: `term ${term}: ${nodeList(ids)}` }))
    .sort((a, b) => b.term - a.term);
}

type EndGroups = ReturnType<typeof endGroups>;

function altOf(view: View, groups: EndGroups): string {
  const ends = new Map(groups.flatMap(({ term, ids }) => ids.map((id) => [id, `in term ${term}`])));
  return prose(
    `The terms of ${scopeOf(view)}; ${count(segmentsOf(view, "candidate").length, "candidacy", "candidacies")}.`,
    leadershipText(view),
    `In the end ${grouped(ends)}.`,
    divisionsText(view),
  );
}

/** The scale of terms, and how much of it a pixel is; lines of equal terms are a little apart. */
function scaleOf({ ids, segments }: View) {
  const most = segments.reduce((most, { term }) => Math.max(most, term), 1);
  const domain: [number, number] = [-most * 0.08 - 0.02, most * 1.1];
  const pixel = (domain[1] - domain[0]) / HEIGHT;
  const apart = Math.min(APART * pixel, 0.8 / ids.length);
  const y = (node: NodeId, term: Term) => term + ((ids.length - 1) / 2 - ids.indexOf(node)) * apart;
  return { most, domain, pixel, y };
}

type Scale = ReturnType<typeof scaleOf>;

function stairs(plot: Plot, view: View, axis: TimeAxis, { y }: Scale, key: ReturnType<typeof keyOf>): Markish {
  const steps = stepsOf(view, key.id, ({ node, term }) => y(node, term), axis);
  return plot.line(steps, { ...lookOf(key), x: "x", y: "y", strokeLinecap: "butt" });
}

/** Dots where a node became leader, as far as there is room for their numbers. */
function elected(plot: Plot, view: View, axis: TimeAxis, { domain: [low], pixel, y }: Scale): Markish[] {
  const room = new LabelRoom({ x1: axis.px(axis.from), x2: axis.px(axis.end), y1: 0, y2: TOP + HEIGHT });
  const seen = segmentsOf(view, "leader").map(({ node, term, from }) => ({ node, x: axis.px(from), y: y(node, term) }))
    .filter(({ node, x, y }) => room.take(`${node}`, x, TOP + HEIGHT - (y - low) / pixel - 11, TEXT_SIZE, "bold"));
  const label = { text: "node", dy: -11, fontWeight: "bold", fill: INK, ...halo(3) } as const;
  return [
    plot.dot(seen, { ...lookOf(ELECTED), x: "x", y: "y", r: 3.5, fill: INK }),
    plot.text(seen, { x: "x", y: "y", ...label }),
  ];
}

/** The terms at the end, from top to bottom, none upon another. */
function endLabels(plot: Plot, groups: EndGroups, { domain: [low], pixel }: Scale): Markish {
  let above = Infinity;
  const placed = groups.map(({ term, label }) => {
    above = Math.min(term, above - 15 * pixel);
    return { label, y: above };
  });
  const up = Math.max(0, low - above);
  const anchors = { frameAnchor: "right", textAnchor: "start", dx: 8 } as const;
  return plot.text(placed, { y: ({ y }) => y + up, text: "label", ...anchors });
}
