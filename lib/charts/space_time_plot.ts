/**
 * The drawing of a space-time diagram.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { Lanes, TimeAxis } from "./chart.ts";
import type { Segment } from "./history.ts";
import { type Arrow, placeLabels, urgency } from "./message_labels.ts";
import type { Choice, Flight } from "./messages.ts";
import { ROLES } from "./palette.ts";
import type { Plot } from "./svg.ts";

/** What a message is about, by the colour of its arrow. */
export const MESSAGE_COLOURS = { vote: "#b35900", log: "#0b4f8a", heartbeat: "#7a7a7a" } as const;

const ENDS = { x1: "x1", y1: "y1", x2: "x2", y2: "y2" } as const;

/** What is drawn. */
export interface SpaceTimeParts {
  /** The axis of time. */
  readonly axis: TimeAxis;
  /** The lanes. */
  readonly lanes: Lanes;
  /** The messages. */
  readonly choice: Choice;
  /** What the nodes are, along their lanes. */
  readonly segments: readonly Segment[];
}

/** The plot. */
export function spaceTimePlot(plot: Plot, { axis, lanes, choice: { shown }, segments }: SpaceTimeParts): PlotOptions {
  const flights = shown.toSorted((a, b) => urgency(a) - urgency(b));
  const lines = flights.map((flight) => lineOf(flight, lanes));
  const lost = lines.filter(({ flight }) => flight.fate === "lost");
  return {
    ...lanes.frame(axis),
    marks: [
      ...laneMarks(plot, segments, lanes),
      ...lines.filter(({ flight }) => flight.fate !== "lost").map((line) => arrow(plot, line)),
      ...lost.map((line) => plot.link([line], { ...ENDS, ...strokeOf(line.flight), strokeDasharray: "4,3" })),
      plot.dot(lost, {
        x: "x2",
        y: "y2",
        symbol: "times",
        r: 4.5,
        stroke: "#b00020",
        strokeWidth: 2,
        ariaDescription: "lost",
      }),
      ...placeLabels(plot, lines, axis, lanes),
      lanes.names(plot),
      ...axis.marks(plot),
    ],
  };
}

/** A message that arrives goes all the way, one that is lost or on its way half a lane. */
function lineOf(flight: Flight, lanes: Lanes): Arrow {
  const { message: { from, to }, sent, ended, fate } = flight;
  const [y1, y] = [lanes.middle(from), lanes.middle(to)];
  const end = Math.max(ended ?? sent, sent + 1);
  const part = fate === "delivered" ? 1 : 0.5 / Math.max(1, Math.abs(y - y1));
  return {
    flight,
    x1: sent,
    y1,
    x2: sent + ((fate === "delivered" ? ended ?? end : end) - sent) * part,
    y2: y1 + (y - y1) * part,
  };
}

function strokeOf({ message: { type, entries } }: Flight): { stroke: string; strokeWidth: number } {
  const about = type.includes("Vote") ? "vote" : type.startsWith("Heartbeat") ? "heartbeat" : "log";
  return { stroke: MESSAGE_COLOURS[about], strokeWidth: entries > 0 ? 2.6 : 1 };
}

function arrow(plot: Plot, line: Arrow): Markish {
  const { fate, message: { entries } } = line.flight;
  if (fate === "on its way") return plot.link([line], { ...ENDS, ...strokeOf(line.flight), strokeDasharray: "1,3" });
  const headLength = entries > 0 ? 5 : 9;
  return plot.arrow([line], { ...ENDS, ...strokeOf(line.flight), headLength, headAngle: 45, insetEnd: 2 });
}

function laneMarks(plot: Plot, segments: readonly Segment[], lanes: Lanes): Markish[] {
  return (["follower", "candidate", "leader", "stopped"] as const).map((condition) =>
    plot.ruleY(segments.filter((segment) => segment.condition === condition), {
      y: ({ node }: Segment) => lanes.middle(node),
      x1: "from",
      x2: ({ to }: Segment) => to + 1,
      stroke: ROLES[condition].fill,
      strokeWidth: laneWidth(condition),
      strokeDasharray: condition === "stopped" ? "3,3" : "none",
      strokeLinecap: "butt",
    })
  );
}

/** How thick a lane is. */
export function laneWidth(condition: Segment["condition"]): number {
  return { follower: 3, candidate: 5, leader: 8, stopped: 2 }[condition];
}
