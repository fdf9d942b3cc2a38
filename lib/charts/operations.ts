/**
 * What clients that try again ask for, as intervals from the call to the answer, and where each took effect: the history from which
 * it can be told whether all of it was as if done one after the other (thesis §6.3, §6.4).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Operation } from "../trace/operations.ts";
import { count, ticksText, word } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { commandText } from "../trace/words.ts";
import { valueIn, WAYS } from "./asked.ts";
import { type Happened, historyOf, historyText } from "./history.ts";
import { BOTTOM, halo, Lanes, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, lookOf, type Plot, WIDTH } from "./figure.ts";
import { ALARM, FAINT, GRID, INK, PAPER } from "./palette.ts";
import { joined, prose, scopeOf, type View, viewOf } from "./spans.ts";
import { type Box, LabelRoom, shorten, TEXT_SIZE, textWidth } from "./text.ts";

const ANSWERED: Key = { label: "from the call to the answer", fill: "#c6dbef", stroke: "#6b8fb5" };
const OPEN: Key = { label: "no answer", fill: PAPER, stroke: INK, dash: "3,2" };
const STALE: Key = { label: "stale answer", fill: "#fbdfe6", stroke: ALARM, strokeWidth: 2 };
const EFFECT = { label: "takes effect", sign: "●" } as const satisfies Key;
const ATTEMPT: Key = { label: "attempt", stroke: INK, strokeWidth: 1.6, height: 0 };
const STORE: Key = { label: "in the newest store", fill: "#f4f4f4", stroke: "#bbbbbb" };

/** The height of a client's lane, half that of a bar, and the height of the lane of a key. */
const LANE = 84;
const HALF = 11;
const KEY_LANE = 30;

const [TOP, SIZE] = [6, 9];

/** How many ticks before the first call the figure begins. */
const LEAD = 3;

/** The shortest that a bar is drawn, in pixels. */
const SHORTEST = 5;

/**
 * The operations of clients that try again: a lane a client, and below them what the keys are in the newest store.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { operations, play, retry } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const figure = operations(play(retry).trace, { title: "A lost answer, and a write that is done twice" });
 * match(figure.alt, /takes effect 2 times, at ticks 21 and 34/);
 * ```
 */
export function operations(trace: Trace, options: ChartOptions): Figure {
  const whole = viewOf(trace, options);
  if (whole.scenes.length === 0) return emptyFigure(options);
  const all = historyOf(trace.scenes(), whole);
  if (all.length === 0) return emptyFigure(options, "No client that tries again asks for anything");
  // Where nothing else is said, the figure begins shortly before the first call.
  const view = viewOf(trace, {
    to: whole.to,
    from: Math.max(whole.from, all[0].called - LEAD),
    ...options,
  });
  const axis = new TimeAxis(view.from, view.to, { left: 76, right: 24, top: TOP, bottom: BOTTOM });
  const lanes = new Lanes([...new Set(all.map(({ client }) => -client))].sort((a, b) => b - a), LANE, TOP);
  const values = valuesOf(all, view, lanes.bottom);
  const bottom = lanes.bottom + values.keys.length * KEY_LANE;
  return figureOf(options, {
    caption: `${CAPTION}${axis.note()}`,
    alt: prose(
      `Operations of ${count(lanes.ids.length, "client")} of ${scopeOf(view)}.`,
      historyText(all),
      valuesText(values),
    ),
    keys: [ANSWERED, OPEN, STALE, ATTEMPT, EFFECT, STORE],
    ...axis.frame(),
    height: bottom + BOTTOM,
    y: [bottom, TOP],
    marks: (plot) => [
      plot.ruleY(lanes.ids, { y: (id) => lanes.px(id), x1: axis.px(axis.from), x2: axis.px(axis.end), stroke: GRID }),
      ...effectLines(plot, all, axis, lanes, values),
      ...bars(plot, all, axis, lanes),
      ...storeMarks(plot, values, axis),
      ...labels(plot, all, axis, lanes),
      lanes.names(plot, axis),
      axis.mark(plot),
    ],
  });
}

const CAPTION =
  "One lane per client. A bar is an operation, from the call to the answer; above it, which node is asked, and why again; ● is " +
  "where it takes effect: the first node applies its entry, or the index of a read is taken. Below, what the keys are in the " +
  "store that has applied most.";

/** What the keys that are asked for hold over time, and where that is drawn. */
function valuesOf(all: readonly Happened[], { scenes }: View, top: number) {
  const keys = [...new Set(all.map(({ command }) => command.key))].slice(0, 3);
  const spans = keys.flatMap((key) =>
    joined(
      scenes.map(({ tick, state }) => ({ key, from: tick, to: tick, value: valueIn(state, key) })),
      ({ value }) => `${value === null ? "" : "="}${value}`,
    ).filter(({ value }) => value !== null)
  );
  return { keys, spans, y: (key: string) => top + (keys.indexOf(key) + 0.5) * KEY_LANE };
}

