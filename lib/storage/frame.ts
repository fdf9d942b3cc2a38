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
 * 60     then for each   8 term, 1 kind, 4 length, data
 *        in a checkpoint:
 *    16  before          8 index, 8 term just before the log's first entry
 *        configuration   for voters, learners, outgoing voters and next learners: 4 how many, 8 each; 1 leave automatically
 *     1  snapshot        0 none; 1 there is one, and then:
 *    36                  8 number, 8 index, 8 term, 8 size, 4 checksum
 *        configuration   as of the snapshot
 * ```
 *
 * By its number and `previous` a frame goes behind exactly one other: a chain. By how its checksum begins it goes in exactly
 * one place: a copy of it elsewhere, or old bytes in a reused block, or a log that a client stored as a value, are no frames.
 * Being complete in itself it is known for a frame even if what stands before it cannot be read; see `scan.ts`.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { assert } from "../raft/assert.ts";
import type { ConfState, Entry, HardState, Index, LogPosition, NodeId, Term } from "../raft/types.ts";

/** The version of the format that is written here. */
export const VERSION = 2;
/** Bytes of a segment's header. */
export const HEADER_SIZE = 32;
/** Bytes of a frame before its hard state. */
export const FRAME_HEAD_SIZE = 24;

const MAGIC = new TextEncoder().encode("hraftlog");
/** The checksum of a header is about the bytes before it, that of a frame about those behind it. */
const HEADER_CHECKED = 28;
const FRAME_CHECKED_FROM = 4;
const TYPES = { write: 1, checkpoint: 2 } as const;
/** No frame is as long as this: half of what the field for the length could say. */
const MAX_LENGTH = 2 ** 31;
const HIGH = 2 ** 32;

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
  /** The number of its first frame. */
  readonly firstFrame: number;
  /** The checksum of the frame before its first one. */
  readonly before: number;
  /** The header's own: the first frame follows on it, and all frames' checksums begin with it. */
  readonly checksum: number;
}

/** Why bytes are no header. */
export interface HeaderProblem {
  readonly why: string;
  /** The version, if the header is whole and of another one than this program reads. */
  readonly otherVersion: number | null;
}

/** A whole frame, as far as it can be known without what stands before it. */
export interface RawFrame {
  readonly length: number;
  readonly number: number;
  readonly previous: number;
  readonly checksum: number;
}

/** Room to put bytes together in, used again and again: numbers and bytes, one behind the other. */
export class ByteWriter {
  #view = new DataView(new ArrayBuffer(4096));
  #length = 0;

  /** What was written since the last `restart`; the next one lets it be overwritten. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }

  restart(): void {
    this.#length = 0;
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, "a number in the log is whole and not negative");
    this.u32(value % HIGH);
    this.u32(Math.floor(value / HIGH));
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    new Uint8Array(this.#view.buffer).set(bytes, at);
  }

  /** Where `size` more bytes go. */
  #grow(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#view.byteLength) {
      const bytes = new Uint8Array(2 * this.#length);
      bytes.set(new Uint8Array(this.#view.buffer, 0, at));
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}

/** Reads numbers, one behind the other. */
class ByteReader {
  constructor(readonly view: DataView, public at: number) {}

  u8(): number {
    return this.view.getUint8(this.at++);
  }

  u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  /** @throws {RangeError} if the number is beyond `Number.MAX_SAFE_INTEGER`, or past the end. */
  u64(): number {
    const value = this.u32() + this.u32() * HIGH;
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
  const writer = new ByteWriter();
  writer.raw(MAGIC);
  writer.u32(VERSION);
  writer.u32(number);
  writer.u64(frame);
  writer.u32(before);
  const checksum = crc32(writer.bytes);
  writer.u32(checksum);
  return [{ number, firstFrame: frame, before, checksum }, writer.bytes];
}

/** What the first bytes of segment `number` say, or why they are not its header. */
export function decodeHeader(bytes: Uint8Array, number: number): SegmentHeader | HeaderProblem {
  const problem = (why: string, otherVersion: number | null = null) => ({ why, otherVersion });
  if (bytes.length < HEADER_SIZE) return problem(`the header is cut short: ${bytes.length} of ${HEADER_SIZE} bytes`);
  if (MAGIC.some((byte, i) => byte !== bytes[i])) return problem("it does not begin as a segment of a log does");
  const view = viewOf(bytes);
  const checksum = view.getUint32(HEADER_CHECKED, true);
  if (crc32(bytes.subarray(0, HEADER_CHECKED)) !== checksum) {
    return problem("the checksum of the header does not match");
  }
  const reader = new ByteReader(view, MAGIC.length);
  const [version, own, firstFrame, before] = [reader.u32(), reader.u32(), reader.u64(), reader.u32()];
  if (version !== VERSION) return problem(`format version ${version}; this version reads version ${VERSION}`, version);
  if (own !== number) return problem(`it is segment ${own} by its header`);
  return { number, firstFrame, before, checksum };
}

/** Where the first frame of a segment goes. */
export function firstPosition({ firstFrame, checksum }: SegmentHeader): Position {
  return { offset: HEADER_SIZE, frame: firstFrame, checksum };
}

/**
 * Write a frame for this position of the segment with this header; where the next one goes.
 *
 * @throws {RangeError} if it is too long.
 */
export function writeFrame(
  writer: ByteWriter,
  content: FrameContent,
  { offset, frame, checksum: previous }: Position,
  header: SegmentHeader,
): Position {
  writer.restart();
  writer.u32(0);
  writer.u32(0);
  writer.u32(content.checkpoint === null ? TYPES.write : TYPES.checkpoint);
  writer.u64(frame);
  writer.u32(previous);
  putContent(writer, content);
  const { bytes } = writer;
  const { length } = bytes;
  if (length >= MAX_LENGTH) throw new RangeError(`Cannot write ${length} bytes in one frame: sync more often`);
  const view = viewOf(bytes);
  view.setUint32(4, length - FRAME_HEAD_SIZE, true);
  const checksum = crc32(bytes.subarray(FRAME_CHECKED_FROM), seedAt(header, offset));
  view.setUint32(0, checksum, true);
  return { offset: offset + length, frame: frame + 1, checksum };
}

function putContent(writer: ByteWriter, { hardState, from, entries, checkpoint }: FrameContent): void {
  for (const number of [hardState.term, hardState.vote ?? 0, hardState.commit, from]) writer.u64(number);
  writer.u32(entries.length);
  for (const entry of entries) {
    writer.u64(entry.term);
    writer.u8(kindOf(entry));
    writer.u32(entry.data.length);
    writer.raw(entry.data);
  }
  if (checkpoint === null) return;
  const { before, confState, snapshot } = checkpoint;
  writer.u64(before.index);
  writer.u64(before.term);
  putConfState(writer, confState);
  writer.u8(snapshot === null ? 0 : 1);
  if (snapshot === null) return;
  for (const number of [snapshot.number, snapshot.index, snapshot.term, snapshot.size]) writer.u64(number);
  writer.u32(snapshot.checksum);
  putConfState(writer, snapshot.confState);
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
  if (crc32(checked, seedAt(header, offset)) !== checksum) return "the checksum does not match";
  const reader = new ByteReader(view, offset + 12);
  return { length, number: reader.u64(), previous: reader.u32(), checksum };
}

/**
 * What the frame between two offsets says.
 *
 * @throws {RangeError} if it says nothing, though its checksum matches: another program wrote it.
 */
export function decodeContent(view: DataView, offset: number, end: number): FrameContent {
  const reader = new ByteReader(view, offset + FRAME_HEAD_SIZE);
  const [term, vote, commit, from] = [reader.u64(), reader.u64(), reader.u64(), reader.u64()];
  const count = reader.u32();
  const entries = takeEntries(view, reader, from, count, end);
  const checkpoint = view.getUint32(offset + 8, true) === TYPES.checkpoint ? takeCheckpoint(reader) : null;
  if (reader.at !== end) {
    throw new RangeError(`the frame has ${end - offset} bytes, its content ${reader.at - offset}`);
  }
  return { hardState: { term, vote: vote === 0 ? null : vote, commit }, from, entries, checkpoint };
}

/** Entries keep the bytes of their frame, a copy of them, and not of the whole segment. */
function takeEntries(view: DataView, reader: ByteReader, from: Index, count: number, end: number): Entry[] {
  const start = view.byteOffset + reader.at;
  const { buffer } = new Uint8Array(view.buffer, start, view.byteOffset + end - start).slice();
  const shift = reader.at;
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    const term = reader.u64();
    const kind = reader.u8();
    const length = reader.u32();
    entries.push(entryOf(kind, term, from + i, new Uint8Array(buffer, reader.at - shift, length)));
    reader.at += length;
  }
  return entries;
}

function takeCheckpoint(reader: ByteReader): Checkpoint {
  const before = { index: reader.u64(), term: reader.u64() };
  const confState = takeConfState(reader);
  if (reader.u8() === 0) return { before, confState, snapshot: null };
  const [number, index, term, size, checksum] = [reader.u64(), reader.u64(), reader.u64(), reader.u64(), reader.u32()];
  return { before, confState, snapshot: { number, index, term, size, checksum, confState: takeConfState(reader) } };
}

function seedAt(header: SegmentHeader, offset: number): number {
  return (header.checksum + offset) >>> 0;
}

/** An entry without data is the empty one with which a leader begins its term. */
function kindOf({ data }: Entry): number {
  return data.length === 0 ? 0 : 1;
}

function entryOf(_kind: number, term: Term, index: Index, data: Uint8Array): Entry {
  return { term, index, data };
}

type FullConfState = ConfState & {
  readonly learners?: readonly NodeId[];
  readonly votersOutgoing?: readonly NodeId[];
  readonly learnersNext?: readonly NodeId[];
  readonly autoLeave?: boolean;
};

function putConfState(writer: ByteWriter, confState: FullConfState): void {
  const { voters, learners = [], votersOutgoing = [], learnersNext = [], autoLeave = false } = confState;
  for (const ids of [voters, learners, votersOutgoing, learnersNext]) {
    writer.u32(ids.length);
    for (const id of ids) writer.u64(id);
  }
  writer.u8(autoLeave ? 1 : 0);
}

function takeConfState(reader: ByteReader): FullConfState {
  const take = () => {
    const ids: NodeId[] = [];
    for (let count = reader.u32(); count > 0; count--) ids.push(reader.u64());
    return ids;
  };
  const [voters, learners, votersOutgoing, learnersNext] = [take(), take(), take(), take()];
  const autoLeave = reader.u8() === 1;
  const isJoint = autoLeave || learners.length + votersOutgoing.length + learnersNext.length > 0;
  return isJoint ? { voters, learners, votersOutgoing, learnersNext, autoLeave } : { voters };
}
