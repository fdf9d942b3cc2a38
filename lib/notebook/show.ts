/**
 * Figures, tables and text, shown below a notebook's cell or in a terminal; and the versions a notebook ran on.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { type Figure, xml } from "../charts/figure.ts";
import { pngOf, SCALE } from "../charts/png.ts";
import { embed } from "../player/embed.ts";
import type { Player } from "../player/player.ts";
import { requireThat } from "../arguments.ts";
import { display } from "./kernel.ts";
import { cellsOf, htmlTable, textTable } from "./rows.ts";

/**
 * Show `x`: a figure (an SVG document with title, caption and text alternative is enough), a player, rows as a table, or text.
 * What was printed before comes first: `await` it.
 *
 * A figure is shown as an image that needs no trust in the notebook, with its text alternative; in a terminal, that text
 * stands for it. A player is shown as its film strip, and can be played where the notebook is trusted. The columns of a table
 * are the properties of the rows, in the order in which they first come.
 *
 * @throws {RangeError} if it is nothing of the kind.
 *
 * @example
 * ```ts
 * import { show } from "hello-raft";
 *
 * await show([{ node: 1, role: "leader" }, { node: 2, role: "follower" }]);
 * await show("Two nodes.");
 * ```
 */
export async function show(x: Omit<Figure, "png"> | Player | readonly object[] | string): Promise<void> {
  if (typeof x === "string") return console.log(x);
  requireThat(typeof x === "object" && x !== null, RangeError, "Cannot show it: it", "a figure, rows or text", x);
  if ("svg" in x) return await showFigure(x);
  await (display === null ? console.log(textTable(cellsOf(x))) : display(htmlTable(cellsOf(x))));
}

/** A global variable: where it is a list, every picture that a notebook shows is put there too, so that it can be checked. */
export const PICTURES = "helloRaftPictures";

async function showFigure(figure: Omit<Figure, "png"> | Player): Promise<void> {
  if (display === null) return console.log(`${figure.title}\n${figure.alt}\n${figure.caption}`);
  const svg = await figure.svg();
  const pictures: unknown = Reflect.get(globalThis, PICTURES);
  if (Array.isArray(pictures)) pictures.push(svg);
  const html = figureHtml(figure, await pngOf(svg));
  await display("page" in figure ? embed(figure.title, html, figure.page()) : html);
}

/**
 * A figure as HTML that is displayed in a notebook nobody has trusted yet, and on pages that drop scripts, styles and SVG. The
 * title is drawn in the picture, so it opens the text alternative.
 */
export function figureHtml(
  { title, alt, caption }: Pick<Figure, "title" | "alt" | "caption">,
  png: Uint8Array,
): string {
  const data = Buffer.from(png);
  const width = data.readUInt32BE(16) / SCALE;
  return `<figure style="margin: 0">
<img alt="${xml(`${title}. ${alt}`)}" width="${width}" src="data:image/png;base64,${data.toString("base64")}">
<figcaption>${xml(caption)}</figcaption>
</figure>`;
}

/**
 * The versions of this library and of the packages that a notebook's outputs depend on, in one line. A test holds them to
 * deno.json.
 *
 * @example
 * ```ts
 * import { versions } from "hello-raft";
 *
 * console.log(versions());
 * ```
 */
export function versions(): string {
  return "hello-raft 0.1.0, zod 4.6.7, @observablehq/plot 0.6.17, @resvg/resvg-wasm 2.6.2, fflate 0.8.3";
}
