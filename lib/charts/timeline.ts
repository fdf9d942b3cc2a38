/**
 * How far each log goes, how much of it is committed and how much applied, over time; and when the terms change
 * (paper Figure 2: commitIndex, lastApplied, currentTerm).
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId } from "../raft/mod.ts";
import type { ClusterState, NodeState } from "../trace/fold.ts";
import { count } from "../trace/text.ts";
import type { Trace } from "../trace/trace.ts";
import { askedText, READ, type Read, readMarks, readsIn, readSpots, readsText } from "./asked.ts";
import {
  ASKED,
  askedIn,
  axisLeft,
  BOTTOM,
  DIVIDED,
  divisionShades,
  halo,
  multiples,
  REQUESTS,
  requestSigns,
  RESTARTED,
  stepOf,
  termLabels,
  termRules,
  TimeAxis,
} from "./axes.ts";
import { type ChartOptions, emptyFigure, type Figure, figureOf, type Key, lookOf, type Plot } from "./figure.ts";
import { COMPACTED } from "./log_table.ts";
import { STANDINGS } from "./members.ts";
import { ABSENT, FAINT, GRID, INK, ROLES } from "./palette.ts";
import type { View } from "./spans.ts";
import {
  divisionsText,
  grouped,
  joined,
  momentsOf,
  prose,
  restartsIn,
  scopeOf,
  segmentsOf,
  standingsOf,
  standingsText,
  stopsText,
  viewOf,
} from "./spans.ts";
import { LabelRoom } from "./text.ts";

/** The three lines, from the one behind to the one in front. */
const LINES = [
  { label: "commit", of: "commit", stroke: "#56B4E9", strokeWidth: 4.5, height: 0 },
  { label: "last log index", of: "lastIndex", stroke: INK, strokeWidth: 1, height: 0 },
  { label: "applied", of: "applied", stroke: "#D55E00", strokeWidth: 2, dash: "4,3", height: 0 },
] as const;

const NEW_TERM: Key = { label: "new term", stroke: FAINT, strokeWidth: 0.8, dash: "3,3", height: 0 };
const STOPPED: Key = { label: "stopped", fill: ABSENT, stroke: ROLES.stopped.fill, dash: "4,2" };

/** The size of the labels of terms. */
const SIZE = 10;

/** The height of a node's panel, the gap to the next one, and the room around all of them. */
const PANEL = 80;
const GAP = 14;
const MARGINS = { left: 96, right: 96, top: 8, bottom: BOTTOM };

/**
 * Last log index, commit index and applied index of every node over time.
 *
 * @throws {RangeError} naming the option that is wrong.
 *
 * @example
 * ```ts
 * import { basic, play, timeline } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const { trace } = play(basic);
 * const figure = timeline(trace, { title: "The Put is applied on every node" });
 * match(figure.alt, /nodes 1, 2 and 3 are in term 1 with last log index 2, commit 2 and applied 2/);
 * ```
 */
export function timeline(trace: Trace, options: ChartOptions): Figure {
  const view = viewOf(trace, options);
  const { ids, scenes, divisions } = view;
  if (scenes.length === 0) return emptyFigure(options);
  const axis = new TimeAxis(view.from, view.to, MARGINS);
  const reads = readsIn(trace, view);
  const states = scenes.flatMap(({ state }) => nodesOf(state));
  const most = states.reduce((max, { lastIndex }) => Math.max(max, lastIndex), 1);
  return figureOf(options, {
    caption:
      `One panel per node; indices count upwards. An entry is in the node's log where the thin line has reached it, known to ` +
      `the node as committed where the thick one has, applied where the dashed one has. On the right: the values at the ` +
      `end.${axis.note()}`,
    alt: prose(altOf(view), readsText(reads)),
    keys: [...LINES, NEW_TERM, STOPPED, RESTARTED, ...REQUESTS, READ, COMPACTED, ...Object.values(STANDINGS), DIVIDED],
    height: MARGINS.top + ids.length * (PANEL + GAP) - GAP + BOTTOM,
    ...axis.frame(),
    y: [-most * 0.06, most * 1.3],
    fy: { domain: ids, padding: ids.length === 1 ? 0 : GAP / (PANEL + GAP) },
    marks: (plot) => [
      divisionShades(plot, divisions, axis),
      ...standingAreas(plot, view, axis),
      ...snapshotAreas(plot, view, axis),
      ...axisLeft(plot, multiples(stepOf(most / 4), 0, most), GRID),
      ...stopMarks(plot, view, axis, reads),
      ...termMarks(plot, view, axis),
      ...LINES.map((line) => stepLine(plot, view, axis, line)),
      plot.text(ids, { fy: (id) => id, text: (id) => `node ${id}`, frameAnchor: "left", dx: -84, fontSize: 12 }),
      ...endLabels(plot, nodesOf(scenes[scenes.length - 1].state)),
      axis.mark(plot),
    ],
  });
}

function nodesOf({ nodes }: ClusterState): NodeState[] {
  return [...nodes.values()];
}

function altOf(view: View): string {
  const { scenes } = view;
  const ends = new Map(
    nodesOf(scenes[scenes.length - 1].state).map(({ node, running, term, lastIndex, commit, applied }) => {
      const values = `last log index ${lastIndex}, commit ${commit} and applied ${applied}`;
      return [node, `${running ? "" : "stopped "}in term ${term} with ${values}`];
    }),
  );
  const restarts = restartsIn(view).length;
  const first = scenes.find(({ state }) => nodesOf(state).some(({ commit }) => commit > 0));
  return prose(
    `Log, commit and applied indices of ${scopeOf(view)}; ` +
      (first === undefined ? "nothing is committed." : `the first commit is seen at tick ${first.tick}.`),
    `In the end ${grouped(ends)}.`,
    standingsText(view),
    stopsText(view),
    restarts === 0 ? "" : `Nodes are restarted ${count(restarts, "time")}.`,
    divisionsText(view),
    askedText(view),
  );
}

