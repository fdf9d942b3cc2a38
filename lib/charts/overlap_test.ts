import { deepStrictEqual } from "node:assert/strict";
import { overlapsIn } from "./overlap_cases.ts";

const picture = (inner: string) =>
  `<svg width="200" height="100" font-size="10"><g transform="translate(0,20)">${inner}</g></svg>`;
const text = (words: string, x: number, y: number, more = "") => `<text x="${x}" y="${y}" ${more}>${words}</text>`;
const inGroup = (mark: string, inner: string) => `<g aria-label="${mark}" text-anchor="middle">${inner}</g>`;

/** From (50, 0) to (50, 60). */
const ARROW = inGroup("arrow", '<path d="M50,0L50,60M44,52L50,60L56,52"/>');
const LINK = inGroup("link", '<path d="M50,0L50,60"/>');
const CROSS = inGroup("dot", '<path transform="translate(50,60)" d="M-4,-4L4,4M-4,4L4,-4"/>');
const POINT = inGroup("dot", '<path transform="translate(50,60)" d="M3,0A3,3,0,1,1,-3,0A3,3,0,1,1,3,0"/>');

const READABLE: Record<string, string> = {
  "texts below each other": text("node 1", 10, 20) + text("node 2", 10, 32),
  "texts beside each other": text("iiii", 10, 20) + text("node", 24, 20),
  "one that ends where another begins": text("node", 60, 20, 'text-anchor="end"') + text("node", 62, 20),
  "a text upon the middle of an arrow": ARROW + inGroup("text", text("Append", 50, 30)),
  "a text upon the middle of a line": LINK + inGroup("text", text("Append", 50, 30)),
  "a text below its dot": POINT + inGroup("text", text("n", 50, 62)),
};

const UNREADABLE: [inner: string, says: string[]][] = [
  [text("node 1", 10, 20) + text("a &lt; b", 40, 22), ['"node 1" meets "a < b"']],
  [text("WWWW", 10, 20) + text("node", 46, 20), ['"WWWW" meets "node"']],
  [text("iiii", 10, 20, 'font-weight="bold"') + text("node", 22, 20), ['"iiii" meets "node"']],
  [text("node 1", 10, 20) + text("n", 10, 0, 'transform="translate(10,20)"'), ['"node 1" meets "n"']],
  ['<text x="10" y="20">node 1</text><text x="10" y="1.3em" font-size="20">node 2</text>', ['"node 1" meets "node 2"']],
  [ARROW + inGroup("text", text("Append", 50, 57)), ['"Append" is upon an arrow head']],
  [LINK + inGroup("text", text("Append", 50, 63)), ['"Append" is upon the end of a line']],
  [CROSS + inGroup("text", text("Append", 50, 63)), ['"Append" is upon a ×']],
  [text("node 1", 190, 20), ['"node 1" is not within the picture']],
  [text("node 1", 10, 20, 'text-anchor="middle"'), ['"node 1" is not within the picture']],
  [text("node 1", 10, -15), ['"node 1" is not within the picture']],
  [text("node 1", 10, 80), ['"node 1" is not within the picture']],
];

for (const [what, inner] of Object.entries(READABLE)) {
  Deno.test(`what can be read is not found fault with: ${what}`, () => deepStrictEqual(overlapsIn(picture(inner)), []));
}

for (const [inner, says] of UNREADABLE) {
  Deno.test(`what cannot be read is said: ${says}`, () => deepStrictEqual(overlapsIn(picture(inner)), says));
}
