/**
 * `storm`: clusters in bad weather, with every invariant checked after every step.
 *
 * @module
 */
import * as z from "zod/mini";
import type { Moments } from "../check/checker.ts";
import { storm as runStorm } from "../check/storm.ts";
import { InvariantViolation } from "../raft/mod.ts";
import { Trace } from "../trace/trace.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { tell } from "./story.ts";
import { paintFor, write } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const schema = z.object({
  seed: z.optional(wholeNumber(0, 2 ** 31 - 1)),
  seeds: z.optional(wholeNumber(1, 1_000_000)),
});

const FLAGS = {
  seed: "value",
  seeds: "value",
  help: "no value",
} as const;

const HELP = `Usage: deno task storm [OPTION ...]

Lets clusters live through loss, delay, duplication, reordering, partitions and crashes, and checks the invariants of Raft
after every step. Exit status 1, with the invariant's name, if one breaks.

Options:
  --seeds N    how many storms, from seed 0 on (default 1000)
  --seed S     one storm, told line by line
  --help       this text
`;

/** Run `storm` with `args`; the exit status. */
export function storm(args: readonly string[]): number {
  const { options, given, words } = parseCommandLine(args, FLAGS, schema);
  if (words.length > 0) {
    throw new UsageError(`unknown word ${JSON.stringify(words[0])}; storm takes options only`);
  }
  if (given.has("help")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  if (options.seed !== undefined && options.seeds !== undefined) {
    throw new UsageError("--seed and --seeds do not go together; --seed is one storm, --seeds are many");
  }
  return options.seed === undefined ? manyStorms(options.seeds ?? 1000) : oneStorm(options.seed);
}

function oneStorm(seed: number): number {
  const trace = new Trace();
  const broken = invariantBroken(() => runStorm(seed, { observer: trace.record }));
  write(Deno.stdout, `${tell(trace.rows, paintFor(Deno.stdout), {}).join("\n")}\n`);
  write(Deno.stdout, broken === null ? `seed ${seed}: no invariant broke\n` : `seed ${seed} broke: ${broken}\n`);
  return broken === null ? 0 : 1;
}

function manyStorms(seeds: number): number {
  const total: Moments = { elections: 0, truncations: 0, laterCommits: 0, snapshots: 0, restarts: 0 };
  for (let seed = 0; seed < seeds; seed++) {
    const broken = invariantBroken(() => add(total, runStorm(seed)));
    if (broken !== null) {
      write(Deno.stdout, `seed ${seed} broke: ${broken}\nsee it with: deno task storm --seed ${seed}\n`);
      return 1;
    }
    if ((seed + 1) % 100 === 0) write(Deno.stderr, `${seed + 1} of ${seeds} storms\n`);
  }
  const { elections, truncations, laterCommits, snapshots, restarts } = total;
  write(
    Deno.stdout,
    `${seeds} storms, no invariant broke: elections ${elections}, logs truncated ${truncations}, ` +
      `entries committed in a later term ${laterCommits}, snapshots restored ${snapshots}, restarts ${restarts}\n`,
  );
  return 0;
}

function add(total: Moments, moments: Moments): void {
  total.elections += moments.elections;
  total.truncations += moments.truncations;
  total.laterCommits += moments.laterCommits;
  total.snapshots += moments.snapshots;
  total.restarts += moments.restarts;
}

function invariantBroken(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
}
