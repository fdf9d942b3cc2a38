/**
 * What clients ask nodes for, and what they are told, as straight lines between their lanes: neither takes time.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import { type NodeId, type Ticks, unreachable } from "../raft/mod.ts";
import type { Answer, Scene } from "../trace/fold.ts";
import { groupBy } from "../trace/group.ts";
import { operationsOf } from "../trace/operations.ts";
import type { RequestRow } from "../trace/rows.ts";
import { word } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { commandText } from "../trace/words.ts";
import { answerText, isStale, type Read, readsIn, type Request, requestsIn, valueText, WAYS } from "./asked.ts";
import { CLIENT, type Lanes, type TimeAxis } from "./axes.ts";
import { type Key, lookOf, type Plot } from "./figure.ts";
import { ALARM, INK } from "./palette.ts";
import type { Span } from "./spans.ts";
import { type Box, shorten } from "./text.ts";

/** The size of what is written beside them. */
const SIZE = 10;

/** A request on its way down to a node, or an answer on its way up. */
export const CALL: Key = { label: "client's request, or its answer", stroke: INK, strokeWidth: 1.6, height: 0 };

/** A client that tries again waits. */
export const WAIT: Key = { label: "client waits", stroke: "#8f6fb5", strokeWidth: 6, height: 0 };

/** A client asks for something, or is told something. */
interface Conversation {
  readonly tick: Ticks;
  /** The lane of the client. */
  readonly client: NodeId;
  readonly node: NodeId;
  /** It asks; it is answered; the node stops before it answers; the answer is lost on its way; or it waits no longer. */
  readonly way: "asks" | "answers" | "ends" | "lost" | "timesOut";
  /** What is said, the best first. */
  readonly texts: readonly string[];
  /** When it was asked, if it is an answer. */
  readonly asked: Ticks | null;
}

const ANSWERS: Readonly<Record<Answer["outcome"], readonly string[]>> = {
  applied: ["done"],
  replaced: ["lost: another entry took its place", "lost"],
  none: ["no answer"],
};

/** What was asked for, or answered, in these ticks. */
export function conversationsIn(trace: Trace, span: Span): Conversation[] {
  const rows = trace.of("request");
  return [
    ...requestsIn(trace, span).flatMap(ofRequest),
    ...readsIn(trace, span).filter(({ row }) => row.by === undefined).flatMap(ofRead),
    ...rows.filter(({ tick }) => tick >= span.from && tick <= span.to).flatMap((row) =>
      ofClient(row, rows, trace.scenes())
    ),
  ];
}

function ofRequest({ row: { tick, node, command, result }, answer }: Request): Conversation[] {
  const text = `${commandText(command)}${result === "dropped" ? " (refused)" : ""}`;
  const asks = { tick, client: CLIENT, node, way: "asks", texts: [text], asked: null } as const;
  if (answer === null) return [asks];
  const { outcome } = answer;
  const way = outcome === "none" ? "ends" : "answers";
  return [asks, { ...asks, tick: answer.tick, way, texts: ANSWERS[outcome], asked: tick }];
}

/** What a client that tries again asks, and what reaches it. */
function ofClient(row: RequestRow, rows: readonly RequestRow[], scenes: readonly Scene[]): Conversation {
  const { tick, node, client, attempt, event, command, way, value, leader } = row;
  const same = rows.filter((each) => each.client === client && each.request === row.request && each.event === "asked");
  const at = {
    tick,
    client: -client,
    node,
    asked: same.find((each) => each.attempt === attempt)?.tick ?? null,
  } as const;
  switch (event) {
    case "asked": {
      const text = `${commandText(command)}${way === "log" ? "" : `, ${WAYS[way].short}`}`;
      return { ...at, way: "asks", texts: attempt === 1 ? [text] : [`again: ${text}`, "again"] };
    }
    case "answered": {
      const from = same.at(0)?.tick ?? tick;
      const stale = way !== "log" && isStale(scenes, command.key, value, { from, to: tick }) ? ", stale" : "";
      return {
        ...at,
        way: "answers",
        texts: [command.kind === "Get" ? `${valueText(command.key, value)}${stale}` : "done"],
      };
    }
    case "refused":
      return { ...at, way: "answers", texts: [leader === null ? "refused" : `refused: ask node ${leader}`, "refused"] };
    case "lost":
      return { ...at, way: "lost", texts: ["answer lost", "lost"] };
    case "timedOut":
      return { ...at, way: "timesOut", texts: ["time-out"] };
    default:
      return unreachable(event);
  }
}

