/**
 * What is to be done to make one more frame durable, step by step.
 *
 * A step is some bytes for a file, and a sync of it; whoever carries it out may block meanwhile, or not. What goes
 * between two steps is done here, when the next one is asked for.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import type { Files, OpenFile } from "./files.ts";
import type { LogPosition } from "../raft/types.ts";
import { Scratch } from "./bytes.ts";
import { FRAME_HEAD_SIZE, sealFrame } from "./frame.ts";
import { segmentName, snapshotName } from "./names.ts";
import { type BasePayload, type Payload, payloadSize, putPayload, type SnapshotRef } from "./payload.ts";
import type { SegmentRange } from "./recover.ts";
import { firstPosition, type Position } from "./scan.ts";
import { newHeader, type SegmentHeader } from "./segment.ts";
import { encodeSnapshot } from "./snapshot_file.ts";

/** What a sync makes durable: the log as it is now, but of its entries only those that changed, and a new snapshot's data. */
export interface Update extends Omit<BasePayload, "type" | "snapshot"> {
  /** Index, term and data of a snapshot that the log does not have yet. */
  readonly snapshot: LogPosition & { readonly data: Uint8Array } | null;
}

/** How a log is written. */
export interface WalOptions {
  /** Where. */
  readonly files: Files;
  /** A segment that has at least so many bytes is followed by a new one. */
  readonly segmentBytes: number;
}

/** A log, as whoever writes at its end has to know it. */
export interface LogEnd extends WalOptions {
  /** Where the files are. */
  readonly directory: string;
  /** The last segment, and its header; `null` while there is none. */
  file: OpenFile | null;
  header: SegmentHeader | null;
  /** Where the next frame goes. */
  end: Position;
  /** All segments, the last one last. */
  segments: readonly SegmentRange[];
  /** What the last base said: a frame that says something else must be a base. */
  before: LogPosition;
  snapshot: SnapshotRef | null;
  /** Where frames are put together. */
  readonly scratch: Scratch;
}

/** Bytes for a file, to be appended and then synced. */
export interface Step {
  /** The file. */
  readonly file: OpenFile;
  /** The bytes; they stay as they are until the next step. */
  readonly bytes: Uint8Array;
}

/** A log without a segment. */
export function emptyLog(directory: string, options: WalOptions): LogEnd {
  const end = { offset: Infinity, frame: 1, checksum: 0 };
  const before = { index: 0, term: 0 };
  const scratch = new Scratch();
  return { ...options, directory, file: null, header: null, end, segments: [], before, snapshot: null, scratch };
}

/** Everything that makes `update` durable, in order. */
export function* stepsOf(log: LogEnd, update: Update): Generator<Step> {
  const snapshot = update.snapshot === null ? log.snapshot : yield* writeSnapshot(log, update.snapshot);
  const base: BasePayload = { ...update, type: "base", snapshot };
  if (log.file === null || log.header === null || log.end.offset >= log.segmentBytes) {
    yield* beginSegment(log, base);
  } else {
    const isBase = snapshot !== log.snapshot || update.before.index !== log.before.index;
    yield* appendFrame(log, log.file, log.header, isBase ? base : { ...update, type: "write" });
  }
  const replaced = log.snapshot === snapshot ? null : log.snapshot;
  log.before = update.before;
  log.snapshot = snapshot;
  discard(log, replaced);
}

function* writeSnapshot(log: LogEnd, { index, term, data }: LogPosition & { data: Uint8Array }) {
  const number = log.end.frame;
  const file = create(log, snapshotName(number));
  try {
    yield { file, bytes: encodeSnapshot(data) };
  } finally {
    file.close();
  }
  giveName(log, snapshotName(number));
  return { number, index, term, size: data.length, checksum: crc32(data) };
}

/** Only a segment that begins with a whole frame gets its name. */
function* beginSegment(log: LogEnd, base: BasePayload): Generator<Step> {
  const number = (log.segments.at(-1)?.number ?? 0) + 1;
  const { header, bytes } = newHeader(number, log.end.frame, log.end.checksum);
  const file = create(log, segmentName(number));
  log.file?.close();
  log.file = file;
  log.header = header;
  log.segments = [...log.segments, { number, lastIndex: log.segments.at(-1)?.lastIndex ?? 0 }];
  log.end = firstPosition(header);
  yield { file, bytes };
  yield* appendFrame(log, file, header, base);
  giveName(log, segmentName(number));
}

function* appendFrame(log: LogEnd, file: OpenFile, header: SegmentHeader, payload: Payload): Generator<Step> {
  const { offset, frame: number, checksum: previous } = log.end;
  const size = FRAME_HEAD_SIZE + payloadSize(payload);
  const view = log.scratch.take(size);
  putPayload(view, FRAME_HEAD_SIZE, payload);
  const bytes = new Uint8Array(view.buffer, 0, size);
  const checksum = sealFrame(bytes, payload.type, { offset, number, previous, seed: header.checksum });
  yield { file, bytes };
  log.end = { offset: offset + size, frame: number + 1, checksum };
  const range = log.segments[log.segments.length - 1];
  range.lastIndex = Math.max(range.lastIndex, payload.from + payload.entries.length - 1);
}

function create({ files, directory }: LogEnd, name: string): OpenFile {
  return files.create(`${directory}/${name}.tmp`);
}

function giveName({ files, directory }: LogEnd, name: string): void {
  files.rename(`${directory}/${name}.tmp`, `${directory}/${name}`);
  files.syncDirectory(directory);
}

/** Remove what no frame needs any more: the snapshot that was replaced, and segments whose entries are all compacted. */
function discard(log: LogEnd, replaced: SnapshotRef | null): void {
  const { files, directory, segments, before } = log;
  const needed = segments.findIndex(({ lastIndex }, i) => lastIndex > before.index || i === segments.length - 1);
  for (const { number } of segments.slice(0, needed)) files.remove(`${directory}/${segmentName(number)}`);
  if (needed > 0) log.segments = segments.slice(needed);
  if (replaced !== null) files.remove(`${directory}/${snapshotName(replaced.number)}`);
}
