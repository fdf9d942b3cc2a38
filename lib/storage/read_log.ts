/**
 * Looking into a log without opening it: every frame as plain data, and what is wrong, if anything is.
 *
 * For a person to read. Nothing is changed, nothing is locked, and damage is described, not thrown.
 *
 * @module
 */
import type { Files } from "./files.ts";
import { nodeFiles } from "./node_files.ts";
import type { Entry, HardState, Index } from "../raft/types.ts";
import { FRAME_HEAD_SIZE, type SegmentBytes } from "./frame.ts";
import { requireLogFiles, segmentName, sortNames } from "./names.ts";
import { type BasePayload, decodePayload, type Payload, type Places } from "./payload.ts";
import { recover } from "./recover.ts";
import { firstPosition, frameBehind, nextFrame, type Position, segmentBytes } from "./scan.ts";
import { decodeHeader } from "./segment.ts";
import { StoredEntries } from "./stored_entries.ts";
import { messageOf } from "./wal_error.ts";

/** A frame whose checksum matches, and which goes where it is. */
export interface ValidFrame {
  /** Whether there is a frame. */
  readonly valid: true;
  /** Path of the segment. */
  readonly file: string;
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** How long it is, in bytes. */
  readonly bytes: number;
  /** Its number: 1, 2, 3, … through all segments. */
  readonly number: number;
  /** Whether it says on what the log stands, or only changes the log's end. */
  readonly type: "write" | "base";
  /** Its checksum. */
  readonly checksum: number;
  /** Term, vote and commit index. */
  readonly hardState: HardState;
  /** Entries from this index on are no longer those of before… */
  readonly from: Index;
  /** …but these. */
  readonly entries: readonly Entry[];
  /** On what the log stands; `null` if the frame does not say, because nothing has changed. */
  readonly base: Pick<BasePayload, "before" | "confState" | "snapshot"> | null;
}

/** Bytes that are no frame. */
export interface BrokenFrame {
  /** Whether there is a frame. */
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
}

/** What stands at a place in a segment. */
export type LogFrame = ValidFrame | BrokenFrame;

/** What is in the directory of a log. */
export interface LogReport {
  /** All segments from beginning to end, in order. */
  readonly frames: readonly LogFrame[];
  /** Why the log cannot be opened; `null` if it can, a torn tail being dropped. */
  readonly problem: string | null;
}

/**
 * Every frame of the log in `directory`.
 *
 * @param directory Where the log is.
 * @param files The file system. Default: that of the machine.
 *
 * @example
 * ```ts
 * import { FileStorage, MemoryFiles, readLog } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const files = new MemoryFiles();
 * const storage = FileStorage.open("node1", { voters: [1] }, { files });
 * storage.setHardState({ term: 1, vote: 1, commit: 0 });
 * storage.sync();
 * const { frames } = readLog("node1", files);
 * deepStrictEqual(frames.map((frame) => frame.valid && frame.hardState.term), [0, 1]);
 * ```
 */
export function readLog(directory: string, files: Files = nodeFiles): LogReport {
  try {
    const names = files.list(directory);
    if (names === null) return { frames: [], problem: `there is no directory ${directory}` };
    const log = sortNames(names);
    const frames = log.segments.flatMap((number) => framesOf(`${directory}/${segmentName(number)}`, number, files));
    return { frames, problem: problemOf(directory, files, names) };
  } catch (error) {
    return { frames: [], problem: messageOf(error) };
  }
}

function problemOf(directory: string, files: Files, names: readonly string[]): string | null {
  try {
    return recover(directory, files, requireLogFiles(directory, names)) === null ? "there is no segment yet" : null;
  } catch (error) {
    return messageOf(error);
  }
}

function framesOf(file: string, number: number, files: Files): LogFrame[] {
  const bytes = files.read(file);
  const header = decodeHeader(bytes, number);
  if ("why" in header) return [{ valid: false, file, offset: 0, bytes: bytes.length, number: 0, why: header.why }];
  const segment = segmentBytes(bytes, header);
  const frames: LogFrame[] = [];
  let position: Position | null = firstPosition(header);
  while (position !== null && position.offset < bytes.length) {
    const frame = describe(file, segment, position);
    frames.push(frame);
    position = behind(segment, position, frame);
  }
  return frames;
}

function describe(file: string, segment: SegmentBytes, position: Position): LogFrame {
  const { offset, frame: number } = position;
  const broken = (why: string): BrokenFrame => {
    const next = frameBehind(segment, position)?.offset ?? segment.bytes.length;
    return { valid: false, file, offset, bytes: next - offset, number, why };
  };
  const frame = nextFrame(segment, position);
  if (typeof frame === "string") return broken(frame);
  const { type, end, checksum } = frame;
  try {
    const payload = decodePayload(type, segment.view, offset + FRAME_HEAD_SIZE, end);
    const { hardState, from } = payload;
    const entries = entriesOf(payload);
    const base = payload.type === "base" ? baseOf(payload) : null;
    const bytes = end - offset;
    return { valid: true, file, offset, bytes, number, type, checksum, hardState, from, entries, base };
  } catch (error) {
    return broken(messageOf(error));
  }
}

function entriesOf({ from, entries }: Payload<Places>): Entry[] {
  const list = new StoredEntries(from);
  list.replaceByStored(from, entries);
  return list.read(from, from + list.length, Infinity);
}

function baseOf({ before, confState, snapshot }: BasePayload<Places>): ValidFrame["base"] {
  return { before, confState, snapshot };
}

/** Where to go on; `null` if nothing follows. */
function behind(segment: SegmentBytes, position: Position, frame: LogFrame): Position | null {
  if (frame.valid) return { offset: frame.offset + frame.bytes, frame: frame.number + 1, checksum: frame.checksum };
  // A frame behind damage is in its place by its checksum; what it follows on cannot be compared.
  const next = frameBehind(segment, position);
  return next === null ? null : { offset: next.offset, frame: next.number, checksum: next.previous };
}
