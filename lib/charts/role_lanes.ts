/**
 * Who leads when: one lane per node, with a bar for each role in each term (paper §5.1, Figures 4 and 5). Behind the bars:
 * divided nodes, lost messages; above them, paused clocks.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { TimerSummary } from "../trace/rows.ts";
import type { Trace } from "../trace/trace.ts";
import { CONDITIONS } from "../trace/words.ts";
import { askedText, READ, readsIn, readsText } from "./asked.ts";
import { BOTTOM, halo, Lanes, REQUESTS, RESTARTED, type RunLanes, termLabels, termRules, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, lookOf, type Plot } from "./figure.ts";
import { configurationMarks, EVERYWHERE, requestMarks, SIZE, TRANSFER, transferMarks } from "./lane_marks.ts";
import { standingMarks, STANDINGS } from "./members.ts";
import { ALL_CONDITIONS, FAINT, GRID, INK, LOSS, PAPER, ROLES, SIDES } from "./palette.ts";
import type { Loss, NodeSpan, Segment, View } from "./spans.ts";
import { momentsOf, prose, restartsIn, rolesText, scopeOf, segmentsOf, termStarts, viewOf } from "./spans.ts";
import { LabelRoom, TEXT_SIZE } from "./text.ts";

/** The height of a lane. */
const LANE = 54;

/** What is added to it where a leader's configuration stands below its bar. */
const CONFIGURED = 28;

/** The height of a lane of one of these runs. */
export function laneHeight(views: readonly View[], least = LANE): number {
  return least + (views.some(({ configurations }) => configurations.length > 0) ? CONFIGURED : 0);
}

/** How many rows of labels there are above the lanes, for terms. */
const TERM_ROWS = 2;

/** What bars of roles look like. */
export const ROLE_KEYS: readonly Key[] = ALL_CONDITIONS.map((condition) => {
  const { fill, stroke, dash, height } = ROLES[condition];
  return { label: CONDITIONS[condition].one, fill, stroke, dash, height: height / 2 };
});

const LOST: Key = { label: "messages lost", fill: LOSS, height: 14 };

/** One key per side; where there are more sides than that, they come round again. */
const SIDE_KEYS: readonly Key[] = ["divided: one side", "another side", "a third side"]
  .map((label, i) => ({ label, fill: SIDES[i], stroke: FAINT, strokeWidth: 0.5, height: 14 }));

const PAUSED: Key = { label: "clock paused", stroke: INK, strokeWidth: 2, dash: "2,3", height: 0 };

const TIMER: Key = { label: "ticks until its election timeout", stroke: INK, strokeWidth: 0.9, height: 0 };

const MEMBERS_CAPTION =
  " Below a leader's bar stands its configuration, from the tick at which it is in force there. A node that is no voter in its " +
  "own configuration is hatched if it is a learner, pale and dashed if it is outside.";

const TIMER_CAPTION =
  " The thin line above a node's bars is its election timer: as high as there are ticks left until it " +
  "campaigns. It jumps where the timer is reset; a number is the timeout that was drawn.";

/** The height of a timer that has its longest timeout left, and that of a lane with room for it. */
const TIMER_HEIGHT = 24;
const TIMED_LANE = 2 * (30 + TIMER_HEIGHT);

/** What role lanes can be told. */
export interface RoleLanesOptions extends ChartOptions {
  /** Draw each node's election timer. */
  readonly timers?: boolean;
}

/** What there is to see in lanes. */
export const LANE_KEYS: readonly Key[] = [
  ...ROLE_KEYS,
  ...Object.values(STANDINGS),
  RESTARTED,
  LOST,
  ...SIDE_KEYS,
  PAUSED,
  TRANSFER,
];

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
export function roleLanes(trace: Trace, options: RoleLanesOptions): Figure {
  const view = viewOf(trace, options);
  if (view.scenes.length === 0) return emptyFigure(options);
  const { timers = false } = options;
  const axis = new TimeAxis(view.from, view.to, { left: 76, right: 24, top: 26, bottom: BOTTOM });
  const lanes = new Lanes(view.ids, laneHeight([view], timers ? TIMED_LANE : LANE), 26);
  const run = { view, axis, lanes };
  const reads = readsIn(trace, view);
  return figureOf(options, {
    caption:
      `One lane per node; a bar's colour, height and letter are its role, the number its term. A dashed line is the ` +
      `first tick at which any node is in a term.${view.configurations.length > 0 ? MEMBERS_CAPTION : ""}${
        timers ? TIMER_CAPTION : ""
      }` +
      axis.note(),
    alt: prose(
      `The roles of ${scopeOf(view)}. ${rolesText(view)}`,
      askedText(view),
      readsText(reads),
      timers ? timeoutsText(view) : "",
    ),
    keys: [...LANE_KEYS, ...REQUESTS, READ, TIMER],
    ...axis.frame(),
    ...lanes.frame(),
    marks: (plot) => {
      const room = new LabelRoom(EVERYWHERE);
      const requests = requestMarks(plot, run, reads, room);
      return [
        ...laneAreas(plot, run),
        ...(timers ? timerMarks(plot, run) : []),
        ...laneLabels(plot, run, room),
        ...requests,
        axis.mark(plot),
      ];
    },
  });
}

