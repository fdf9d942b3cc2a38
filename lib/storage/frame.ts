/**
 * The bytes of a segment: a header, and behind it frames. A frame is everything that one sync makes durable, in one piece
 * that is there wholly or not at all.
 *
 * All numbers have their lowest byte first. Terms, indices and the like are 64 bits wide, of which a JavaScript number
 * keeps 53 exactly: what does not fit is refused when it is read. The header of a segment:
 *
 * ```text
 *  0  8  magic           "hraftlog"
 *  8  4  version         2
 * 12  4  number          1, 2, 3, …: as in the file's name
 * 16  8  first frame     the number of its first frame
 * 24  4  before          the checksum of the frame before that; 0 in segment 1
 * 28  4  checksum        CRC-32 of the 28 bytes before
 * ```
 *
 * These 32 bytes keep their places in all versions, so that a file of another version is not taken for a damaged one.
 * A frame:
 *
 * ```text
 *  0  4  checksum        CRC-32 of the frame behind it, begun with the segment's checksum plus the frame's offset
 *  4  4  length          of what follows byte 24, never 0: bytes that were never written (0) are no frame
 *  8  4  type            1 write, 2 checkpoint
 * 12  8  number          1, 2, 3, … through all segments
 * 20  4  previous        the checksum of the frame before; of a segment's first frame, that of the header
 * 24 24  hard state      8 term, 8 vote (0 is nobody), 8 commit index
 * 48 12  entries         8 index of the first one (or where it would be), 4 how many there are
 * 60     then for each   8 term, 4 kind (0 empty, 1 command, 2 configuration), 4 length, data
 *        checkpoint      on what the log stands, as JSON, up to the frame's end; only in a frame of type 2
 * ```
 *
 * By its number and `previous` a frame goes behind exactly one other: a chain. By how its checksum begins it goes in exactly
 * one place: a copy of it elsewhere, or old bytes in a reused block, or a log that a client stored as a value, are no frames.
 * Being complete in itself it is known for a frame even if what stands before it cannot be read; see `recover.ts`.
 *
 * @module
 */
import { assert } from "../raft/assert.ts";
import type { ConfState, Entry, EntryType, HardState, Index, LogPosition } from "../raft/types.ts";
import { crc32 } from "./crc32.ts";
import { WalError } from "./files.ts";

/** The version of the format that is written here. */
const VERSION = 2;
/** Bytes of a segment's header. */
export const HEADER_SIZE = 32;
/** Bytes of a frame before its hard state. */
const FRAME_HEAD_SIZE = 24;

const MAGIC = new TextEncoder().encode("hraftlog");
/** The checksum of a header is about the bytes before it, that of a frame about those behind it. */
const HEADER_CHECKED = 28;
const FRAME_CHECKED_FROM = 4;
const TYPES = { write: 1, checkpoint: 2 } as const;
const KINDS: readonly EntryType[] = ["empty", "command", "configuration"];
/** No frame is as long as this: half of what the field for the length could say. */
const MAX_LENGTH = 2 ** 31;
const HIGH = 2 ** 32;
/** Where the entries begin in a frame, and how many bytes of an entry are before its data. */
const [ENTRIES_AT, ENTRY_HEAD_SIZE] = [60, 16];

/** A snapshot, by the file that holds its data. */
export interface SnapshotRef extends LogPosition {
  /** The number in the file's name. */
  readonly number: number;
  /** Bytes of data. */
  readonly size: number;
  /** CRC-32 of the data. */
  readonly checksum: number;
  /** The configuration as of the snapshot's index. */
  readonly confState: ConfState;
}

/** On what a log stands: what a compaction, a snapshot or a change of the configuration changes. A segment begins with one. */
export interface Checkpoint {
  /** Index and term just before the first entry of the log. */
  readonly before: LogPosition;
  /** The configuration that is in use. */
  readonly confState: ConfState;
  /** The latest snapshot. */
  readonly snapshot: SnapshotRef | null;
}

/** What a frame says. */
export interface FrameContent {
  /** Term, vote and commit index, changed or not. */
  readonly hardState: HardState;
  /** Entries from this index on are no longer those of before… */
  readonly from: Index;
  /** …but these. */
  readonly entries: readonly Entry[];
  /** `null` if the log stands on what it stood on before. */
  readonly checkpoint: Checkpoint | null;
}

