/**
 * Command lines, taken apart and checked.
 *
 * `parseArgs` of Node takes them apart, zod (its small variant, which loads faster) checks the values; what is wrong is said in
 * one line.
 *
 * @module
 */
import { parseArgs } from "node:util";
import * as z from "zod/mini";
import { word } from "../trace/text.ts";
import { UsageError } from "./usage_error.ts";

/** The options a command has: with a value, or without. Every command has `--help`, and `-h` for short. */
export type Flags = Readonly<Record<string, "value" | "no value">>;

/** An option whose value is a whole number. */
export function wholeNumber(least: number, most: number): z.ZodMiniType<number> {
  const isValid = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  const text = z.string().check(z.refine(isValid, `must be a whole number from ${least} to ${most}`));
  return z.pipe(text, z.transform(Number));
}

/**
 * Take a command line apart: the options with values, checked; all options that were given, with values or without; the
 * other words.
 *
 * @param schema Checks the options with values.
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseCommandLine<T>(args: readonly string[], flags: Flags, schema: z.ZodMiniType<T>) {
  const entries = Object.entries(flags).map(([name, kind]) =>
    [name, { type: kind === "value" ? "string" : "boolean" }] as const
  );
  const options = { ...Object.fromEntries(entries), help: { type: "boolean", short: "h" } } as const;
  const { tokens, positionals } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const values: Record<string, string> = {};
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(flags, name)) {
      const names = Object.keys(flags).map((known) => `--${known}`).join(", ");
      throw new UsageError(`unknown option ${word(rawName)}; the options are: ${names}`);
    }
    if (flags[name] === "no value" && value !== undefined) throw new UsageError(`--${name} takes no value`);
    if (flags[name] === "value") {
      if (value === undefined || (!inlineValue && value.startsWith("-"))) {
        throw new UsageError(`--${name} needs a value; one that begins with "-" is written --${name}=VALUE`);
      }
      values[name] = value;
    }
    given.add(name);
  }
  const result = schema.safeParse(values);
  if (result.success) return { options: result.data, given, words: positionals };
  const { path: [option], message } = result.error.issues[0];
  // What must not be is what was given.
  const found = message.startsWith("must not ") ? "" : `, not ${JSON.stringify(values[String(option)])}`;
  throw new UsageError(`--${String(option)} ${message}${found}`);
}
