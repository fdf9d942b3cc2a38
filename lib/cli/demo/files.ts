/**
 * The files that `demo` writes of a run: a chart, and a page to play it.
 *
 * Charts and player are loaded here and nowhere else.
 *
 * @module
 */
import type { Figure } from "../../charts/figure.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Trace } from "../../trace/trace.ts";
import type { DemoOptions } from "./options.ts";
import { word, wrap } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";

/** What was played, and what happened. */
export interface Played {
  /** The scenario. */
  readonly scenario: Scenario;
  /** What happened. */
  readonly trace: Trace;
}

/**
 * Write what is asked for. A page holds a figure of every run; an SVG document and a player show the first. Where it is, a
 * sentence each; where there are several runs, also of which it is, and how to get the others.
 *
 * @throws {UsageError} if a file cannot be written.
 */
export async function writeFiles({ plot, player }: DemoOptions, runs: readonly Played[]): Promise<string[]> {
  const [first, ...others] = runs;
  if (player !== undefined && first.trace.lastTick() === 0) {
    throw new UsageError(`cannot write ${word(player)}: no tick passes in this run; let one pass, with a run step`);
  }
  const { name, chart = "timeline" } = first.scenario;
  const of = others.length === 0 ? "" : ` of ${name}`;
  const names = others.map(({ scenario }) => scenario.name).join(" and ");
  const isEachDrawn = others.length === 0 || plot?.endsWith(".html") === true;
  const written: string[] = [];
  if (plot !== undefined) {
    await drawInto(plot, runs);
    const what = isEachDrawn && others.length > 0 ? `The figures${of} and ${names} are in` : CHARTS[chart](of);
    written.push(`${what} ${word(plot)}`);
  }
  if (player !== undefined) {
    const { player: makePlayer } = await import("../../player/player.ts");
    const { writeOutputFile } = await import("./output_file.ts");
    writeOutputFile(player, makePlayer(first.trace, { title: titleOf(first) }).page());
    written.push(`The player${of} is in ${word(player)}`);
  }
  return isEachDrawn ? written : [...written, ...wrap("", `For ${names} as well, draw a page: --plot FILE.html`)];
}

/** Sentences that begin with a chart, and go on with the file. */
const CHARTS: Readonly<Record<NonNullable<Scenario["chart"]>, (of: string) => string>> = {
  timeline: (of) => `The timeline${of} is in`,
  roleLanes: (of) => `The role lanes${of} are in`,
  termStaircase: (of) => `The term staircase${of} is in`,
};

async function drawInto(file: string, runs: readonly Played[]): Promise<void> {
  const { plotFile } = await import("./plot_file.ts");
  await plotFile(file, await Promise.all(runs.map(figureOf)));
}

async function figureOf(run: Played): Promise<Figure> {
  const { scenario: { chart = "timeline" }, trace } = run;
  const title = titleOf(run);
  switch (chart) {
    case "timeline":
      return (await import("../../charts/timeline.ts")).timeline(trace, { title });
    case "roleLanes":
      return (await import("../../charts/role_lanes.ts")).roleLanes(trace, { title });
    case "termStaircase":
      return (await import("../../charts/term_staircase.ts")).termStaircase(trace, { title });
  }
}

/** The title of a figure of the run: the finding, if it is one. */
function titleOf({ scenario: { name, summary = name, finding = summary }, trace }: Played): string {
  const wrong = trace.of("expectation").find(({ holds }) => !holds);
  if (wrong !== undefined) return `Not as expected: ${wrong.text}`;
  return `${finding.charAt(0).toUpperCase()}${finding.slice(1)}`;
}
