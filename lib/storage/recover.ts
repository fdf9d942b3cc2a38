/**
 * What a directory says the log is: a prefix of everything that was written to it, or a refusal.
 *
 * Only reads; `wal.ts` then makes the directory so that it can be written to. The rule of torn tail and damage is
 * in `scan.ts`. It holds for the last segment; in all others any bad frame is damage, for the next segment was begun only
 * when they were complete. A segment gets its name when its header and first frame are on the disk, so if these are bad it
 * is damage too, in the last one as well.
 *
 * Each frame says how the log differs from the one before it, so the log is a fold of the frames. It may begin with any
 * checkpoint: entries that this takes for granted, because they stood in segments that are gone by now, are remembered as
 * absent until a later checkpoint discards them.
 *
 * @module
 */
import { MemStorage } from "../raft/mem_storage.ts";
import type { Entry, HardState, Index } from "../raft/types.ts";
import { type Files, WalError } from "./files.ts";
import { EntryArray } from "../raft/entry_list.ts";
import {
  type Checkpoint,
  decodeHeader,
  firstPosition,
  type FrameContent,
  type HeaderProblem,
  type Position,
  type SegmentHeader,
  VERSION,
} from "./frame.ts";
import { type LogFiles, readSnapshot, segmentName, snapshotName } from "./names.ts";
import { type BrokenFrame, framesOf } from "./scan.ts";

/** A segment that is there. */
export interface SegmentRange {
  readonly number: number;
  /** The highest index of any entry in it, or in one before it. */
  lastIndex: Index;
}

/** What was found in a directory. */
export interface Recovered {
  /** The log, in memory. */
  readonly memory: MemStorage;
  /** On what it stands, as the last checkpoint says. */
  readonly checkpoint: Checkpoint;
  /** The segments that it is made of, the last one last. */
  readonly segments: readonly SegmentRange[];
  /** The header of the last segment. */
  readonly header: SegmentHeader;
  /** Where the next frame goes in it. */
  readonly end: Position;
  /** Whether a torn tail is there. */
  readonly torn: boolean;
  /** Names of files that the log has no need of. */
  readonly obsolete: readonly string[];
}

/** A log as some of its frames say it is. */
export interface FoldedLog {
  hardState: HardState;
  checkpoint: Checkpoint;
  /** The index of the first entry that is there; if it is not just behind the checkpoint, what is between them is absent. */
  first: Index;
  readonly entries: Entry[];
}

/**
 * Read a log; `null` if the directory has none yet.
 *
 * @throws {WalError} `Damaged`, or `OtherVersion`.
 */
