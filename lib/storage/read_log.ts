/**
 * Looking into a log without opening it: every frame as plain data, and what a node that starts there would make of them.
 *
 * For a person to read. Nothing is changed, nothing is locked, and damage is described, not thrown.
 *
 * @module
 */
import type { ConfState, HardState, Index, LogPosition } from "../raft/types.ts";
import { type Files, messageOf } from "./files.ts";
import { decodeHeader } from "./frame.ts";
import { requireLogFiles, segmentName, sortNames } from "./names.ts";
import { nodeFiles } from "./node_files.ts";
import { recover, type Recovered } from "./recover.ts";
import { type BrokenFrame, framesOf, type LogFrame } from "./scan.ts";

/** What a node that starts on a log finds. */
export interface FoundLog {
  /** Term, vote and commit index. */
  readonly hardState: HardState;
  /** The configuration. */
  readonly confState: ConfState;
  /** Index and term just before the first entry. */
  readonly before: LogPosition;
  /** The index of the last entry; that of `before` if there is none. */
  readonly lastIndex: Index;
  /** The last index and term that the snapshot stands for; `null` if there is none. */
  readonly snapshot: LogPosition | null;
  /** The torn tail, which is dropped; `null` if there is none. */
  readonly torn: BrokenFrame | null;
  /** Names of the files that no frame needs any more, and which are removed. */
  readonly obsolete: readonly string[];
}

/** What is in the directory of a log. */
export interface LogReport {
  /** All segments from beginning to end, in order. */
  readonly frames: readonly LogFrame[];
  /** Why a node refuses to start on the log; `null` if it starts. */
  readonly problem: string | null;
  /** What it finds then; `null` if it refuses, or begins a new log because there is none. */
  readonly found: FoundLog | null;
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
  const refused = (problem: string, frames: readonly LogFrame[] = []) => ({ frames, problem, found: null });
  let frames: readonly LogFrame[] = [];
  try {
    const names = files.list(directory);
    if (names === null) return refused(`there is no directory ${directory}`);
    frames = sortNames(names).segments.flatMap((number) => segmentFrames(directory, number, files));
    const recovered = recover(directory, files, requireLogFiles(directory, names));
    return { frames, problem: null, found: recovered === null ? null : foundIn(recovered, frames) };
  } catch (error) {
    return refused(messageOf(error), frames);
  }
}

function segmentFrames(directory: string, number: number, files: Files): LogFrame[] {
  const file = `${directory}/${segmentName(number)}`;
  const bytes = files.read(file);
  const header = decodeHeader(bytes, number);
  if (!("why" in header)) return [...framesOf(file, bytes, header)];
  return [{ valid: false, file, offset: 0, bytes: bytes.length, number: 0, why: header.why, mayBeTorn: false }];
}

function foundIn({ memory, checkpoint, torn, obsolete }: Recovered, frames: readonly LogFrame[]): FoundLog {
  const { before, snapshot } = checkpoint;
  const last = frames[frames.length - 1];
  return {
    ...memory.initialState(),
    before,
    lastIndex: memory.lastIndex(),
    snapshot: snapshot && { index: snapshot.index, term: snapshot.term },
    torn: torn && !last.valid ? last : null,
    obsolete,
  };
}
