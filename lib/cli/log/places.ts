/**
 * Which logs a directory has: its own, or those of several nodes.
 *
 * @module
 */
import { type Stats, statSync } from "node:fs";
import type { Files } from "../../storage/files.ts";
import { nodeFiles } from "../../storage/node_files.ts";
import { segmentName, snapshotName, sortNames } from "../../storage/names.ts";
import { word } from "../../trace/text.ts";
import { UsageError } from "../usage_error.ts";

/** A log, as it was at one moment. */
export interface LogCopy {
  readonly directory: string;
  readonly names: readonly string[];
  /** The names in it, and the content of its segments and snapshots. */
  readonly files: Files;
}

/** How often a log is read again that changes while it is read. */
const ATTEMPTS = 20;

/**
 * The logs in `directory`, one after the other. If one of several nodes has a log, those that have none are there too.
 *
 * @throws {UsageError} if there is none, or it cannot be read.
 */
export function findLogs(directory: string): LogCopy[] {
  const path = directory.replace(/(?<=.)\/+$/, "");
  const names = namesIn(path);
  const nodes = hasLog(names) ? [] : names.filter((name) => /^node-\d+$/.test(name)).sort(byNumber);
  const directories = nodes.length === 0 ? [path] : nodes.map((name) => `${path}/${name}`);
  if (!directories.some((node) => hasLog(namesIn(node)))) {
    throw new UsageError(
      `there is no log in ${word(path)}: name the directory of a node (its files are called ${segmentName(1)} and so ` +
        "on), or one that has such directories in it, called node-1, node-2, ...",
    );
  }
  return directories.map(copyOf);
}

function byNumber(a: string, b: string): number {
  return Number(a.slice("node-".length)) - Number(b.slice("node-".length));
}

/** A log that was never begun may be no more than an unfinished file. */
function hasLog(names: readonly string[]): boolean {
  const { segments, snapshots, unfinished } = sortNames(names);
  return segments.length + snapshots.length + unfinished.length > 0;
}

/**
 * All of a log at one moment, although a node may be writing to it. No name of a segment or snapshot is ever used twice: if the
 * names have not changed meanwhile, all that has is the end of the last segment.
 */
function copyOf(directory: string): LogCopy {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const names = namesIn(directory);
    const paths = pathsToRead(directory, names);
    const contents = new Map(paths.map((path) => [path, contentOf(path)]));
    if (`${pathsToRead(directory, namesIn(directory))}` !== `${paths}`) continue;
    const gone = paths.find((path) => contents.get(path) === null);
    if (gone !== undefined) throw new UsageError(`cannot read ${word(gone)}: it is a link to a file that is not there`);
    const read = (path: string): Uint8Array => {
      const content = contents.get(path) ?? null;
      if (content === null) throw new Error(`there is no file ${path}`);
      return content;
    };
    return { directory, names, files: { ...nodeFiles, list: () => [...names], read } };
  }
  throw new UsageError(`cannot read ${word(directory)}: its files change faster than they can be read; try again`);
}

function pathsToRead(directory: string, names: readonly string[]): string[] {
  const { segments, snapshots } = sortNames(names);
  return [...segments.map(segmentName), ...snapshots.map(snapshotName)]
    .filter((name) => names.includes(name)).map((name) => `${directory}/${name}`);
}

function namesIn(directory: string): string[] {
  const names = reading(directory, () => nodeFiles.list(directory));
  if (names === null) throw new UsageError(`cannot read ${word(directory)}: there is no such directory`);
  return names;
}

/** The content of a file; `null` if it is gone. What is no file is not opened: to read a pipe or a device may never end. */
function contentOf(path: string): Uint8Array | null {
  return reading(path, () => {
    const stats = statSync(path);
    if (stats.isFile()) return nodeFiles.read(path);
    throw new UsageError(`cannot read ${word(path)}: it is ${kindOf(stats)}, where a file of the log should be`);
  });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTDIR: "it is not a directory; name the directory that the log is in",
  ELOOP: "its links lead in a circle",
  EACCES: "permission is denied; ask as its owner",
  EPERM: "permission is denied; ask as its owner",
};

function reading<T>(path: string, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UsageError) throw error;
    const code = "code" in error ? String(error.code) : "";
    if (code === "ENOENT") return null;
    throw new UsageError(`cannot read ${word(path)}: ${REASONS[code] ?? error.message.split("\n")[0]}`);
  }
}
