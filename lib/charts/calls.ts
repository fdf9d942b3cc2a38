/**
 * What clients ask nodes for, and what they are told, as straight lines between their lanes: neither takes time.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Answer } from "../trace/fold.ts";
import { groupBy } from "../trace/group.ts";
import { word } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { commandText } from "../trace/words.ts";
import { answerText, type Read, readsIn, type Request, requestsIn, WAYS } from "./asked.ts";
import { CLIENT, type Lanes, type TimeAxis } from "./axes.ts";
import { type Key, lookOf, type Plot } from "./figure.ts";
import { ALARM, INK } from "./palette.ts";
import type { Span } from "./spans.ts";
import { type Box, shorten } from "./text.ts";

/** The size of what is written beside them. */
const SIZE = 10;

/** A request on its way down to a node, or an answer on its way up. */
export const CALL: Key = { label: "client's request, or its answer", stroke: INK, strokeWidth: 1.6, height: 0 };

/** A client asks for something, or is told something. */
interface Conversation {
  readonly tick: Ticks;
  /** The lane of the client. */
  readonly client: NodeId;
  readonly node: NodeId;
  /** It arrives; or the node stops before it answers. */
  readonly way: "asks" | "answers" | "ends";
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
  return [
    ...requestsIn(trace, span).flatMap(ofRequest),
    ...readsIn(trace, span).filter(({ row }) => row.by === undefined).flatMap(ofRead),
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
      const [top, y1] = [lanes.px(client), lanes.px(node)];
      return {
        client,
        texts: texts.map((text) => same.length === 1 ? text : `${text} (${same.length})`),
        arrives: way === "answers",
        ...{ x1: x, x2: x, y1, y2: way === "answers" ? top : y1 - lanes.height / 2 },
      };
    }),
  ];
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
