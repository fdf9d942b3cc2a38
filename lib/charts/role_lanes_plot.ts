/**
 * The drawing of role lanes.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import { type Lanes, termRules, type TimeAxis } from "./chart.ts";
import { type History, type Segment, termStarts } from "./history.ts";
import { shadeLabels, shades } from "./lane_shades.ts";
import type { Loss } from "./losses.ts";
import { INK, PAPER, ROLES } from "./palette.ts";
import type { Plot } from "./svg.ts";
import { textWidth } from "./text.ts";

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
export function roleLanesPlot(plot: Plot, parts: RoleLaneParts): PlotOptions {
  const { axis, lanes } = parts;
  return {
    ...lanes.frame(axis),
    color: { type: "identity" },
    marks: [...roleLaneAreas(plot, parts), ...roleLaneLabels(plot, parts), ...axis.marks(plot)],
  };
}

/** What there is in the lanes, without its labels. */
export function roleLaneAreas(plot: Plot, { history, axis, lanes, losses, segments }: RoleLaneParts): Markish[] {
  const terms = termRules(termStarts(history), axis);
  const across = { y1: lanes.above, y2: lanes.end };
  const dashes = { strokeDasharray: "3,3", strokeWidth: 0.8 };
  return [
    ...shades(plot, history, losses, lanes),
    plot.ruleX(terms, { x: "tick", ...across, stroke: INK, ...dashes, ariaDescription: "new term" }),
    ...bars(plot, segments, axis, lanes),
  ];
}

/** The labels of that, and what stands above and beside the lanes. A line behind a label does not run through it. */
export function roleLaneLabels(plot: Plot, { history, axis, lanes, losses, segments }: RoleLaneParts): Markish[] {
  const terms = termRules(termStarts(history), axis);
  return [
    plot.text(terms.filter(({ label }) => label !== ""), {
      x: "tick",
      y: () => lanes.above,
      text: "label",
      lineAnchor: "top",
      dy: -12,
      fill: INK,
      stroke: PAPER,
      strokeWidth: 4,
    }),
    ...barLabels(plot, segments, axis, lanes),
    ...shadeLabels(plot, history, losses, axis, lanes),
    lanes.names(plot),
  ];
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
      stroke: ROLES[condition].fill,
      strokeWidth: 4,
      fontSize: labelSize(condition),
      fontWeight: condition === "leader" ? "bold" : "normal",
    })
  );
}

function labelSize(condition: Segment["condition"]): number {
  return condition === "stopped" ? 9 : 11;
}
