/**
 * Text in figures: how wide it is, where it breaks, and where there is still room for it.
 *
 * Nothing is measured on a screen: widths are estimated, on the wide side, so that a figure is the same everywhere.
 *
 * @module
 */

/** The size of ordinary text, in pixels. */
export const TEXT_SIZE = 11;

/** How wide `text` is at most, in pixels. */
export function textWidth(text: string, size: number = TEXT_SIZE): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * size;
}

function emsOf(character: string): number {
  if (/[ijltfrI.,:;'|!()[\] ]/.test(character)) return 0.4;
  if (/[mwMW@%=+→]/.test(character)) return 0.95;
  if (/[\x20-\x7e]/.test(character)) return 0.65;
  return character.charCodeAt(0) < 0x1100 ? 0.75 : 1.2;
}

/** The longest beginning of `text` that fits into `width` pixels. */
function beginning(text: string, width: number, size: number): string {
  let [room, length] = [width / size, 0];
  for (const character of text) {
    room -= emsOf(character);
    if (room < 0) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** As much of `text` as fits into `width` pixels, with "…" for the rest; nothing if not even a character fits. */
export function shorten(text: string, width: number, size: number = TEXT_SIZE): string {
  if (textWidth(text, size) <= width) return text;
  const start = beginning(text, width - textWidth("…", size), size);
  return start === "" ? "" : `${start}…`;
}

/** `text` in lines of at most `width` pixels, broken between words; a word that is too long is cut into pieces. */
export function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/\s+/).flatMap((word) => pieces(word, width, size))) {
    const longer = line === "" ? piece : `${line} ${piece}`;
    const fits = line === "" || textWidth(longer, size) <= width;
    if (!fits) lines.push(line);
    line = fits ? longer : piece;
  }
  return [...lines, line];
}

function pieces(word: string, width: number, size: number): string[] {
  if (word === "") return [];
  const piece = beginning(word, width, size) || [...word][0];
  return [piece, ...pieces(word.slice(piece.length), width, size)];
}

/** A rectangle, in pixels, from left to right and from top to bottom. */
export type Box = Readonly<Record<"x1" | "x2" | "y1" | "y2", number>>;

/** The room there is for labels: whoever comes first is served first. */
export class LabelRoom {
  readonly #taken: Box[] = [];

  /** Room within `bounds`. */
  constructor(readonly bounds: Box) {}

  /** Take the room of a line of text whose middle is at (x, y), if there is any left. */
  take(text: string, x: number, y: number, size: number = TEXT_SIZE): boolean {
    const half = textWidth(text, size) / 2 + 2;
    const box = { x1: x - half, x2: x + half, y1: y - size * 0.6, y2: y + size * 0.6 };
    const { bounds } = this;
    if (box.x1 < bounds.x1 || box.x2 > bounds.x2 || box.y1 < bounds.y1 || box.y2 > bounds.y2) return false;
    if (this.#taken.some((other) => box.x1 < other.x2 && other.x1 < box.x2 && box.y1 < other.y2 && other.y1 < box.y2)) {
      return false;
    }
    this.#taken.push(box);
    return true;
  }
}
