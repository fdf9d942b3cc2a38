/**
 * Writing to a terminal, or to whatever stands in its place.
 *
 * @module
 */
import type { Style } from "../trace/story.ts";

/** Gives `text` a style. */
export type Paint = (style: Style, text: string) => string;

/** Columns of a terminal, unless it says otherwise. */
export const COLUMNS = 80;

/** ANSI codes: to begin and to end a style (ECMA-48, "select graphic rendition"). */
const CODES = { faint: [2, 22], strong: [1, 22], good: [32, 39], bad: [31, 39] } as const;

/** Text as it is. */
export const plain: Paint = (_style, text) => text;

const coloured: Paint = (style, text) => {
  if (style === "plain") return text;
  const [begin, end] = CODES[style];
  return `\x1b[${begin}m${text}\x1b[${end}m`;
};

/** Colour on a terminal, unless `NO_COLOR` is set; nowhere else. */
export function paintFor(output: { isTerminal(): boolean }): Paint {
  return output.isTerminal() && !Deno.noColor ? coloured : plain;
}

/** Write all of `text`. If nobody reads on (`… | head`), that is no error, and there is nothing more to do. */
export function write(output: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(output.writeSync(bytes));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    Deno.exit(0);
  }
}

/** Columns of equal width, two spaces apart; what is too long ends in "…". The first row is the heading. */
export function table(rows: readonly (readonly string[])[], paint: Paint, columns: number = COLUMNS): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row, i) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd();
    return paint(i === 0 ? "strong" : "plain", shortened(line, columns));
  });
}

/** `text`, or its beginning and "…". */
export function shortened(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}

/** `text` in lines: `first` before the first of them, blanks before the others. A word, such as a path, stays whole. */
export function wrap(first: string, text: string, columns: number = COLUMNS, indent: number = first.length): string[] {
  const [head, ...rest] = text.split(" ");
  const lines = [first + head];
  for (const next of rest) {
    const line = lines[lines.length - 1];
    if (line.length + 1 + next.length <= columns) lines[lines.length - 1] = `${line} ${next}`;
    else lines.push(`${" ".repeat(indent)}${next}`);
  }
  return lines;
}