/** Where a node is a learner, or outside its configuration. */
function standingAreas(plot: Plot, view: View, axis: TimeAxis): Markish[] {
  return Object.entries(STANDINGS).flatMap(([standing, key]) => {
    const own = standingsOf(view).filter((span) => span.standing === standing);
    const look = { ...lookOf(key), fillOpacity: key.fillOpacity / 3, strokeWidth: 0.7 };
    return own.length === 0 ? [] : [plot.rectX(own, { fy: "node", ...axis.across, ...look })];
  });
}

/** What a snapshot has taken the place of, for as long as it has. */
function snapshotAreas(plot: Plot, { ids, scenes }: View, axis: TimeAxis): Markish[] {
  const areas = ids.flatMap((id) =>
    joined(
      momentsOf(scenes, id).filter(({ state: { firstIndex } }) => firstIndex > 1),
      ({ state: { firstIndex } }) => `${firstIndex}`,
    )
  );
  if (areas.length === 0) return [];
  const y2 = ({ state: { firstIndex } }: { state: NodeState }) => firstIndex - 1;
  return [plot.rect(areas, { fy: "node", ...axis.across, y1: () => 0, y2, ...lookOf(COMPACTED) })];
}

/** Where nodes were stopped, where they were restarted, and where clients asked them. */
function stopMarks(plot: Plot, view: View, axis: TimeAxis, reads: readonly Read[]): Markish[] {
  const restart = { ...lookOf(RESTARTED), text: () => RESTARTED.sign, frameAnchor: "bottom", dy: -2 } as const;
  const restarts = restartsIn(view);
  const asked = askedIn(view, axis)
    .filter(({ node, x }) => !restarts.some((row) => row.node === node && Math.abs(axis.px(row.tick) - x) < 10));
  const room = new LabelRoom({ x1: 0, x2: axis.px(axis.end), y1: 0, y2: Infinity });
  for (const { node, x } of asked) room.take(ASKED.sign, x, node * 100);
  for (const { node, tick } of restarts) room.take(RESTARTED.sign, axis.px(tick), node * 100);
  return [
    plot.rectX(segmentsOf(view, "stopped"), { fy: "node", ...axis.across, ...lookOf(STOPPED) }),
    plot.text(restarts, { fy: "node", x: ({ tick }) => axis.px(tick), ...restart }),
    ...requestSigns(plot, asked, { fy: "node", frameAnchor: "bottom", dy: -2 }),
    ...readMarks(plot, readSpots(reads, axis, room, (id) => id * 100), {
      fy: "node",
      frameAnchor: "bottom",
      dy: -2,
    }),
  ];
}

/** Where a node's term changes. */
function termMarks(plot: Plot, { ids, segments, scenes }: View, axis: TimeAxis): Markish[] {
  const rules = ids.flatMap((node) => {
    const own = segments.filter((segment) => segment.node === node);
    const first = scenes[0].before.nodes.get(node)?.term ?? 0;
    const changes = own.filter(({ term }, i) => term !== (own[i - 1]?.term ?? first));
    return termRules(changes, axis, 2, SIZE).map((rule) => ({ ...rule, node }));
  });
  const style = { fy: "node", frameAnchor: "top", dy: 4, fontSize: SIZE, fill: FAINT, ...halo(3) } as const;
  return [
    plot.ruleX(rules, { ...lookOf(NEW_TERM), fy: "node", x: "x" }),
    ...termLabels(plot, rules, 2, 1, style),
  ];
}

function stepLine(plot: Plot, view: View, axis: TimeAxis, line: typeof LINES[number]): Markish {
  const steps = view.ids.flatMap((id) => stepsOf(view, id, (node) => node[line.of], axis));
  return plot.line(steps, { ...lookOf(line), x: "x", y: "y", z: null, fy: "node", strokeLinecap: "butt" });
}

/** The values at the end, right of the lines. */
function endLabels(plot: Plot, ends: readonly NodeState[]): Markish[] {
  const texts: ((node: NodeState) => string)[] = [
    ({ lastIndex }) => `last ${lastIndex}`,
    ({ commit }) => `commit ${commit}`,
    ({ applied }) => `applied ${applied}`,
    ({ running }) => (running ? "" : "(stopped)"),
  ];
  const place = { fy: "node", frameAnchor: "right", textAnchor: "start", dx: 8 } as const;
  return texts.map((text, i) => plot.text(ends, { ...place, text, dy: -20 + 15 * i }));
}

/**
 * The corners of the line of a node's value over time, which is interrupted while the node is stopped. In the tick in which it
 * stops it may still have reached a value: there the line ends.
 */
export function stepsOf({ scenes }: View, id: NodeId, valueOf: (node: NodeState) => number, axis: TimeAxis) {
  const values = momentsOf(scenes, id).map((at) => ({ ...at, running: at.state.running, y: valueOf(at.state) }));
  return axis.binned(joined(values, ({ running, y }) => `${running} ${y}`)).flatMap(
    ({ node, from, to, running, y }) => {
      const ends = running ? [{ tick: from, y }, { tick: to + 1, y }] : [{ tick: from, y }, { tick: from, y: NaN }];
      return ends.map(({ tick, y }) => ({ node, x: axis.px(tick), y }));
    },
  );
}
