/**
 * The command line of `demo`: its options, checked.
 *
 * @module
 */
import * as z from "zod/mini";
import type { Scenario } from "../../scenario/scenario.ts";
import { scenarios } from "../../scenario/scenarios.ts";
import { quoted, word } from "../../trace/text.ts";
import { flag, parseCommandLine, wholeNumber } from "../options.ts";
import { UsageError } from "../usage_error.ts";
import { demoHelp } from "./help.ts";

const notEmpty = z.string().check(z.minLength(1, "must have at least one character"));
const fileThatEndsIn = (pattern: RegExp, says: string) =>
  z.optional(z.string().check(z.refine((file) => pattern.test(file), says)));

const SHAPE = {
  nodes: z.optional(wholeNumber(1, 9)),
  seed: z.optional(wholeNumber(0, 2 ** 31 - 1)),
  seeds: z.optional(wholeNumber(1, 100_000)),
  key: z._default(notEmpty, "x"),
  value: z._default(z.string(), "a"),
  scenario: fileThatEndsIn(/\.json$/, "must end in .json"),
  plot: fileThatEndsIn(/\.(svg|png|html)$/, "must end in .svg, .png or .html"),
  player: fileThatEndsIn(/\.html$/, "must end in .html"),
  storage: z.optional(notEmpty),
  runtime: z.optional(z.literal("tasks", "must be tasks")),
  verbose: flag,
  json: flag,
};

/** What `demo` was told. */
export interface DemoOptions extends Readonly<z.infer<z.ZodMiniObject<typeof SHAPE>>> {
  /** The scenario that is named, if one is. */
  readonly named: Scenario | null;
}

/**
 * What the command line asks for; without any word it is asked for help.
 *
 * @throws {UsageError} naming what is wrong, and the valid choices.
 */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const words = args.length === 0 ? ["--help"] : args;
  const { options, given, words: [name, ...more] } = parseCommandLine(words, SHAPE, demoHelp());
  const names = scenarios.map((scenario) => scenario.name).join(", ");
  if (more.length > 0) throw new UsageError(`one scenario at a time, not ${[name, ...more].map(word).join(" and ")}`);
  const named = scenarios.find((scenario) => scenario.name === name) ?? null;
  if (name !== undefined && named === null) {
    const file = name.endsWith(".json") ? `a file is played with --scenario ${quoted(name)}; ` : "";
    throw new UsageError(`unknown scenario ${quoted(name)}; ${file}the scenarios are: ${names}`);
  }
  if (name !== undefined && given.has("scenario")) {
    throw new UsageError(`${word(name)} and --scenario do not go together; a file is played in place of a scenario`);
  }
  const single = ["seed", "json", "plot", "player", "verbose", "storage", "runtime"].find((other) => given.has(other));
  if (given.has("seeds") && single !== undefined) {
    throw new UsageError(`--seeds and --${single} do not go together; --seeds tells of no single run`);
  }
  const own = ["storage", "runtime"].find((other) => given.has(other));
  if (given.has("player") && own !== undefined) {
    throw new UsageError(
      `--player and --${own} do not go together; the page runs the nodes itself, from their beginning`,
    );
  }
  if (options.json && options.verbose) {
    throw new UsageError("--json and --verbose do not go together; --json has every turn anyway");
  }
  if (name === undefined && !given.has("scenario")) {
    throw new UsageError(`no scenario is named; name one, or a file with --scenario; the scenarios are: ${names}`);
  }
  return { ...options, named };
}
