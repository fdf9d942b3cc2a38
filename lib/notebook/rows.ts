/**
 * Rows of data as tables: aligned text, or HTML.
 *
 * @module
 */
import { inspect } from "node:util";
import { xml } from "../charts/figure.ts";

/** A table of texts. */
export type Cells = ReturnType<typeof cellsOf>;

/**
 * `rows` as texts: the names of the columns, and then a row a line. What a row lacks is left empty; `null` is a dash. The columns
 * with numbers only are named by their positions: they stand to the right.
 */
export function cellsOf(rows: readonly object[]) {
  const records = rows.map((row) => new Map<string, unknown>(Object.entries(Object(row))));
  const names = [...new Set(records.flatMap((record) => [...record.keys()]))];
  const numeric = names.flatMap((name, column) => {
    const values = records.flatMap((record) => record.get(name) ?? []);
    return values.length > 0 && values.every((value) => typeof value === "number") ? [column] : [];
  });
  const lines = records.map((record) => names.map((name) => record.has(name) ? textOf(record.get(name)) : ""));
  return { rows: [names, ...lines], numeric: new Set(numeric) };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "object" ? inspect(value, { breakLength: Infinity, compact: true }) : String(value);
}

/** Columns of equal width, two spaces apart. */
export function textTable({ rows, numeric }: Cells): string {
  const widths = rows[0].map((_, column) => rows.reduce((most, row) => Math.max(most, row[column].length), 0));
  const pad = (cell: string, column: number) =>
    numeric.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

/** An HTML table. */
export function htmlTable({ rows: [names, ...lines], numeric }: Cells): string {
  const line = (tag: string, cells: readonly string[]) => {
    const html = cells.map((cell, column) =>
      `<${tag} style="text-align: ${numeric.has(column) ? "right" : "left"}">${xml(cell)}</${tag.slice(0, 2)}>`
    );
    return `<tr>${html.join("")}</tr>`;
  };
  const body = lines.map((cells) => `${line("td", cells)}\n`).join("");
  return `<table>\n<thead>${line('th scope="col"', names)}</thead>\n<tbody>\n${body}</tbody>\n</table>`;
}
