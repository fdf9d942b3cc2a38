/**
 * The files that `demo` writes of a run: its chart, and a page to play it.
 *
 * Charts and player are loaded here and nowhere else.
 *
 * @module
 */
import { type Figure, xml } from "../../charts/figure.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { capital, word } from "../../trace/text.ts";
import type { Trace } from "../../trace/trace.ts";
import { targetOf, writeNamedFile } from "../named_file.ts";
import { attempt, UsageError } from "../usage_error.ts";
import type { DemoOptions } from "./options.ts";

/** What was played, and what happened. */
export interface Played {
  /** The scenario. */
  readonly scenario: Scenario;
  /** What happened. */
  readonly trace: Trace;
}

/**
 * Write what is asked for; where it is, a sentence each. A page holds a figure of every run; an SVG document and a player show
 * the first.
 *
 * @throws {UsageError} if there is nothing to be shown, a file cannot be written, or both are one.
 */
export async function writeFiles({ plot, player }: DemoOptions, runs: readonly Played[]): Promise<string[]> {
  const files = [plot, player].filter((file) => file !== undefined);
  if (new Set(files.map((file) => attempt("write", file, () => targetOf(file)))).size < files.length) {
    throw new UsageError(
      `--plot and --player cannot both write ${files.map(word).join(", which is ")}; name two files`,
    );
  }
  const isPage = plot?.endsWith(".html");
  const figures = plot === undefined ? [] : await Promise.all((isPage ? runs : runs.slice(0, 1)).map(figureOf));
  const playing = player === undefined ? "" : await playerOf(runs[0], player);
  const written: string[] = [];
  if (plot !== undefined) {
    const text = isPage ? await pageOf(figures) : await figures[0].svg();
    attempt("write", plot, () => writeNamedFile(plot, text));
    written.push(`The ${figures.length > 1 ? "figures are" : "figure is"} in ${word(plot)}`);
  }
  if (player !== undefined) {
    attempt("write", player, () => writeNamedFile(player, playing));
    written.push(`The player is in ${word(player)}`);
  }
  return written;
}

/** A page that plays `run`, to be written to `file`. */
async function playerOf(run: Played, file: string): Promise<string> {
  if (run.trace.lastTick() === 0) {
    throw new UsageError(`cannot write ${word(file)}: no tick passes in this run; let one pass, with a run step`);
  }
  const { player } = await import("../../player/player.ts");
  return player(run.trace, { title: titleOf(run) }).page();
}

async function figureOf(run: Played): Promise<Figure> {
  const charts = await import("../../charts/mod.ts");
  return charts[run.scenario.chart ?? "timeline"](run.trace, { title: titleOf(run) });
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
