import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { divided } from "./chart_cases.ts";
import { spaceTime } from "./mod.ts";
import { pngOf } from "./png.ts";

/** The chunks of a PNG: the size of its picture, and the colour of each pixel. */
function decode(png: Uint8Array) {
  const bytes = new DataView(png.buffer, png.byteOffset);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length; at += 12 + bytes.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.set(type, png.subarray(at + 8, at + 8 + bytes.getUint32(at)));
  }
  const chunk = (type: string) => chunks.get(type) ?? new Uint8Array();
  const [width, height] = [bytes.getUint32(16), bytes.getUint32(20)];
  const rows = inflateSync(chunk("IDAT"));
  strictEqual(rows.length, (width + 1) * height);
  const colourAt = (x: number, y: number) => {
    const at = 3 * rows[(width + 1) * y + 1 + x];
    return `#${[...chunk("PLTE").subarray(at, at + 3)].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
  return { width, height, colourAt, colours: chunk("PLTE").length / 3 };
}

const document = (width: number, inner: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="30">${inner}</svg>`;

Deno.test("a PNG is twice as large as its SVG document, white where nothing is drawn", async () => {
  const { width, height, colourAt, colours } = decode(
    await pngOf(document(40, '<rect x="10" y="5" width="20" height="20" fill="#0b4f8a"/>')),
  );
  deepStrictEqual([width, height, colours], [80, 60, 2]);
  deepStrictEqual([colourAt(0, 0), colourAt(20, 10), colourAt(59, 49), colourAt(60, 49)], [
    "#ffffff",
    "#0b4f8a",
    "#0b4f8a",
    "#ffffff",
  ]);
});

Deno.test("what a document colours keeps its colour, however small and however many blends are around it", async () => {
  const blends = Array.from({ length: 250 }, (_, i) => `<rect x="${i}" width="1" height="30" fill="rgb(9,${i},99)"/>`);
  const dot = '<rect x="255" y="9" width="1" height="1" fill="#E69F00"/>';
  const { colourAt, colours } = decode(await pngOf(document(260, blends.join("") + dot)));
  deepStrictEqual([colourAt(511, 19), colourAt(519, 0)], ["#e69f00", "#ffffff"]);
  ok(colours <= 64);
});

Deno.test("text is drawn in both fonts, and in no other", async () => {
  const text = (family: string, weight: string) =>
    pngOf(document(90, `<text y="20" font-family="${family}" font-weight="${weight}">node 1 ▲</text>`));
  const plain = await text("'DejaVu Sans', Verdana", "normal");
  deepStrictEqual(await text("Verdana", "normal"), plain);
  notDeepStrictEqual(await text("'DejaVu Sans'", "bold"), plain);
  notDeepStrictEqual(plain, await pngOf(document(90, "")));
});

Deno.test("a figure's PNG is the same at every call, and small", async () => {
  const figure = spaceTime(divided(5, 1), { title: "Node 1 is cut off" });
  const png = await figure.png();
  deepStrictEqual(await figure.png(), png);
  ok(png.length < 65_000, `${png.length} bytes`);
});
