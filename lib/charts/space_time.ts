/**
 * Messages between lanes of time, after Lamport's space-time diagrams: who said what to whom, when it arrived, what was lost.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Ticks } from "../raft/mod.ts";
import type { MessageRow } from "../trace/rows.ts";
import { count } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { CONDITIONS, entryCount, isRejection, MESSAGES, type NodeCondition, type Topic } from "../trace/words.ts";
import { BOTTOM, halo, Lanes, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, lookOf, type Plot } from "./figure.ts";
import { ALARM, ALL_CONDITIONS, FAINT, INK, ROLES, TOPICS } from "./palette.ts";
import { leadershipText, prose, scopeOf, type Segment, segmentsOf, stopsText, type View, viewOf } from "./spans.ts";
import { type Box, LabelRoom } from "./text.ts";
import { groupBy } from "../trace/group.ts";

/** The most messages that one figure shows. */
const MOST = 60;

const LANE_WIDTHS: Readonly<Record<NodeCondition, number>> = {
  follower: 3,
  preCandidate: 4,
  candidate: 5,
  leader: 8,
  stopped: 2,
};

/** What the line of a lane looks like, for each of the conditions. */
const LANE_LINES: readonly Key[] = ALL_CONDITIONS.map((condition) => {
  const { fill, dash } = ROLES[condition];
  return { label: CONDITIONS[condition].one, stroke: fill, strokeWidth: LANE_WIDTHS[condition], dash, height: 0 };
});

const TOPIC_LABELS = { vote: "votes", append: "log", snapshot: "log", proposal: "log", heartbeat: "heartbeats" };

/** What the line of a message looks like. */
function lineOf(topic: Topic): Key {
  return { label: TOPIC_LABELS[topic], stroke: TOPICS[topic], height: 0 };
}

const LOST: Key = { label: "lost (×)", stroke: FAINT, dash: "4,3", height: 0 };

const KEYS: readonly Key[] = [...LANE_LINES, ...(["vote", "append", "heartbeat"] as const).map(lineOf), LOST];

/**
 * The messages that were sent in these ticks, and what became of them: at most 60.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, spaceTime, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const trace = new Trace();
 * new Cluster({ nodes: 3, seed: 1, observer: trace.record }).run(14);
 * const figure = spaceTime(trace, { title: "Two votes make node 1 the leader", from: 10 });
 * match(figure.alt, /2 RequestVote, 2 RequestVoteResponse/);
 * ```
 */
export function spaceTime(trace: Trace, options: ChartOptions): Figure {
  const whole = viewOf(trace, options);
  if (whole.scenes.length === 0) return emptyFigure(options);
  const flights = flightsIn(trace, whole);
  const { shown, note } = choose(flights);
  // Where nothing else is said, the figure begins shortly before the first message and ends with the last one shown.
  const first = shown.at(0)?.sent ?? whole.from;
  const last = Math.max(first, ...shown.map(({ sent, ended }) => ended ?? sent));
  const window = { from: Math.max(whole.from, first - 1), to: shown.length < flights.length ? last : whole.to };
  const view = viewOf(trace, { ...window, ...options });
  const axis = new TimeAxis(view.from, view.to, { left: 76, right: 24, top: 18, bottom: BOTTOM });
  const { ids } = view;
  const lanes = new Lanes(ids, ids.length <= 3 ? 96 : ids.length <= 5 ? 80 : 64, 18);
  const arrows = shown.toSorted((a, b) => urgency(a) - urgency(b)).map((flight) => arrowOf(flight, axis, lanes));
  return figureOf(options, {
    caption:
      `One lane per node, thicker for a candidate, thickest for a leader. An arrow is a message, from when it was sent to ` +
      `when it arrived; a thick one carries entries ("+1"). A lost one is dashed and ends in ×; a dotted one is on its way. ` +
      `Names are left out where there is no room.${note}${axis.note()}`,
    alt: altOf(whole, flights, shown.length, view),
    keys: KEYS,
    ...axis.frame(),
    ...lanes.frame(),
    marks: (plot) => [
      ...laneMarks(plot, view, axis, lanes),
      ...arrowMarks(plot, arrows),
      labels(plot, arrows, axis, lanes),
      lanes.names(plot, axis),
      axis.mark(plot),
    ],
  });
}

