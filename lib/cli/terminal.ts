/**
 * Writing to a terminal, or to whatever stands in its place.
 *
 * Floor 9.
 *
 * @module
 */
/** How a piece of text stands out. */
export type Style = "plain" | "faint" | "strong" | "good";

/** Gives `text` a style. */
export type Paint = (style: Style, text: string) => string;

/** ANSI codes: to begin and to end a style (ECMA-48, "select graphic rendition"). */
const CODES = { faint: [2, 22], strong: [1, 22], good: [32, 39] } as const;

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

/** Columns of equal width, two spaces apart. The first row is the heading. */
export function table(rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row, i) => {
    const line = row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd();
    return paint(i === 0 ? "strong" : "plain", line);
  });
}

/** `text` as one word that cannot be mistaken: in quotes if it has blanks, controls or nothing at all in it. */
export function word(text: string): string {
  return text !== "" && !/[\s"\p{Cc}\p{Cf}]/u.test(text) ? text : JSON.stringify(text);
}
