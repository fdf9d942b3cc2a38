/**
 * Who leads when: one lane per node, with a bar for each role in each term (paper §5.1, Figures 4 and 5). Behind the bars:
 * divided nodes, lost messages; above them, paused clocks.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { CONDITIONS } from "../trace/words.ts";
import { BOTTOM, halo, Lanes, termRules, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, type Plot } from "./figure.ts";
import { ALL_CONDITIONS, FAINT, INK, LOSS, ROLES, SIDES } from "./palette.ts";
import type { NodeSpan, Segment, View } from "./spans.ts";
import { rolesText, scopeOf, stoppedAndNot, termStarts, thinned, viewOf } from "./spans.ts";
import { LabelRoom } from "./text.ts";

/** The lanes of a run. */
export interface RunLanes {
  readonly view: View;
  readonly axis: TimeAxis;
  readonly lanes: Lanes;
}

/**
 * The role of every node over time.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, roleLanes, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const trace = new Trace();
 * new Cluster({ nodes: 3, seed: 1, observer: trace.record }).run(20);
 * const figure = roleLanes(trace, { title: "Node 1 is elected" });
 * match(figure.alt, /Node 1 leads term 1 from tick 13/);
 * ```
 */
export function roleLanes(trace: Trace, options: ChartOptions): Figure {
  const view = viewOf(trace, options);
  if (view.scenes.length === 0) return emptyFigure(options);
  const axis = new TimeAxis(view.from, view.to, { left: 76, right: 24, top: 26, bottom: BOTTOM });
  const shades = shadeKeys([view]);
  const lanes = new Lanes(view.ids, shades.length > 0 ? 54 : view.ids.length > 5 ? 42 : 48, 26);
  const run = { view, axis, lanes };
  return figureOf(options, {
    caption:
      `One lane per node; a bar's colour, height and letter are its role, the number its term. A dashed line is the ` +
      `first tick at which any node is in a term.${axis.note()}`,
    alt: `The roles of ${scopeOf(view)}. ${rolesText(view)}`,
    keys: [...roleKeys(0.5, "with letters"), ...shades],
    ...axis.frame(),
    ...lanes.frame(26),
    marks: (plot) => [...laneAreas(plot, run), ...laneLabels(plot, run), axis.mark(plot)],
  });
}

/** What bars look like that have a part of their height, with the letters that stand in them or without. */
export function roleKeys(part: number, letters: "with letters" | "alone"): Key[] {
  return ALL_CONDITIONS.map((condition) => {
    const { one, letter } = CONDITIONS[condition];
    const { ink: _ink, ...style } = ROLES[condition];
    const label = letter === "" || letters === "alone" ? one : `${one} (${letter}, term)`;
    return { ...style, label, height: style.height * part };
  });
}

/** The keys of what else there is to see in the lanes of these runs. */
export function shadeKeys(views: readonly View[]): Key[] {
  const has = (what: "losses" | "pauses") => views.some((view) => view[what].length > 0);
  return [
    ...(has("losses") ? [{ label: "messages lost, with whom", fill: LOSS, height: 14 }] : []),
    ...sideKeys(views),
    ...(has("pauses") ? [{ label: PAUSED, stroke: INK, strokeWidth: 2, dash: "2,3", height: 0 }] : []),
  ];
}

/** One key per side, as many as there are at once. */
export function sideKeys(views: readonly View[]): Key[] {
  const most = Math.max(0, ...views.flatMap(({ divisions }) => divisions.map(({ sides }) => sides.length)));
  const look = { stroke: FAINT, strokeWidth: 0.5, height: 14 };
  return ["divided: one side", "another side", "a third side"].slice(0, most)
    .map((label, i) => ({ label, fill: SIDES[i], ...look }));
}

/** A node's place in a division. */
interface Place extends NodeSpan {
  /** The nodes on its side, itself too. */
  readonly side: readonly NodeId[];
  /** The shade of that side. */
  readonly fill: string;
}

/** The places of every node. */
function placesOf({ divisions }: View): Place[] {
  return divisions.flatMap(({ sides, from, to }) =>
    sides.flatMap((side, i) => side.map((node) => ({ node, side, fill: SIDES[i % SIDES.length], from, to })))
  );
}

/** What there is in the lanes, without its labels. */
export function laneAreas(plot: Plot, run: RunLanes): Markish[] {
  const { view, axis, lanes } = run;
  const edge = 0.48 * lanes.height;
  const loss = { fill: LOSS, ariaDescription: "messages lost" };
  const rule = { y1: lanes.top, y2: lanes.bottom, stroke: INK, strokeDasharray: "3,3", strokeWidth: 0.8 };
  const above = () => view.divisions.length > 0 ? 0 : edge;
  return [
    ...sides(plot, run),
    plot.rect(view.losses, { ...axis.across, ...lanes.around(above, () => edge), ...loss }),
    plot.ruleX(termRules(termStarts(view.segments.flat()), axis), { x: "x", ...rule, ariaDescription: "new term" }),
    ...bars(plot, run),
  ];
}

