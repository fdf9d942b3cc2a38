/**
 * A frame: everything that one sync makes durable, in one piece that is there wholly or not at all.
 *
 * In bytes, little end first:
 *
 * ```text
 *  0  4  checksum     CRC-32 of the frame behind it, begun with the segment's checksum plus the frame's offset
 *  4  4  length       of the payload, never 0: bytes that were never written (0) are no frame
 *  8  4  type         1 write, 2 base
 * 12  8  number       1, 2, 3, … through all segments
 * 20  4  previous     the checksum of the frame before; of a segment's first frame, that of the header
 * 24     payload      see payload.ts
 * ```
 *
 * By its number and `previous` a frame goes behind exactly one other: a chain. By how its checksum begins it goes in exactly
 * one place: a copy of it elsewhere, or old bytes in a reused block, or a log that a client stored as a value, are no frames.
 * Being complete in itself it is known for a frame even if what stands before it cannot be read; see `scan.ts`.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { putU64, u64At, viewOf } from "./bytes.ts";

/** What a frame holds: changes of the log alone, or also what the log as a whole stands on. */
export type FrameType = "write" | "base";

/** Bytes of a frame before its payload. */
export const FRAME_HEAD_SIZE = 24;

const TYPES: readonly (FrameType | null)[] = [null, "write", "base"];
const CHECKED_FROM = 4;
/** No frame is as long as this: half of what the field for the length could say. */
const MAX_LENGTH = 2 ** 31;

/** A frame whose checksum matches. */
export interface Frame {
  /** Where it begins in its segment. */
  readonly offset: number;
  /** Where it ends. */
  readonly end: number;
  /** Its place in the sequence of all frames. */
  readonly number: number;
  /** What it holds. */
  readonly type: FrameType;
  /** The checksum of the frame before. */
  readonly previous: number;
  /** Its own. */
  readonly checksum: number;
}

/** The bytes of a segment, and what the checksums in it begin with. */
export interface SegmentBytes {
  /** All of the file. */
  readonly bytes: Uint8Array;
  /** The same. */
  readonly view: DataView;
  /** The checksum of the header. */
  readonly seed: number;
}

/** Where a frame goes: a place in a segment, and one in the sequence. */
export interface FramePlace extends Pick<Frame, "offset" | "number" | "previous"> {
  /** The checksum of the segment's header. */
  readonly seed: number;
}

/**
 * Make a frame for this place of bytes whose payload is there already; its checksum.
 *
 * @throws {RangeError} if it is too long.
 */
export function sealFrame(bytes: Uint8Array, type: FrameType, { offset, number, previous, seed }: FramePlace): number {
  const length = bytes.length - FRAME_HEAD_SIZE;
  if (length >= MAX_LENGTH) throw new RangeError(`Cannot write ${length} bytes in one frame: sync more often`);
  const view = viewOf(bytes);
  view.setUint32(4, length, true);
  view.setUint32(8, TYPES.indexOf(type), true);
  putU64(view, 12, number);
  view.setUint32(20, previous, true);
  const checksum = crc32(bytes.subarray(CHECKED_FROM), seedAt(seed, offset));
  view.setUint32(0, checksum, true);
  return checksum;
}

/** The frame at `offset`, or why there is none. */
export function frameAt({ bytes, view, seed }: SegmentBytes, offset: number): Frame | string {
  const left = bytes.length - offset;
  if (left < FRAME_HEAD_SIZE) return `the file ends within the head of a frame, after ${left} bytes`;
  const length = view.getUint32(offset + 4, true);
  if (length === 0) return "the length is 0: nothing was written here";
  const end = offset + FRAME_HEAD_SIZE + length;
  if (end > bytes.length) return `the file ends within a frame, after ${left} of ${end - offset} bytes`;
  const type = TYPES[view.getUint32(offset + 8, true)] ?? null;
  if (type === null) return `there is no frame of type ${view.getUint32(offset + 8, true)}`;
  const checksum = view.getUint32(offset, true);
  if (crc32(bytes.subarray(offset + CHECKED_FROM, end), seedAt(seed, offset)) !== checksum) {
    return "the checksum does not match";
  }
  return { offset, end, number: u64At(view, offset + 12), type, previous: view.getUint32(offset + 20, true), checksum };
}

function seedAt(seed: number, offset: number): number {
  return (seed + offset) >>> 0;
}
