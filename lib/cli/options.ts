/**
 * Command lines, parsed and checked.
 *
 * zod (its small variant, which loads faster) checks the values; what is wrong is said in one line. The splitting
 * is done here: loading `parseArgs` of `node:util` takes some 7 ms, and a demo starts in about 70.
 *
 * @module
 */
import * as z from "zod/mini";
import { word } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The options a command has: with a value, or without. Every command has `--help`, and `-h` for short. */
export type Flags = Readonly<Record<string, "value" | "no value">>;

/** An option whose value is a whole number. */
export function wholeNumber(least: number, most: number): z.ZodMiniType<number> {
  const isValid = (text: string) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
  const text = z.string().check(z.refine(isValid, `must be a whole number from ${least} to ${most}`));
  return z.pipe(text, z.transform(Number));
}

/** A command line, taken apart. */
export interface CommandLine<T> {
  /** The options with values, checked. */
  readonly options: T;
  /** The options without values that were given. */
  readonly switches: ReadonlySet<string>;
  /** All options that were given, with values or without. */
  readonly given: ReadonlySet<string>;
  /** The other words. */
  readonly words: readonly string[];
}

/**
 * Take a command line apart.
 *
 * @param schema Checks the options with values.
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseCommandLine<T>(args: readonly string[], flags: Flags, schema: z.ZodMiniType<T>): CommandLine<T> {
  const { values, switches, words } = split(args, flags);
  const result = schema.safeParse(values);
  if (result.success) {
    return { options: result.data, switches, given: new Set([...Object.keys(values), ...switches]), words };
  }
  const { path: [option], message } = result.error.issues[0];
  // What must not be is what was given.
  const found = message.startsWith("must not ") ? "" : `, not ${JSON.stringify(values[String(option)])}`;
  throw new UsageError(`--${String(option)} ${message}${found}`);
}

function split(args: readonly string[], flags: Flags) {
  const values: Record<string, string> = {};
  const switches = new Set<string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] === "-h" ? "--help" : args[i];
    if (!arg.startsWith("-")) {
      words.push(arg);
      continue;
    }
    const [, name, value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    const kind = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (kind === undefined) {
      const names = Object.keys(flags).map((known) => `--${known}`).join(", ");
      throw new UsageError(`unknown option ${word(arg)}; the options are: ${names}`);
    }
    if (kind === "value") {
      values[name] = value ?? valueAfter(args, i++, name);
    } else {
      if (value !== undefined) throw new UsageError(`--${name} takes no value`);
      switches.add(name);
    }
  }
  return { values, switches, words };
}

function valueAfter(args: readonly string[], i: number, name: string): string {
  const value = args.at(i + 1);
  if (value !== undefined && !value.startsWith("-")) return value;
  throw new UsageError(`--${name} needs a value; one that begins with "-" is written --${name}=VALUE`);
}
