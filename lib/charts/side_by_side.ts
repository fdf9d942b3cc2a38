/**
 * Role lanes of two runs, one above the other, and where they part: what a rule, a seed or a fault changes.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { Markish } from "@observablehq/plot";
import type { Ticks } from "../raft/mod.ts";
import { type Difference, firstDifference } from "../trace/difference.ts";
import type { ReadyRow, TraceRow } from "../trace/rows.ts";
import { count, list, nodeList, ticksText, visible } from "../trace/text.ts";
import {
  changeText,
  configurationText,
  LINK_FAULT_WORDS,
  MESSAGE_FAULT_WORDS,
  NODE_FAULT_WORDS,
} from "../trace/words.ts";
import { note } from "./axes.ts";
import {
  type ChartOptions,
  emptyFigure,
  type Figure,
  figureOf,
  type LabelledRun,
  lookOf,
  type Plot,
} from "./figure.ts";
import { ALARM } from "./palette.ts";
import { type Layout, type Panel, panelLabels, panelsFrame, panelsOf, panelText } from "./panels.ts";
import { LANE_KEYS, laneAreas, laneHeight, laneLabels } from "./role_lanes.ts";

const LAYOUT: Layout = { columns: 1, lane: (views) => laneHeight(views), above: 60, left: 64 };

const DIFFERENCE = { label: "first difference", stroke: ALARM, strokeWidth: 2, height: 0 };

/**
 * The roles of every node in two runs, and the first difference between them.
 *
 * @throws {RangeError} naming the option, or the run, that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, sideBySide, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const [left, right] = [1, 2].map((seed) => {
 *   const trace = new Trace();
 *   new Cluster({ nodes: 3, seed, observer: trace.record }).run(30);
 *   return { label: `seed ${seed}`, trace };
 * });
 * const figure = sideBySide(left, right, { title: "Another seed, another election" });
 * match(figure.alt, /The first difference is at tick 11: in "seed 1" node 1 stores term 1 and its vote for itself/);
 * ```
 */
export function sideBySide(left: LabelledRun, right: LabelledRun, options: ChartOptions): Figure {
  const panels = panelsOf([left, right], options, LAYOUT);
  if (panels.length === 0) return emptyFigure(options);
  const [{ axis }] = panels;
  const difference = firstDifference(left.trace, right.trace);
  const isSeen = difference !== null && difference.tick >= axis.from && difference.tick < axis.end;
  const parting = differenceText(panels.map(({ label }) => label), difference);
  return figureOf(options, {
    caption:
      `The roles of every node in two runs, over the same ticks. A bar's colour, height and letter are its role, the ` +
      `number its term. ${parting}${axis.note()}`,
    alt: [
      `The roles of every node in two runs, ${ticksText(axis.from, axis.end - 1)}.`,
      ...panels.map(panelText),
      parting,
    ].join(" "),
    keys: [...LANE_KEYS, DIFFERENCE],
    ...panelsFrame(panels),
    marks: (plot) => [
      ...panels.flatMap((panel) => laneAreas(plot, panel)),
      ...(isSeen ? differenceMarks(plot, difference.tick, panels) : []),
      ...panels.flatMap((panel) => laneLabels(plot, panel)),
      panelLabels(plot, panels, 32, 13),
      axis.mark(plot),
    ],
  });
}

/** A rule through both runs where they part. */
function differenceMarks(plot: Plot, tick: Ticks, [{ axis }, { lanes: { bottom } }]: readonly Panel[]): Markish[] {
  const x = [axis.px(tick)];
  const [textAnchor, dx] = tick < (axis.from + axis.end) / 2 ? ["start", -6] as const : ["end", 6] as const;
  return [
    plot.ruleX(x, { y1: 16, y2: bottom, ...lookOf(DIFFERENCE) }),
    note(plot, `${DIFFERENCE.label}, tick ${tick}`, { x, y: [8], textAnchor, dx, fontWeight: "bold", fill: ALARM }),
  ];
}