/** A message from when it was sent to when it arrived, or was lost. */
interface Flight {
  readonly message: MessageRow;
  readonly sent: Ticks;
  /** When it arrived or was lost; `null` if it is on its way. */
  readonly ended: Ticks | null;
  readonly fate: "delivered" | "lost" | "on its way";
}

/** The messages that were sent in these ticks, in the order of sending. */
function flightsIn(trace: Trace, { from, to }: View): Flight[] {
  const flights = new Map<number, Flight>();
  for (const row of trace.of("message")) {
    const { id, tick, event } = row;
    const flight = flights.get(id);
    if (event === "sent" && tick >= from && tick <= to) {
      flights.set(id, { message: row, sent: tick, ended: null, fate: "on its way" });
    } else if (event !== "sent" && flight !== undefined && tick <= to) {
      flights.set(id, { ...flight, ended: tick, fate: event === "delivered" ? event : "lost" });
    }
  }
  return [...flights.values()];
}

/** At most 60 of `flights`, and what is left out: heartbeats first, then whatever was sent last. */
function choose(flights: readonly Flight[]): { shown: readonly Flight[]; note: string } {
  const all = flights.length;
  if (all <= MOST) return { shown: flights, note: "" };
  const others = flights.filter((flight) => urgency(flight) > 0);
  const shown = others.slice(0, MOST);
  const heartbeats = all - others.length;
  const left = [
    heartbeats === 0 ? "" : `${heartbeats} heartbeats and answers to them`,
    others.length <= MOST ? "" : `${others.length - MOST} messages sent from tick ${others[MOST].sent} on`,
  ].filter((part) => part !== "").join(", and ");
  return { shown, note: ` Of ${all} messages ${shown.length} are shown; left out are ${left}.` };
}

/** How much a message matters: what carries entries most, heartbeats least. */
function urgency({ message }: Flight): number {
  if (entryCount(message) > 0) return 3;
  const { topic, isAnswer } = MESSAGES[message.type];
  return topic === "heartbeat" ? 0 : isAnswer ? 1 : 2;
}

function altOf(whole: View, flights: readonly Flight[], shown: number, view: View): string {
  const all = flights.length;
  const kinds = groupBy(flights, ({ message }) => message.type);
  const kindsText = [...kinds].map(([type, { length }]) => `${length} ${type}`).join(", ");
  const fates = (fate: Flight["fate"]) => flights.filter((flight) => flight.fate === fate).length;
  const sent = `${count(all, "message")} ${all === 1 ? "is" : "are"} sent`;
  return prose(
    `Messages of ${scopeOf(whole)}${shown < all ? `, ${shown} of them drawn` : ""}.`,
    all === 0
      ? "No message is sent."
      : `${sent}, from tick ${flights[0].sent} to ${flights[all - 1].sent}: ${kindsText}; ` +
        `delivered ${fates("delivered")}, lost ${fates("lost")}, on its way in the end ${fates("on its way")}.`,
    leadershipText(view),
    stopsText(view),
  );
}

/** An arrow, in pixels. */
interface Arrow extends Box {
  readonly flight: Flight;
}

/** A message that arrives goes all the way, one that is lost or on its way half a lane. */
function arrowOf(flight: Flight, axis: TimeAxis, lanes: Lanes): Arrow {
  const { message: { from, to }, sent, ended, fate } = flight;
  const [x1, y1, y] = [axis.px(sent), lanes.px(from), lanes.px(to)];
  const end = fate === "delivered" ? ended ?? sent : Math.max(ended ?? sent, sent + 1);
  const part = fate === "delivered" ? 1 : 0.5 / Math.max(1, Math.abs(y - y1) / lanes.height);
  return { flight, x1, y1, x2: x1 + (axis.px(end) - x1) * part, y2: y1 + (y - y1) * part };
}