/** Where a frame goes. */
export interface Position {
  /** Its offset in the segment. */
  readonly offset: number;
  /** Its number. */
  readonly frame: number;
  /** The checksum of the frame before. */
  readonly checksum: number;
}

/** What a segment's header says. */
export interface SegmentHeader {
  /** Its place among the segments. Numbers are never used twice, so old bytes of another segment fit nowhere. */
  readonly number: number;
  /** The checksum of the frame before its first one. */
  readonly before: number;
  /** Where its first frame goes. It follows on the header's own checksum, with which all frames' checksums begin. */
  readonly first: Position;
}

/** A whole frame, as far as it can be known without what stands before it. */
export interface RawFrame {
  readonly length: number;
  readonly number: number;
  readonly previous: number;
  readonly checksum: number;
}

/** Puts numbers and bytes into a view, or takes them out, one behind the other. */
class Cursor {
  constructor(readonly view: DataView, public at: number = 0) {}

  put32(...values: readonly number[]): void {
    for (const value of values) {
      this.view.setUint32(this.at, value, true);
      this.at += 4;
    }
  }

  put64(...values: readonly number[]): void {
    for (const value of values) {
      assert(Number.isSafeInteger(value) && value >= 0, "a number in the log is whole and not negative");
      this.put32(value % HIGH, Math.floor(value / HIGH));
    }
  }

  putBytes(bytes: Uint8Array): void {
    new Uint8Array(this.view.buffer).set(bytes, this.at);
    this.at += bytes.length;
  }

  take32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  /** @throws {RangeError} if the number is beyond `Number.MAX_SAFE_INTEGER`, or past the end. */
  take64(): number {
    const value = this.take32() + this.take32() * HIGH;
    if (value > Number.MAX_SAFE_INTEGER) throw new RangeError(`the number at byte ${this.at - 8} is too large`);
    return value;
  }
}

/** A view of the same bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The header of segment `number`, which begins at this position of the chain, and its bytes. */
export function newHeader(number: number, { frame, checksum: before }: Position): [SegmentHeader, Uint8Array] {
  const bytes = new Uint8Array(HEADER_SIZE);
  const cursor = new Cursor(viewOf(bytes));
  cursor.putBytes(MAGIC);
  cursor.put32(VERSION, number);
  cursor.put64(frame);
  cursor.put32(before);
  const checksum = crc32(bytes.subarray(0, cursor.at));
  cursor.put32(checksum);
  return [{ number, before, first: { offset: HEADER_SIZE, frame, checksum } }, bytes];
}

/**
 * What the first bytes of segment `number` say, or why they are not its header.
 *
 * @throws {WalError} `OtherVersion`, if they are one of another version.
 */
export function decodeHeader(file: string, bytes: Uint8Array, number: number): SegmentHeader | string {
  if (bytes.length < HEADER_SIZE) return `the header is cut short: ${bytes.length} of ${HEADER_SIZE} bytes`;
  if (MAGIC.some((byte, i) => byte !== bytes[i])) return "it does not begin as a segment of a log does";
  const checksum = viewOf(bytes).getUint32(HEADER_CHECKED, true);
  if (crc32(bytes.subarray(0, HEADER_CHECKED)) !== checksum) return "the checksum of the header does not match";
  const cursor = new Cursor(viewOf(bytes), MAGIC.length);
  const version = cursor.take32();
  if (version !== VERSION) {
    const what = version < VERSION ? "begin a new log, in another directory" : "use the version that wrote it";
    const why = `format version ${version}; this version reads version ${VERSION}: ${what}`;
    throw new WalError("OtherVersion", `Cannot open the log: ${file}: ${why}`);
  }
  const [own, frame, before] = [cursor.take32(), cursor.take64(), cursor.take32()];
  if (own !== number) return `it is segment ${own} by its header`;
  return { number, before, first: { offset: HEADER_SIZE, frame, checksum } };
}

/**
 * The bytes of a frame for this position of the segment with this header, and where the next one goes.
 *
 * @throws {RangeError} if it is too long.
 */