type Values = ReturnType<typeof valuesOf>;

function valuesText({ spans }: Values): string {
  const told = spans.slice(0, 8)
    .map(({ key, value, from, to }) => `${word(key)} = ${word(value ?? "")} ${ticksText(from, to)}`);
  if (told.length === 0) return "Nothing is stored.";
  return `In the newest store: ${told.join("; ")}${spans.length > told.length ? "; and so on" : ""}.`;
}

/** What stands in a bar, the best first. */
function textsOf({ command, way, value, isStale, returned }: Happened): string[] {
  if (command.kind !== "Get") return [commandText(command), commandText(command).replace(" = ", "=")];
  const answer = returned === null ? "" : `: ${value === null ? "nothing" : word(value)}${isStale ? ", stale" : ""}`;
  const short = way === "log" ? "log" : WAYS[way].short;
  return [`Get ${word(command.key)} (${short})${answer}`, `Get ${word(command.key)}${answer}`];
}

/** From the call to the answer, or to the end. */
function boxOf({ client, called, returned }: Operation, axis: TimeAxis, lanes: Lanes): Box {
  const x1 = Math.max(axis.px(called), axis.px(axis.from));
  const x2 = Math.max(x1 + SHORTEST, Math.min(axis.px(returned ?? axis.end), axis.px(axis.end)));
  return { x1, x2, y1: lanes.px(-client) - HALF, y2: lanes.px(-client) + HALF };
}

function keyOf({ returned, isStale }: Happened): Key {
  return isStale ? STALE : returned === null ? OPEN : ANSWERED;
}

function bars(plot: Plot, all: readonly Happened[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const boxes = all.map((operation) => ({ key: keyOf(operation), ...boxOf(operation, axis, lanes) }));
  return [ANSWERED, OPEN, STALE].map((key) =>
    plot.rect(boxes.filter((box) => box.key === key), { x1: "x1", x2: "x2", y1: "y1", y2: "y2", ...lookOf(key) })
  );
}

/** An effect of an operation, and whether it is one too many. */
interface Effect {
  readonly operation: Happened;
  readonly x: number;
  readonly isAgain: boolean;
}

/** Where operations take effect, below their bars, and lines from there to the stores. */
function effectLines(plot: Plot, all: readonly Happened[], axis: TimeAxis, lanes: Lanes, values: Values): Markish[] {
  const effects = all.flatMap((operation) =>
    operation.effects.map((tick, i): Effect => ({ operation, x: axis.px(tick), isAgain: i > 0 }))
  ).filter(({ x }) => x >= axis.px(axis.from) && x < axis.px(axis.end));
  const y = ({ operation: { client } }: Effect) => lanes.px(-client) + HALF + 8;
  const y2 = ({ operation: { command } }: Effect) => values.y(command.key);
  return [false, true].flatMap((isAgain) => {
    const own = effects.filter((effect) => effect.isAgain === isAgain);
    const known = own.filter(({ operation: { command } }) => values.keys.includes(command.key));
    const line = { stroke: isAgain ? ALARM : FAINT, strokeDasharray: "1,3" };
    const place = { x: "x", y, fill: isAgain ? ALARM : INK } as const;
    return [
      plot.ruleX(known, { x: "x", y1: y, y2, ...line }),
      plot.dot(own, { ...lookOf(EFFECT), ...place, r: 4 }),
      plot.text(isAgain ? own : [], {
        ...place,
        text: () => "again",
        textAnchor: "start",
        dx: 8,
        fontSize: SIZE,
        ...halo(3),
      }),
    ];
  });
}

/** What the keys are, over time. */
function storeMarks(plot: Plot, { keys, spans, y }: Values, axis: TimeAxis): Markish[] {
  const place = { y1: ({ key }: { key: string }) => y(key) - 9, y2: ({ key }: { key: string }) => y(key) + 9 };
  const texts = spans.map((span) => {
    const text = shorten(word(span.value ?? ""), (span.to + 1 - span.from) * axis.perTick - 4, TEXT_SIZE);
    return { ...span, text, x: axis.middle(span) };
  });
  const name = (key: string) => shorten(word(key), axis.margins.left - 14, 12);
  return [
    plot.rect(spans, { ...axis.across, ...place, ...lookOf(STORE) }),
    plot.text(texts, { x: "x", y: ({ key }) => y(key), text: "text", ...halo(3), fill: INK }),
    plot.text(keys, {
      x: () => axis.margins.left - 10,
      y: (key) => y(key),
      text: name,
      textAnchor: "end",
      fontSize: 12,
    }),
  ];
}

/** A text where there is room for it. */
interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly isAlarm: boolean;
}

