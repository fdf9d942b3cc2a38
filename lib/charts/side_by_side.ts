/**
 * Role lanes of two runs, one above the other, and where they part: what a rule, a seed or a fault changes.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Ticks } from "../raft/mod.ts";
import { type Difference, firstDifference } from "../trace/difference.ts";
import type { ReadyRow, TraceRow } from "../trace/rows.ts";
import { capital, count, list, nodeList, ticksText } from "../trace/text.ts";
import { LINK_FAULT_WORDS, MESSAGE_FAULT_WORDS, NODE_FAULT_WORDS } from "../trace/words.ts";
import { halo, Lanes, TimeAxis } from "./axes.ts";
import {
  type ChartOptions,
  checkOptions,
  emptyFigure,
  type Figure,
  figureOf,
  type Key,
  type LabelledRun,
  type Plot,
  WIDTH,
} from "./figure.ts";
import { ALARM, INK } from "./palette.ts";
import { laneAreas, laneLabels, ROLE_KEYS, type RunLanes, shadeKeys } from "./role_lanes.ts";
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

const DIFFERENCE: Key = { label: "first difference", stroke: ALARM, strokeWidth: 2, height: 0 };

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
  checkOptions(options);
  const { panels, span } = panelsOf([left, right], options);
  if (span === null) return emptyFigure(options);
  const axis = new TimeAxis(span.from, span.to, { left: 76, right: 24, top: ABOVE });
  const above = panels[0].view.ids.length + HEADING / LANE;
  const runs = panels.map(({ label, view }, i) => (
    { label, view, axis, lanes: new Lanes(view.ids, LANE, ABOVE, i * above) }
  ));
  const difference = firstDifference(left.trace, right.trace);
  const parting = differenceText(runs, difference);
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
    keys: [...ROLE_KEYS, ...shadeKeys(views), DIFFERENCE],
    height: lanes.plotHeight,
    plot: (plot) => ({
      ...axis.frame(),
      y: lanes.scale(),
      color: { type: "identity" },
      marks: [
        ...runs.flatMap((run) => laneAreas(plot, run)),
        ...(difference === null || difference.tick > axis.end ? [] : differenceMarks(plot, difference.tick, runs)),
        ...runs.flatMap((run) => laneLabels(plot, run)),
        ...runs.map((run) => heading(plot, run)),
        axis.mark(plot),
      ],
    }),
  });
}

function heading(plot: Plot, { label, view, lanes }: RunLanes & { readonly label: string }): Markish {
  const note = view.scenes.length === 0 ? " (nothing happened yet)" : "";
  return plot.text([shorten(`${label}${note}`, WIDTH - 24, SIZE * 1.1)], {
    y: [lanes.above],
    text: (text: string) => text,
    frameAnchor: "left",
    textAnchor: "start",
    dx: -64,
    dy: -32,
    fontSize: SIZE,
    fontWeight: "bold",
    ...halo(),
    fill: INK,
  });
}

/** A rule through both runs where they part; what is done before the first tick is marked where that begins. */
function differenceMarks(
  plot: Plot,
  tick: Ticks,
  [{ axis, lanes }, { lanes: { end } }]: readonly RunLanes[],
): Markish[] {
  const at = Math.max(tick, axis.from);
  const isLeft = axis.px(at) < WIDTH / 2;
  const { stroke, strokeWidth, label } = DIFFERENCE;
  const x = () => at;
  return [
    plot.ruleX([at], { x, y1: (16 - ABOVE) / lanes.height, y2: end, stroke, strokeWidth, ariaDescription: label }),
    plot.text([at], {
      x,
      text: () => `${label}, tick ${tick}`,
      frameAnchor: "top",
      textAnchor: isLeft ? "start" : "end",
      dx: isLeft ? -6 : 6,
      dy: -ABOVE + 3,
      fontWeight: "bold",
      fill: stroke,
    }),
  ];
}

function differenceText(runs: readonly { readonly label: string }[], difference: Difference | null): string {
  if (difference === null) return "The two runs do not differ in anything.";
  const { tick, left, right } = difference;
  const [one, other] = [left, right].map((row) =>
    row === null ? "nothing more happens" : `${row.tick === tick ? "" : `at tick ${row.tick} `}${rowText(row)}`
  );
  const detail = one === other && left !== null && right !== null ? detailText(left, right) : "";
  return `The first difference is at tick ${tick}: in "${runs[0].label}" ${one}; in "${
    runs[1].label
  }" ${other}${detail}.`;
}

/** What is not the same in two rows of which the same is said. */
function detailText(left: TraceRow, right: TraceRow): string {
  const values = new Map<string, unknown>(Object.entries(right));
  const names = Object.entries(left).filter(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(values.get(name))
  );
  return ` (not the same: ${list(names.map(([name]) => name))})`;
}

/** What happens, as a clause, without when. */
function rowText(row: TraceRow): string {
  switch (row.kind) {
    case "node":
      return `node ${row.node} ends the tick ${row.running ? `as ${row.role} in term ${row.term}` : "stopped"}`;
    case "message":
      if (row.event === "sent") return `node ${row.from} sends ${row.type} to node ${row.to}`;
      return `${row.type} from node ${row.from} ${
        row.event === "delivered" ? "reaches" : "is lost on its way to"
      } node ${row.to}`;
    case "ready":
      return readyText(row);
    case "proposal":
      return `node ${row.node} is asked for a ${row.command.kind} of ${row.command.key}: ${row.result}`;
    case "commit":
      return `node ${row.node} moves its commit index to ${row.index}`;
    case "apply":
      return `node ${row.node} applies index ${row.index}`;
    case "restore":
      return `node ${row.node} restores its store up to index ${row.index}`;
    case "log":
      return `node ${row.node} begins with a log of ${count(row.entries.length, "entry", "entries")}`;
    case "nodeFault":
      return `node ${row.node} ${NODE_FAULT_WORDS[row.fault].one}`;
    case "linkFault": {
      const takes = row.fault === "delay" ? `: a message takes ${count(row.latency, "tick")}` : "";
      return `the link from node ${row.from} to node ${row.to} ${LINK_FAULT_WORDS[row.fault].one}${takes}`;
    }
    case "messageFault":
      return `${row.type} from node ${row.from} to node ${row.to} ${MESSAGE_FAULT_WORDS[row.fault].one}`;
    case "part":
    case "expectation":
      return "the scenario says something";
  }
}

function readyText({ node, number, snapshot, entries, hs, messages, persistedMessages, light }: ReadyRow): string {
  const sent = [...messages, ...persistedMessages, ...light.messages];
  const [types, targets] = [new Set(sent.map(({ type }) => type)), new Set(sent.map(({ to }) => to))];
  const vote = hs?.vote ?? null;
  const deeds = [
    snapshot === null ? "" : `takes a snapshot up to index ${snapshot}`,
    entries.length === 0 ? "" : `appends ${count(entries.length, "entry", "entries")}`,
    hs === null
      ? ""
      : `stores term ${hs.term}${vote === null ? "" : " and its vote for "}${
        vote === null ? "" : vote === node ? "itself" : `node ${vote}`
      }`,
    sent.length === 0 ? "" : `sends ${list([...types])} to ${nodeList([...targets])}`,
  ].filter((deed) => deed !== "");
  return `node ${node} ${deeds.length === 0 ? `handles its Ready number ${number}` : list(deeds)}`;
}
