/**
 * A picture as PNG, the same bytes on every machine: what draws it is WebAssembly, what packs it is plain JavaScript, and its
 * fonts are beside it, in `fonts/`: DejaVu Sans 2.37, without the characters that no figure has.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { crc32 } from "node:zlib";

/** How many pixels stand for one of the SVG document, in each direction: as many as a fine screen has. */
export const SCALE = 2;

/** How many colours a PNG has beside those that the document names: blends of these, at the edges of letters and lines. */
const BLENDS = 14;

const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

/**
 * `svg`, a document that stands alone, as PNG at twice its size. What draws it is loaded by the first picture.
 *
 * @example
 * ```ts
 * import { pngOf } from "./png.ts";
 * import { match } from "node:assert/strict";
 *
 * const png = await pngOf('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>');
 * match(String.fromCharCode(...png), /^\x89PNG\r\n/);
 * ```
 */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const [{ Resvg, fontBuffers }, { zlibSync }] = await Promise.all([renderer ??= loadRenderer(), import("fflate")]);
  const font = { fontBuffers, defaultFontFamily: "DejaVu Sans" };
  const image = new Resvg(svg, { font, background: "white", fitTo: { mode: "zoom", value: SCALE } }).render();
  const { width, height, pixels } = image;
  image.free();
  const named = [...svg.matchAll(/#([0-9a-f]{6})\b/gi)].map(([, digits]) => parseInt(digits, 16));
  const { palette, rows } = indexed(pixels, width, named);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // eight bits a pixel, each the number of a colour
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const data = zlibSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("PLTE", palette), chunk("IDAT", data), chunk("IEND")]);
}

let renderer: ReturnType<typeof loadRenderer> | undefined;

async function loadRenderer() {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  await initWasm(readFileSync(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm")));
  return { Resvg, fontBuffers: FONTS.map((file) => readFileSync(new URL(`fonts/${file}`, import.meta.url))) };
}

/**
 * A palette, of the `named` colours and of the most frequent others, and for each pixel the number of the colour in it that is
 * nearest; before each row a byte, as PNG wants it.
 */
function indexed(pixels: Uint8Array, width: number, named: readonly number[]) {
  const counts = new Map<number, number>();
  const colours = new Uint32Array(pixels.length / 4);
  for (let i = 0, from = 0; i < colours.length; i++) {
    const colour = pixels[4 * i] << 16 | pixels[4 * i + 1] << 8 | pixels[4 * i + 2];
    colours[i] = colour;
    if (colour === colours[from] && i < colours.length - 1) continue;
    counts.set(colours[from], (counts.get(colours[from]) ?? 0) + i - from);
    from = i;
  }
  const frequent = [...counts].sort(([a, many], [b, more]) => more - many || a - b).map(([colour]) => colour);
  const own = new Set(named.filter((colour) => counts.has(colour)));
  const palette = [...new Set([...own, ...frequent])].slice(0, Math.min(own.size + BLENDS, 256));
  const numbers = new Map(frequent.map((colour) => [colour, nearest(colour, palette)]));
  const rows = Buffer.alloc(colours.length + colours.length / width);
  for (let i = 0, at = 0; i < colours.length; i++) {
    if (i % width === 0) rows[at++] = 0;
    rows[at++] = numbers.get(colours[i]) ?? 0;
  }
  return { rows, palette: Buffer.from(palette.flatMap(partsOf)) };
}

function partsOf(colour: number): number[] {
  return [colour >> 16, colour >> 8 & 255, colour & 255];
}

function nearest(colour: number, palette: readonly number[]): number {
  const parts = partsOf(colour);
  const distances = palette.map((other) => partsOf(other).reduce((sum, part, i) => sum + (part - parts[i]) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}

/** A chunk of a PNG: its length, its type, the data, and a checksum of type and data. */
function chunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const all = Buffer.alloc(data.length + 12);
  all.writeUInt32BE(data.length, 0);
  all.write(type, 4, "latin1");
  all.set(data, 8);
  all.writeUInt32BE(crc32(all.subarray(4, -4)), all.length - 4);
  return all;
}
