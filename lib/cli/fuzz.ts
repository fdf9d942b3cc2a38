/**
 * `fuzz`: clusters under faults, with every invariant checked after every step.
 *
 * @module
 */
import * as z from "zod/mini";
import { addCoverage, type Coverage, newCoverage } from "../check/checker.ts";
import { fuzz as runFuzz, FuzzFailure, replay, scenarioOf } from "../check/fuzz.ts";
import { shrink } from "../check/shrink.ts";
import { Trace } from "../trace/trace.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { tell } from "./story.ts";
import { paintFor, withProgress, write } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const SHAPE = {
  seed: z.optional(wholeNumber(0, 2 ** 31 - 1)),
  seeds: z.optional(wholeNumber(1, 1_000_000)),
};

const HELP = `Usage: deno task fuzz [OPTION ...]

Runs clusters under loss, delay, duplication, reordering, partitions and crashes, and checks the invariants of Raft after
every step. If one breaks, the run is made as short as possible, told, and kept as a scenario in fuzz-SEED.json; the exit
status is 1.

Options:
  --seeds N    how many runs, from seed 0 on (default 1000)
  --seed S     one run, told line by line, as it is
  --help       this text
`;

/** Run `fuzz` with `args`; the exit status. */
export function fuzz(args: readonly string[]): number {
  const { options: { seed, seeds }, words } = parseCommandLine(args, SHAPE, HELP);
  if (words.length > 0) throw new UsageError(`unknown word ${JSON.stringify(words[0])}; fuzz takes options only`);
  if (seed !== undefined && seeds !== undefined) {
    throw new UsageError("--seed and --seeds do not go together; --seed is one run, --seeds are many");
  }
  return seed === undefined ? manyRuns(seeds ?? 1000) : oneRun(seed);
}

function oneRun(seed: number): number {
  const trace = new Trace();
  const failure = failureOf(() => runFuzz(seed, { observer: trace.record }));
  tellAll(trace);
  write(
    Deno.stdout,
    failure === null ? `seed ${seed}: no invariant broke\n` : `seed ${seed} broke: ${failure.message}\n`,
  );
  return failure === null ? 0 : 1;
}

function manyRuns(seeds: number): number {
  const total = newCoverage();
  const failure = withProgress(Deno.stderr, (say) => {
    for (let seed = 0; seed < seeds; seed++) {
      const broken = failureOf(() => addCoverage(total, runFuzz(seed)));
      if (broken !== null) return broken;
      say(`${seed + 1} of ${seeds} runs`);
    }
    return null;
  });
  if (failure !== null) return report(failure);
  write(Deno.stdout, `${seeds} runs, no invariant broke: ${coverageText(total)}\n`);
  return 0;
}

/** Tell of the shortest run in which the same breaks, and keep it. */
function report(failure: FuzzFailure): number {
  const { seed } = failure.schedule;
  write(Deno.stdout, `seed ${seed} broke: ${failure.message}\n`);
  const shortest = withProgress(
    Deno.stderr,
    (say) => shrink(failure, {}, (steps) => say(`making the run shorter: ${steps} steps`)),
  );
  const trace = new Trace();
  failureOf(() => replay(shortest.schedule, { observer: trace.record }));
  const scenario = scenarioOf(shortest);
  write(Deno.stdout, `the shortest run found in which this breaks: ${scenario.steps.length} steps\n\n`);
  tellAll(trace);
  const file = `fuzz-${seed}.json`;
  Deno.writeTextFileSync(file, `${JSON.stringify(scenario, null, 2)}\n`);
  write(
    Deno.stdout,
    `broke: ${shortest.message}\n\nplay it again: deno task demo --scenario ${file} --seed ${seed}\n` +
      `see the whole run: deno task fuzz --seed ${seed}\n`,
  );
  return 1;
}

function tellAll({ rows }: Trace): void {
  write(Deno.stdout, `${tell(rows, paintFor(Deno.stdout), {}).join("\n")}\n`);
}

function coverageText(seen: Coverage): string {
  const { elections, truncations, laterCommits, snapshots, conflictingSnapshots, lateMessages, restarts } = seen;
  return `elections ${elections}, logs truncated ${truncations}, entries committed in a later term ${laterCommits}, ` +
    `snapshots restored ${snapshots} (${conflictingSnapshots} over a conflict), messages terms late ${lateMessages}, ` +
    `restarts ${restarts}`;
}

function failureOf(run: () => void): FuzzFailure | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof FuzzFailure) return error;
    throw error;
  }
}
