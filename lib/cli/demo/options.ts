/**
 * The options of `demo`, checked.
 *
 * @module
 */
import * as z from "zod/mini";
import type { Scenario } from "../../scenario/scenario.ts";
import { scenarios } from "../../scenario/scenarios.ts";
import { parseCommandLine, wholeNumber } from "../options.ts";
import { word } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";

const fileThatEndsIn = (pattern: RegExp, says: string) =>
  z.optional(z.string().check(z.refine((file) => pattern.test(file), says)));

const schema = z.object({
  nodes: z.optional(wholeNumber(1, 9)),
  seed: z.optional(wholeNumber(0, 2 ** 31 - 1)),
  seeds: z.optional(wholeNumber(1, 100_000)),
  key: z._default(z.string().check(z.minLength(1, "must not be empty")), "x"),
  value: z._default(z.string(), "1"),
  scenario: fileThatEndsIn(/\.json$/, "must end in .json"),
  plot: fileThatEndsIn(/\.(svg|html)$/, "must end in .svg or .html"),
  player: fileThatEndsIn(/\.html$/, "must end in .html"),
  storage: z.optional(z.string().check(z.minLength(1, "must not be empty"))),
  runtime: z.optional(z.literal("tasks", "must be tasks")),
});

/** What `demo` was told. */
export interface DemoOptions extends Readonly<z.infer<typeof schema>> {
  /** What is printed. */
  readonly output: "list" | "help" | "story" | "story and ready loop" | "json" | "survey";
}

const FLAGS = {
  nodes: "value",
  seed: "value",
  seeds: "value",
  key: "value",
  value: "value",
  scenario: "value",
  plot: "value",
  player: "value",
  storage: "value",
  runtime: "value",
  verbose: "no value",
  json: "no value",
  help: "no value",
} as const;

/** A command line of `demo`: `scenario` is `null` if it names none. */
export interface DemoLine {
  readonly scenario: Scenario | null;
  readonly options: DemoOptions;
}

/**
 * What the command line asks for.
 *
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseDemoOptions(args: readonly string[]): DemoLine {
  const { options, given, words: [name, ...more] } = parseCommandLine(args, FLAGS, schema);
  if (more.length > 0) throw new UsageError(`one scenario at a time, not ${[name, ...more].map(word).join(" and ")}`);
  const scenario = scenarios.find((other) => other.name === name) ?? null;
  if (name !== undefined && scenario === null) {
    throw new UsageError(`unknown scenario ${JSON.stringify(name)}; the scenarios are: ${names()}`);
  }
  if (name !== undefined && options.scenario !== undefined) {
    throw new UsageError(`${word(name)} and --scenario do not go together; a file is played in place of a scenario`);
  }
  refuseTogether(given, "seeds", ["seed", "json", "plot", "player", "verbose", "storage", "runtime"]);
  if (given.has("json") && given.has("verbose")) {
    throw new UsageError("--json and --verbose do not go together; --json has every turn anyway");
  }
  const { plot, player } = options;
  if (plot !== undefined && player !== undefined && placeOf(plot) === placeOf(player)) {
    throw new UsageError(`--plot and --player cannot both write ${word(plot)}; name two files`);
  }
  return { scenario, options: { ...options, output: outputFor(given, scenario) } };
}

function refuseTogether(given: ReadonlySet<string>, option: string, others: readonly string[]): void {
  const other = others.find((name) => given.has(name));
  if (!given.has(option) || other === undefined) return;
  throw new UsageError(`--${option} and --${other} do not go together; --${option} tells of no single run`);
}

/** The names of the scenarios. */
function names(): string {
  return scenarios.map(({ name }) => name).join(", ");
}

/** Where `file` is, however it is written; as it is written where its folder cannot be found. */
function placeOf(file: string): string {
  const [, folder = ".", name] = /^(.*[/\\])?(.*)$/s.exec(file) ?? [];
  try {
    return `${Deno.realPathSync(folder)}/${name}`;
  } catch {
    return file;
  }
}

/** @throws {UsageError} if options are given that say how to play, and nothing to play. */
function outputFor(given: ReadonlySet<string>, scenario: Scenario | null): DemoOptions["output"] {
  if (given.has("help")) return "help";
  if (scenario === null && !given.has("scenario")) {
    const [option] = given;
    if (option === undefined) return "list";
    throw new UsageError(
      `--${option} needs a scenario: name one, or a file with --scenario; the scenarios are: ${names()}`,
    );
  }
  if (given.has("seeds")) return "survey";
  if (given.has("json")) return "json";
  return given.has("verbose") ? "story and ready loop" : "story";
}
