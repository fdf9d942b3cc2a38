/**
 * Notebook files: read, and written in one form.
 *
 * https://nbformat.readthedocs.io/en/latest/format_description.html, version 4.5.
 *
 * @module
 */
import * as z from "zod/mini";
import { word } from "../trace/text.ts";
import { UsageError } from "../cli/usage_error.ts";

/** Text: in the file one string a line, each with the line end it has; here one string. */
const text = z.codec(z.union([z.string(), z.array(z.string())]), z.string(), {
  decode: (lines) => typeof lines === "string" ? lines : lines.join(""),
  encode: (text) => text === "" ? [] : text.split(/(?<=\n)/),
});

/** Data by their types. What else is said of them is only for one run, and not kept. */
const shown = { data: z.record(z.string(), text), metadata: z._default(z.object({}), {}) };

const outputSchema = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.string(), text }),
  z.object({ output_type: z.literal("display_data"), ...shown }),
  z.object({ output_type: z.literal("execute_result"), ...shown, execution_count: z.nullable(z.number()) }),
  z.object({ output_type: z.literal("error"), ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }),
]);

/** What a cell leaves below itself. */
export type Output = z.infer<typeof outputSchema>;

/** What every cell has. */
const shared = {
  id: z.optional(z.string()),
  metadata: z._default(z.record(z.string(), z.unknown()), {}),
  source: text,
};

const notebookSchema = z.object({
  nbformat: z.literal(4),
  cells: z.array(z.discriminatedUnion("cell_type", [
    z.object({ cell_type: z.literal("markdown"), ...shared }),
    z.object({
      cell_type: z.literal("code"),
      ...shared,
      execution_count: z._default(z.nullable(z.number()), null),
      outputs: z._default(z.array(outputSchema), []),
    }),
  ])),
});

/** A cell. */
export type Cell = z.infer<typeof notebookSchema>["cells"][number];

/** A notebook, as far as it matters here. */
export interface Notebook {
  readonly cells: readonly Cell[];
}

/** Something wrong with a notebook. */
export interface Problem {
  /** The cell's number in the file, from 1; `null` for the notebook as a whole. */
  readonly cell: number | null;
  /** The rule it breaks, in a word or two. */
  readonly rule: string;
  /** What is there, and what should be. */
  readonly detail: string;
}

/** A problem of the notebook `name` in words. */
export function describe(name: string, { cell, rule, detail }: Problem): string {
  return `${name}${cell === null ? "" : `, cell ${cell}`}: ${rule}: ${detail}`;
}

/**
 * The notebook that `text` is, the content of the file `name`.
 *
 * @throws {UsageError} if it is none, naming the place and what is wrong there.
 */
export function parseNotebook(text: string, name: string): Notebook {
  try {
    const result = notebookSchema.safeParse(JSON.parse(text));
    if (result.success) return { cells: result.data.cells };
    const { path, message } = result.error.issues[0];
    throw new UsageError(`${word(name)}: no notebook of format 4: ${path.join(".") || "the whole"}: ${message}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${word(name)}: no JSON: ${error.message.split("\n")[0]}`);
  }
}

/** The cells with code, in order, each with its number in the file, from 1. */
export function codeCells({ cells }: Notebook) {
  return cells.flatMap((cell, i) => cell.cell_type === "code" ? [{ number: i + 1, cell }] : []);
}

/** Add what a kernel's message shows to `outputs`; pieces of one stream are put together. */
export function collect(outputs: Output[], type: string, content: Readonly<Record<string, unknown>>): void {
  const { success, data: output } = outputSchema.safeParse({ ...content, output_type: type });
  if (!success) return;
  const last = outputs.at(-1);
  if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
    last.text += output.text;
  } else {
    outputs.push(output);
  }
}

/** What every notebook here says of itself: what JupyterLab would write into it, once tslab has told it who it is. */
const METADATA = {
  kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
  language_info: {
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    file_extension: ".ts",
    mimetype: "text/typescript",
    name: "typescript",
    version: "3.7.2",
  },
};

/** `notebook` as a file: the keys in Jupyter's order, nothing in it that changes from run to run. */
export function serialise({ cells }: Notebook): string {
  const written = cells.map((cell, i) => {
    const { execution: _timings, trusted: _trust, ...metadata } = cell.metadata;
    return { ...cell, id: cell.id ?? `cell-${i + 1}`, metadata };
  });
  const file = { ...z.encode(notebookSchema, { nbformat: 4, cells: written }), metadata: METADATA, nbformat_minor: 5 };
  return `${JSON.stringify(file, sorted, 1)}\n`;
}

/** An object with its keys in order; anything else as it is. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
