/**
 * What a directory says the log is: a prefix of everything that was written to it, or a refusal.
 *
 * Only reads; `open.ts` then makes the directory so that it can be written to. The rule of torn tail and damage is
 * in `scan.ts`. It holds for the last segment; in all others any bad frame is damage, for the next segment was begun only
 * when they were complete. A segment gets its name when its header and first frame are on the disk, so if these are bad it
 * is damage too, in the last one as well.
 *
 * @module
 */
import type { Files } from "./files.ts";
import type { Index } from "../raft/types.ts";
import { beginLog, fold, type FoldedLog } from "./fold.ts";
import { FRAME_HEAD_SIZE } from "./frame.ts";
import { type LogFiles, segmentName, snapshotName } from "./names.ts";
import { decodePayload } from "./payload.ts";
import { firstPosition, frameBehind, type Position, type Scan, scan, segmentBytes } from "./scan.ts";
import { decodeHeader, type SegmentHeader } from "./segment.ts";
import { readSnapshot } from "./snapshot_file.ts";
import { damaged, WalError } from "./wal_error.ts";

/** A segment that is there. */
export interface SegmentRange {
  /** Its number. */
  readonly number: number;
  /** The highest index of any entry in it, or in one before it. */
  lastIndex: Index;
}

/** What was found in a directory. */
export interface Recovered {
  /** The log. */
  readonly log: FoldedLog;
  /** The data of its snapshot. */
  readonly snapshotData: Uint8Array | null;
  /** The segments that it is made of, the last one last. */
  readonly segments: readonly SegmentRange[];
  /** The header of the last segment. */
  readonly header: SegmentHeader;
  /** Where the next frame goes in it. */
  readonly end: Position;
  /** Whether something else is there. */
  readonly torn: boolean;
  /** Names of files that the log has no need of. */
  readonly leftovers: readonly string[];
}

/**
 * Read a log; `null` if the directory has none yet.
 *
 * @throws {WalError} `Damaged`, or `NewerVersion`.
 */
export function recover(directory: string, files: Files, names: LogFiles): Recovered | null {
  const numbers = lastRun(names.segments);
  if (numbers.length === 0) {
    if (names.snapshots.length === 0) return null;
    throw damaged(placeOf(directory, 1, 0, 1), "there is a snapshot, but no segment");
  }
  const reader = new Reader(directory, files);
  for (const number of numbers) reader.read(number, number === numbers[numbers.length - 1]);
  const { log, ...found } = reader.finish();
  const gone = names.segments.slice(0, -numbers.length).map(segmentName);
  const unnamed = names.snapshots.filter((number) => number !== log.snapshot?.number).map(snapshotName);
  const snapshotData = log.snapshot === null ? null : readSnapshot(directory, files, log.snapshot);
  if (typeof snapshotData === "string") {
    const file = `${directory}/${snapshotName(log.snapshot?.number ?? 0)}`;
    throw damaged({ file, offset: 0, frame: log.snapshot?.number ?? 0 }, snapshotData);
  }
  return { log, snapshotData, ...found, leftovers: [...names.unfinished, ...gone, ...unnamed] };
}

/** The numbers at the end that have no gap: what is before a gap was being removed when the machine crashed. */
function lastRun(numbers: readonly number[]): readonly number[] {
  const gap = numbers.findLastIndex((number, i) => i > 0 && number !== numbers[i - 1] + 1);
  return numbers.slice(Math.max(0, gap));
}

function placeOf(directory: string, segment: number, offset: number, frame: number) {
  return { file: `${directory}/${segmentName(segment)}`, offset, frame };
}

/** Reads segments in order, and holds what they come to so far. */
class Reader {
  readonly #segments: SegmentRange[] = [];
  #log: FoldedLog | null = null;
  #header: SegmentHeader | null = null;
  #end: Position = { offset: 0, frame: 1, checksum: 0 };
  #torn = false;

  constructor(readonly directory: string, readonly files: Files) {}

  read(number: number, isLast: boolean): void {
    const bytes = this.files.read(`${this.directory}/${segmentName(number)}`);
    const header = this.#readHeader(bytes, number);
    const range: SegmentRange = { number, lastIndex: this.#segments.at(-1)?.lastIndex ?? 0 };
    const segment = segmentBytes(bytes, header);
    let place = placeOf(this.directory, number, 0, 0);
    let result: Scan;
    try {
      result = scan(segment, firstPosition(header), (frame) => {
        place = placeOf(this.directory, number, frame.offset, frame.number);
        const payload = decodePayload(frame.type, segment.view, frame.offset + FRAME_HEAD_SIZE, frame.end);
        if (this.#log !== null) fold(this.#log, payload);
        else if (payload.type === "base") this.#log = beginLog(payload);
        else throw new RangeError("a segment begins with a base");
        range.lastIndex = Math.max(range.lastIndex, payload.from + payload.entries.offsets.length - 1);
      });
    } catch (error) {
      if (error instanceof RangeError) {
        throw damaged(place, `the frame is whole, but not of this log: ${error.message}`);
      }
      throw error;
    }
    this.#requireTail(result, segment, number, header.firstFrame, isLast);
    this.#segments.push(range);
    this.#header = header;
    this.#end = result.end;
    this.#torn = result.problem !== null;
  }

  #readHeader(bytes: Uint8Array, number: number): SegmentHeader {
    const place = placeOf(this.directory, number, 0, this.#end.frame);
    const header = decodeHeader(bytes, number);
    if ("newer" in header) {
      if (header.newer === null) throw damaged(place, header.why);
      throw new WalError(
        "NewerVersion",
        `Cannot open the log: ${place.file}: ${header.why}; this program knows version 1: use the one that wrote it`,
      );
    }
    const previous = this.#segments.at(-1)?.number;
    if (previous === undefined) return header;
    if (header.firstFrame === this.#end.frame && header.before === this.#end.checksum) return header;
    const end = placeOf(this.directory, previous, this.#end.offset, this.#end.frame);
    throw damaged(end, `the frame is missing: segment ${number} goes on behind frame ${header.firstFrame - 1}`);
  }

  /** What follows the last frame of a segment, if anything does, is a torn tail. */
  #requireTail(
    { end, problem }: Scan,
    segment: ReturnType<typeof segmentBytes>,
    ...of: [number, number, boolean]
  ): void {
    const [number, firstFrame, isLast] = of;
    const place = placeOf(this.directory, number, end.offset, end.frame);
    if (end.frame === firstFrame) {
      throw damaged(place, `${problem ?? "the file ends here"}; but it got its name when this frame was on the disk`);
    }
    if (problem === null) return;
    if (!isLast) throw damaged(place, `${problem}; but there is a later segment`);
    const behind = frameBehind(segment, end);
    if (behind !== null) {
      throw damaged(place, `${problem}; but frame ${behind.number} is whole, at offset ${behind.offset}`);
    }
  }

  finish(): Omit<Recovered, "snapshotData" | "leftovers"> {
    const [log, header, end] = [this.#log, this.#header, this.#end];
    if (log === null || header === null) throw new RangeError("Cannot finish: no segment was read");
    const { before, entries } = log;
    if (entries.first !== before.index + 1) {
      const place = placeOf(this.directory, this.#segments[0].number, 0, end.frame);
      const missing = `the entries ${before.index + 1} to ${entries.first - 1}`;
      throw damaged(place, `${missing} stood in earlier segments, which are missing`);
    }
    return { log, header, end, torn: this.#torn, segments: this.#segments };
  }
}
