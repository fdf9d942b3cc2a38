/**
 * The drawing of role lanes.
 *
 * Floor 8.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { type Lanes, termRules, type TimeAxis } from "./chart.ts";
import { type History, type Segment, termStarts } from "./history.ts";
import { INK, LOSS, ROLES } from "./palette.ts";
import type { Plot } from "./svg.ts";
import { textWidth } from "./text.ts";

/** From one tick to another a node lost messages to or from `peers`. */
export interface Loss {
  /** The node. */
  readonly node: NodeId;
  /** The other ends of the messages. */
  readonly peers: readonly NodeId[];
  /** The first loss. */
  readonly from: Ticks;
  /** The last one. */
  readonly to: Ticks;
}

/** What is drawn. */
export interface RoleLaneParts {
  /** The run. */
  readonly history: History;
  /** The axis of time. */
  readonly axis: TimeAxis;
  /** The lanes. */
  readonly lanes: Lanes;
  /** The shades. */
  readonly losses: readonly Loss[];
  /** The bars. */
  readonly segments: readonly Segment[];
}

/** The plot. */
export function roleLanesPlot(plot: Plot, { history, axis, lanes, losses, segments }: RoleLaneParts): PlotOptions {
  const terms = termRules(termStarts(history), axis);
  const dashes = { strokeDasharray: "3,3", strokeWidth: 0.8 };
  return {
    ...lanes.frame(axis),
    color: { type: "identity" },
    marks: [
      lossShades(plot, losses, lanes),
      plot.ruleX(terms, { x: "tick", stroke: INK, ...dashes, ariaDescription: "new term" }),
      ...bars(plot, segments, axis, lanes),
      plot.text(terms.filter(({ label }) => label !== ""), { x: "tick", text: "label", frameAnchor: "top", dy: -12 }),
      ...barLabels(plot, segments, axis, lanes),
      lossLabels(plot, losses, axis, lanes),
      lanes.names(plot),
      ...axis.marks(plot),
    ],
  };
}

function lossShades(plot: Plot, losses: readonly Loss[], lanes: Lanes): Markish {
  return plot.rect(losses, {
    x1: "from",
    x2: (loss: Loss) => loss.to + 1,
    y1: (loss: Loss) => lanes.middle(loss.node) - 0.48,
    y2: (loss: Loss) => lanes.middle(loss.node) + 0.48,
    fill: LOSS,
    ariaDescription: "messages lost",
  });
}

function bars(plot: Plot, segments: readonly Segment[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const half = ({ condition }: Segment) => ROLES[condition].height / lanes.height / 2;
  const bar = {
    x1: "from",
    x2: (segment: Segment) => segment.to + 1,
    y1: (segment: Segment) => lanes.middle(segment.node) - half(segment),
    y2: (segment: Segment) => lanes.middle(segment.node) + half(segment),
    fill: ({ condition }: Segment) => ROLES[condition].fill,
    stroke: ({ condition }: Segment) => ROLES[condition].stroke,
    strokeWidth: axis.perTick < 2 ? 0.4 : 1,
  };
  const [stopped, running] = [true, false].map((is) => segments.filter((s) => (s.condition === "stopped") === is));
  return [
    plot.rect(running, { ...bar, ariaDescription: "roles" }),
    plot.rect(stopped, { ...bar, strokeDasharray: "4,2", ariaDescription: "stopped" }),
  ];
}

function barLabels(plot: Plot, segments: readonly Segment[], axis: TimeAxis, lanes: Lanes): Markish[] {
  const labelled = segments.map((segment) => {
    const { letter } = ROLES[segment.condition];
    return { ...segment, label: letter === "" ? "stopped" : `${letter}${segment.term}` };
  }).filter(({ label, from, to, condition }) =>
    textWidth(label, labelSize(condition)) + 3 <= (to + 1 - from) * axis.perTick
  );
  return (["follower", "candidate", "leader", "stopped"] as const).map((condition) =>
    plot.text(labelled.filter((segment) => segment.condition === condition), {
      x: (segment: Segment) => (segment.from + segment.to + 1) / 2,
      y: (segment: Segment) => lanes.middle(segment.node),
      text: "label",
      fill: ROLES[condition].ink,
      fontSize: labelSize(condition),
      fontWeight: condition === "leader" ? "bold" : "normal",
    })
  );
}

function labelSize(condition: Segment["condition"]): number {
  return condition === "stopped" ? 9 : 11;
}

function lossLabels(plot: Plot, losses: readonly Loss[], axis: TimeAxis, lanes: Lanes): Markish {
  const label = ({ peers }: Loss) => `lost: ${peers.join(", ")}`;
  const fits = (loss: Loss) => textWidth(label(loss), 9) + 4 <= (loss.to + 1 - loss.from) * axis.perTick;
  return plot.text(losses.filter(fits), {
    x: (loss: Loss) => (loss.from + loss.to + 1) / 2,
    y: (loss: Loss) => lanes.middle(loss.node) + 0.48,
    dy: -5,
    text: label,
    fontSize: 9,
  });
}
