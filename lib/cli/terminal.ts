/**
 * Writing to a terminal, or to whatever stands in its place.
 *
 * @module
 */
import { styleText } from "node:util";
import type { Style } from "../trace/story.ts";

/** Gives `text` a style. */
export type Paint = (style: Style, text: string) => string;

/** A stream of the process. */
type Output = Pick<typeof Deno.stdout, "isTerminal" | "writeSync">;

/** Columns of a terminal, unless it says otherwise. */
export const COLUMNS = 80;

const FORMATS = { faint: "dim", strong: "bold", good: "green", bad: "red" } as const;

/** Text as it is. */
export const plain: Paint = (_style, text) => text;

const coloured: Paint = (style, text) =>
  style === "plain" ? text : styleText(FORMATS[style], text, { validateStream: false });

/** Colour on a terminal, unless `NO_COLOR` is set; nowhere else. */
export function paintFor(output: Output): Paint {
  return output.isTerminal() && !Deno.noColor ? coloured : plain;
}

/**
 * Write all of `text`; whether anybody reads it. If nobody does (`… | head`), that is no error.
 *
 * @throws {Error} with what the system says, if it cannot be written.
 */
export function write(output: Output, text: string): boolean {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(output.writeSync(bytes));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return false;
      // A pipe that another program set not to wait is full: wait a millisecond.
      if (error instanceof Deno.errors.WouldBlock) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      else {throw new Error(`cannot write the output: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });}
    }
  }
  return true;
}

/** How many characters are written at once, as a rule. */
const PIECE = 1 << 16;

/** Write `lines` piece by piece, for no string holds those of a long run; what nobody reads is not made. */
export function writeLines(output: Output, lines: Iterable<string>): void {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    if (!write(output, piece)) return;
    piece = "";
  }
  write(output, piece);
}

/** Do `act`, which says how far it is: on a terminal, in one line that is written anew each time, and gone in the end. */
export function withProgress<T>(output: Output, act: (say: (text: string) => void) => T): T {
  const say = (text: string) => {
    if (output.isTerminal()) write(output, `\r${text}\x1b[K`);
  };
  try {
    return act(say);
  } finally {
    say("");
  }
}

/**
 * Columns of equal width, two spaces apart; what is too long ends in "…". The first row is the heading. `flushRight`: which
 * columns are, as numbers are.
 */
export function table(
  rows: readonly (readonly string[])[],
  paint: Paint,
  flushRight: readonly number[] = [],
): string[] {
  const widths = rows[0].map((_, column) => rows.reduce((width, row) => Math.max(width, row[column].length), 0));
  return rows.map((row, i) => {
    const cells = row.map((cell, column) =>
      flushRight.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    );
    return paint(i === 0 ? "strong" : "plain", shortened(cells.join("  ").trimEnd()));
  });
}

/** `text`, or its beginning and "…". */
export function shortened(text: string): string {
  return text.length <= COLUMNS ? text : `${text.slice(0, COLUMNS - 1)}…`;
}

/** `text` in lines: `first` before the first of them, blanks before the others. A word, such as a path, stays whole. */
export function wrap(first: string, text: string, indent: number = first.length): string[] {
  const [head, ...rest] = text.split(" ");
  const lines = [first + head];
  for (const next of rest) {
    const line = lines[lines.length - 1];
    if (line.length + 1 + next.length <= COLUMNS) lines[lines.length - 1] = `${line} ${next}`;
    else lines.push(`${" ".repeat(indent)}${next}`);
  }
  return lines;
}
