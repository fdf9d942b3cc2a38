/**
 * `log`: what the log of a node holds on disk, frame by frame.
 *
 * It only reads, and needs no lock: a node may have the log open meanwhile.
 *
 * @module
 */
import * as z from "zod/mini";
import { parseCommandLine } from "../options.ts";
import { word } from "../../trace/text.ts";
import { paintFor, write } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { findLogs } from "./places.ts";
import { COLUMNS_EXPLAINED, reportOf } from "./report.ts";

const FLAGS = { verbose: "no value", help: "no value" } as const;

const HELP = `Usage: deno task log DIR [OPTION ...]

Prints what a node's log on disk holds, file by file and frame by frame. DIR is
the directory of a node, or one with node-1, node-2, ... in it, as they are left
by: deno task demo SCENARIO --storage DIR

It only reads; a node may have the log open meanwhile.

Options:
  --verbose    every entry, also where a frame has many
  --help       this text

Exit status: 0 if a node can start on the log, a torn frame at its end dropped;
1 if a node would refuse to; 2 if there is no log there, or it cannot be read.
`;

/** Run `log` with `args`; the exit status. */
export function log(args: readonly string[]): number {
  const { given, words } = parseCommandLine(args, FLAGS, z.object({}));
  if (given.has("help")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  if (words.length === 0) throw new UsageError("no directory is named; write: deno task log DIR");
  if (words.length > 1) throw new UsageError(`log takes one directory, not ${word(words[0])} and ${word(words[1])}`);
  let status = 0;
  for (const copy of findLogs(words[0])) {
    const { lines, starts } = reportOf(
      copy,
      given.has("verbose") ? "every entry" : "summaries",
      paintFor(Deno.stdout),
    );
    if (!starts) status = 1;
    write(Deno.stdout, `${lines.join("\n")}\n\n`);
  }
  write(Deno.stdout, COLUMNS_EXPLAINED);
  return status;
}
