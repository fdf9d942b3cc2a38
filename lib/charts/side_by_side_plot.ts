/**
 * The drawing of two runs, one above the other.
 *
 * @module
 */
import type { Markish, PlotOptions } from "@observablehq/plot";
import type { Ticks } from "../raft/mod.ts";
import { isEmpty } from "./history.ts";
import { roleLaneAreas, roleLaneLabels, type RoleLaneParts } from "./role_lanes_plot.ts";
import { INK } from "./palette.ts";
import { type Key, type Plot, WIDTH } from "./svg.ts";
import { shorten } from "./text.ts";

/** The room above the lanes of a run, for its label and its terms. */
export const HEADING = 52;

/** The room above all lanes: that, and a line for the label of the difference. */
export const ABOVE = HEADING + 10;

const SIZE = 13;

/** How the first difference looks. */
export const DIFFERENCE_KEY: Key = { label: "first difference", stroke: "#b00020", strokeWidth: 2, height: 0 };

/** The plot; `tick` is that of the first difference. */
export function sideBySidePlot(
  plot: Plot,
  parts: readonly RoleLaneParts[],
  labels: readonly string[],
  tick: Ticks | null,
): PlotOptions {
  const { axis, lanes } = parts[parts.length - 1];
  return {
    ...lanes.frame(axis),
    color: { type: "identity" },
    marks: [
      ...parts.flatMap((part) => roleLaneAreas(plot, part)),
      ...(tick === null || tick > axis.end ? [] : differenceMarks(plot, tick, parts)),
      ...parts.flatMap((part) => roleLaneLabels(plot, part)),
      ...parts.map((part, i) => heading(plot, part, labels[i])),
      ...axis.marks(plot),
    ],
  };
}

function heading(plot: Plot, { history, lanes }: RoleLaneParts, label: string): Markish {
  const note = isEmpty(history) ? " (nothing happened yet)" : "";
  return plot.text([shorten(`${label}${note}`, WIDTH - 24, SIZE * 1.1)], {
    y: [lanes.above],
    text: (text: string) => text,
    frameAnchor: "left",
    textAnchor: "start",
    dx: -64,
    dy: -32,
    fontSize: SIZE,
    fontWeight: "bold",
    stroke: "white",
    strokeWidth: 4,
    fill: INK,
  });
}

/** A rule through both runs where they part; what is done before the first tick is marked where that begins. */
function differenceMarks(plot: Plot, tick: Ticks, parts: readonly RoleLaneParts[]): Markish[] {
  const [{ axis, lanes }] = parts;
  const x = Math.max(tick, axis.from);
  const { stroke, strokeWidth } = DIFFERENCE_KEY;
  const [y1, y2] = [(16 - ABOVE) / lanes.height, parts[parts.length - 1].lanes.end];
  return [
    plot.ruleX([x], { x: (at: Ticks) => at, y1, y2, stroke, strokeWidth, ariaDescription: "first difference" }),
    plot.text([x], {
      x: (at: Ticks) => at,
      text: () => `first difference, tick ${tick}`,
      frameAnchor: "top",
      textAnchor: axis.px(x) < WIDTH / 2 ? "start" : "end",
      dx: axis.px(x) < WIDTH / 2 ? -6 : 6,
      dy: -ABOVE + 3,
      fontWeight: "bold",
      fill: stroke,
    }),
  ];
}
