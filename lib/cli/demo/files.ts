/**
 * The files that `demo` writes of a run: its chart, and a page to play it.
 *
 * Charts and player are loaded here and nowhere else.
 *
 * @module
 */
import { type Figure, xml } from "../../charts/figure.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { ScenarioOptions } from "../../scenario/schema.ts";
import { capital, word } from "../../trace/text.ts";
import type { Trace } from "../../trace/trace.ts";
import { targetOf, writeNamedFile } from "../named_file.ts";
import { attempt, UsageError } from "../usage_error.ts";
import type { DemoOptions } from "./options.ts";

/** What was played, and what happened. */
export interface Played {
  /** The scenario. */
  readonly scenario: Scenario;
  /** What it was told. */
  readonly options: ScenarioOptions;
  /** What happened. */
  readonly trace: Trace;
}

/**
 * Write what is asked for; where it is, a sentence each. A page holds a figure of every run; an image shows the first, a
 * player the first in which no rule is taken out.
 *
 * @throws {UsageError} if there is nothing to be shown, a file cannot be written, or both are one.
 */
export async function writeFiles({ plot, player }: DemoOptions, runs: readonly Played[]): Promise<string[]> {
  const paths = [plot, player].filter((path) => path !== undefined);
  if (new Set(paths.map((path) => attempt("write", path, () => targetOf(path)))).size < paths.length) {
    throw new UsageError(
      `--plot and --player cannot both write ${paths.map(word).join(", which is ")}; name two files`,
    );
  }
  // All is made before anything is written.
  const files: [path: string, content: string | Uint8Array, what: string][] = [];
  if (plot !== undefined) {
    const figures = await Promise.all((plot.endsWith(".html") ? runs : runs.slice(0, 1)).map(figureOf));
    const [figure] = figures;
    const content = plot.endsWith(".html") ? pageOf(figures) : plot.endsWith(".png") ? figure.png() : figure.svg();
    files.push([plot, await content, figures.length > 1 ? "figures are" : "figure is"]);
  }
  if (player !== undefined) {
    // A rule that is taken out is a program, which no page can carry.
    const first = runs.find(({ scenario: { mutation } }) => mutation === undefined) ?? runs[0];
    if (first.trace.lastTick() === 0) {
      throw new UsageError(`cannot write ${word(player)}: no tick passes in this run; let one pass, with a run step`);
    }
    const [{ player: makePlayer }, { play }] = await Promise.all([
      import("../../player/player.ts"),
      import("../../scenario/run.ts"),
    ]);
    const run = play(first.scenario, first.options);
    files.push([player, makePlayer(run, { title: titleOf(first) }).page(), "player is"]);
  }
  for (const [path, content] of files) attempt("write", path, () => writeNamedFile(path, content));
  return files.map(([path, , what]) => `The ${what} in ${word(path)}`);
}

async function figureOf(run: Played): Promise<Figure> {
  const { logStages, stagesOf, ...charts } = await import("../../charts/mod.ts");
  const { scenario: { chart = "timeline" }, trace } = run;
  const options = { title: titleOf(run) };
  return chart === "logStages" ? logStages(stagesOf(trace), options) : charts[chart](trace, options);
}

/** The title of a figure of the run: the finding, if it is one. */
function titleOf({ scenario: { name, summary = name, finding = summary }, trace }: Played): string {
  const wrong = trace.of("expectation").find(({ holds }) => !holds);
  return wrong === undefined ? capital(finding) : `Not as expected: ${wrong.text}`;
}

async function pageOf(figures: readonly Figure[]): Promise<string> {
  const sections = await Promise.all(figures.map(async (figure) =>
    `<figure>
${await figure.svg()}<figcaption>${xml(figure.caption)}</figcaption>
</figure>
<h2>In words</h2>
<p>${xml(figure.alt)}</p>
`
  ));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${xml(figures[0].title)}</title>
<style>body { margin: 2em auto; max-width: 760px; padding: 0 1em; font-family: system-ui, sans-serif; line-height: 1.5; }
figure { margin: 0; }</style>
${sections.join("")}</html>
`;
}
