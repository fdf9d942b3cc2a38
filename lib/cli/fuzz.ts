/**
 * `fuzz`: clusters under faults, damaged logs, and hostile messages, with what must hold checked after every step.
 *
 * @module
 */
import * as z from "zod/mini";
import { addCoverage, type Coverage, newCoverage } from "../check/coverage.ts";
import { fuzz as runFuzz, FuzzFailure, replay, scenarioOf } from "../check/fuzz.ts";
import { fuzzLog } from "../check/log_fuzz.ts";
import { fuzzMessages } from "../check/message_fuzz.ts";
import { shrink } from "../check/shrink.ts";
import { quoted } from "../trace/text.ts";
import { Trace } from "../trace/trace.ts";
import { writeNamedFile } from "./named_file.ts";
import { parseCommandLine, wholeNumber } from "./options.ts";
import { asStarted } from "./started.ts";
import { tell } from "./story.ts";
import { paintFor, withProgress, write, writeLines } from "./terminal.ts";
import { attempt, UsageError } from "./usage_error.ts";

const SHAPE = {
  seed: z.optional(wholeNumber(0, 2 ** 31 - 1)),
  seeds: z.optional(wholeNumber(1, 1_000_000)),
};

const HELP = `Usage: deno task fuzz [WHAT] [OPTION ...]

WHAT is
  clusters     clusters under loss, delay, duplication, reordering, partitions and crashes, with snapshots, nodes that
               join and leave, transfers of leadership, reads, and clients that try again, with and without PreVote,
               CheckQuorum and leases; the invariants of Raft are checked after every step, and in the end that all
               members agree. If one breaks, the run is made as short as possible, told, and kept as a scenario in
               fuzz-SEED.json. This is the default.
  log          logs on disk that are damaged: each is refused by name, or holds what was synced
  messages     hostile messages to a node: each is taken, or refused and nothing has changed, or stops the node

The exit status is 1 if something breaks.

Options:
  --seeds N    how many runs, from seed 0 on (default 1000)
  --seed S     one run, told line by line, as it is
  --help       this text
`;

/** Run `fuzz` with `args`; the exit status. */
export function fuzz(args: readonly string[]): number {
  const { options: { seed, seeds }, words } = parseCommandLine(args, SHAPE, HELP);
  if (seed !== undefined && seeds !== undefined) {
    throw new UsageError("--seed and --seeds do not go together; --seed is one run, --seeds are many");
  }
  const [what = "clusters", ...more] = words;
  if (more.length > 0) throw new UsageError(`fuzz takes one word, not ${quoted(more[0])} as well`);
  if (what === "clusters") return seed === undefined ? manyRuns(seeds ?? 1000) : oneRun(seed);
  if (!isTarget(what)) {
    throw new UsageError(
      `unknown word ${quoted(what)}; fuzz takes clusters, ${Object.keys(TARGETS).join(" or ")}`,
    );
  }
  return seed === undefined ? manySeeds(what, 0, seeds ?? 1000) : manySeeds(what, seed, seed + 1);
}

/** What else is fuzzed: a seed gives counts of what was seen, or an error. */
const TARGETS = { log: fuzzLog, messages: fuzzMessages } as const;

function isTarget(word: string): word is keyof typeof TARGETS {
  return Object.hasOwn(TARGETS, word);
}

/** The seeds from `first` up to but not including `end`. */
function manySeeds(what: keyof typeof TARGETS, first: number, end: number): number {
  const total: Record<string, number> = {};
  let seed = first;
  try {
    withProgress(Deno.stderr, (say) => {
      for (; seed < end; seed++) {
        for (const [kind, count] of Object.entries(TARGETS[what](seed))) total[kind] = (total[kind] ?? 0) + count;
        say(`${seed - first + 1} of ${end - first} seeds`);
      }
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    write(
      Deno.stdout,
      `seed ${seed} broke: ${why}\n${asStarted(`see it again: deno task fuzz ${what} --seed ${seed}`)}\n`,
    );
    return 1;
  }
  const seen = Object.entries(total).map(([kind, count]) => `${kind} ${count}`).join(", ");
  write(Deno.stdout, `${end - first} seeds, nothing broke: ${seen}\n`);
  return 0;
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
  write(
    Deno.stdout,
    `broke: ${shortest.message}\n\n${asStarted(`see the whole run: deno task fuzz --seed ${seed}`)}\n`,
  );
  const file = `fuzz-${seed}.json`;
  attempt("write", file, () => writeNamedFile(file, `${JSON.stringify(scenario, null, 2)}\n`));
  write(Deno.stdout, `${asStarted("play the short one again: deno task demo")} --scenario ${file} --seed ${seed}\n`);
  return 1;
}

function tellAll({ rows }: Trace): void {
  writeLines(Deno.stdout, tell(rows, paintFor(Deno.stdout), {}));
}

function coverageText(seen: Coverage): string {
  const { conflictingSnapshots, joint, removedLeaders, leaseReads } = seen;
  return [
    `elections ${seen.elections}`,
    `logs truncated ${seen.truncations}`,
    `entries committed in a later term ${seen.laterCommits}`,
    `logs compacted ${seen.compactions}`,
    `snapshots restored ${seen.snapshots} (${conflictingSnapshots} over a conflict)`,
    `messages terms late ${seen.lateMessages}`,
    `transfers ${seen.transfers}`,
    `configurations ${seen.changes} (${joint} joint, ${removedLeaders} without their leader)`,
    `reads ${seen.reads + leaseReads} (${leaseReads} by lease)`,
    `requests answered when sent again ${seen.retries}`,
    `entries that repeated one ${seen.repeated}`,
    `restarts ${seen.restarts}`,
  ].join(", ");
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
