/**
 * The options of `demo`, checked.
 *
 * Floor 9.
 *
 * @module
 */
import * as z from "zod/mini";
import type { Scenario, ScenarioOptions } from "../scenario/scenario.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { word } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const schema = z.object({
  nodes: z._default(wholeNumber(1, 9), 3),
  seed: z._default(wholeNumber(0, 2 ** 31 - 1), 1),
  key: z._default(z.string().check(z.minLength(1, "must not be empty")), "x"),
  value: z._default(z.string(), "1"),
  plot: z.optional(z.string().check(z.refine((file) => /\.(svg|html)$/.test(file), "must end in .svg or .html"))),
});

/** What `demo` was told. */
export interface DemoOptions extends ScenarioOptions {
  /** The file for the timeline, if one is wanted. */
  readonly plot?: string | undefined;
  /** What is printed. */
  readonly output: "story" | "story and ready loop" | "json" | "help";
}

const FLAGS = {
  nodes: "value",
  seed: "value",
  key: "value",
  value: "value",
  plot: "value",
  verbose: "no value",
  json: "no value",
  help: "no value",
} as const;

/** What `demo --help` says. */
export const DEMO_HELP = `Usage: deno task demo SCENARIO [OPTION ...]

Scenarios:
${scenarios.map(({ name, summary }) => `  ${name.padEnd(12)} ${summary}`).join("\n")}

Options:
  --nodes N    how many nodes, 1 to 9 (default 3)
  --seed S     decides every election timeout: the same seed, the same run (default 1)
  --key K      the key the client writes, not empty (default x)
  --value V    the value the client writes (default 1)
  --plot FILE  also draw the timeline of every node's log, to a file that ends in .svg or .html
  --verbose    every turn of every node's ready loop, in its seven steps
  --json       the trace as JSON lines, and nothing else
  --help       this text
`;

/**
 * What the command line asks for; `scenario` is `null` if it names none.
 *
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseDemoOptions(args: readonly string[]): { scenario: Scenario | null; options: DemoOptions } {
  const { options, switches, words: [name, ...more] } = parseCommandLine(args, FLAGS, schema);
  if (more.length > 0) throw new UsageError(`one scenario at a time, not ${[name, ...more].map(word).join(" and ")}`);
  const scenario = scenarios.find((other) => other.name === name) ?? null;
  if (name !== undefined && scenario === null) {
    const names = scenarios.map((other) => other.name).join(", ");
    throw new UsageError(`unknown scenario ${JSON.stringify(name)}; the scenarios are: ${names}`);
  }
  return { scenario, options: { ...options, output: outputFor(switches) } };
}

function outputFor(switches: ReadonlySet<string>): DemoOptions["output"] {
  if (switches.has("help")) return "help";
  if (switches.has("json")) return "json";
  return switches.has("verbose") ? "story and ready loop" : "story";
}
