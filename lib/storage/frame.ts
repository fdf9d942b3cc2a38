/**
 * The bytes of a segment: a header, and behind it frames. A frame is everything that one sync makes durable, in one piece
 * that is there wholly or not at all.
 *
 * All numbers have their lowest byte first. Terms, indices and the like are 64 bits wide, of which a JavaScript number
 * keeps 53 exactly: what does not fit is refused when it is read. The header of a segment:
 *
 * ```text
 *  0  8  magic           "hraftlog"
 *  8  4  version         3
 * 12  4  number          1, 2, 3, …: as in the file's name
 * 16  8  first frame     the number of its first frame
 * 24  4  before          the checksum of the frame before that; 0 in segment 1
 * 28  4  checksum        CRC-32 of the 28 bytes before
 * 32  8  node            whose log it is; 0 is nobody
 * 40 36  cluster         the name of that node's cluster, zeros behind it
 * 76  4  checksum        CRC-32 of the 76 bytes before: the segment's checksum
 * ```
 *
 * The first 32 bytes keep their places in all versions, so that a file of another version is not taken for a damaged one.
 * The file of a snapshot begins with such a header too: magic "hraftsnp", number 0, and as first frame the one that is to name
 * it; the data follow. A frame:
 *
 * ```text
 *  0  4  checksum        CRC-32 of the frame behind it, begun with the segment's checksum plus the frame's offset
 *  4  4  length          of the whole frame
 *  8  4  type            1 write, 2 checkpoint
 * 12  8  number          1, 2, 3, … through all segments
 * 20  4  previous        the checksum of the frame before; of a segment's first frame, that of the header
 * 24  4  head checksum   CRC-32 of the 20 bytes before, begun with the segment's checksum
 * 28 24  hard state      8 term, 8 vote (0 is nobody), 8 commit index
 * 52 12  entries         8 index of the first one (or where it would be), 4 how many there are
 * 64     then for each   8 term, 4 kind (0 empty, 1 command, 2 configuration), 4 length, data
 *        checkpoint      on what the log stands, as JSON; only in a frame of type 2
 * -24 24 head            bytes 4 to 28 once more: either end of a frame tells how long it is
 * ```
 *
 * By its number and `previous` a frame goes behind exactly one other: a chain. By how its checksum begins it goes in exactly
 * one place: a copy of it elsewhere, or old bytes in a reused block, or a log that a client stored as a value, are no frames.
 * Being complete in itself it is known for a frame even if what stands before it cannot be read. Its head tells also of a frame
 * that is not whole, or not in its place, how long it is and which; see `recover.ts`.
 *
 * @module
 */
import { assert } from "../raft/assert.ts";
import type { ConfState, Entry, EntryType, HardState, Index, LogPosition, NodeId } from "../raft/types.ts";
import { crc32 } from "./crc32.ts";
import { WalError } from "./files.ts";

/** The version of the format that is written here. */
const VERSION = 3;
/** Bytes of the header of a segment, or of a snapshot's file. */
export const HEADER_SIZE = 80;
/** Bytes of a frame's head, with the checksum of it in the last four; and where it stands in the frame, before the hard state. */
const [HEAD_SIZE, HEAD_AT, HARD_STATE_AT] = [24, 4, 28];

/** How a file of each kind begins. */
const MAGIC = { segment: "hraftlog", snapshot: "hraftsnp" } as const;
type Kind = keyof typeof MAGIC;
type DecodedHeader = SegmentHeader | string;
/** The checksums of a header are about the bytes before them: those that all versions have, and all. */
const [HEADER_CHECKED, OWNER_CHECKED] = [28, 76];
/** Bytes of the name of a cluster, at most: a UUID has as many. */
const MAX_CLUSTER_BYTES = 36;
const TYPES = { write: 1, checkpoint: 2 } as const;
const KINDS: readonly EntryType[] = ["empty", "command", "configuration"];
/** No frame is as long as this: half of what the field for the length could say. */
const MAX_LENGTH = 2 ** 31;
const HIGH = 2 ** 32;
/** Where the entries begin in a frame, and how many bytes of an entry are before its data. */
const [ENTRIES_AT, ENTRY_HEAD_SIZE] = [64, 16];

/** Whose log it is. */
export interface Owner {
  /** The cluster, by a name that no other cluster has: at most 36 bytes of UTF-8. */
  readonly cluster: string;
  /** The node. */
  readonly node: NodeId;
}

/** The owner of a log that was begun without one: anyone may open it. */
export const NOBODY: Owner = { cluster: "", node: 0 };

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