/** The shades of divided nodes. */
export function sides(plot: Plot, { view, axis, lanes }: RunLanes): Markish[] {
  const look = { fill: "fill", stroke: FAINT, strokeWidth: 0.5, ariaDescription: "divided" };
  const place = { ...axis.across, ...lanes.around(() => lanes.height / 2) };
  return view.divisions.length === 0 ? [] : [plot.rect(placesOf(view), { ...place, ...look })];
}

/** The bars, as high as a part of their usual height. */
export function bars(plot: Plot, { view, axis, lanes }: RunLanes, part = 1): Markish[] {
  const segments = thinned(view.segments, axis.bin);
  const bar = {
    ...axis.across,
    ...lanes.around(({ condition }: Segment) => ROLES[condition].height * part / 2),
    fill: ({ condition }: Segment) => ROLES[condition].fill,
    stroke: ({ condition }: Segment) => ROLES[condition].stroke,
    strokeWidth: axis.perTick < 2 ? 0.4 : part,
  };
  const [stopped, running] = stoppedAndNot(segments);
  return [
    plot.rect(running, { ...bar, ariaDescription: "roles" }),
    plot.rect(stopped, { ...bar, strokeDasharray: ROLES.stopped.dash, ariaDescription: "stopped" }),
  ];
}

/** The labels of that, and what stands above and beside the lanes. A line behind a label does not run through it. */
export function laneLabels(plot: Plot, run: RunLanes): Markish[] {
  const { view, axis, lanes } = run;
  const terms = termRules(termStarts(view.segments.flat()), axis).filter(({ label }) => label !== "");
  const above = { y: () => lanes.top, lineAnchor: "top", dy: -12 } as const;
  return [
    plot.text(terms, { x: "x", text: "label", ...above, fill: INK, ...halo() }),
    ...barLabels(plot, run),
    shadeLabels(plot, run),
    ...pauseMarks(plot, run),
    lanes.names(plot),
  ];
}

function barLabels(plot: Plot, { view, axis, lanes }: RunLanes): Markish[] {
  const segments = thinned(view.segments, axis.bin);
  return ALL_CONDITIONS.map((condition) => {
    const { letter, one } = CONDITIONS[condition];
    const fontSize = letter === "" ? 9 : 11;
    const text = ({ term }: Segment) => letter === "" ? one : `${letter}${term}`;
    const labelled = segments.filter((segment) =>
      segment.condition === condition && axis.fits(text(segment), segment, fontSize)
    );
    return plot.text(labelled, {
      x: (segment: Segment) => axis.middle(segment),
      y: ({ node }: Segment) => lanes.px(node),
      text,
      fill: ROLES[condition].ink,
      stroke: ROLES[condition].fill,
      strokeWidth: 4,
      fontSize,
      fontWeight: condition === "leader" ? "bold" : "normal",
    });
  });
}

const SIZE = 9;

/** With whom messages are lost, and who is on the same side. */
function shadeLabels(plot: Plot, { view, axis, lanes }: RunLanes): Markish {
  const room = new LabelRoom({ x1: 0, x2: Infinity, y1: 0, y2: Infinity });
  const sideText = ({ side, node }: Place) =>
    side.length === 1 ? "alone" : `with ${side.filter((other) => other !== node).join(", ")}`;
  const labels = [
    ...view.losses.map(({ peers, ...loss }) => ({ ...loss, fill: LOSS, label: `lost: ${peers.join(", ")}` })),
    ...placesOf(view).map((place) => ({ ...place, label: sideText(place) })),
  ].filter((place) =>
    axis.fits(place.label, place, SIZE) &&
    room.take(place.label, axis.middle(place), lanes.px(place.node), SIZE)
  );
  const at = {
    x: (span: NodeSpan) => axis.middle(span),
    y: ({ node }: NodeSpan) => lanes.px(node) + 0.48 * lanes.height,
  };
  const style = { dy: -5, fontSize: SIZE, fill: INK, stroke: "fill", strokeWidth: 4 };
  return plot.text(labels, { ...at, text: "label", ...style });
}

const PAUSED = "clock paused";

function pauseMarks(plot: Plot, { view: { pauses }, axis, lanes }: RunLanes): Markish[] {
  if (pauses.length === 0) return [];
  const at = {
    x: (span: NodeSpan) => axis.middle(span),
    y: ({ node }: NodeSpan) => lanes.px(node) - ROLES.leader.height / 2 - 6,
  };
  const line = { stroke: INK, strokeWidth: 2, strokeDasharray: "2,3", ariaDescription: PAUSED };
  const labelled = pauses.filter((pause) => axis.fits(PAUSED, pause, SIZE));
  return [
    plot.ruleY(pauses, { ...axis.across, y: at.y, ...line }),
    plot.text(labelled, { ...at, text: () => PAUSED, fontSize: SIZE, ...halo(), fill: INK }),
  ];
}
