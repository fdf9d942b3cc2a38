/**
 * What a cell leaves below itself, as a notebook file keeps it.
 *
 * @module
 */
import * as z from "zod/mini";
import type { Received } from "./wire.ts";

/** Text, in the file one string a line. */
const text = z.union([z.string(), z.array(z.string())]);

const bundle = z.record(z.string(), z.unknown());

/** The schema of an output. */
export const outputSchema = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.string(), text }),
  z.object({ output_type: z.literal("display_data"), data: bundle, metadata: bundle }),
  z.object({
    output_type: z.literal("execute_result"),
    data: bundle,
    metadata: bundle,
    execution_count: z.nullable(z.number()),
  }),
  z.object({ output_type: z.literal("error"), ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }),
]);

/** An output, its texts as lists of lines. */
export type Output = z.infer<typeof outputSchema>;

/** Lines, each with the line end it has. */
export function toLines(text: string | readonly string[]): string[] {
  const whole = typeof text === "string" ? text : text.join("");
  return whole === "" ? [] : whole.split(/(?<=\n)/);
}

/** One text of `text`. */
export function toText(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

/** Add what `message` shows to `outputs`; pieces of one stream are put together. */
export function collect(outputs: Output[], { type, content }: Received): void {
  if (type === "stream") {
    return collectText(outputs, z.parse(z.object({ name: z.string(), text: z.string() }), content));
  }
  const parsed = outputSchema.safeParse({ ...content, output_type: type });
  if (parsed.success) outputs.push(normalised(parsed.data));
}

function collectText(outputs: Output[], { name, text }: { name: string; text: string }): void {
  const last = outputs.at(-1);
  if (last?.output_type === "stream" && last.name === name) last.text = toLines(toText(last.text) + text);
  else outputs.push({ output_type: "stream", name, text: toLines(text) });
}

/** `output` in the one form that is stored and compared: without what differs from run to run, texts as lines. */
export function normalised(output: Output): Output {
  if (output.output_type === "stream") return { ...output, text: toLines(output.text) };
  if (output.output_type === "error") return output;
  const lines = z.parse(z.record(z.string(), text), output.data);
  const data = Object.fromEntries(Object.entries(lines).map(([type, value]) => [type, toLines(value)]));
  return { ...output, data, metadata: {} };
}

/** One text of what is shown as one type. */
export function mimeText(value: unknown): string {
  return Array.isArray(value) ? value.join("") : typeof value === "string" ? value : JSON.stringify(value);
}
