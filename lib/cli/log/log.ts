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
import { COLUMNS_EXPLAINED, HELP } from "./help.ts";
import { inspect } from "./inspect.ts";
import { jsonLines } from "./json.ts";
import { findLogs } from "./places.ts";
import { reportLines } from "./report.ts";

const FLAGS = {
  verbose: "no value",
  json: "no value",
  help: "no value",
} as const;

/** Run `log` with `args`; the exit status. */
export function log(args: readonly string[]): number {
  const { given, words } = parseCommandLine(args, FLAGS, z.object({}));
  if (given.has("help")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  if (words.length === 0) throw new UsageError("no directory is named; write: deno task log DIR");
  if (words.length > 1) throw new UsageError(`log takes one directory, not ${word(words[0])} and ${word(words[1])}`);
  if (given.has("json") && given.has("verbose")) {
    throw new UsageError("--json and --verbose do not go together; --json has every entry anyway");
  }
  const paint = paintFor(Deno.stdout);
  let status = 0;
  for (const inspection of findLogs(words[0]).map(inspect)) {
    if (inspection.refusal !== null) status = 1;
    if (given.has("json")) {
      for (const line of jsonLines(inspection)) write(Deno.stdout, `${line}\n`);
      if (inspection.refusal !== null) write(Deno.stderr, `refused: ${inspection.refusal}\n`);
    } else {
      const lines = reportLines(inspection, given.has("verbose") ? "every entry" : "summaries", paint);
      write(Deno.stdout, `${lines.join("\n")}\n\n`);
    }
  }
  if (!given.has("json")) write(Deno.stdout, COLUMNS_EXPLAINED);
  return status;
}