function differenceText(labels: readonly string[], difference: Difference | null): string {
  if (difference === null) return "The two runs do not differ in anything.";
  const { tick, left, right } = difference;
  const [one, other] = [left, right].map((row) =>
    row === null ? "nothing more happens" : `${row.tick === tick ? "" : `at tick ${row.tick} `}${rowText(row)}`
  );
  const detail = one === other ? ` (not the same: ${list(differing(left, right))})` : "";
  return `The first difference is at tick ${tick}: in "${labels[0]}" ${one}; in "${labels[1]}" ${other}${detail}.`;
}

/** The names of what is not the same in two rows. */
function differing(left: object | null, right: object | null): string[] {
  const values = new Map(Object.entries(right ?? {}));
  return Object.entries(left ?? {}).flatMap(([name, value]) =>
    isDeepStrictEqual(value, values.get(name)) ? [] : [name]
  );
}

/** What happens, as a clause, without when. */
const ROW_TEXTS: { readonly [K in TraceRow["kind"]]: (row: Extract<TraceRow, { kind: K }>) => string } = {
  node: ({ node, running, role, term }) =>
    `node ${node} ends the tick ${running ? `as ${role} in term ${term}` : "stopped"}`,
  message: ({ event, type, from, to }) => {
    if (event === "sent") return `node ${from} sends ${type} to node ${to}`;
    return `${type} from node ${from} ${event === "delivered" ? "reaches" : "is lost on its way to"} node ${to}`;
  },
  ready: readyText,
  write: ({ node, since, finished }) =>
    `node ${node}'s disk ${finished ? "finishes" : "does not finish"} the write that began at tick ${since}`,
  proposal: ({ node, command: { kind, key }, result }) =>
    `node ${node} is asked for a ${kind} of ${visible(key)}: ${result}`,
  confChange: ({ node, change, result }) => `node ${node} is asked to ${changeText(change)}: ${result}`,
  configuration: ({ node, configuration }) =>
    `node ${node} has another configuration: ${configurationText(configuration)}`,
  transfer: ({ node, transferee }) => `node ${node} is asked to let node ${transferee} lead`,
  request: ({ client, request, node, event }) => `request ${request} of client ${client} at node ${node}: ${event}`,
  read: ({ node, key, event }) => `a read of ${visible(key)} at node ${node}: ${event}`,
  commit: ({ node, index }) => `node ${node} moves its commit index to ${index}`,
  apply: ({ node, index }) => `node ${node} applies index ${index}`,
  restore: ({ node, index }) => `node ${node} restores its store up to index ${index}`,
  log: ({ node, entries }) => `node ${node} begins with a log of ${count(entries.length, "entry", "entries")}`,
  nodeFault: ({ node, fault }) => `node ${node} ${NODE_FAULT_WORDS[fault].one}`,
  linkFault: ({ from, to, fault, latency }) => {
    const takes = fault === "delay" ? `: a message takes ${count(latency, "tick")}` : "";
    return `the link from node ${from} to node ${to} ${LINK_FAULT_WORDS[fault].one}${takes}`;
  },
  messageFault: ({ type, from, to, fault }) =>
    `${type} from node ${from} to node ${to} ${MESSAGE_FAULT_WORDS[fault].one}`,
  part: ({ title }) => `the scenario goes on: ${title}`,
  expectation: ({ text }) => `the scenario expects that ${text}`,
};

function rowText(row: TraceRow): string {
  const text = ROW_TEXTS[row.kind] as (row: TraceRow) => string;
  return text(row);
}

function readyText({ node, number, snapshot, entries, hs, messages, persistedMessages, light }: ReadyRow): string {
  const sent = [...messages, ...persistedMessages, ...light.messages];
  const [types, targets] = [new Set(sent.map(({ type }) => type)), new Set(sent.map(({ to }) => to))];
  const vote = hs?.vote === node ? "itself" : `node ${hs?.vote}`;
  const acts = [
    snapshot === null ? "" : `takes a snapshot up to index ${snapshot}`,
    entries.length === 0 ? "" : `appends ${count(entries.length, "entry", "entries")}`,
    hs === null ? "" : `stores term ${hs.term}${hs.vote === null ? "" : ` and its vote for ${vote}`}`,
    sent.length === 0 ? "" : `sends ${list([...types])} to ${nodeList([...targets])}`,
  ].filter((act) => act !== "");
  return `node ${node} ${acts.length === 0 ? `handles its Ready number ${number}` : list(acts)}`;
}
