/**
 * The files of a log, by their names.
 *
 * `0000000001.log` is segment 1; `0000000012.snapshot` the data of a snapshot that frame 12 was the first to name;
 * `….tmp` either of them while it is being written, and worth nothing after a crash; `lock-…` says who has the log open.
 *
 * A snapshot's file is a header and the data; their length and checksum are in the frame that names it. The file gets its
 * name when its content is on the disk, and counts from when a frame names it: a crash in between leaves a file that nobody
 * asks for.
 *
 * @module
 */
import { crc32 } from "./crc32.ts";
import { type Files, messageOf, WalError } from "./files.ts";
import { decodeHeader, HEADER_SIZE, NOBODY, type Owner, type SnapshotRef } from "./frame.ts";

/** The files in a directory: numbers of segments and snapshots in ascending order, and names of all others. */
export interface LogFiles {
  segments: number[];
  snapshots: number[];
  /** Those that were never finished. */
  unfinished: string[];
  locks: string[];
  /** Those that belong to no log. */
  foreign: string[];
}

/** There is one way to write a number: another one would be a second file of that number. */
const NAME = /^(\d{10}|[1-9]\d{10,14})\.(log|snapshot)(\.tmp)?$/;
/** A lock: by which process, and when that began. */
export const LOCK = /^lock-(\d+)-(\w+)$/;

/** The name of a segment. */
export function segmentName(number: number): string {
  return `${String(number).padStart(10, "0")}.log`;
}

/** The name of a snapshot's file. */
export function snapshotName(number: number): string {
  return `${String(number).padStart(10, "0")}.snapshot`;
}

/** Which files these names are. */
export function sortNames(names: readonly string[]): LogFiles {
  const files: LogFiles = { segments: [], snapshots: [], unfinished: [], locks: [], foreign: [] };
  for (const name of names) {
    const [, digits, kind, temporary] = NAME.exec(name) ?? [];
    if (LOCK.test(name)) files.locks.push(name);
    else if (digits === undefined) files.foreign.push(name);
    else if (temporary !== undefined) files.unfinished.push(name);
    else (kind === "log" ? files.segments : files.snapshots).push(Number(digits));
  }
  files.segments.sort((a, b) => a - b);
  files.snapshots.sort((a, b) => a - b);
  return files;
}

/** As `sortNames`, where nothing foreign may be. */
export function requireLogFiles(directory: string, names: readonly string[]): LogFiles {
  const files = sortNames(names);
  if (files.foreign.length === 0) return files;
  const reason = `${files.foreign[0]} does not belong to one; give the log a directory of its own`;
  throw new WalError("ForeignFile", `Cannot open ${directory} as a log: ${reason}`);
}

/**
 * Fails if the log in this file is known to be another's than `asked`, as far as that is told.
 *
 * @throws {WalError} `ForeignFile`, naming both.
 */
export function requireOwn(file: string, found: Owner, asked: Partial<Owner>): void {
  const { cluster = found.cluster, node = found.node } = asked;
  if (found.node === NOBODY.node || node === NOBODY.node || (found.cluster === cluster && found.node === node)) return;
  const [whose, whom] = [found, { cluster, node }].map((owner) => `node ${owner.node} of cluster "${owner.cluster}"`);
  const why = `it belongs to ${whose}, and not to ${whom}, who asks for it: use a directory of that node's own`;
  throw new WalError("ForeignFile", `Cannot open the log: ${file}: ${why}`);
}

/**
 * The data of the snapshot that a frame names, or why its file does not give them.
 *
 * @throws {WalError} `ForeignFile` or `OtherVersion`.
 */
export function readSnapshot(
  directory: string,
  files: Files,
  ref: SnapshotRef,
  owner: Partial<Owner> = {},
): Uint8Array | string {
  const file = `${directory}/${snapshotName(ref.number)}`;
  try {
    const content = files.read(file);
    const header = decodeHeader(file, content, 0, "snapshot");
    if (typeof header === "string") return header;
    requireOwn(file, header.owner, owner);
    if (header.first.frame !== ref.number) return `it is snapshot ${header.first.frame} by its header`;
    const data = content.subarray(HEADER_SIZE);
    if (data.length !== ref.size) return `the snapshot has ${data.length} bytes instead of ${ref.size}`;
    return crc32(data) === ref.checksum ? data : "the checksum of the snapshot does not match";
  } catch (error) {
    if (error instanceof WalError) throw error;
    return `the snapshot cannot be read: ${messageOf(error)}`;
  }
}
