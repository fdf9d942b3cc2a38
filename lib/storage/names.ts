/**
 * The files of a log, by their names.
 *
 * `0000000001.log` is segment 1; `0000000012.snapshot` a snapshot that frame 12 was the first to name;
 * `….tmp` either of them while it is being written, and worth nothing after a crash; `lock-…` says who has the log open.
 *
 * @module
 */
import { isLockFile } from "./node_lock.ts";
import { WalError } from "./wal_error.ts";

/** The files in a directory. */
export interface LogFiles {
  /** Numbers of the segments, ascending. */
  readonly segments: readonly number[];
  /** Numbers of the snapshots, ascending. */
  readonly snapshots: readonly number[];
  /** Names of files that were never finished. */
  readonly unfinished: readonly string[];
  /** Names of files that belong to no log. */
  readonly foreign: readonly string[];
}

const NAME = /^(\d{10,})\.(log|snapshot)(\.tmp)?$/;

/** The name of a segment. */
export function segmentName(number: number): string {
  return `${String(number).padStart(10, "0")}.log`;
}

/** The name of a snapshot. */
export function snapshotName(number: number): string {
  return `${String(number).padStart(10, "0")}.snapshot`;
}

/** Which files these names are. */
export function sortNames(names: readonly string[]): LogFiles {
  const segments: number[] = [];
  const snapshots: number[] = [];
  const unfinished: string[] = [];
  const foreign: string[] = [];
  for (const name of names) {
    const [, digits, kind, temporary] = NAME.exec(name) ?? [];
    const number = Number(digits);
    // Another way to write the same number would be a second file of that number.
    const isOurs = name === `${kind === "log" ? segmentName(number) : snapshotName(number)}${temporary ?? ""}`;
    if (isLockFile(name)) continue;
    if (!isOurs) foreign.push(name);
    else if (temporary !== undefined) unfinished.push(name);
    else (kind === "log" ? segments : snapshots).push(number);
  }
  const ascending = (a: number, b: number) => a - b;
  return { segments: segments.sort(ascending), snapshots: snapshots.sort(ascending), unfinished, foreign };
}

/** As `sortNames`, where nothing foreign may be. */
export function requireLogFiles(directory: string, names: readonly string[]): LogFiles {
  const files = sortNames(names);
  if (files.foreign.length > 0) {
    throw new WalError(
      "ForeignFile",
      `Cannot open ${directory} as a log: ${
        files.foreign[0]
      } does not belong to one; give the log a directory of its own`,
    );
  }
  return files;
}
