/**
 * `replay`: compare this library with recorded runs of the crate `raft` 0.7.
 *
 * @module
 */
import { basename } from "node:path";
import { RaftError } from "../raft/mod.ts";
import { FormatError, readRecordedRun } from "../replay/format.ts";
import { type Difference, replay as replayRun } from "../replay/replayer.ts";
import { readNamedFile } from "./named_file.ts";
import { parseCommandLine } from "./options.ts";
import { attempt, UsageError } from "./usage_error.ts";
import { visible, word } from "../trace/text.ts";
import { write } from "./terminal.ts";

const HELP = `Usage: deno task replay FILE ...

Carries out recorded runs of the crate raft 0.7 (gzipped JSON lines) on this library, and compares every answer.
Exit status: 0 if all are equal, 1 if one differs or the system fails, 2 if a file is not there or holds no recorded
run.
`;

/** Run `replay` with `args`; the exit status. */
export function replay(args: readonly string[]): number {
  const { words } = parseCommandLine(args, {}, HELP);
  if (words.length === 0) throw new UsageError("no file is named; write: deno task replay FILE ...");
  const results = words.map((file) => {
    const { line, equal } = replayFile(file);
    write(Deno.stdout, `${line.split("\n").map(visible).join("\n")}\n`);
    return equal;
  });
  return results.every((equal) => equal) ? 0 : 1;
}

/** The most that a file may hold, in bytes. */
const MOST_BYTES = 64_000_000;

function replayFile(file: string): { line: string; equal: boolean } {
  const name = word(basename(file).replace(/\.jsonl\.gz$/, ""));
  try {
    const run = readRecordedRun(attempt("read", file, () => readNamedFile(file, MOST_BYTES)));
    const difference = replayRun(run);
    if (difference !== null) return { line: `${name}: ${describe(difference)}`, equal: false };
    return { line: `${name}: ${run.operations.length} operations equal`, equal: true };
  } catch (error) {
    if (error instanceof FormatError || error instanceof RaftError) {
      throw new UsageError(`${word(file)}: ${error.message}`);
    }
    throw error;
  }
}

function describe({ number, operation, path, expected, actual, before }: Difference): string {
  const earlier = before.map((other) => `\n    ${JSON.stringify(other)}`).join("");
  return `operation ${number} differs at ${path}
  expected   ${JSON.stringify(expected)}
  came       ${JSON.stringify(actual)}
  operation  ${JSON.stringify(operation)}
  before it on this node:${earlier === "" ? " nothing" : earlier}`;
}
