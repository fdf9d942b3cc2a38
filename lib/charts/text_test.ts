import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { shorten, textWidth, type Weight, wrap } from "./text.ts";

/** How wide each character of a TrueType font is, for text of size 1: its tables `cmap`, of format 4, and `hmtx`. */
function advancesOf(file: string): Map<string, number> {
  const bytes = readFileSync(new URL(`fonts/${file}`, import.meta.url));
  const u16 = (at: number) => bytes.readUInt16BE(at);
  const tables = new Map(Array.from({ length: u16(4) }, (_, i) => {
    const at = 12 + 16 * i;
    return [bytes.toString("latin1", at, at + 4), bytes.readUInt32BE(at + 8)];
  }));
  const [head, hhea, hmtx, cmap] = ["head", "hhea", "hmtx", "cmap"].map((name) => tables.get(name) ?? NaN);
  const subtables = Array.from({ length: u16(cmap + 2) }, (_, i) => cmap + bytes.readUInt32BE(cmap + 8 + 8 * i));
  const map = subtables.find((at) => u16(at) === 4) ?? NaN;
  const size = u16(map + 6);
  const advances = new Map<string, number>();
  for (let i = map + 14; i < map + 14 + size; i += 2) {
    const [end, start, delta, offset] = [i, i + size + 2, i + 2 * size + 2, i + 3 * size + 2];
    for (let code = u16(start); code <= u16(end) && code < 0xffff; code++) {
      const glyph = u16(offset) === 0 ? code : u16(offset + u16(offset) + 2 * (code - u16(start)));
      const id = Math.min((glyph + u16(delta)) & 0xffff, u16(hhea + 34) - 1);
      advances.set(String.fromCharCode(code), u16(hmtx + 4 * id) / u16(head + 18));
    }
  }
  return advances;
}

const FONTS: Readonly<Record<Weight, string>> = { normal: "DejaVuSans.ttf", bold: "DejaVuSans-Bold.ttf" };

for (const weight of ["normal", "bold"] as const) {
  Deno.test(`a text is as wide as the ${weight} font makes it`, () => {
    const advances = advancesOf(FONTS[weight]);
    const known = [...advances.keys()].filter((character) =>
      /[\x20-\x7e]|[À-ÅÇ-ÏÑ-ÖÙ-Ý]|[à-åç-ïñ-öù-ý]/.test(character)
    );
    strictEqual(known.length, 95 + 52);
    for (const character of [...known, ..."×–‖’…→▲▼●"]) {
      strictEqual(textWidth(character, 1, weight), advances.get(character), character);
    }
    ok(textWidth("Node 1 leads", 15, weight) === 15 * textWidth("Node 1 leads", 1, weight));
  });
}

Deno.test("a bold text is wider, and cut and broken earlier", () => {
  const text = "Node 1 is elected leader of term 1";
  const width = textWidth(text, 10);
  deepStrictEqual(wrap(text, width, 10), [text]);
  strictEqual(wrap(text, width, 10, "bold").length, 2);
  strictEqual(shorten(text, width, 10), text);
  strictEqual(shorten(text, width, 10, "bold"), "Node 1 is elected leader of t…");
});
