/**
 * `log`: what the log of a node holds on disk, frame by frame.
 *
 * It only reads, and needs no lock: a node may have the log open meanwhile.
 *
 * @module
 */
import { statSync } from "node:fs";
import type { Files } from "../../storage/files.ts";
import { nodeFiles } from "../../storage/node_files.ts";
import { segmentName, snapshotName, sortNames } from "../../storage/names.ts";
import { word } from "../../trace/text.ts";
import { parseCommandLine } from "../options.ts";
import { paintFor, write } from "../terminal.ts";
import { attempt, UsageError } from "../usage_error.ts";
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
  const reports = logsIn(words[0]).map((log) => reportOf(log, copyOf(log), paintFor(Deno.stdout)));
  for (const { lines } of reports) write(Deno.stdout, `${lines.join("\n")}\n\n`);
  write(Deno.stdout, COLUMNS_EXPLAINED);
  return reports.every(({ starts }) => starts) ? 0 : 1;
}

/** The logs in `directory`: its own, or those of several nodes. If one of these has a log, those that have none are there too. */
function logsIn(directory: string): string[] {
  const path = directory.replace(/(?<=.)\/+$/, "");
  const nodes = hasLog(path) ? [] : namesIn(path).filter((name) => /^node-\d+$/.test(name));
  nodes.sort((a, b) => Number(a.slice("node-".length)) - Number(b.slice("node-".length)));
  const directories = nodes.length === 0 ? [path] : nodes.map((name) => `${path}/${name}`);
  if (directories.some(hasLog)) return directories;
  throw new UsageError(
    `there is no log in ${word(path)}: name the directory of a node (its files are called ${segmentName(1)} and so ` +
      "on), or one that has such directories in it, called node-1, node-2, ...",
  );
}

/** A log that was never begun may be no more than an unfinished file. */
function hasLog(directory: string): boolean {
  const { segments, snapshots, unfinished } = sortNames(namesIn(directory));
  return segments.length + snapshots.length + unfinished.length > 0;
}

/**
 * All of a log at one moment, although a node may be writing to it. No name of a segment or snapshot is ever used twice: if the
 * names have not changed meanwhile, all that has is the end of the last segment.
 */
function copyOf(directory: string): Files {
  const names = namesIn(directory);
  const { segments, snapshots } = sortNames(names);
  const paths = [...segments.map(segmentName), ...snapshots.map(snapshotName)].map((name) => `${directory}/${name}`);
  const contents = new Map(paths.map((path) => [path, contentOf(path)]));
  if (`${namesIn(directory)}` !== `${names}`) {
    throw new UsageError(`cannot read ${word(directory)}: a node has made or removed files in it meanwhile; try again`);
  }
  const read = (path: string) => contents.get(path) ?? nodeFiles.read(path);
  return { ...nodeFiles, list: () => [...names], read };
}

function namesIn(directory: string): string[] {
  const names = attempt("read", directory, () => nodeFiles.list(directory));
  if (names === null) throw new UsageError(`cannot read ${word(directory)}: there is no such directory`);
  return names;
}

/** The content of a file. What is no file is not opened: to read a pipe or a device may never end. */
function contentOf(path: string): Uint8Array {
  return attempt("read", path, () => {
    if (!statSync(path).isFile()) throw new Error("it is no regular file");
    return nodeFiles.read(path);
  });
}
