/**
 * Reading a segment from frame to frame, and telling a torn end from damage.
 *
 * A frame is written only after the one before it is on the disk. So a crash can spoil the last frame and no other:
 * in part written, its sectors in any order, followed by zeros or by the old content of a block. Where reading stops,
 *
 * - and a frame stands anywhere behind that place (with a matching checksum for its own place, and no smaller number than
 *   the one that is missing), the missing frame had been durable: **damage**;
 * - and none does, the missing frame may never have been durable: a **torn tail**, to be dropped.
 *
 * The one case that this cannot see is a frame that was durable, is the last, and is damaged afterwards. Without a second
 * disk to ask, nothing tells it from a torn one (Alagappan et al., "Protocol-Aware Recovery for Consensus-Based Storage",
 * FAST 2018). A file that is cut at the end of a frame looks whole; in all segments but the last, the header of the
 * next one tells.
 *
 * @module
 */
import { viewOf } from "./bytes.ts";
import { type Frame, FRAME_HEAD_SIZE, frameAt, type SegmentBytes } from "./frame.ts";
import { HEADER_SIZE, type SegmentHeader } from "./segment.ts";

/** Where the next frame goes. */
export interface Position {
  /** Its offset in the segment. */
  readonly offset: number;
  /** Its number. */
  readonly frame: number;
  /** The checksum of the frame before. */
  readonly checksum: number;
}

/** What the frames of a segment come to: where they end, and if something else follows there, why it is no frame. */
export interface Scan {
  /** Behind the last frame. */
  readonly end: Position;
  /** Why the bytes behind it are not the next frame; `null` if there are none. */
  readonly problem: string | null;
}

/** The bytes of a segment with this header. */
export function segmentBytes(bytes: Uint8Array, header: SegmentHeader): SegmentBytes {
  return { bytes, view: viewOf(bytes), seed: header.checksum };
}

/** Where the first frame of a segment goes. */
export function firstPosition({ firstFrame, checksum }: SegmentHeader): Position {
  return { offset: HEADER_SIZE, frame: firstFrame, checksum };
}

/** Read frame by frame from `start`, and `visit` each of them. What `visit` throws ends it: such a frame says nothing. */
export function scan(segment: SegmentBytes, start: Position, visit: (frame: Frame) => void): Scan {
  let end = start;
  while (end.offset < segment.bytes.length) {
    const frame = nextFrame(segment, end);
    if (typeof frame === "string") return { end, problem: frame };
    visit(frame);
    end = { offset: frame.end, frame: frame.number + 1, checksum: frame.checksum };
  }
  return { end, problem: null };
}

/** The frame that goes at `position`, or why it is not there. */
export function nextFrame(segment: SegmentBytes, position: Position): Frame | string {
  const frame = frameAt(segment, position.offset);
  if (typeof frame === "string") return frame;
  if (frame.number !== position.frame) return `frame ${frame.number} stands here, not ${position.frame}`;
  if (frame.previous !== position.checksum) return "it does not follow on the frame before it";
  return frame;
}

/** The first frame behind `position` that is numbered as it or higher; `null` if there is none. */
export function frameBehind(segment: SegmentBytes, position: Position): Frame | null {
  const { bytes, view } = segment;
  for (let offset = position.offset + 1; offset + FRAME_HEAD_SIZE < bytes.length; offset++) {
    // Most places are ruled out by the length or the type, without a checksum.
    const length = view.getUint32(offset + 4, true);
    const type = view.getUint32(offset + 8, true);
    if (length === 0 || length > bytes.length - offset || type === 0 || type > 2) continue;
    const frame = frameAt(segment, offset);
    if (typeof frame !== "string" && frame.number >= position.frame) return frame;
  }
  return null;
}
