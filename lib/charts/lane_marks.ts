/**
 * What happens in lanes besides roles: what clients ask for, how a lead is handed over, how the configuration changes.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId } from "../raft/mod.ts";
import { type Read, readMarks, readSpots } from "./asked.ts";
import { ASKED, askedIn, halo, type Lanes, requestSigns, type RunLanes, type TimeAxis } from "./axes.ts";
import { type Key, lookOf, type Plot, WIDTH } from "./figure.ts";
import { configurationTexts } from "./members.ts";
import { ALARM, FAINT, INK, ROLES } from "./palette.ts";
import type { Transfer } from "./spans.ts";
import { type Box, type LabelRoom, textWidth } from "./text.ts";

/** The size of small labels. */
export const SIZE = 9;

/** A leader waits for another node to take over. */
export const TRANSFER: Key = { label: "hands over its lead", stroke: ALARM, strokeWidth: 1.6, height: 0 };

/** Where labels of lanes may stand. */
export const EVERYWHERE: Box = { x1: 0, x2: WIDTH, y1: 0, y2: Infinity };

/** Above the bars: what clients ask for, and what reads are answered. */
export function requestMarks(
  plot: Plot,
  { view, axis, lanes }: RunLanes,
  reads: readonly Read[],
  room: LabelRoom,
): Markish[] {
  const above = (id: NodeId) => lanes.px(id) - ROLES.leader.height / 2 - 6;
  const asked = askedIn(view, axis);
  for (const { node, x } of asked) room.take(ASKED.sign, x, above(node), SIZE);
  for (const { node, from, to } of view.pauses) {
    room.reserve({ x1: axis.px(from), x2: axis.px(to + 1) - 6, y1: above(node) - 2, y2: above(node) + 2 });
  }
  return [
    ...requestSigns(plot, asked, { y: ({ node }) => above(node), fontSize: SIZE, ...halo(2) }),
    ...readMarks(plot, readSpots(reads, axis, room, above), { y: "y" }),
  ];
}

/** Half the height of a leader's bar. */
const EDGE = ROLES.leader.height / 2;

/**
 * Handing over a lead: a line below the leader's bar as long as it waits, and an arrow to where the other node campaigns; if it
 * does not, the line ends in ×.
 */
export function transferMarks(plot: Plot, { view: { transfers }, axis, lanes }: RunLanes, room: LabelRoom): Markish[] {
  if (transfers.length === 0) return [];
  const below = ({ node }: Transfer) => lanes.px(node) + EDGE + 3;
  const [done, vain] = [true, false].map((is) => transfers.filter((transfer) => (transfer.done !== null) === is));
  const arrows = done.map((transfer) => arrowOf(transfer, axis, lanes));
  const ends = vain.map((transfer) => ({ x2: axis.px(transfer.to + 1), y2: below(transfer) }));
  for (const { x2, y2 } of [...arrows, ...ends]) room.keepFree(x2, y2, 7);
  const labels = [
    ...arrows.map(({ x1, y1, x2, y2 }) => {
      // Half a lane from the leader's, where no bar is.
      const y = y1 + Math.sign(y2 - y1) * (lanes.height / 2 - EDGE);
      const slope = (x2 - x1) / (y2 - y1);
      return { text: "transfer", middle: x1 + (y - y1) * slope, y, beside: 6 + 5 * Math.abs(slope), first: -1 };
    }),
    ...ends.map(({ x2, y2 }) => ({ text: "transfer given up", middle: x2, y: y2 + 5, beside: 9, first: 1 })),
  ].flatMap(({ text, middle, y, beside, first }) => {
    const away = first * (beside + textWidth(text, SIZE) / 2);
    const found = [middle + away, middle - away].find((x) => room.take(text, x, y, SIZE));
    return found === undefined ? [] : [{ text, x: found, y }];
  });
  const line = { stroke: ALARM, strokeWidth: 1.6 };
  return [
    plot.ruleY(transfers, { ...axis.across, y: below, ...lookOf(TRANSFER) }),
    plot.arrow(arrows, { x1: "x1", y1: "y1", x2: "x2", y2: "y2", ...line, headLength: 6, headAngle: 45 }),
    plot.dot(ends, { x: "x2", y: "y2", symbol: "times", r: 4, stroke: ALARM, strokeWidth: 2 }),
    plot.text(labels, { x: "x", y: "y", text: "text", fontSize: SIZE, fill: INK, ...halo(3) }),
  ];
}

/** From the bar of the leader, when it was asked, to that of the other node, when it campaigns. */
function arrowOf({ node, transferee, from, done }: Transfer, axis: TimeAxis, lanes: Lanes) {
  const down = Math.sign(lanes.px(transferee) - lanes.px(node));
  return {
    x1: axis.px(from),
    y1: lanes.px(node) + down * EDGE,
    x2: axis.px(done ?? from),
    y2: lanes.px(transferee) - down * ROLES.candidate.height / 2,
  };
}

/** The rows for configurations below a leader's bar, in pixels below its middle. */
const ROWS = [EDGE + 10, EDGE + 21];

/** Below a leader's bar: its configuration, from where it is in force. */
export function configurationMarks(plot: Plot, { view, axis, lanes }: RunLanes, room: LabelRoom): Markish[] {
  if (view.configurations.length === 0) return [];
  const placed = view.configurations.flatMap(({ node, from, configuration }) => {
    const x = axis.px(from) + 4;
    const next = view.configurations.find((other) => other.node === node && other.from > from);
    const isBefore = (text: string) => next === undefined || x + textWidth(text, SIZE) < axis.px(next.from);
    const spot = (text: string, down: number) => ({ text, x, y1: lanes.px(node) + EDGE, y: lanes.px(node) + down });
    const texts = configurationTexts(configuration);
    const spots = [
      // In the upper row the next one's line would cross what is longer.
      ...texts.flatMap((text) => ROWS.slice(isBefore(text) ? 0 : 1).map((down) => spot(text, down))),
      ...texts.map((text) => spot(text, ROWS[0])),
    ];
    return spots.find(({ text, x, y }) => room.take(text, x + textWidth(text, SIZE) / 2, y, SIZE)) ?? [];
  });
  const rule = { x: ({ x }: { x: number }) => x - 4, y1: "y1", y2: ({ y }: { y: number }) => y + 4, stroke: FAINT };
  return [
    plot.ruleX(placed, rule),
    plot.text(placed, { x: "x", y: "y", text: "text", textAnchor: "start", fontSize: SIZE, fill: INK, ...halo(3) }),
  ];
}
