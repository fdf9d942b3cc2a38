/**
 * The options of `demo`, checked.
 *
 * Floor 9.
 *
 * @module
 */
import { z } from "zod";
import { type Scenario, scenarios } from "../scenario/mod.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { UsageError } from "./usage_error.ts";

const schema = z.object({
  nodes: wholeNumber(1, 9).default(3),
  seed: wholeNumber(0, 2 ** 31 - 1).default(1),
  key: z.string().min(1, "must not be empty").default("x"),
  value: z.string().default("1"),
  verbose: z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** What `demo` was told. */
export type DemoOptions = z.infer<typeof schema>;

const FLAGS = {
  nodes: { type: "string" },
  seed: { type: "string" },
  key: { type: "string" },
  value: { type: "string" },
  verbose: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
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
  const { options, positionals } = parseCommandLine(args, FLAGS, schema);
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one scenario at a time, not ${positionals.join(" and ")}`);
  const scenario = scenarios.find((other) => other.name === name) ?? null;
  if (name !== undefined && scenario === null) {
    const names = scenarios.map((other) => other.name).join(", ");
    throw new UsageError(`unknown scenario ${JSON.stringify(name)}; the scenarios are: ${names}`);
  }
  return { scenario, options };
}
