/**
 * Messages between lanes of time, after Lamport's space-time diagrams: who said what to whom, when it arrived, what was lost.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { MessageRow, WriteRow } from "../trace/rows.ts";
import { count, list } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { CONDITIONS, entryCount, isRejection, MESSAGES, type NodeCondition, type Topic } from "../trace/words.ts";
import { BOTTOM, CLIENT, halo, Lanes, TimeAxis } from "./axes.ts";
import { historyOf, historyText } from "./history.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, lookOf, type Plot } from "./figure.ts";
import { STANDINGS } from "./members.ts";
import { ALARM, ALL_CONDITIONS, FAINT, GRID, INK, PAPER, ROLES, TOPICS } from "./palette.ts";
import { readsIn, readsText, requestsIn, requestsText } from "./asked.ts";
import { CALL, type Call, callMarks, callsOf, conversationsIn, WAIT, waitMarks } from "./calls.ts";
import {
  leadershipText,
  type NodeSpan,
  prose,
  restartsIn,
  scopeOf,
  type Segment,
  segmentsOf,
  type Span,
  standingsOf,
  standingsText,
  stopsText,
  told,
  type View,
  viewOf,
} from "./spans.ts";
import { type Box, LabelRoom, textWidth } from "./text.ts";
import { groupBy } from "../trace/group.ts";

/** The room above the lanes. */
const TOP = 18;

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

const LINE = { stroke: ROLES.follower.fill, strokeWidth: LANE_WIDTHS.follower, height: 0 } as const;

/** What the line of a lane looks like where a node does not vote, and how it is interrupted there. */
const NOT_VOTING = [
  { standing: "learner", label: STANDINGS.learner.label, ...LINE, dash: "9,3", gaps: "0,9,3,0" },
  { standing: "outside", label: STANDINGS.outside.label, ...LINE, dash: "3,3", gaps: "0,3,3,0" },
] as const;

const TOPIC_LABELS: Readonly<Record<Topic, string>> = {
  vote: "votes",
  append: "log",
  snapshot: "log",
  proposal: "log",
  heartbeat: "heartbeats",
  transfer: "transfer of the lead",
  read: "read index",
};

/** What the line of a message looks like. */
function lineOf(topic: Topic): Key {
  return { label: TOPIC_LABELS[topic], stroke: TOPICS[topic], height: 0 };
}

const LOST: Key = { label: "lost (×)", stroke: FAINT, dash: "4,3", height: 0 };
const WRITE: Key = { label: "disk writes", fill: "#f2c6a0", stroke: "#8f6300", strokeWidth: 0.8, height: 7 };

const KEYS: readonly Key[] = [
  ...LANE_LINES,
  ...NOT_VOTING,
  ...(["vote", "append", "heartbeat", "transfer", "read"] as const).map(lineOf),
  LOST,
  CALL,
  WAIT,
  WRITE,
];

/**
 * The messages that were sent in these ticks, and what became of them: at most 60. What clients ask for and are told, who is
 * stopped and restarted, and how long disks write is drawn where it happens.
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
  const view = viewOf(trace, { ...windowOf(trace, whole, flights, shown), ...options });
  const axis = new TimeAxis(view.from, view.to, { left: 76, right: 24, top: TOP, bottom: BOTTOM });
  const conversations = conversationsIn(trace, view);
  const lanes = lanesOf(view, [...new Set(conversations.map(({ client }) => client))]);
  const writes = trace.of("write").filter(({ since, tick }) => since <= view.to && tick >= view.from);
  const calls = callsOf(conversations, axis, lanes);
  const arrows = shown.toSorted((a, b) => urgency(a) - urgency(b)).map((flight) => arrowOf(flight, axis, lanes));
  return figureOf(options, {
    caption: captionOf(conversations.length > 0 ? CLIENTS_CAPTION : "", `${note}${axis.note()}`),
    alt: prose(
      altOf(whole, flights, shown.length, view),
      requestsText(requestsIn(trace, view)),
      readsText(readsIn(trace, view).filter(({ row }) => row.by === undefined)),
      historyText(historyOf(trace.scenes(), view)),
      faultsText(view, writes),
    ),
    keys: KEYS,
    ...axis.frame(),
    ...lanes.frame(),
    y: [lanes.bottom, TOP],
    marks: (plot) => [
      ...laneMarks(plot, view, axis, lanes),
      ...waitMarks(plot, trace, axis, lanes),
      ...writeMarks(plot, writes, axis, lanes),
      ...callMarks(plot, calls),
      ...arrowMarks(plot, arrows),
      ...faultMarks(plot, view, axis, lanes),
      labels(plot, arrows, calls, view, axis, lanes),
      lanes.names(plot, axis),
      axis.mark(plot),
    ],
  });
}

const CLIENTS_CAPTION = "Above them, what clients ask for and are told. ";

function captionOf(clients: string, notes: string): string {
  return `One lane per node, thicker for a candidate, thickest for a leader. An arrow is a message, from when it was sent to ` +
    `when it arrived; a thick one carries entries ("+1"). A lost one is dashed and ends in ×; a dotted one is on its way. ` +
    `${clients}"no" is a refusal. Names are cut ("…") or left out where there is no room.${notes}`;
}

/** Where nothing else is said, the figure begins shortly before the first message and ends with the last one shown. */
function windowOf(trace: Trace, whole: View, flights: readonly Flight[], shown: readonly Flight[]): Span {
  const asked = conversationsIn(trace, whole).map(({ tick }) => tick);
  const first = Math.min(shown.at(0)?.sent ?? Infinity, ...asked, whole.to);
  const last = Math.max(first, ...shown.map(({ sent, ended }) => ended ?? sent));
  return { from: Math.max(whole.from, first - 1), to: shown.length < flights.length ? last : whole.to };
}