/** Each node's election timer, above its bars: as high as there are ticks left. */
function timerMarks(plot: Plot, { view, axis, lanes }: RunLanes): Markish[] {
  const most = Math.max(
    1,
    ...view.scenes.flatMap(({ state }) => [...state.nodes.values()].map(({ timer }) => timer?.timeout ?? 0)),
  );
  const base = (id: NodeId) => lanes.px(id) - 22;
  const height = (id: NodeId, left: Ticks) => base(id) - (Math.max(0, left) / most) * TIMER_HEIGHT;
  const room = new LabelRoom({ x1: 0, x2: axis.px(axis.end), y1: 0, y2: Infinity });
  const points: { id: NodeId; x: number; y: number }[] = [];
  const labels: { x: number; y: number; text: string }[] = [];
  for (const id of view.ids) {
    let before: TimerSummary | null = null;
    for (const { from, state: { timer, clockPaused } } of momentsOf(view.scenes, id)) {
      const x = axis.px(from);
      const left = timer === null ? NaN : timer.timeout - timer.elapsed;
      const due: number = before === null ? NaN : before.timeout - before.elapsed - (clockPaused ? 0 : 1);
      // Where it did not go down by a tick, it was reset: down first, and then up.
      if (left !== due) points.push({ id, x, y: height(id, due) });
      points.push({ id, x, y: height(id, left) });
      const text = `${timer?.timeout}`;
      const label = { x: x + 9, y: height(id, timer?.timeout ?? 0) - 5, text };
      if (timer !== null && timer.timeout !== before?.timeout && room.take(text, label.x, label.y, SIZE)) {
        labels.push(label);
      }
      before = timer;
    }
  }
  return [
    plot.ruleY(view.ids, { y: base, x1: axis.px(axis.from), x2: axis.px(axis.end), stroke: GRID }),
    plot.line(points, { ...lookOf(TIMER), x: "x", y: "y", z: "id" }),
    plot.text(labels, { x: "x", y: "y", text: "text", fontSize: SIZE, fill: FAINT, ...halo(2) }),
  ];
}

/** The election timeouts that each node drew. */
function timeoutsText({ scenes, ids }: View): string {
  return prose(...ids.map((id) => {
    const all = momentsOf(scenes, id).map(({ state }) => state.timer?.timeout ?? null);
    const drawn = all.filter((timeout, i) => timeout !== null && timeout !== all[i - 1]);
    const more = drawn.length > 8 ? " and others" : "";
    return drawn.length === 0 ? "" : `Node ${id}'s election timeouts are ${drawn.slice(0, 8).join(", ")}${more}.`;
  }));
}

/** A node's place in a division. */
interface Place extends NodeSpan {
  /** The nodes on its side, itself too. */
  readonly side: readonly NodeId[];
  /** How that side looks. */
  readonly key: Key;
}

/** The places of every node. */
function placesOf({ divisions }: View): Place[] {
  return divisions.flatMap(({ sides, from, to }) =>
    sides.flatMap((side, i) => side.map((node) => ({ node, side, key: SIDE_KEYS[i % SIDE_KEYS.length], from, to })))
  );
}

/** What there is in the lanes, without its labels. */
export function laneAreas(plot: Plot, run: RunLanes): Markish[] {
  const { view, axis, lanes } = run;
  const edge = 0.48 * lanes.height;
  const rule = { y1: lanes.top, y2: lanes.bottom, stroke: INK, strokeDasharray: "3,3", strokeWidth: 0.8 };
  const loss = { ...axis.across, ...lanes.around(view.divisions.length > 0 ? 0 : edge, edge) };
  return [
    ...sides(plot, run),
    plot.rect(view.losses, { ...loss, ...lookOf(LOST) }),
    plot.ruleX(termRules(termStarts(view), axis, TERM_ROWS), { x: "x", ...rule, ariaDescription: "new term" }),
    ...bars(plot, run),
  ];
}

/** The shades of divided nodes. */
export function sides(plot: Plot, { view, axis, lanes }: RunLanes): Markish[] {
  return SIDE_KEYS.map((side) => {
    const places = placesOf(view).filter(({ key }) => key === side);
    return plot.rect(places, { ...axis.across, ...lanes.around(lanes.height / 2), ...lookOf(side) });
  });
}