/** What the header of a segment or of a snapshot's file says. */
export interface SegmentHeader {
  readonly owner: Owner;
  /** Its place among the segments. Numbers are never used twice, so old bytes of another segment fit nowhere. */
  readonly number: number;
  /** The checksum of the frame before its first one. */
  readonly before: number;
  /** Where its first frame goes. It follows on the header's own checksum, with which all frames' checksums begin. */
  readonly first: Position;
}

/** What the head of a frame says. */
export interface FrameHead {
  /** Bytes of the whole frame. */
  readonly length: number;
  readonly number: number;
  readonly previous: number;
}

/** A whole frame, as far as it can be known without what stands before it. */
export interface RawFrame extends FrameHead {
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

/**
 * Fails unless an owner can be written into a header.
 *
 * @throws {RangeError} naming what is wrong with it.
 */
export function requireOwner({ cluster, node }: Owner): void {
  const isName = new TextEncoder().encode(cluster).length <= MAX_CLUSTER_BYTES && !cluster.includes("\0");
  if (isName && Number.isSafeInteger(node) && node > 0) return;
  const why =
    `a node is a whole number from 1, and the name of a cluster has at most ${MAX_CLUSTER_BYTES} bytes, none 0`;
  throw new RangeError(`Cannot open a log for node ${node} of cluster ${JSON.stringify(cluster)}: ${why}`);
}

/** The header of segment `number`, which begins at this position of the chain, and its bytes; or that of a snapshot's file. */
export function newHeader(kind: Kind, number: number, at: Position, owner: Owner): [SegmentHeader, Uint8Array] {
  const { frame, checksum: before } = at;
  const bytes = new Uint8Array(HEADER_SIZE);
  const cursor = new Cursor(viewOf(bytes));
  cursor.putBytes(new TextEncoder().encode(MAGIC[kind]));
  cursor.put32(VERSION, number);
  cursor.put64(frame);
  cursor.put32(before);
  cursor.put32(crc32(bytes.subarray(0, HEADER_CHECKED)));
  cursor.put64(owner.node);
  cursor.putBytes(new TextEncoder().encode(owner.cluster));
  const checksum = crc32(bytes.subarray(0, OWNER_CHECKED));
  viewOf(bytes).setUint32(OWNER_CHECKED, checksum, true);
  return [{ owner, number, before, first: { offset: HEADER_SIZE, frame, checksum } }, bytes];
}

/**
 * What the first bytes of a file say that is segment `number`, or a snapshot, or why they are not its header.
 *
 * @throws {WalError} `OtherVersion`, if they are one of another version.
 */
export function decodeHeader(file: string, bytes: Uint8Array, number: number, kind: Kind = "segment"): DecodedHeader {
  const [view, cursor] = [viewOf(bytes), new Cursor(viewOf(bytes), MAGIC[kind].length)];
  const isRight = (checked: number) => crc32(bytes.subarray(0, checked)) === view.getUint32(checked, true);
  const isShort = `the header is cut short: ${bytes.length} of ${HEADER_SIZE} bytes`;
  if (bytes.length < HEADER_CHECKED + 4) return isShort;
  const magic = new TextDecoder().decode(bytes.subarray(0, cursor.at));
  if (magic !== MAGIC[kind]) return `it does not begin as a ${kind} of a log does`;
  const version = isRight(HEADER_CHECKED) ? cursor.take32() : VERSION;
  if (version !== VERSION) {
    const what = version < VERSION ? "begin a new log, in another directory" : "use the version that wrote it";
    const why = `format version ${version}; this version reads version ${VERSION}: ${what}`;
    throw new WalError("OtherVersion", `Cannot open the log: ${file}: ${why}`);
  }
  if (bytes.length < HEADER_SIZE) return isShort;
  if (!isRight(OWNER_CHECKED)) return "the checksum of the header does not match";
  const [own, frame, before, , node] = [
    cursor.take32(),
    cursor.take64(),
    cursor.take32(),
    cursor.take32(),
    cursor.take64(),
  ];
  if (own !== number) return `it is segment ${own} by its header`;
  const cluster = new TextDecoder().decode(bytes.subarray(cursor.at, OWNER_CHECKED)).replace(/\0+$/, "");
  const first = { offset: HEADER_SIZE, frame, checksum: view.getUint32(OWNER_CHECKED, true) };
  return { owner: { cluster, node }, number, before, first };
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
  const size = ENTRIES_AT + last.length + HEAD_SIZE;
  const length = entries.reduce((sum, { data }) => sum + ENTRY_HEAD_SIZE + data.length, size);
  if (length >= MAX_LENGTH) throw new RangeError(`Cannot write ${length} bytes in one frame: sync more often`);
  const bytes = new Uint8Array(length);
  const cursor = new Cursor(viewOf(bytes), HEAD_AT);
  cursor.put32(length, checkpoint === null ? TYPES.write : TYPES.checkpoint);
  cursor.put64(frame);
  cursor.put32(previous);
  cursor.put32(crc32(bytes.subarray(HEAD_AT, cursor.at), header.first.checksum));
  cursor.put64(hardState.term, hardState.vote ?? 0, hardState.commit, from);
  cursor.put32(entries.length);
  for (const entry of entries) {
    cursor.put64(entry.term);
    cursor.put32(KINDS.indexOf(entry.type), entry.data.length);
    cursor.putBytes(entry.data);
  }
  cursor.putBytes(last);
  cursor.putBytes(bytes.subarray(HEAD_AT, HARD_STATE_AT));
  const checksum = crc32(bytes.subarray(HEAD_AT), (header.first.checksum + offset) >>> 0);
  viewOf(bytes).setUint32(0, checksum, true);
  return [bytes, { offset: offset + length, frame: frame + 1, checksum }];
}

/** The head of a frame that stands at `at`, or why there is none. Most places are ruled out without a checksum. */
function headAt(view: DataView, at: number, header: SegmentHeader): FrameHead | string {
  if (at + HEAD_SIZE > view.byteLength) return "the file ends within the head of a frame";
  const length = view.getUint32(at, true);
  if (length === 0) return "the length is 0: nothing was written here";
  const type = view.getUint32(at + 4, true);
  if (type !== TYPES.write && type !== TYPES.checkpoint) return "there is no frame of such a type";
  if (length < ENTRIES_AT + HEAD_SIZE || length >= MAX_LENGTH) return "no frame is so long";
  const checked = new Uint8Array(view.buffer, view.byteOffset + at, HEAD_SIZE - 4);
  const checksum = view.getUint32(at + HEAD_SIZE - 4, true);
  if (crc32(checked, header.first.checksum) !== checksum) return "the checksum of the frame's head does not match";
  const cursor = new Cursor(view, at + 8);
  return { length, number: cursor.take64(), previous: cursor.take32() };
}

/** The frame at `offset`, numbered `least` or higher; or its head, if nothing else is right; or why there is none. */
export function rawFrameAt(view: DataView, offset: number, header: SegmentHeader, least = 0): RawFrame | BadFrame {
  const head = headAt(view, offset + HEAD_AT, header);
  if (typeof head === "string") return { head: null, why: head };
  if (head.number < least) return { head: null, why: `frame ${head.number} stands here, not ${least}` };
  if (head.length > view.byteLength - offset) return { head, why: "the file ends within a frame" };
  const checksum = view.getUint32(offset, true);
  const checked = new Uint8Array(view.buffer, view.byteOffset + offset + HEAD_AT, head.length - HEAD_AT);
  const matches = crc32(checked, (header.first.checksum + offset) >>> 0) === checksum;
  return matches ? { ...head, checksum } : { head, why: "the checksum does not match" };
}

/** Why no whole frame is in a place; and the head of one, if it stands there. */
export type BadFrame = { readonly head: FrameHead | null; readonly why: string };

/** Whether a head says that its frame goes here. */
export function goesTo({ number, previous }: FrameHead, { frame, checksum }: Position): boolean {
  return number === frame && previous === checksum;
}

/**
 * Whether all that follows a position, and is no frame, can be one frame that a crash has torn: of any length up to its own,
 * and with any bytes in place of sectors that were not written. If neither head is there that could tell how long it is, all
 * of it must be zeros but for less than a head. What is longer was followed by another frame, so it had been durable.
 */
export function isOneTornFrame(view: DataView, position: Position, header: SegmentHeader): boolean {
  const left = view.byteLength - position.offset;
  const first = headAt(view, position.offset + HEAD_AT, header);
  const last = left <= HARD_STATE_AT ? "" : headAt(view, view.byteLength - HEAD_SIZE, header);
  if (typeof last !== "string") return left === last.length && goesTo(last, position);
  if (typeof first !== "string") return left <= first.length && goesTo(first, position);
  let end = view.byteLength;
  while (end > position.offset && view.getUint8(end - 1) === 0) end--;
  return end - position.offset < HARD_STATE_AT;
}

/**
 * What the frame between two offsets says. Its entries keep a copy of its bytes, and not those of the whole segment.
 *
 * @throws {RangeError | SyntaxError} if it says nothing, though its checksum matches: another program wrote it.
 */
export function decodeContent(view: DataView, offset: number, end: number): FrameContent {
  const { buffer } = new Uint8Array(view.buffer, view.byteOffset + offset, end - offset - HEAD_SIZE).slice();
  const cursor = new Cursor(new DataView(buffer), HARD_STATE_AT);
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
