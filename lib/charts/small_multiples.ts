/**
 * Role lanes of many runs side by side: what is alike in all of them, and what is chance.
 *
 * @module
 */
import { checkOptions, emptyFigure, figureOf } from "./chart.ts";
import type { Figure, LabelledRun } from "./figure.ts";
import { sideKeys } from "./lane_shades.ts";
import { ROLES } from "./palette.ts";
import { firstLeadership, type Panel, panelsOf, panelText, spanOf } from "./runs.ts";
import { Grid, PART, smallMultiplesPlot } from "./small_multiples_plot.ts";
import type { Key } from "./svg.ts";
import { capital, count, ticksText } from "./text.ts";

/** What small multiples can be told. */
export interface SmallMultiplesOptions {
  /** The finding, as a sentence. */
  readonly title: string;
  /** How many runs stand side by side, 1 to 6; by default 3 at most. */
  readonly columns?: number;
}

/** The most runs that one figure shows. */
const MOST = 12;

const KEYS: readonly Key[] = (["follower", "candidate", "leader", "stopped"] as const).map((condition) => {
  const { fill, stroke, height } = ROLES[condition];
  return { label: condition, fill, stroke, height: height * PART, ...(condition === "stopped" ? { dash: "4,2" } : {}) };
});

/**
 * The role of every node over time, in each of up to 12 runs.
 *
 * @throws {RangeError} naming the option, or the run, that is wrong.
 *
 * @example
 * ```ts
 * import { Cluster, smallMultiples, Trace } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * const runs = [1, 2, 3].map((seed) => {
 *   const trace = new Trace();
 *   new Cluster({ nodes: 3, seed, observer: trace.record }).run(30);
 *   return { label: `seed ${seed}`, trace };
 * });
 * const figure = smallMultiples(runs, { title: "Who is elected is chance" });
 * match(figure.alt, /Seed 1: node 1 leads term 1 from tick 13 to the end; seed 2:/);
 * ```
 */
export function smallMultiples(runs: readonly LabelledRun[], options: SmallMultiplesOptions): Figure {
  const { title, columns = Math.min(3, Math.ceil(Math.sqrt(runs.length))) } = options;
  checkOptions({ title });
  if (runs.length < 1 || runs.length > MOST) {
    throw new RangeError(`Cannot show ${runs.length} runs: one figure shows 1 to ${MOST}`);
  }
  if (!Number.isSafeInteger(columns) || columns < 1 || columns > 6) {
    throw new RangeError(`Cannot use columns: ${columns}; it must be a whole number from 1 to 6`);
  }
  const panels = panelsOf(runs, { title });
  const span = spanOf(panels);
  if (span === null) return emptyFigure({ title });
  const grid = new Grid(panels, columns, span);
  const divisions = panels.flatMap(({ history }) => history.divisions);
  const scope = `${count(runs.length, "run")}, ${ticksText(span.from, span.to)}`;
  return figureOf({ title }, {
    caption:
      `The roles of every node in ${scope}; time is the same in all of them, from left to right. A lane a node, ` +
      `node 1 at the top; a bar's colour and height are its role.${grid.axis(0).note()}`,
    alt: `The roles of every node in ${scope}.${firstText(panels)} ${capital(panels.map(panelText).join("; "))}.`,
    drawing: {
      keys: [...KEYS, ...sideKeys(divisions)],
      height: grid.height,
      options: (plot) => smallMultiplesPlot(plot, grid),
    },
  });
}

/** How far apart the first leaders are. */
function firstText(panels: readonly Panel[]): string {
  const ticks = panels.flatMap((panel) => firstLeadership(panel)?.from ?? []);
  if (ticks.length < 2) return "";
  return ` The first leader is seen at tick ${Math.min(...ticks)} at the earliest, at tick ${
    Math.max(...ticks)
  } at the latest.`;
}
