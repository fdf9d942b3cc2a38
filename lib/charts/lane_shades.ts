/**
 * What is drawn behind and above the bars of role lanes: the sides of divided nodes, lost messages, clocks that stand still.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { NodeId } from "../raft/mod.ts";
import type { Lanes, TimeAxis } from "./chart.ts";
import type { Division, Mute, Span } from "./divisions.ts";
import type { History } from "./history.ts";
import type { Loss } from "./losses.ts";
import { FAINT, INK, LOSS, ROLES, SIDES } from "./palette.ts";
import type { Key, Plot } from "./svg.ts";
import { LabelRoom, textWidth } from "./text.ts";

/** A node's place in a division. */
export interface Place extends Span {
  /** The node. */
  readonly node: NodeId;
  /** The nodes on its side, itself too. */
  readonly side: readonly NodeId[];
  /** The shade of that side. */
  readonly fill: string;
}

const SIZE = 9;

/** The keys of what there is to see of these. */
export function shadeKeys({ divisions, mutes }: Pick<History, "divisions" | "mutes">, losses: readonly Loss[]): Key[] {
  return [
    ...(losses.length === 0 ? [] : [{ label: "messages lost, with whom", fill: LOSS, height: 14 }]),
    ...sideKeys(divisions),
    ...(mutes.length === 0
      ? []
      : [{ label: "clock stands still", stroke: INK, strokeWidth: 2, dash: "2,3", height: 0 }]),
  ];
}

/** A key a side, as many as there are at once. */
export function sideKeys(divisions: readonly Division[]): Key[] {
  const most = Math.max(0, ...divisions.map(({ sides }) => sides.length));
  return SIDES.slice(0, most).map((fill, i) => ({
    label: ["divided: one side", "another side", "a third side"][i],
    fill,
    stroke: FAINT,
    strokeWidth: 0.5,
    height: 14,
  }));
}

/** Where the nodes are divided, in any panel over time. */
export function divisionShades(plot: Plot, { divisions }: History): Markish[] {
  if (divisions.length === 0) return [];
  const look = { fill: SIDES[1], fillOpacity: 0.6, stroke: FAINT, strokeWidth: 0.5, strokeDasharray: "1,3" };
  return [plot.rectX(divisions, { x1: "from", x2: ({ to }: Span) => to + 1, ...look, ariaDescription: "divided" })];
}

/** The key of it. */
export function divisionKeys({ divisions }: History): Key[] {
  return divisions.length === 0 ? [] : [{ label: "nodes are divided", fill: SIDES[1], stroke: FAINT, dash: "1,3" }];
}

/** The shades. */
export function shades(plot: Plot, { divisions }: History, losses: readonly Loss[], lanes: Lanes): Markish[] {
  const isDivided = divisions.length > 0;
  const across = { x1: "from", x2: ({ to }: Span) => to + 1 };
  const sides = plot.rect(placesOf(divisions), {
    ...across,
    y1: ({ node }: Place) => lanes.middle(node) - 0.5,
    y2: ({ node }: Place) => lanes.middle(node) + 0.5,
    fill: "fill",
    stroke: FAINT,
    strokeWidth: 0.5,
    ariaDescription: "divided",
  });
  const lost = plot.rect(losses, {
    ...across,
    y1: (loss: Loss) => lanes.middle(loss.node) - (isDivided ? 0 : 0.48),
    y2: (loss: Loss) => lanes.middle(loss.node) + 0.48,
    fill: LOSS,
    ariaDescription: "messages lost",
  });
  return isDivided ? [sides, lost] : [lost];
}

/** The places of every node. */
export function placesOf(divisions: readonly Division[]): Place[] {
  return divisions.flatMap(({ sides, from, to }) =>
    sides.flatMap((side, i) => side.map((node) => ({ node, side, fill: SIDES[i % SIDES.length], from, to })))
  );
}

/** With whom messages are lost, and below the bars of divided nodes who is on their side; above them, whose clock stands still. */
export function shadeLabels(
  plot: Plot,
  { divisions, mutes }: History,
  losses: readonly Loss[],
  axis: TimeAxis,
  lanes: Lanes,
): Markish[] {
  const room = new LabelRoom({ x1: 0, x2: Infinity, y1: 0, y2: Infinity });
  const labels = [
    ...losses.map(({ peers, ...loss }) => ({ ...loss, fill: LOSS, label: `lost: ${peers.join(", ")}` })),
    ...placesOf(divisions).map(({ side, ...place }) => ({ ...place, label: sideText(side, place.node) })),
  ].filter(({ node, from, to, label }) =>
    textWidth(label, SIZE) + 4 <= (to + 1 - from) * axis.perTick &&
    room.take(label, axis.px((from + to + 1) / 2), lanes.px(lanes.middle(node)), SIZE)
  );
  const below = plot.text(labels, {
    x: ({ from, to }: Span) => (from + to + 1) / 2,
    y: ({ node }) => lanes.middle(node) + 0.48,
    dy: -5,
    text: "label",
    fontSize: SIZE,
    fill: INK,
    stroke: "fill",
    strokeWidth: 4,
  });
  return mutes.length === 0 ? [below] : [below, ...muteMarks(plot, mutes, axis, lanes)];
}

function sideText(side: readonly NodeId[], node: NodeId): string {
  const others = side.filter((other) => other !== node);
  return others.length === 0 ? "alone" : `with ${others.join(", ")}`;
}

function muteMarks(plot: Plot, mutes: readonly Mute[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const label = "clock stands still";
  const above = ({ node }: Mute) => lanes.middle(node) - (ROLES.leader.height / 2 + 6) / lanes.height;
  return [
    plot.ruleY(mutes, {
      x1: "from",
      x2: ({ to }: Mute) => to + 1,
      y: above,
      stroke: INK,
      strokeWidth: 2,
      strokeDasharray: "2,3",
      ariaDescription: "clock stands still",
    }),
    plot.text(mutes.filter(({ from, to }) => textWidth(label, SIZE) + 4 <= (to + 1 - from) * axis.perTick), {
      x: ({ from, to }: Mute) => (from + to + 1) / 2,
      y: above,
      text: () => label,
      fontSize: SIZE,
      stroke: "white",
      strokeWidth: 4,
      fill: INK,
    }),
  ];
}
