/**
 * Figures, tables and text, shown below a notebook's cell or in a terminal.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Figure } from "../charts/figure.ts";
import { embed } from "../player/embed.ts";
import type { Player } from "../player/player.ts";
import { display } from "./kernel.ts";
import { cellsOf, escapeHtml, htmlTable, textTable } from "./rows.ts";

/**
 * Show `x`: a figure, a player, rows as a table, or text. What was printed before comes first: `await` it.
 *
 * A figure is shown as an image that needs no trust in the notebook, with its text alternative; in a terminal, that text
 * stands for it. A player is shown as its film strip, and can be played where the notebook is trusted. The columns of a table
 * are the properties of the rows, in the order in which they first come.
 *
 * @example
 * ```ts
 * import { show } from "hello-raft";
 *
 * await show([{ node: 1, role: "leader" }, { node: 2, role: "follower" }]);
 * await show("Two nodes.");
 * ```
 */
export async function show(x: Figure | Player | readonly object[] | string): Promise<void> {
  if (typeof x === "string") return console.log(x);
  if (isFigure(x)) return await showFigure(x);
  if (display === null) return console.log(textTable(cellsOf(x)));
  await display(htmlTable(cellsOf(x)));
}

function isFigure(x: Figure | Player | readonly object[]): x is Figure | Player {
  return !Array.isArray(x);
}

async function showFigure(figure: Figure | Player): Promise<void> {
  if (display === null) return console.log(`${figure.title}\n${figure.alt}\n${figure.caption}`);
  const html = figureHtml(figure, await figure.svg());
  await display("page" in figure ? embed(figure.title, html, figure.page()) : html);
}

/**
 * A figure as HTML that is displayed in a notebook nobody has trusted yet: no script, and no SVG of the page's own. The title
 * is drawn in the picture, so it opens the text alternative.
 */
export function figureHtml({ title, alt, caption }: Pick<Figure, "title" | "alt" | "caption">, svg: string): string {
  return `<figure style="margin: 0">
<img alt="${escapeHtml(`${title}. ${alt}`)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">
<figcaption>${escapeHtml(caption)}</figcaption>
</figure>`;
}