/** The lanes of clients, and below them those of nodes. */
function lanesOf({ ids }: View, clients: readonly NodeId[]): Lanes {
  const height = ids.length <= 3 ? 96 : ids.length <= 5 ? 80 : 64;
  const top = TOP - (clients.length > 0 ? height / 2 - 12 : 0);
  return new Lanes([...clients.toSorted((a, b) => b - a), ...ids], height, top);
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

/** Whether a message is about a read: it asks for an index, names one, or is of the round that the read waits for. */
function carriesRead(message: MessageRow): boolean {
  return "read" in message && message.read !== undefined;
}

/** Whether a message is about a read or a transfer: they are rare, and never without a label. */
function isRare({ message }: Flight): boolean {
  return carriesRead(message) || MESSAGES[message.type].topic === "transfer";
}

/** How much a message matters: what is rare, or carries entries, most; then requests and refusals; heartbeats least. */
function urgency(flight: Flight): number {
  const { message } = flight;
  if (entryCount(message) > 0 || isRare(flight)) return 3;
  const { topic, isAnswer } = MESSAGES[message.type];
  return topic === "heartbeat" ? 0 : isAnswer && !isRejection(message) ? 1 : 2;
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
    standingsText(view),
    stopsText(view),
  );
}

function faultsText(view: View, writes: readonly WriteRow[]): string {
  const write = ({ node, since, tick, finished }: WriteRow) =>
    `the disk of node ${node} writes from tick ${since} to ${tick}${finished ? "" : " and does not finish"}`;
  return prose(
    told(
      restartsIn(view),
      ({ node, tick }) => `node ${node} is restarted at tick ${tick}`,
      (many) => `there are ${many} restarts`,
    ),
    told(writes, write, (many) => `disks write ${many} times`),
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
  const clients = lanes.ids.filter((id) => id <= CLIENT);
  const line = {
    x1: axis.px(axis.from),
    x2: axis.px(axis.end),
    y: (id: NodeId) => lanes.px(id),
    stroke: GRID,
    strokeWidth: 2,
  };
  return [
    plot.ruleY(clients, line),
    ...ALL_CONDITIONS.map((condition, i) => {
      const place = { y: ({ node }: Segment) => lanes.px(node), ...axis.across, strokeLinecap: "butt" } as const;
      return plot.ruleY(axis.binned(segmentsOf(view, condition)), { ...place, ...lookOf(LANE_LINES[i]) });
    }),
    ...standingMarks(plot, view, axis, lanes),
  ];
}

/** The gaps in the lanes of nodes that do not vote. */
function standingMarks(plot: Plot, view: View, axis: TimeAxis, lanes: Lanes): Markish[] {
  const place = { y: ({ node }: NodeSpan) => lanes.px(node), ...axis.across, strokeLinecap: "butt" } as const;
  return NOT_VOTING.flatMap(({ standing, gaps, ...key }) => {
    const own = standingsOf(view).filter((span) => span.standing === standing);
    const look = { ...lookOf(key), stroke: PAPER, strokeWidth: 9, strokeDasharray: gaps };
    return own.length === 0 ? [] : [plot.ruleY(own, { ...place, ...look })];
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
      return plot.arrow([arrow], { ...look, headLength: carries ? 5 : 9, headAngle: 45, insetEnd: 4 });
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
 * The labels for which there is room: clients and faults first, then what carries entries, heartbeats last. Arrows that lie upon
 * each other share one. A label leaves the lines of the lanes free, and other arrows if it can: where it would lie upon two of
 * them, it is left out, unless the message carries entries.
 */
function labels(
  plot: Plot,
  arrows: readonly Arrow[],
  calls: readonly Call[],
  view: View,
  axis: TimeAxis,
  lanes: Lanes,
) {
  const room = new LabelRoom({ x1: axis.margins.left, x2: axis.px(axis.end) + 20, y1: 0, y2: lanes.bottom });
  for (const arrow of arrows) room.keepFree(...endOf(arrow));
  for (const { x2, y1, y2, client, arrives } of calls) {
    room.keepFree(x2, y2 - Math.sign(y2 - y1) * HEAD, HEAD);
    if (!arrives && client !== CLIENT) room.keepFree(x2, y2, 7);
  }
  const lines = [...arrows, ...calls];
  const placed = [...faultSpots(view, axis, lanes), ...callSpots(calls, lanes), ...arrowSpots(arrows, lanes)]
    .flatMap(({ spots, own, most, bears }) => {
      const others = lines.filter((line) => !own.includes(line));
      const met = (spot: Spot) => others.filter((line) => isCrossed(boxOf(spot), line)).length;
      return spots.map((spot) => ({ ...spot, met: met(spot) })).filter(({ met }) => met <= most)
        .sort((a, b) => Math.max(a.met, bears) - Math.max(b.met, bears) || a.rank - b.rank || a.met - b.met)
        .find(({ text, x, y }) => room.take(text, x, y, SIZE)) ?? [];
    });
  return plot.text(placed, { x: "x", y: "y", text: "text", fontSize: SIZE, fill: INK, ...halo(3) });
}

/** Where a label may stand. */
interface Spot {
  readonly text: string;
  /** 0 for the best text there is, 1 for the next. */
  readonly rank: number;
  readonly x: number;
  readonly y: number;
}

/** The places for a label, the best first; it may lie upon its own lines, and upon so many others; so many are no matter. */
interface Spots {
  readonly spots: readonly Spot[];
  readonly own: readonly Box[];
  readonly most: number;
  readonly bears: number;
}

/** Right or left of a vertical line at `x`. */
function beside(texts: readonly string[], x: number, ys: readonly number[], away = 5): Spot[] {
  return texts.flatMap((text, rank) =>
    ys.flatMap((y) => [1, -1].map((side) => ({ text, rank, x: x + side * (away + textWidth(text, SIZE) / 2), y })))
  );
}

function faultSpots(view: View, axis: TimeAxis, lanes: Lanes): Spots[] {
  return [...groupBy(faultsIn(view), ({ node, tick }) => `${node} ${tick}`).values()].map((same) => {
    const [{ node, tick }] = same;
    const ys = [-15, 15, -27, 27].map((down) => lanes.px(node) + down);
    return {
      spots: beside([list(same.map(({ fault }) => NODE_MARKS[fault]))], axis.px(tick), ys),
      own: [],
      most: Infinity,
      bears: 1,
    };
  });
}

function callSpots(calls: readonly Call[], lanes: Lanes): Spots[] {
  return calls.map((call) => {
    const ys = [16, 29, 42].map((down) => lanes.px(call.client) + down);
    return { spots: beside(call.texts, call.x1, ys), own: [call], most: Infinity, bears: 0 };
  });
}

function arrowSpots(arrows: readonly Arrow[], lanes: Lanes): Spots[] {
  const urgent = arrows.toSorted((a, b) => urgency(b.flight) - urgency(a.flight));
  const isFree = ({ y }: Spot) => lanes.ids.every((id) => Math.abs(y - lanes.px(id)) > SIZE);
  return [...groupBy(urgent, ({ x1, y1, x2, y2 }) => [x1, y1, x2, y2].join()).values()].map((way) => {
    const [{ flight, x1, y1, x2, y2 }] = way;
    const [first, ...others] = new Set(way.map((arrow) => labelOf(arrow.flight)));
    const short = others.length > 0 ? [`${first}, …`] : isRejection(flight.message) ? ["no"] : [];
    const texts = [together(way.map((arrow) => labelOf(arrow.flight))), ...short];
    const places = flight.fate === "delivered" ? PLACES : [0.45];
    const spots = texts.flatMap((text, rank) =>
      places.map((part) => ({ text, rank, x: x1 + (x2 - x1) * part, y: y1 + (y2 - y1) * part }))
    ).concat(isRare(flight) ? beside(texts, x2, [y2], 9) : []);
    return { spots: spots.filter(isFree), own: way, most: urgency(flight) === 3 ? Infinity : 1, bears: 1 };
  });
}

function boxOf({ text, x, y }: Spot): Box {
  const half = textWidth(text, SIZE) / 2;
  return { x1: x - half, x2: x + half, y1: y - SIZE / 2, y2: y + SIZE / 2 };
}

/** Whether the line from (x1, y1) to (x2, y2) runs through `box`. */
function isCrossed(box: Box, { x1, y1, x2, y2 }: Box): boolean {
  let [from, to] = [0, 1];
  for (const [start, way, low, high] of [[x1, x2 - x1, box.x1, box.x2], [y1, y2 - y1, box.y1, box.y2]]) {
    if (way === 0 && (start < low || start > high)) return false;
    if (way === 0) continue;
    const parts = [(low - start) / way, (high - start) / way];
    [from, to] = [Math.max(from, Math.min(...parts)), Math.min(to, Math.max(...parts))];
  }
  return from < to;
}

/** Where an arrow has its head, its × or its end: the middle of that, and how far it reaches. */
function endOf({ flight, x1, y1, x2, y2 }: Arrow): [x: number, y: number, around: number] {
  if (flight.fate !== "delivered") return [x2, y2, flight.fate === "lost" ? 6 : 2];
  const back = HEAD / Math.hypot(x2 - x1, y2 - y1);
  return [x2 - (x2 - x1) * back, y2 - (y2 - y1) * back, HEAD];
}

/** What is written where a node was stopped or restarted. */
const NODE_MARKS = { stop: "stops", restart: "restarts" } as const;

function faultsIn({ scenes }: View) {
  return scenes.flatMap(({ rows }) => rows).flatMap((row) => {
    if (row.kind !== "nodeFault" || (row.fault !== "stop" && row.fault !== "restart")) return [];
    return [{ node: row.node, tick: row.tick, fault: row.fault }];
  });
}

function faultMarks(plot: Plot, view: View, axis: TimeAxis, lanes: Lanes): Markish[] {
  const [stops, restarts] = ["stop", "restart"].map((fault) => faultsIn(view).filter((row) => row.fault === fault));
  const bar = { x: ({ tick }: { tick: Ticks }) => axis.px(tick), ...lanes.around(9), strokeWidth: 2.5 };
  return [plot.ruleX(stops, { ...bar, stroke: ALARM }), plot.ruleX(restarts, { ...bar, stroke: INK })];
}

/** Below the line of a lane, as long as they take. */
function writeMarks(plot: Plot, writes: readonly WriteRow[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const place = {
    x1: ({ since }: WriteRow) => axis.px(Math.max(since, axis.from)),
    x2: ({ tick }: WriteRow) => axis.px(Math.min(tick, axis.end)),
    ...lanes.around(-5, 12),
  };
  return [true, false].map((finished) =>
    plot.rect(writes.filter((write) => write.finished === finished), {
      ...place,
      ...lookOf(WRITE),
      strokeDasharray: finished ? "none" : "2,2",
    })
  );
}

/** `Append +1`, `AppendResponse (no)`. */
function labelOf({ message }: Flight): string {
  const entries = entryCount(message);
  const read = carriesRead(message) && message.type.startsWith("Heartbeat") ? " (read)" : "";
  return `${message.type}${entries > 0 ? ` +${entries}` : ""}${isRejection(message) ? " (no)" : ""}${read}`;
}

/** `Append +1, 2 Heartbeat`. */
function together(labels: readonly string[]): string {
  return [...groupBy(labels, (label) => label)]
    .map(([label, { length }]) => length === 1 ? label : `${length} ${label}`).join(", ");
}