/** What is asked and answered, upon the bars or beside them; above them whom the client asks, why again, and what is lost. */
function labels(plot: Plot, all: readonly Happened[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const room = new LabelRoom({ x1: axis.margins.left, x2: WIDTH, y1: 0, y2: Infinity });
  const lost = all.flatMap(({ client, setbacks }) =>
    setbacks.filter(({ event, tick }) => event === "lost" && tick >= axis.from).map(({ tick }) => (
      { x: axis.px(tick), y: lanes.px(-client) - HALF }
    ))
  );
  for (const { x, y } of lost) room.keepFree(x, y, 6);
  const boxes = all.map((operation) => ({ operation, ...boxOf(operation, axis, lanes) }));
  const within = boxes.flatMap((box) => labelIn(box, room));
  for (const box of boxes) room.reserve(box);
  const beside = boxes.filter(({ operation }) => !within.some((label) => label.operation === operation))
    .flatMap((box) => labelBeside(box, room));
  const above = all.flatMap((operation) => aboveBar(operation, axis, lanes, room));
  const ticks = all.flatMap(({ client, attempts }) =>
    attempts.filter(({ tick }) => tick >= axis.from).map(({ tick }) => ({
      x: axis.px(tick),
      y: lanes.px(-client) - HALF,
    }))
  );
  const style = { x: "x", y: "y", text: "text", fontSize: SIZE, ...halo(3) } as const;
  return [
    plot.ruleX(ticks, { x: "x", y1: "y", y2: ({ y }: { y: number }) => y - 6, ...lookOf(ATTEMPT) }),
    plot.dot(lost, { x: "x", y: "y", symbol: "times", r: 4.5, stroke: ALARM, strokeWidth: 2 }),
    ...[true, false].map((is) =>
      plot.text([...within, ...beside, ...above].filter(({ isAlarm }) => isAlarm === is), {
        ...style,
        fill: is ? ALARM : INK,
      })
    ),
  ];
}

/** The bar of an operation. */
interface Bar extends Box {
  readonly operation: Happened;
}

/** What is asked and answered, within the bar. */
function labelIn({ operation, x1, x2, y1, y2 }: Bar, room: LabelRoom) {
  const y = (y1 + y2) / 2;
  const spots = textsOf(operation).flatMap((text) => {
    const half = textWidth(text, SIZE) / 2 + 3;
    return x2 - x1 < 2 * half ? [] : [(x1 + x2) / 2, x2 - half, x1 + half].map((x) => ({ text, x }));
  });
  const found = spots.find(({ text, x }) => room.take(text, x, y, SIZE));
  return found === undefined ? [] : [{ ...found, y, operation, isAlarm: operation.isStale }];
}

/** The same to the right of the bar, to the left of it, or below it. */
function labelBeside({ operation, x1, x2, y1, y2 }: Bar, room: LabelRoom): Label[] {
  const spots = textsOf(operation).flatMap((text) => {
    const half = textWidth(text, SIZE) / 2;
    const y = (y1 + y2) / 2;
    return [{ x: x2 + half + 5, y }, { x: x1 - half - 5, y }, { x: x1 + half, y: y2 + 21 }].map((at) => ({
      ...at,
      text,
    }));
  });
  const found = spots.find(({ text, x, y }) => room.take(text, x, y, SIZE));
  return found === undefined ? [] : [{ ...found, isAlarm: operation.isStale }];
}

/** Whom the client asks, and why again; and that an answer is lost. */
function aboveBar({ client, attempts, setbacks }: Happened, axis: TimeAxis, lanes: Lanes, room: LabelRoom): Label[] {
  const asks = attempts.map(({ tick, node }, i) => {
    const before = setbacks.findLast(({ attempt, event }) => attempt === i && event !== "lost")?.event;
    const reason = before === undefined ? "" : before === "timedOut" ? "time-out " : "refused ";
    return { tick, texts: [`${reason}→ node ${node}`, `→ ${node}`], isAlarm: false };
  });
  const losses = setbacks.filter(({ event }) => event === "lost")
    .map(({ tick }) => ({ tick, texts: ["answer lost", "lost"], isAlarm: true }));
  return [...asks, ...losses].filter(({ tick }) => tick >= axis.from && tick < axis.end)
    .flatMap(({ tick, texts, isAlarm }) => {
      const spots = texts.flatMap((text) => {
        const x = axis.px(tick) - 3 + textWidth(text, SIZE) / 2;
        return [12, 23].map((up) => ({ text, x, y: lanes.px(-client) - HALF - up, isAlarm }));
      });
      return spots.find(({ text, x, y }) => room.take(text, x, y, SIZE)) ?? [];
    });
}
