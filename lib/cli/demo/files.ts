/**
 * The files that `demo` writes of a run: a chart, and a page to play it.
 *
 * Floor 9. Charts and player are loaded here and nowhere else.
 *
 * @module
 */
import type { Figure } from "../../charts/figure.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Trace } from "../../trace.ts";
import type { DemoOptions } from "./options.ts";
import { word } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";

/**
 * Write what is asked for. Where it is, as sentences.
 *
 * @throws {UsageError} if a file cannot be written.
 */
export async function writeFiles(
  { plot, player }: DemoOptions,
  { chart = "timeline" }: Scenario,
  trace: Trace,
  title: string,
): Promise<string[]> {
  if (player !== undefined && trace.lastTick() === 0) {
    throw new UsageError(`cannot write ${word(player)}: no tick passes in this run; let one pass, with a run step`);
  }
  const written: string[] = [];
  if (plot !== undefined) {
    const { plotFile } = await import("./plot_file.ts");
    await plotFile(plot, await figureOf(chart, trace, title));
    written.push(`${CHARTS[chart]} ${word(plot)}`);
  }
  if (player !== undefined) {
    const { player: makePlayer } = await import("../../player/player.ts");
    const { writeOutputFile } = await import("./output_file.ts");
    writeOutputFile(player, makePlayer(trace, { title }).page());
    written.push(`The player is in ${word(player)}`);
  }
  return written;
}

type Chart = NonNullable<Scenario["chart"]>;

const CHARTS: Readonly<Record<Chart, string>> = {
  timeline: "The timeline is in",
  roleLanes: "The role lanes are in",
  termStaircase: "The term staircase is in",
};

async function figureOf(chart: Chart, trace: Trace, title: string): Promise<Figure> {
  switch (chart) {
    case "timeline":
      return (await import("../../charts/timeline.ts")).timeline(trace, { title });
    case "roleLanes":
      return (await import("../../charts/role_lanes.ts")).roleLanes(trace, { title });
    case "termStaircase":
      return (await import("../../charts/term_staircase.ts")).termStaircase(trace, { title });
  }
}
