/**
 * Messages between lanes of time, after Lamport's space-time diagrams: who said what to whom, when it arrived, what was lost.
 *
 * @module
 */
import type { Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { checkOptions, emptyFigure, figureOf, Lanes, scopeOf, TimeAxis } from "./chart.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import { type History, historyOf, type Segment, segmentsOf, thinned } from "./history.ts";
import { type Choice, choose, type Flight, flightsOf } from "./messages.ts";
import { FAINT, ROLES } from "./palette.ts";
import { leadershipText, stopsText } from "./sentences.ts";
import { laneWidth, MESSAGE_COLOURS, spaceTimePlot } from "./space_time_plot.ts";
import type { Key } from "./svg.ts";
import { count } from "./text.ts";

const KEYS: readonly Key[] = [
  { label: "votes", stroke: MESSAGE_COLOURS.vote, strokeWidth: 1.5, height: 0 },
  { label: "log", stroke: MESSAGE_COLOURS.log, strokeWidth: 1.5, height: 0 },
  { label: "heartbeats", stroke: MESSAGE_COLOURS.heartbeat, strokeWidth: 1, height: 0 },
  { label: "lost (×)", stroke: FAINT, dash: "4,3", height: 0 },
];
const ROLE_KEYS: readonly Key[] = (["follower", "candidate", "leader", "stopped"] as const).map((role) => ({
  label: role,
  stroke: ROLES[role].fill,
  strokeWidth: laneWidth(role),
  height: 0,
  ...(role === "stopped" ? { dash: "3,3" } : {}),
}));

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
  checkOptions(options);
  const whole = historyOf(trace, options);
  if (whole.ids.length === 0) return emptyFigure(options);
  const flights = flightsOf(trace, whole.from, whole.to);
  const choice = choose(flights);
  const history = historyOf(trace, windowOf(whole, choice, options));
  const { ids, from, to } = history;
  const axis = new TimeAxis(from, to, { left: 76, right: 24, top: 18 });
  const lanes = new Lanes(ids, ids.length <= 3 ? 96 : ids.length <= 5 ? 80 : 64, 18);
  const segments = [...history.nodes.values()].map(segmentsOf);
  return figureOf(options, {
    caption:
      `A lane a node, thicker for a candidate, thickest for a leader. An arrow is a message, from when it was sent to ` +
      `when it arrived; a thick one carries entries ("+1"). A lost one is dashed and ends in ×; a dotted one is on its way. ` +
      `Names are left out where there is no room.${choice.note}${axis.note()}`,
    alt: altOf(whole, choice, flights, segments.flat()),
    drawing: {
      keys: [...ROLE_KEYS, ...KEYS],
      height: lanes.plotHeight,
      options: (plot) =>
        spaceTimePlot(plot, { axis, lanes, choice, segments: segments.flatMap((all) => thinned(all, axis.bin)) }),
    },
  });
}

/** Where nothing else is said, the figure begins shortly before the first message and ends with the last one shown. */
function windowOf(whole: History, { shown, all }: Choice, { title, from, to }: ChartOptions): ChartOptions {
  const first = shown.at(0)?.sent ?? whole.from;
  const last = shown.reduce((latest, { sent, ended }) => Math.max(latest, ended ?? sent), first);
  const isCut = shown.length > 0 && shown.length < all;
  return { title, from: from ?? Math.max(whole.from, first - 1), to: to ?? (isCut ? last : whole.to) };
}

function altOf(
  history: History,
  { all, shown }: Choice,
  flights: readonly Flight[],
  segments: readonly Segment[],
): string {
  const kinds = new Map<string, number>();
  for (const { message } of flights) kinds.set(message.type, (kinds.get(message.type) ?? 0) + 1);
  const fates = (fate: Flight["fate"]) => flights.filter((flight) => flight.fate === fate).length;
  const kindsText = [...kinds].map(([kind, amount]) => `${amount} ${kind}`).join(", ");
  const last: Ticks = flights.at(-1)?.sent ?? 0;
  return [
    `Messages of ${scopeOf(history)}${shown.length < all ? `, ${shown.length} of them drawn` : ""}.`,
    all === 0
      ? "No message is sent."
      : `${count(all, "message")} ${all === 1 ? "is" : "are"} sent, from tick ${
        flights[0].sent
      } to ${last}: ${kindsText}; ` +
        `delivered ${fates("delivered")}, lost ${fates("lost")}, on its way in the end ${fates("on its way")}.`,
    leadershipText(segments),
    stopsText(segments),
  ].filter((sentence) => sentence !== "").join(" ");
}
