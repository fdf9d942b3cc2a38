/**
 * Command lines, taken apart and checked.
 *
 * `parseArgs` of Node takes them apart, zod (its small variant, which loads faster) checks the values; what is wrong is said in
 * one line.
 *
 * @module
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import * as z from "zod/mini";
import { quoted, word } from "../trace/text.ts";
import { asStarted } from "./started.ts";
import { write } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** An option without a value. */
export const flag = z._default(z.boolean(), false);

/** An option whose value is a whole number. */
export function wholeNumber(least: number, most: number): z.ZodMiniType<number> {
  const isValid = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  const text = z.string().check(z.refine(isValid, `must be a whole number from ${least} to ${most}`));
  return z.pipe(text, z.transform(Number));
}

/**
 * Take a command line apart: the options, checked; the names of those that were given; the other words. `--help`, or `-h`, which
 * every command has, prints `help` and ends the process.
 *
 * @param shape Each option with what checks its value, or `flag`.
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseCommandLine<S extends z.core.$ZodLooseShape>(args: readonly string[], shape: S, help: string) {
  const known: ParseArgsConfig["options"] = {};
  for (const [name, check] of Object.entries<unknown>(shape)) {
    known[name] = { type: check === flag ? "boolean" : "string" };
  }
  known.help = { type: "boolean", short: "h" };
  const { tokens, positionals } = parseArgs({ args: [...args], options: known, strict: false, tokens: true });
  const values: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known).map((each) => `--${each}`).join(", ");
      throw new UsageError(`unknown option ${word(rawName)}; the options are: ${names}`);
    }
    const hasValue = known[name].type === "string";
    if (!hasValue && value !== undefined) throw new UsageError(`--${name} takes no value`);
    if (hasValue && (value === undefined || (!inlineValue && value.startsWith("-")))) {
      throw new UsageError(`--${name} needs a value; one that begins with "-" is written --${name}=VALUE`);
    }
    values[name] = value ?? true;
  }
  if (values.help) {
    write(Deno.stdout, asStarted(help));
    Deno.exit(0);
  }
  const result = z.object(shape).safeParse(values);
  if (result.success) return { options: result.data, given: new Set(Object.keys(values)), words: positionals };
  const { path: [option], message } = result.error.issues[0];
  throw new UsageError(`--${String(option)} ${message}, not ${quoted(`${values[String(option)]}`)}`);
}
