/**
 * Text in figures: how wide it is, where it breaks, and where there is still room for it.
 *
 * Nothing is measured on a screen: figures have a font, DejaVu Sans, whose widths stand here.
 *
 * @module
 */

/** The fonts of figures; where the first is missing, one that is as wide. */
export const FONT = "'DejaVu Sans', Verdana, sans-serif";

/** The size of ordinary text, in pixels. */
export const TEXT_SIZE = 11;

/** Which of the two fonts. */
export type Weight = "normal" | "bold";

/** The font's units in a pixel, where text has a size of one pixel. */
const UNITS = 2048;

/** The characters of ASCII from the blank to the tilde, and what else is drawn here. */
const CHARACTERS = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), ..."×–‖’…→▲▼●"];

/** How wide each of them is, in units. A test compares this with the fonts themselves. */
const WIDTHS: Readonly<Record<Weight, ReadonlyMap<string, number>>> = {
  normal: widths(`
    651 821 942 1716 1303 1946 1597 563 799 799 1024 1716 651 739 651 690 1303 1303 1303 1303 1303 1303 1303
    1303 1303 1303 690 690 1716 1716 1716 1087 2048 1401 1405 1430 1577 1294 1178 1587 1540 604 604 1343 1141
    1767 1532 1612 1235 1612 1423 1300 1251 1499 1401 2025 1403 1251 1403 799 690 799 1716 1024 1024 1255 1300
    1126 1300 1260 721 1300 1298 569 569 1186 569 1995 1298 1253 1300 1300 842 1067 803 1298 1212 1675 1212 1212
    1075 1303 690 1303 1716 1716 1024 1024 651 2048 1716 1575 1575 1787`),
  bold: widths(`
    713 934 1067 1716 1425 2052 1786 627 936 936 1071 1716 778 850 778 748 1425 1425 1425 1425 1425 1425 1425
    1425 1425 1425 819 819 1716 1716 1716 1188 2048 1585 1561 1503 1700 1399 1399 1681 1714 762 762 1587 1305
    2038 1714 1741 1501 1741 1577 1475 1397 1663 1585 2259 1579 1483 1485 936 748 936 1716 1024 1024 1382 1466
    1214 1466 1389 891 1466 1458 702 702 1362 702 2134 1458 1407 1466 1466 1010 1219 979 1458 1335 1892 1321
    1335 1192 1458 748 1458 1716 1716 1024 1024 778 2048 1716 1575 1575 1787`),
};

function widths(numbers: string): Map<string, number> {
  return new Map(numbers.trim().split(/\s+/).map((number, i) => [CHARACTERS[i], Number(number)]));
}

/** How wide `text` is, in pixels. */
export function textWidth(text: string, size: number = TEXT_SIZE, weight: Weight = "normal"): number {
  let width = 0;
  for (const character of text) width += widthOf(character, size, weight);
  return width;
}

/** A letter is as wide with an accent as without; what the table does not have counts as wide. */
function widthOf(character: string, size: number, weight: Weight): number {
  return (WIDTHS[weight].get(character.normalize("NFD")[0]) ?? UNITS) / UNITS * size;
}

/** The longest beginning of `text` that fits into `width` pixels. */
function beginning(text: string, width: number, size: number, weight: Weight): string {
  let [room, length] = [width, 0];
  for (const character of text) {
    room -= widthOf(character, size, weight);
    if (room < 0) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** As much of `text` as fits into `width` pixels, with "…" for the rest; nothing if not even a character fits. */
export function shorten(text: string, width: number, size: number = TEXT_SIZE, weight: Weight = "normal"): string {
  if (textWidth(text, size, weight) <= width) return text;
  const start = beginning(text, width - textWidth("…", size, weight), size, weight);
  return start === "" ? "" : `${start}…`;
}

/** `text` in lines of at most `width` pixels, broken between words; a word that is too long is cut into pieces. */
export function wrap(text: string, width: number, size: number, weight: Weight = "normal"): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/\s+/).flatMap((word) => pieces(word, width, size, weight))) {
    const longer = line === "" ? piece : `${line} ${piece}`;
    const fits = line === "" || textWidth(longer, size, weight) <= width;
    if (!fits) lines.push(line);
    line = fits ? longer : piece;
  }
  return [...lines, line];
}

function pieces(word: string, width: number, size: number, weight: Weight): string[] {
  if (word === "") return [];
  const piece = beginning(word, width, size, weight) || [...word][0];
  return [piece, ...pieces(word.slice(piece.length), width, size, weight)];
}

/** A rectangle, in pixels, from left to right and from top to bottom. */
export type Box = Readonly<Record<"x1" | "x2" | "y1" | "y2", number>>;

/** The room there is for labels: whoever comes first is served first. */
export class LabelRoom {
  readonly #taken: Box[] = [];

  /** Room within `bounds`. */
  constructor(readonly bounds: Box) {}

  /** Take the room of a line of text whose middle is at (x, y), if there is any left. */
  take(text: string, x: number, y: number, size: number = TEXT_SIZE, weight: Weight = "normal"): boolean {
    const half = textWidth(text, size, weight) / 2 + 2;
    const box = { x1: x - half, x2: x + half, y1: y - size * 0.6, y2: y + size * 0.6 };
    const { bounds } = this;
    if (box.x1 < bounds.x1 || box.x2 > bounds.x2 || box.y1 < bounds.y1 || box.y2 > bounds.y2) return false;
    if (this.#taken.some((other) => box.x1 < other.x2 && other.x1 < box.x2 && box.y1 < other.y2 && other.y1 < box.y2)) {
      return false;
    }
    this.#taken.push(box);
    return true;
  }

  /** Let no label stand within so many pixels of (x, y), where a line ends. */
  keepFree(x: number, y: number, around: number): void {
    this.reserve({ x1: x - around, x2: x + around, y1: y - around, y2: y + around });
  }

  /** Let no further label stand within `box`. */
  reserve(box: Box): void {
    this.#taken.push(box);
  }
}