export function recover(directory: string, files: Files, names: LogFiles): Recovered | null {
  const numbers = lastRun(names.segments);
  const pathOf = (segment: number) => `${directory}/${segmentName(segment)}`;
  if (numbers.length === 0) {
    if (names.snapshots.length === 0) return null;
    throw damaged(pathOf(1), 0, 1, "there is a snapshot, but no segment");
  }
  const segments: SegmentRange[] = [];
  let log: FoldedLog | null = null;
  let header: SegmentHeader | null = null;
  let end: Position = { offset: 0, frame: 1, checksum: 0 };
  let torn = false;
  for (const number of numbers) {
    const file = pathOf(number);
    const bytes = files.read(file);
    header = requireHeader(file, decodeHeader(bytes, number), end);
    if (segments.length > 0 && (header.firstFrame !== end.frame || header.before !== end.checksum)) {
      const why = `the frame is missing: segment ${number} goes on behind frame ${header.firstFrame - 1}`;
      throw damaged(pathOf(number - 1), end.offset, end.frame, why);
    }
    end = firstPosition(header);
    let lastIndex = segments.at(-1)?.lastIndex ?? 0;
    try {
      for (const frame of framesOf(file, bytes, header)) {
        torn = !frame.valid;
        if (!frame.valid) {
          requireTorn(frame, number === numbers[numbers.length - 1]);
          break;
        }
        log = fold(log, frame);
        end = { offset: frame.offset + frame.bytes, frame: frame.number + 1, checksum: frame.checksum };
        lastIndex = Math.max(lastIndex, frame.from + frame.entries.length - 1);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw damaged(file, end.offset, end.frame, `the frame is whole, but not of this log: ${error.message}`);
    }
    if (end.frame === header.firstFrame) {
      throw damaged(
        file,
        end.offset,
        end.frame,
        "no whole frame is here; but the file got its name when one was on the disk",
      );
    }
    segments.push({ number, lastIndex });
  }
  if (log === null || header === null) throw new RangeError("Cannot recover a log from no segment");
  const { checkpoint: { before, snapshot }, first } = log;
  if (first !== before.index + 1) {
    const why = `the entries ${before.index + 1} to ${first - 1} stood in earlier segments, which are missing`;
    throw damaged(pathOf(numbers[0]), 0, end.frame, why);
  }
  const data = snapshot === null ? null : readSnapshot(directory, files, snapshot);
  if (typeof data === "string") {
    throw damaged(`${directory}/${snapshotName(snapshot?.number ?? 0)}`, 0, snapshot?.number ?? 0, data);
  }
  const gone = names.segments.slice(0, -numbers.length).map(segmentName);
  const unnamed = names.snapshots.filter((number) => number !== snapshot?.number).map(snapshotName);
  const obsolete = [...names.unfinished, ...gone, ...unnamed];
  return { memory: memoryOf(log, data), checkpoint: log.checkpoint, segments, header, end, torn, obsolete };
}

/** The numbers at the end that have no gap: what is before a gap was being removed when the machine crashed. */
function lastRun(numbers: readonly number[]): readonly number[] {
  const gap = numbers.findLastIndex((number, i) => i > 0 && number !== numbers[i - 1] + 1);
  return numbers.slice(Math.max(0, gap));
}

function requireHeader(file: string, header: SegmentHeader | HeaderProblem, { frame }: Position): SegmentHeader {
  if (!("why" in header)) return header;
  if (header.otherVersion === null) throw damaged(file, 0, frame, header.why);
  const what = header.otherVersion < VERSION
    ? "begin a new log, in another directory"
    : "use the version that wrote it";
  throw new WalError("OtherVersion", `Cannot open the log: ${file}: ${header.why}: ${what}`);
}

/** What follows the last frame of a log, if anything does, is a torn tail. */
function requireTorn({ file, offset, number, why, mayBeTorn }: BrokenFrame, isLastSegment: boolean): void {
  if (!mayBeTorn) throw damaged(file, offset, number, why);
  if (!isLastSegment) throw damaged(file, offset, number, `${why}; but there is a later segment`);
}

/**
 * The log that `log`, or nothing, comes to with one more frame. It is changed in place.
 *
 * @throws {RangeError} if the frame takes entries for granted that are not there.
 */
export function fold(log: FoldedLog | null, { hardState, from, entries, checkpoint }: FrameContent): FoldedLog {
  if (log === null) {
    if (checkpoint === null) throw new RangeError("a log begins with a checkpoint");
    return { hardState, checkpoint, first: from, entries: [...entries] };
  }
  if (checkpoint !== null) {
    log.checkpoint = checkpoint;
    discardBefore(log, checkpoint.before.index + 1);
  }
  const end = log.first + log.entries.length;
  // What is absent may be written anew.
  if (from < Math.min(log.first, log.checkpoint.before.index + 1) || from > end) {
    throw new RangeError(`its entries begin at index ${from}, the log has those from ${log.first} to ${end - 1}`);
  }
  log.first = Math.min(log.first, from);
  if (from < end) log.entries.length = from - log.first;
  for (const entry of entries) log.entries.push(entry);
  log.hardState = hardState;
  return log;
}

function discardBefore(log: FoldedLog, index: Index): void {
  if (index <= log.first) return;
  log.entries.splice(0, index - log.first);
  log.first = index;
}

function memoryOf(
  { hardState, checkpoint: { before, confState, snapshot }, entries }: FoldedLog,
  data: Uint8Array | null,
): MemStorage {
  const list = new EntryArray(before.index + 1);
  list.replace(before.index + 1, entries);
  const memory = MemStorage.newWithEntries(confState, before, list);
  // It may reach further than the log is compacted: the entries it stands for have been kept.
  if (snapshot !== null && data !== null) memory.createSnapshot(snapshot.index, data);
  memory.setHardState(hardState);
  return memory;
}

/** Something durable was lost: frame `frame` of `file`. `why` says what was found, and how that is known to be no torn write. */
function damaged(file: string, offset: number, frame: number, why: string): WalError {
  return new WalError(
    "Damaged",
    `Cannot open the log: ${file}, offset ${offset}, frame ${frame}: ${why}. ` +
      "This node lost data that it may have acknowledged; it must not vote: " +
      "remove it from the cluster, or restore the damaged file",
  );
}