/** The bars, as high as a part of their usual height. */
export function bars(plot: Plot, { view, axis, lanes }: RunLanes, part = 1): Markish[] {
  const strokeWidth = axis.perTick < 2 ? 0.4 : part;
  const roles = ALL_CONDITIONS.map((condition, i) => {
    const segments = axis.binned(segmentsOf(view, condition));
    const place = { ...axis.across, ...lanes.around(ROLES[condition].height * part / 2) };
    return plot.rect(segments, { ...place, ...lookOf(ROLE_KEYS[i]), strokeWidth });
  });
  const edge = ({ condition }: Segment) => ROLES[condition].height * part / 2;
  return [
    ...roles,
    ...standingMarks(plot, axis.binned(view.segments), {
      ...axis.across,
      y1: (segment) => lanes.px(segment.node) - edge(segment),
      y2: (segment) => lanes.px(segment.node) + edge(segment),
    }),
  ];
}

/**
 * The labels of that, where there is room, and what stands above and beside the lanes. A line behind a label does not run
 * through it.
 */
export function laneLabels(plot: Plot, run: RunLanes, room = new LabelRoom(EVERYWHERE)): Markish[] {
  const { view, axis, lanes } = run;
  const above = { y: () => lanes.top, lineAnchor: "top", dy: -12, fill: INK, ...halo() } as const;
  return [
    ...termLabels(plot, termRules(termStarts(view), axis, TERM_ROWS), TERM_ROWS, -1, above),
    ...barLabels(plot, run),
    ...transferMarks(plot, run, room),
    ...configurationMarks(plot, run, room),
    ...marksBelow(plot, run, room),
    pauseMark(plot, run),
    lanes.names(plot, axis),
  ];
}

/** Role and term of each bar, and what a node is that does not vote, where there is room. */
function barLabels(plot: Plot, { view, axis, lanes }: RunLanes): Markish[] {
  return ALL_CONDITIONS.flatMap((condition) => {
    const { letter, one } = CONDITIONS[condition];
    const { ink, fill } = ROLES[condition];
    const fontWeight = condition === "leader" ? "bold" : "normal";
    const labelled = axis.binned(segmentsOf(view, condition)).flatMap((segment) => {
      const role = letter === "" ? one : `${letter}${segment.term}`;
      const texts = segment.standing === "voter" ? [role] : [`${role}, ${segment.standing}`, role];
      const text = texts.find((text) => axis.fits(text, segment, TEXT_SIZE, fontWeight));
      return text === undefined ? [] : [{ ...segment, text }];
    });
    const [inside, outside] = [false, true].map((is) =>
      labelled.filter(({ standing }) => (standing === "outside") === is)
    );
    const place = {
      x: (segment: Segment) => axis.middle(segment),
      y: ({ node }: Segment) => lanes.px(node),
      fontWeight,
      text: "text",
      strokeWidth: 4,
    };
    return [
      plot.text(inside, { ...place, fill: ink, stroke: fill }),
      ...(outside.length === 0 ? [] : [plot.text(outside, { ...place, fill: INK, stroke: PAPER })]),
    ];
  });
}

/** Below the bars: where nodes are restarted, with whom messages are lost, and who is on the same side. */
function marksBelow(plot: Plot, { view, axis, lanes }: RunLanes, room: LabelRoom): Markish[] {
  const below = (node: NodeId) => lanes.px(node) + ROLES.leader.height / 2 + 6;
  const restarts = restartsIn(view).map(({ node, tick }) => ({ x: axis.px(tick), y: below(node) }))
    .filter(({ x, y }) => room.take("▲", x, y, SIZE));
  const sideText = ({ side, node }: Place) =>
    side.length === 1 ? "alone" : `with ${side.filter((other) => other !== node).join(", ")}`;
  const labels = [
    ...view.losses.map((loss) => ({ ...loss, key: LOST, label: lossText(loss) })),
    ...placesOf(view).map((place) => ({ ...place, label: sideText(place) })),
  ].map((shade) => ({
    ...shade,
    x: axis.middle(shade),
    y: lanes.px(shade.node) + 0.48 * lanes.height - 5,
    fill: shade.key.fill,
  })).filter((shade) => axis.fits(shade.label, shade, SIZE) && room.take(shade.label, shade.x, shade.y, SIZE));
  const style = { x: "x", y: "y", fontSize: SIZE, fill: INK } as const;
  return [
    plot.text(restarts, { ...lookOf(RESTARTED), ...style, text: () => RESTARTED.sign }),
    plot.text(labels, { ...style, text: "label", stroke: "fill", strokeWidth: 4 }),
  ];
}

/** With whom: `lost: to 2, 3 and from 2`. */
function lossText({ receivers, senders }: Loss): string {
  const [to, from] = [receivers.join(", "), senders.join(", ")];
  if (to === from) return `lost: to and from ${to}`;
  return `lost: ${
    [to === "" ? "" : `to ${to}`, from === "" ? "" : `from ${from}`].filter((part) => part !== "").join(", ")
  }`;
}

function pauseMark(plot: Plot, { view, axis, lanes }: RunLanes): Markish {
  const y = ({ node }: NodeSpan) => lanes.px(node) - ROLES.leader.height / 2 - 6;
  return plot.ruleY(view.pauses, { ...axis.across, y, ...lookOf(PAUSED) });
}
