/**
 * The names of messages beside their arrows, where there is room for them.
 *
 * @module
 */
import type { Markish } from "@observablehq/plot";
import type { Lanes, TimeAxis } from "./chart.ts";
import { type Flight, isHeartbeat } from "./messages.ts";
import { INK } from "./palette.ts";
import type { Plot } from "./svg.ts";
import { LabelRoom } from "./text.ts";

/** An arrow, in ticks and lanes. */
export interface Arrow {
  /** The message. */
  readonly flight: Flight;
  /** When it begins. */
  readonly x1: number;
  /** In which lane it begins. */
  readonly y1: number;
  /** When it ends. */
  readonly x2: number;
  /** In which lane it ends. */
  readonly y2: number;
}

/** Where on its arrow a label may stand, the best place first. */
const PLACES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78];

const SIZE = 10;

/**
 * The labels for which there is room: what carries entries first, heartbeats last. Arrows that lie upon each other share
 * one.
 */
export function placeLabels(plot: Plot, arrows: readonly Arrow[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const room = new LabelRoom({
    x1: axis.margins.left,
    x2: axis.px(axis.end) + 10,
    y1: 0,
    y2: lanes.px(lanes.ids.length),
  });
  for (const { flight, x2, y2 } of arrows) if (flight.fate === "lost") room.take("×", axis.px(x2), lanes.px(y2), 15);
  const urgent = arrows.toSorted((a, b) => urgency(b.flight) - urgency(a.flight));
  const placed = waysOf(urgent).flatMap((way) => {
    const [{ flight, x1, y1, x2, y2 }] = way;
    const labels = way.map((arrow) => labelOf(arrow.flight));
    const places = flight.fate === "delivered" ? PLACES : [0.45];
    const spots = [together(labels), labels[0]].flatMap((text) =>
      places.map((part) => ({ text, x: x1 + (x2 - x1) * part, y: y1 + (y2 - y1) * part }))
    );
    const spot = spots.find(({ text, x, y }) => isOffLanes(y, lanes) && room.take(text, axis.px(x), lanes.px(y), SIZE));
    return spot === undefined ? [] : [spot];
  });
  return [plot.text(placed, {
    x: "x",
    y: "y",
    text: "text",
    fontSize: SIZE,
    fill: INK,
    stroke: "white",
    strokeWidth: 3,
  })];
}

/** Whether a label there leaves the lines of the lanes free. */
function isOffLanes(y: number, { height }: Lanes): boolean {
  return Math.abs((y % 1) - 0.5) * height > SIZE;
}

/** How much a message matters: what carries entries most, heartbeats least. */
export function urgency({ message }: Flight): number {
  if (message.entries > 0) return 3;
  return isHeartbeat(message) ? 0 : message.type.includes("Response") ? 1 : 2;
}

/** The arrows, those that lie on one another together. */
function waysOf(arrows: readonly Arrow[]): Arrow[][] {
  const ways = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const way = [arrow.x1, arrow.y1, arrow.x2, arrow.y2].join();
    ways.set(way, [...ways.get(way) ?? [], arrow]);
  }
  return [...ways.values()];
}

/** `Append +1, 2 Heartbeat`. */
function together(labels: readonly string[]): string {
  return [...new Set(labels)].map((label) => {
    const { length } = labels.filter((other) => other === label);
    return length === 1 ? label : `${length} ${label}`;
  }).join(", ");
}

function labelOf({ message: { type, entries, reject } }: Flight): string {
  return `${type}${entries > 0 ? ` +${entries}` : ""}${reject ? " (no)" : ""}`;
}
