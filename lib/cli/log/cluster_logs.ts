/**
 * The logs of a cluster in a directory, as a start finds them: what `log DIR` says of them, and what `demo --storage DIR` does.
 *
 * @module
 */
import { membersOf, type NodeId, type Storage } from "../../raft/mod.ts";
import type { Files } from "../../storage/files.ts";
import { segmentName, snapshotName, sortNames } from "../../storage/names.ts";
import { directoryOf, nodeFiles } from "../../storage/node_files.ts";
import { type LogReport, readLog } from "../../storage/read_log.ts";
import { summariseEntry } from "../../trace/rows.ts";
import { word } from "../../trace/text.ts";
import { attempt, UsageError } from "../usage_error.ts";

/** A log, and the files that it was read from, all at one moment. */
export interface NodeLog {
  readonly directory: string;
  readonly files: Files;
  readonly report: LogReport;
}

/** The node whose log a directory is, by its name: `node-1`, `node-2`, …. */
export function nodeOf(name: string): NodeId | null {
  const [, digits] = /(?:^|\/)node-([1-9]\d*)$/.exec(name) ?? [];
  return digits === undefined ? null : Number(digits);
}

/**
 * The logs of the nodes of one cluster, those that are missing too.
 *
 * All must be of one cluster, which the first of them names. And a log that has not begun while another has gone on is lost:
 * its node may have voted.
 *
 * @throws {UsageError} if they cannot be read.
 */
export function clusterLogs(directory: string): Map<NodeId, NodeLog> {
  const logs = new Map<NodeId, NodeLog>();
  let cluster: string | undefined;
  for (const node of namesIn(directory).map(nodeOf).filter((id) => id !== null).sort((a, b) => a - b)) {
    const log = nodeLog(directoryOf(directory, node), { cluster, node });
    cluster ??= log.report.owner?.cluster || undefined;
    logs.set(node, log);
  }
  const begun = [...logs.values()].flatMap(({ report }) => report.storage ?? []);
  if (!begun.some(hasGoneOn)) return logs;
  for (const node of new Set([...logs.keys(), ...begun.flatMap(membersIn)])) {
    const log = logs.get(node) ?? { ...NO_LOG, directory: directoryOf(directory, node) };
    if (log.report.problem !== null || log.report.storage !== null) continue;
    const why = `${word(directory)} has no log of node ${node}, and others have gone on`;
    const problem = `${why}: a node that forgot its vote must not start; name another directory`;
    logs.set(node, { ...log, report: { ...log.report, problem } });
  }
  return new Map([...logs].sort(([a], [b]) => a - b));
}

/** All nodes that are members by what a log begins with, or are named by a change in it. */
function membersIn(storage: Storage): NodeId[] {
  const entries = storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity);
  const named = entries.flatMap((entry) => summariseEntry(entry).change?.changes ?? []);
  return [...membersOf(storage.initialState().confState), ...named.map(({ node }) => node)];
}

const NO_FILES: Files = { ...nodeFiles, list: () => [] };
const NO_LOG = { files: NO_FILES, report: readLog(".", NO_FILES) };

/** Whether anything has happened in a log since it was begun. */
export function hasGoneOn(storage: Storage): boolean {
  return storage.initialState().hardState.term > 0 || storage.lastIndex() > 0;
}

/** The log in `directory`, for whoever starts on it. */
export function nodeLog(directory: string, asked: { cluster?: string; node?: NodeId }): NodeLog {
  let names: string[] | null = null;
  try {
    names = nodeFiles.list(directory);
  } catch {
    // The report says why.
  }
  const files = names === null ? NO_FILES : copyOf(directory, names);
  return { directory, files, report: readLog(directory, names === null ? nodeFiles : files, asked) };
}

/**
 * All of a log at one moment, although a node may be writing to it. No name of a segment or snapshot is ever used twice: if the
 * names have not changed meanwhile, all that has is the end of the last segment.
 */
function copyOf(directory: string, names: readonly string[]): Files {
  const { segments, snapshots } = sortNames(names);
  const paths = [...segments.map(segmentName), ...snapshots.map(snapshotName)].map((name) => `${directory}/${name}`);
  const contents = new Map(paths.map((path) => [path, attempt("read", path, () => nodeFiles.read(path))]));
  if (`${namesIn(directory)}` !== `${names}`) {
    throw new UsageError(`cannot read ${word(directory)}: a node has made or removed files in it meanwhile; try again`);
  }
  const read = (path: string) => contents.get(path) ?? nodeFiles.read(path);
  return { ...nodeFiles, list: () => [...names], read };
}

/** The names in a directory that is there. */
export function namesIn(directory: string): string[] {
  const names = attempt("read", directory, () => nodeFiles.list(directory));
  if (names === null) throw new UsageError(`cannot read ${word(directory)}: there is no such directory`);
  return names;
}