export function encodeFrame(content: FrameContent, position: Position, header: SegmentHeader): [Uint8Array, Position] {
  const { offset, frame, checksum: previous } = position;
  const { hardState, from, entries, checkpoint } = content;
  const last = checkpoint === null ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(checkpoint));
  const length = entries.reduce((sum, { data }) => sum + ENTRY_HEAD_SIZE + data.length, ENTRIES_AT + last.length);
  if (length >= MAX_LENGTH) throw new RangeError(`Cannot write ${length} bytes in one frame: sync more often`);
  const bytes = new Uint8Array(length);
  const cursor = new Cursor(viewOf(bytes), FRAME_CHECKED_FROM);
  cursor.put32(length - FRAME_HEAD_SIZE, checkpoint === null ? TYPES.write : TYPES.checkpoint);
  cursor.put64(frame);
  cursor.put32(previous);
  cursor.put64(hardState.term, hardState.vote ?? 0, hardState.commit, from);
  cursor.put32(entries.length);
  for (const entry of entries) {
    cursor.put64(entry.term);
    cursor.put32(KINDS.indexOf(entry.type), entry.data.length);
    cursor.putBytes(entry.data);
  }
  cursor.putBytes(last);
  const checksum = crc32(bytes.subarray(FRAME_CHECKED_FROM), (header.first.checksum + offset) >>> 0);
  viewOf(bytes).setUint32(0, checksum, true);
  return [bytes, { offset: offset + length, frame: frame + 1, checksum }];
}

/** The frame at `offset`, or why there is none. Most places are ruled out by the length or the type, without a checksum. */
export function rawFrameAt(view: DataView, offset: number, header: SegmentHeader): RawFrame | string {
  const left = view.byteLength - offset;
  if (left < FRAME_HEAD_SIZE) return "the file ends within the head of a frame";
  const length = FRAME_HEAD_SIZE + view.getUint32(offset + 4, true);
  if (length === FRAME_HEAD_SIZE) return "the length is 0: nothing was written here";
  if (length > left) return "the file ends within a frame";
  const type = view.getUint32(offset + 8, true);
  if (type !== TYPES.write && type !== TYPES.checkpoint) return "there is no frame of such a type";
  const checksum = view.getUint32(offset, true);
  const from = view.byteOffset + offset + FRAME_CHECKED_FROM;
  const checked = new Uint8Array(view.buffer, from, length - FRAME_CHECKED_FROM);
  if (crc32(checked, (header.first.checksum + offset) >>> 0) !== checksum) return "the checksum does not match";
  const cursor = new Cursor(view, offset + 12);
  return { length, number: cursor.take64(), previous: cursor.take32(), checksum };
}

/**
 * What the frame between two offsets says. Its entries keep a copy of its bytes, and not those of the whole segment.
 *
 * @throws {RangeError | SyntaxError} if it says nothing, though its checksum matches: another program wrote it.
 */
export function decodeContent(view: DataView, offset: number, end: number): FrameContent {
  const { buffer } = new Uint8Array(view.buffer, view.byteOffset + offset, end - offset).slice();
  const cursor = new Cursor(new DataView(buffer), FRAME_HEAD_SIZE);
  const [term, vote, commit, from] = [cursor.take64(), cursor.take64(), cursor.take64(), cursor.take64()];
  const count = cursor.take32();
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    const [term, kind, length] = [cursor.take64(), cursor.take32(), cursor.take32()];
    if (kind >= KINDS.length) throw new RangeError(`there is no entry of kind ${kind}`);
    entries.push({ type: KINDS[kind], term, index: from + i, data: new Uint8Array(buffer, cursor.at, length) });
    cursor.at += length;
  }
  const last = new TextDecoder().decode(new Uint8Array(buffer, cursor.at));
  const isWrite = view.getUint32(offset + 8, true) === TYPES.write;
  if (isWrite && last !== "") throw new RangeError(`${last.length} bytes follow its entries`);
  const checkpoint: Checkpoint | null = isWrite ? null : JSON.parse(last);
  return { hardState: { term, vote: vote === 0 ? null : vote, commit }, from, entries, checkpoint };
}
