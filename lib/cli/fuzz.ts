/**
 * `fuzz`: clusters under faults, with every invariant checked after every step.
 *
 * @module
 */
import * as z from "zod/mini";
import { addCoverage, newCoverage } from "../check/checker.ts";
import { fuzz as runFuzz } from "../check/fuzz.ts";
import { InvariantViolation } from "../raft/mod.ts";
import { quoted } from "../trace/text.ts";
import { Trace } from "../trace/trace.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { tell } from "./story.ts";
import { paintFor, write, writeLines } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const SHAPE = {
  seed: z.optional(wholeNumber(0, 2 ** 31 - 1)),
  seeds: z.optional(wholeNumber(1, 1_000_000)),
};

const HELP = `Usage: deno task fuzz [OPTION ...]

Runs clusters under loss, delay, duplication, reordering, partitions and crashes, and checks the invariants of Raft after
every step. Exit status 1, with the invariant's name, if one breaks.

Options:
  --seeds N    how many runs, from seed 0 on (default 1000)
  --seed S     one run, told line by line
  --help       this text
`;

/** Run `fuzz` with `args`; the exit status. */
export function fuzz(args: readonly string[]): number {
  const { options: { seed, seeds }, words } = parseCommandLine(args, SHAPE, HELP);
  if (words.length > 0) throw new UsageError(`unknown word ${quoted(words[0])}; fuzz takes options only`);
  if (seed !== undefined && seeds !== undefined) {
    throw new UsageError("--seed and --seeds do not go together; --seed is one run, --seeds are many");
  }
  return seed === undefined ? manyRuns(seeds ?? 1000) : oneRun(seed);
}

function oneRun(seed: number): number {
  const trace = new Trace();
  const broken = invariantBroken(() => runFuzz(seed, { observer: trace.record }));
  writeLines(Deno.stdout, tell(trace.rows, paintFor(Deno.stdout), {}));
  write(Deno.stdout, broken === null ? `seed ${seed}: no invariant broke\n` : `seed ${seed} broke: ${broken}\n`);
  return broken === null ? 0 : 1;
}

function manyRuns(seeds: number): number {
  const total = newCoverage();
  for (let seed = 0; seed < seeds; seed++) {
    const broken = invariantBroken(() => addCoverage(total, runFuzz(seed)));
    if (broken !== null) {
      write(Deno.stdout, `seed ${seed} broke: ${broken}\nsee it with: deno task fuzz --seed ${seed}\n`);
      return 1;
    }
    if ((seed + 1) % 100 === 0) write(Deno.stderr, `${seed + 1} of ${seeds} runs\n`);
  }
  const { elections, truncations, laterCommits, snapshots, restarts } = total;
  write(
    Deno.stdout,
    `${seeds} runs, no invariant broke: elections ${elections}, logs truncated ${truncations}, ` +
      `entries committed in a later term ${laterCommits}, snapshots restored ${snapshots}, restarts ${restarts}\n`,
  );
  return 0;
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
