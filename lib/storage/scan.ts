/**
 * Reading a segment from frame to frame, and telling a torn tail from damage.
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
import {
  decodeContent,
  firstPosition,
  type FrameContent,
  type Position,
  type RawFrame,
  rawFrameAt,
  type SegmentHeader,
  viewOf,
} from "./frame.ts";

/** A frame whose checksum matches, and which goes where it is. */
export interface ValidFrame extends FrameContent {
  /** Its checksum matches, and it follows on the frame before it. */
  readonly valid: true;
  /** Path of the segment. */
  readonly file: string;
  /** Where the frame begins, in bytes. */
  readonly offset: number;
  /** How long it is. */
  readonly bytes: number;
  /** 1, 2, 3, … through all segments. */
  readonly number: number;
  /** Whether it also says on what the log stands, or only changes the log's end. */
  readonly type: "write" | "checkpoint";
  /** CRC-32 of the frame. */
  readonly checksum: number;
}

/** Bytes that are no frame. */
export interface BrokenFrame {
  /** A frame should be here, and is not. */
  readonly valid: false;
  /** Path of the segment. */
  readonly file: string;
  /** Where they begin. */
  readonly offset: number;
  /** How many they are: up to the next frame, or to the end. */
  readonly bytes: number;
  /** The number of the frame that should be there. */
  readonly number: number;
  /** What is wrong. */
  readonly why: string;
  /** Whether they may never have been durable, as far as this segment tells: no whole frame stands behind them. */
  readonly mayBeTorn: boolean;
}

/** What stands at a place in a segment. */
export type LogFrame = ValidFrame | BrokenFrame;

/**
 * The frames of a segment, and what stands in their places.
 *
 * @throws {RangeError} if a frame says nothing, though its checksum matches: another program wrote it.
 */
export function* framesOf(file: string, bytes: Uint8Array, header: SegmentHeader): Generator<LogFrame> {
  const view = viewOf(bytes);
  let position = firstPosition(header);
  while (position.offset < bytes.length) {
    const { offset, frame: number } = position;
    const found = nextFrame(view, position, header);
    if (typeof found !== "string") {
      const { length: bytes, checksum } = found;
      const content = decodeContent(view, offset, offset + bytes);
      const type = content.checkpoint === null ? "write" : "checkpoint";
      yield { valid: true, file, offset, bytes, number, type, checksum, ...content };
      position = { offset: offset + bytes, frame: number + 1, checksum };
      continue;
    }
    const next = frameBehind(view, position, header);
    const why = next === null ? found : `${found}; but frame ${next.frame} is whole, at offset ${next.offset}`;
    const behind = next?.offset ?? bytes.length;
    yield { valid: false, file, offset, bytes: behind - offset, number, why, mayBeTorn: next === null };
    if (next === null) return;
    position = next;
  }
}

/** The frame that goes at `position`, or why it is not there. */
function nextFrame(view: DataView, { offset, frame, checksum }: Position, header: SegmentHeader): RawFrame | string {
  const found = rawFrameAt(view, offset, header);
  if (typeof found === "string") return found;
  if (found.number !== frame) return `frame ${found.number} stands here, not ${frame}`;
  return found.previous === checksum ? found : "it does not follow on the frame before it";
}

/**
 * The place of the first whole frame behind `position` that is numbered as it or higher; `null` if there is none. What the
 * frame follows on is not there to be compared: it is in its place by its checksum.
 */
function frameBehind(view: DataView, position: Position, header: SegmentHeader): Position | null {
  for (let offset = position.offset + 1; offset < view.byteLength; offset++) {
    const found = rawFrameAt(view, offset, header);
    if (typeof found === "string" || found.number < position.frame) continue;
    return { offset, frame: found.number, checksum: found.previous };
  }
  return null;
}
