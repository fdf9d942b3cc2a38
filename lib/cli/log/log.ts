/**
 * `log`: what the log of a node holds on disk, frame by frame.
 *
 * It only reads, and needs no lock: a node may have the log open meanwhile.
 *
 * @module
 */
import { parentOf } from "../../storage/files.ts";
import { segmentName, sortNames } from "../../storage/names.ts";
import { word } from "../../trace/text.ts";
import { parseCommandLine } from "../options.ts";
import { paintFor, write } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { clusterLogs, namesIn, type NodeLog, nodeLog, nodeOf } from "./cluster_logs.ts";
import { COLUMNS_EXPLAINED, reportOf } from "./report.ts";

const HELP = `Usage: deno task log DIR

Prints what a node's log on disk holds, file by file and frame by frame. DIR is
the directory of a node, or one with node-1, node-2, ... in it, as they are left
by: deno task demo SCENARIO --storage DIR

It only reads; a node may have the log open meanwhile.

Exit status: 0 if a node can start on the log, a torn frame at its end dropped;
1 if a node would refuse to; 2 if there is no log there, or it cannot be read.
`;

/** Run `log` with `args`; the exit status. */
export function log(args: readonly string[]): number {
  const { words } = parseCommandLine(args, {}, HELP);
  if (words.length === 0) throw new UsageError("no directory is named; write: deno task log DIR");
  if (words.length > 1) throw new UsageError(`log takes one directory, not ${word(words[0])} and ${word(words[1])}`);
  const reports = logsIn(words[0]).map((log) => reportOf(log, paintFor(Deno.stdout)));
  for (const { lines } of reports) write(Deno.stdout, `${lines.join("\n")}\n\n`);
  write(Deno.stdout, COLUMNS_EXPLAINED);
  return reports.every(({ starts }) => starts) ? 0 : 1;
}

/** The logs in `directory`: its own, or those of the nodes of a cluster. A node's own log is one of a cluster's, if others are there. */
function logsIn(directory: string): NodeLog[] {
  const path = directory.replace(/(?<=.)\/+$/, "");
  const [node, parent] = [nodeOf(path), parentOf(path)];
  if (!hasLog(path) && hasNodes(path)) {
    const logs = [...clusterLogs(path).values()];
    if (logs.some(({ directory, report }) => report.problem !== null || hasLog(directory))) return logs;
  } else if (node !== null && hasNodes(parent)) {
    const log = clusterLogs(parent).get(node);
    if (log !== undefined && (log.report.problem !== null || hasLog(path))) return [log];
  } else if (hasLog(path)) return [nodeLog(path, {})];
  throw new UsageError(
    `there is no log in ${word(path)}: name the directory of a node (its files are called ${segmentName(1)} and so ` +
      "on), or one that has such directories in it, called node-1, node-2, ...",
  );
}

/** Whether the directories of nodes are in `directory`. */
function hasNodes(directory: string): boolean {
  return namesIn(directory).some((name) => nodeOf(name) !== null);
}

/** A log that was never begun may be no more than an unfinished file. */
function hasLog(directory: string): boolean {
  const { segments, snapshots, unfinished } = sortNames(namesIn(directory));
  return segments.length + snapshots.length + unfinished.length > 0;
}
