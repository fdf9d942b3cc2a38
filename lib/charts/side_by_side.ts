/**
 * Role lanes of two runs, one above the other, and where they part: what a rule, a seed or a fault changes.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Ticks } from "../raft/mod.ts";
import { type Difference, firstDifference } from "../trace/difference.ts";
import type { ReadyRow, TraceRow } from "../trace/rows.ts";
import { capital, count, list, nodeList, ticksText, visible } from "../trace/text.ts";
import { LINK_FAULT_WORDS, MESSAGE_FAULT_WORDS, NODE_FAULT_WORDS } from "../trace/words.ts";
import { BOTTOM, halo, Lanes, note, TimeAxis } from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type LabelledRun, type Plot, WIDTH } from "./figure.ts";
import { ALARM, INK } from "./palette.ts";
import { laneAreas, laneLabels, roleKeys, type RunLanes, shadeKeys } from "./role_lanes.ts";
import { panelsOf, rolesText } from "./spans.ts";
import { shorten } from "./text.ts";

/** The height of a lane. */
const LANE = 54;

/** The room above the lanes of a run, for its label and its terms. */
const HEADING = 52;

/** The room above all lanes: that, and a line for the label of the difference. */
const ABOVE = HEADING + 10;

/** The size of a run's label. */
const SIZE = 13;

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
  const { panels, span } = panelsOf([left, right], options);
  if (span === null) return emptyFigure(options);
  const axis = new TimeAxis(span.from, span.to, { left: 76, right: 24, top: ABOVE, bottom: BOTTOM });
  const below = ABOVE + panels[0].view.ids.length * LANE + HEADING;
  const runs = panels.map((panel, i) => ({
    ...panel,
    axis,
    lanes: new Lanes(panel.view.ids, LANE, i === 0 ? ABOVE : below),
  }));
  const difference = firstDifference(left.trace, right.trace);
  const parting = differenceText(panels.map(({ label }) => label), difference);
  const views = panels.map(({ view }) => view);
  const { lanes } = runs[1];
  return figureOf(options, {
    caption:
      `The roles of every node in two runs, over the same ticks. A bar's colour, height and letter are its role, the ` +
      `number its term. ${parting}${axis.note()}`,
    alt: [
      `The roles of every node in two runs, ${ticksText(span.from, span.to)}.`,
      ...panels.map(({ label, view }) =>
        `${capital(label)}: ${view.scenes.length === 0 ? "nothing happened yet." : rolesText(view)}`
      ),
      parting,
    ].join(" "),
    keys: [...roleKeys(0.5, "with letters"), ...shadeKeys(views), DIFFERENCE],
    ...axis.frame(),
    ...lanes.frame(ABOVE),
    marks: (plot) => [
      ...runs.flatMap((run) => laneAreas(plot, run)),
      ...(difference === null || difference.tick > axis.end ? [] : differenceMarks(plot, difference.tick, runs)),
      ...runs.flatMap((run) => laneLabels(plot, run)),
      ...runs.map((run) => heading(plot, run)),
      axis.mark(plot),
    ],
  });
}

function heading(plot: Plot, { label, view, lanes }: RunLanes & { readonly label: string }): Markish {
  const empty = view.scenes.length === 0 ? " (nothing happened yet)" : "";
  const place = { y: [lanes.top], frameAnchor: "left", textAnchor: "start", dx: -64, dy: -32 } as const;
  const text = shorten(`${label}${empty}`, WIDTH - 24, SIZE * 1.1);
  return note(plot, text, { ...place, fontSize: SIZE, fontWeight: "bold", ...halo(), fill: INK });
}

/** A rule through both runs where they part; what is done before the first tick is marked where that begins. */
function differenceMarks(plot: Plot, tick: Ticks, [{ axis }, { lanes: { bottom } }]: readonly RunLanes[]): Markish[] {
  const x = [axis.px(Math.max(tick, axis.from))];
  const { stroke, strokeWidth, label } = DIFFERENCE;
  const isLeft = x[0] < WIDTH / 2;
  const place = {
    x,
    frameAnchor: "top",
    textAnchor: isLeft ? "start" : "end",
    dx: isLeft ? -6 : 6,
    dy: 3 - ABOVE,
  } as const;
  return [
    plot.ruleX(x, { y1: 16, y2: bottom, stroke, strokeWidth, ariaDescription: label }),
    note(plot, `${label}, tick ${tick}`, { ...place, fontWeight: "bold", fill: stroke }),
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
  const values = new Map(Object.entries(right ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
  return Object.entries(left ?? {}).flatMap(([name, value]) =>
    values.get(name) === JSON.stringify(value) ? [] : [name]
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
  proposal: ({ node, command: { kind, key }, result }) =>
    `node ${node} is asked for a ${kind} of ${visible(key)}: ${result}`,
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
  const deeds = [
    snapshot === null ? "" : `takes a snapshot up to index ${snapshot}`,
    entries.length === 0 ? "" : `appends ${count(entries.length, "entry", "entries")}`,
    hs === null ? "" : `stores term ${hs.term}${hs.vote === null ? "" : ` and its vote for ${vote}`}`,
    sent.length === 0 ? "" : `sends ${list([...types])} to ${nodeList([...targets])}`,
  ].filter((deed) => deed !== "");
  return `node ${node} ${deeds.length === 0 ? `handles its Ready number ${number}` : list(deeds)}`;
}