function laneMarks(plot: Plot, view: View, axis: TimeAxis, lanes: Lanes): Markish[] {
  return ALL_CONDITIONS.map((condition, i) => {
    const place = { y: ({ node }: Segment) => lanes.px(node), ...axis.across, strokeLinecap: "butt" } as const;
    return plot.ruleY(axis.binned(segmentsOf(view, condition)), { ...place, ...lookOf(LANE_LINES[i]) });
  });
}

/** The arrows, the lost ones last, with a × at their end. */
function arrowMarks(plot: Plot, arrows: readonly Arrow[]): Markish[] {
  const [lost, others] = [true, false].map((is) => arrows.filter(({ flight }) => (flight.fate === "lost") === is));
  const cross = { symbol: "times", r: 4.5, stroke: ALARM, strokeWidth: 2, ariaDescription: LOST.label } as const;
  return [
    ...[...others, ...lost].map((arrow) => {
      const { message, fate } = arrow.flight;
      const carries = entryCount(message) > 0;
      const line = { x1: "x1", y1: "y1", x2: "x2", y2: "y2", ...lookOf(lineOf(MESSAGES[message.type].topic)) };
      const look = { ...line, strokeWidth: carries ? 2.6 : 1 } as const;
      if (fate !== "delivered") {
        return plot.link([arrow], { ...look, strokeDasharray: fate === "lost" ? LOST.dash : "1,3" });
      }
      return plot.arrow([arrow], { ...look, headLength: carries ? 5 : 9, headAngle: 45, insetEnd: 2 });
    }),
    plot.dot(lost, { x: "x2", y: "y2", ...cross }),
  ];
}

const SIZE = 10;

/** Half the length of an arrow's head. */
const HEAD = 8;

/** Where on its arrow a label may stand, the best place first. */
const PLACES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];

/**
 * The labels for which there is room: what carries entries first, heartbeats last. Arrows that lie upon each other share
 * one; a label leaves the lines of the lanes free.
 */
function labels(plot: Plot, arrows: readonly Arrow[], axis: TimeAxis, lanes: Lanes): Markish {
  const room = new LabelRoom({ x1: axis.margins.left, x2: axis.px(axis.end) + 10, y1: 0, y2: lanes.bottom });
  for (const arrow of arrows) room.keepFree(...endOf(arrow));
  const urgent = arrows.toSorted((a, b) => urgency(b.flight) - urgency(a.flight));
  const ways = groupBy(urgent, ({ x1, y1, x2, y2 }) => [x1, y1, x2, y2].join());
  const placed = [...ways.values()].flatMap((way) => {
    const [{ flight, x1, y1, x2, y2 }] = way;
    const places = flight.fate === "delivered" ? PLACES : [0.45];
    const text = together(way.map((arrow) => labelOf(arrow.flight)));
    const spots = places.map((part) => ({ text, x: x1 + (x2 - x1) * part, y: y1 + (y2 - y1) * part }));
    const isFree = (y: number) => lanes.ids.every((id) => Math.abs(y - lanes.px(id)) > SIZE);
    return spots.find(({ x, y }) => isFree(y) && room.take(text, x, y, SIZE)) ?? [];
  });
  return plot.text(placed, { x: "x", y: "y", text: "text", fontSize: SIZE, fill: INK, ...halo(3) });
}

/** Where an arrow has its head, its × or its end: the middle of that, and how far it reaches. */
function endOf({ flight, x1, y1, x2, y2 }: Arrow): [x: number, y: number, around: number] {
  if (flight.fate !== "delivered") return [x2, y2, flight.fate === "lost" ? 6 : 2];
  const back = HEAD / Math.hypot(x2 - x1, y2 - y1);
  return [x2 - (x2 - x1) * back, y2 - (y2 - y1) * back, HEAD];
}

/** `Append +1`, `AppendResponse (no)`. */
function labelOf({ message }: Flight): string {
  const entries = entryCount(message);
  return `${message.type}${entries > 0 ? ` +${entries}` : ""}${isRejection(message) ? " (no)" : ""}`;
}

/** `Append +1, 2 Heartbeat`. */
function together(labels: readonly string[]): string {
  return [...groupBy(labels, (label) => label)]
    .map(([label, { length }]) => length === 1 ? label : `${length} ${label}`).join(", ");
}
