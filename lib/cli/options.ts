/**
 * Command lines, parsed and checked.
 *
 * Floor 9. Node's `parseArgs` splits them, zod checks the values; what is wrong is said in one line of our own.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { UsageError } from "./usage_error.ts";

/** The options a command has: with a value, or without. */
export type Flags = Readonly<Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>>;

/** An option whose value is a whole number. */
export function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  const says = `must be a whole number from ${least} to ${most}`;
  return z.string().regex(/^\d+$/, says).transform(Number).pipe(z.number().min(least, says).max(most, says));
}

/**
 * The options and the other words of a command line.
 *
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseCommandLine<T>(
  args: readonly string[],
  flags: Flags,
  schema: z.ZodType<T>,
): { options: T; positionals: string[] } {
  const { values, positionals } = split(args, flags);
  const result = schema.safeParse(values);
  if (result.success) return { options: result.data, positionals };
  const { path: [option], message } = result.error.issues[0];
  throw new UsageError(`--${String(option)} ${message}, not ${JSON.stringify(values[String(option)])}`);
}

function split(args: readonly string[], flags: Flags): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError(explain(args, flags, error));
  }
}

/** The argument that cannot be parsed, in our words. */
function explain(args: readonly string[], flags: Flags, error: unknown): string {
  for (const [i, arg] of args.entries()) {
    if (!arg.startsWith("-")) continue;
    const name = arg.replace(/^-+/, "").replace(/=.*$/s, "");
    const flag = Object.entries(flags).find(([known, { short }]) => known === name || arg === `-${short}`)?.[1];
    if (flag === undefined) {
      return `unknown option ${arg}; the options are: ${Object.keys(flags).map((known) => `--${known}`).join(", ")}`;
    }
    const next = args.at(i + 1);
    if (flag.type === "string" && !arg.includes("=") && (next === undefined || next.startsWith("-"))) {
      return `--${name} needs a value; one that begins with "-" is written --${name}=VALUE`;
    }
    if (flag.type === "boolean" && arg.includes("=")) return `--${name} takes no value`;
  }
  return error instanceof Error ? error.message : String(error);
}
