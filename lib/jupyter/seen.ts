/**
 * What a reader sees of a notebook, compared with what the notebook keeps.
 *
 * @module
 */
import { PLAYER_CLASS } from "../player/embed.ts";
import { textAlternativesIn } from "./craft.ts";
import type { Seen } from "./lab_page.ts";
import { codeCells, type Notebook, type NumberedCell, type Problem } from "./notebook_file.ts";

/** Before a run a player is a film strip, since an untrusted notebook runs no script; after it a frame with its page. */
export type When = "untrusted" | "run all";

/** What a cell shows: the text alternatives of its images, and how many players can be played. */
function expectedOf({ cell }: NumberedCell, when: When): { readonly alts: string[]; readonly players: number } {
  const shown = cell.outputs.map((output) =>
    output.output_type === "display_data" ? output.data["text/html"] ?? "" : ""
  );
  const isPlayer = (html: string) => html.startsWith(`<div class="${PLAYER_CLASS} `);
  const players = when === "run all" ? shown.filter(isPlayer) : [];
  const alts = shown.filter((html) => !players.includes(html))
    .flatMap((html) => textAlternativesIn(html.replace(/<script>[^]*?<\/script>/g, ""))).map(plain);
  return { alts, players: players.length };
}

function plain(html: string): string {
  return html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
}

/** Whether every cell has run without an error, every image is displayed with its text alternative, and every player is there. */
export function displayProblems(notebook: Notebook, { cells }: Seen, rule: When): Problem[] {
  const code = codeCells(notebook);
  if (cells.length !== code.length) {
    return [{ cell: null, rule, detail: `${cells.length} cells of code are displayed, of ${code.length}` }];
  }
  return code.flatMap((cell, i): Problem[] => {
    const { alts, players } = expectedOf(cell, rule);
    const { prompt, errors, images, frames } = cells[i];
    const details = images.filter(({ isDisplayed }) => !isDisplayed)
      .map(({ alt }) => `this image is not displayed: ${alt}`);
    details.push(...errors.map((error) => `an error is displayed: ${error.trim()}`));
    if (rule === "run all" && prompt !== `[${i + 1}]:`) details.push(`did not run: ${prompt}`);
    if (JSON.stringify(images.map(({ alt }) => alt)) !== JSON.stringify(alts)) {
      details.push(`${images.length} images with their text alternatives, of ${alts.length}`);
    }
    if (frames.length !== players) details.push(`${frames.length} players can be played, of ${players}`);
    if (frames.includes("")) details.push("a player's frame has no title");
    return details.map((detail) => ({ cell: cell.number, rule, detail }));
  });
}

/** Whether every cell of code has run once, in order. */
export function hasRun({ cells }: Seen): boolean {
  return cells.every(({ prompt }, i) => prompt === `[${i + 1}]:`);
}
