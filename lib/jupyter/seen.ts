/**
 * What a reader sees of a notebook, held against what the notebook keeps.
 *
 * @module
 */
import { PLAYER_CLASS } from "../player/embed.ts";
import type { Seen } from "./browser.ts";
import { images } from "./markdown.ts";
import { codeCells, type Notebook } from "./notebook_file.ts";
import { mimeText } from "./outputs.ts";
import type { Problem } from "./problem.ts";

/** The text alternatives of the images that a cell of code keeps. */
export interface KeptImages {
  /** Of its figures. */
  readonly figures: readonly string[];
  /** Of its players' film strips. */
  readonly strips: readonly string[];
}

/** What every cell of code keeps. */
export function keptImages(notebook: Notebook): KeptImages[] {
  return codeCells(notebook).map(({ cell }) => {
    const shown = cell.outputs.flatMap((output) =>
      output.output_type === "display_data" ? [mimeText(output.data["text/html"] ?? "")] : []
    );
    const [strips, figures] = [true, false].map((is) =>
      shown.filter((html) => isPlayer(html) === is).flatMap((html) => images(withoutScripts(html))).map(({ alt }) =>
        plain(alt)
      )
    );
    return { figures, strips };
  });
}

function isPlayer(html: string): boolean {
  return html.startsWith(`<div class="${PLAYER_CLASS} `);
}

function withoutScripts(html: string): string {
  return html.replace(/<script>[^]*?<\/script>/g, "");
}

function plain(html: string): string {
  return html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
}

/** What stands where a player was shown: its film strip, or a frame with its page. */
export type PlayersAs = "strip" | "frame";

/** Whether every image is there, with its text alternative, and large enough to be seen; and every player, as it should be. */
export function imageProblems(notebook: Notebook, { cells }: Seen, rule: string, players: PlayersAs): Problem[] {
  const kept = keptImages(notebook);
  if (cells.length !== kept.length) {
    return [{ cell: null, rule, detail: `${cells.length} cells of code are displayed, of ${kept.length}` }];
  }
  return codeCells(notebook).flatMap(({ number }, i): Problem[] => {
    const { figures, strips } = kept[i];
    const problem = (detail: string): Problem => ({ cell: number, rule, detail });
    const shown = [...cells[i].images, ...cells[i].players.flatMap(({ strip }) => strip)];
    const expected = [...figures, ...(players === "strip" ? strips : [])];
    if (JSON.stringify(shown.map(({ alt }) => alt)) !== JSON.stringify(expected)) {
      return [problem(`${shown.length} images with their text alternatives, of ${expected.length}`)];
    }
    const frames = cells[i].players.flatMap(({ frames }) => frames);
    const wanted = players === "frame" ? strips.length : 0;
    const titled = frames.filter((title) => title !== "");
    const unseen = shown.filter(({ width, height, shown }) => width === 0 || height === 0 || shown === 0);
    return [
      ...unseen.map(({ alt }) => problem(`this image is not displayed: ${alt}`)),
      ...(frames.length === wanted ? [] : [problem(`${frames.length} players can be played, of ${wanted}`)]),
      ...(titled.length === frames.length ? [] : [problem("a player's frame has no title")]),
    ];
  });
}

/** The prompt of a cell of code, counted from 0, after every cell of its notebook has run once, in order. */
export function promptOf(i: number): string {
  return `[${i + 1}]:`;
}

/** Whether a run in JupyterLab shows in every cell what was kept there, and no errors. */
export function runProblems(notebook: Notebook, before: Seen, after: Seen, rule: string): Problem[] {
  return codeCells(notebook).flatMap(({ number }, i): Problem[] => {
    const problem = (detail: string): Problem[] => [{ cell: number, rule, detail }];
    const [kept, came] = [before.cells[i]?.text, after.cells[i]];
    if (came?.prompt !== promptOf(i)) return problem(`did not run: ${came?.prompt}`);
    if (came.errors > 0) return problem(`an error is displayed: ${came.text.slice(0, SHOWN)}`);
    return came.text === kept ? [] : problem(differing(came.text, kept ?? ""));
  });
}

/** How much of a text is told, in characters. */
const SHOWN = 200;

/** What is displayed from where it is no longer what is kept. */
function differing(came: string, kept: string): string {
  let same = 0;
  while (same < came.length && came[same] === kept[same]) same++;
  const part = (text: string) => JSON.stringify(text.slice(same, same + SHOWN));
  return `displays something else than what is kept: ${part(came)} in place of ${part(kept)}`;
}