function ofRead(read: Read): Conversation[] {
  const { row: { tick, node, key, way }, end } = read;
  const refused = end?.event === "refused" ? " (refused)" : "";
  const asks = { tick, client: CLIENT, node, way: "asks", asked: null } as const;
  return [
    { ...asks, texts: [`read ${word(key)}, ${WAYS[way].short}${refused}`, `read ${word(key)}${refused}`] },
    ...end?.event === "answered"
      ? [{ ...asks, tick: end.tick, way: "answers", texts: [answerText(read)], asked: tick } as const]
      : [],
  ];
}

/** The line of what is said at one place. */
export interface Call extends Box {
  readonly client: NodeId;
  /** What is written beside it, the best first. */
  readonly texts: readonly string[];
  readonly arrives: boolean;
}

/** What is said at the same place is drawn as one. */
export function callsOf(conversations: readonly Conversation[], axis: TimeAxis, lanes: Lanes): Call[] {
  const seen = conversations.filter(({ tick }) => tick >= axis.from && tick < axis.end);
  const [asks, answers] = [true, false].map((is) => seen.filter(({ way }) => (way === "asks") === is));
  const asked = groupBy(asks, ({ tick, client, node }) => `${tick} ${client} ${node}`);
  const told = groupBy(answers, ({ tick, client, node, texts }) => `${tick} ${client} ${node} ${texts[0]}`);
  return [
    ...[...asked.values()].map((same): Call => {
      const [{ tick, client, node, texts }] = same;
      const together = [same.map(({ texts }) => texts[0]).join(", "), `${same.length} requests`];
      const x = axis.px(tick);
      return {
        client,
        texts: (same.length === 1 ? texts : together).map((text) => shorten(text, 200, SIZE)),
        arrives: true,
        ...{ x1: x, x2: x, y1: lanes.px(client), y2: lanes.px(node) },
      };
    }),
    ...[...told.values()].map((same): Call => {
      const [{ tick, client, node, way, asked, texts }] = same;
      const x = axis.px(tick) + (tick === asked ? 9 : 0);
      return {
        client,
        texts: texts.map((text) => same.length === 1 ? text : `${text} (${same.length})`),
        arrives: way === "answers",
        ...{ x1: x, x2: x, ...heights(way, lanes.px(client), lanes.px(node), lanes.height / 2) },
      };
    }),
  ];
}

/** On the lanes of clients that try again: how long they wait. */
export function waitMarks(plot: Plot, trace: Trace, axis: TimeAxis, lanes: Lanes): Markish[] {
  const waits = operationsOf(trace.scenes())
    .filter(({ called, returned }) => called < axis.end && (returned === null || returned >= axis.from));
  return waits.length === 0 ? [] : [
    plot.ruleY(waits, {
      x1: ({ called }) => axis.px(Math.max(called, axis.from)),
      x2: ({ returned }) => axis.px(Math.min(returned ?? axis.end, axis.end)),
      y: ({ client }) => lanes.px(-client),
      strokeLinecap: "butt",
      ...lookOf(WAIT),
    }),
  ];
}

/** From the node as far as what it says comes; a time-out is on the lane of the client. */
function heights(way: Conversation["way"], client: number, node: number, half: number) {
  const ends = { asks: client, answers: client, lost: client + half, ends: node - half, timesOut: client };
  return { y1: way === "timesOut" ? client : node, y2: ends[way] };
}

/** The lines; those that do not arrive end in ×. */
export function callMarks(plot: Plot, calls: readonly Call[]): Markish[] {
  const line = { x1: "x1", y1: "y1", x2: "x2", y2: "y2", ...lookOf(CALL) } as const;
  const lost = calls.filter(({ arrives }) => !arrives);
  return [
    plot.arrow(calls.filter(({ arrives }) => arrives), { ...line, headLength: 6, headAngle: 45, insetEnd: 2 }),
    plot.link(lost, { ...line, strokeDasharray: "4,3" }),
    plot.dot(lost, { x: "x2", y: "y2", symbol: "times", r: 4.5, stroke: ALARM, strokeWidth: 2 }),
  ];
}
