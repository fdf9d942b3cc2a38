/**
 * Notebook files: read, and written in one form.
 *
 * https://nbformat.readthedocs.io/en/latest/format_description.html, version 4.5.
 *
 * @module
 */
import * as z from "zod/mini";
import { normalised, outputSchema, toLines, toText } from "./outputs.ts";

const text = z.union([z.string(), z.array(z.string())]);
const metadata = z._default(z.record(z.string(), z.unknown()), {});

const notebookSchema = z.object({
  nbformat: z.literal(4),
  cells: z.array(z.discriminatedUnion("cell_type", [
    z.object({ cell_type: z.literal("markdown"), id: z.optional(z.string()), metadata, source: text }),
    z.object({
      cell_type: z.literal("code"),
      id: z.optional(z.string()),
      metadata,
      source: text,
      execution_count: z._default(z.nullable(z.number()), null),
      outputs: z._default(z.array(outputSchema), []),
    }),
  ])),
});

/** A cell. */
export type Cell = z.infer<typeof notebookSchema>["cells"][number];

/** A cell with code. */
export type CodeCell = Extract<Cell, { cell_type: "code" }>;

/** A notebook, as far as it matters here. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

/** A file that is no notebook. */
export class NotebookError extends Error {
  /** Always `"NotebookError"`. */
  override readonly name = "NotebookError";
}

/** The notebook that `text` is. Its outputs are brought into the one form. */
export function parseNotebook(text: string): Notebook {
  const result = notebookSchema.safeParse(json(text));
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw new NotebookError(`no notebook of format 4: ${path.join(".") || "the whole"}: ${message}`);
  }
  const cells = result.data.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: cell.outputs.map(normalised) } : cell
  );
  return { cells };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotebookError(`no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** What a cell says or runs. */
export function sourceOf({ source }: Cell): string {
  return toText(source);
}

/** The cells with code, in order, each with its number in the file, from 1. */
export function codeCells({ cells }: Notebook): { readonly number: number; readonly cell: CodeCell }[] {
  return cells.flatMap((cell, i) => cell.cell_type === "code" ? [{ number: i + 1, cell }] : []);
}

/** What every notebook here says of itself. */
const METADATA = {
  kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
  language_info: {
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    file_extension: ".ts",
    mimetype: "text/typescript",
    name: "typescript",
  },
};

/** `notebook` as a file: the keys in Jupyter's order, nothing in it that changes from run to run. */
export function serialise({ cells }: Notebook): string {
  const written = cells.map((cell, i) => {
    const { execution: _timings, trusted: _trust, ...metadata } = cell.metadata;
    return { ...cell, id: cell.id ?? `cell-${i + 1}`, metadata, source: toLines(sourceOf(cell)) };
  });
  return `${JSON.stringify(sorted({ cells: written, metadata: METADATA, nbformat: 4, nbformat_minor: 5 }), null, 1)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
