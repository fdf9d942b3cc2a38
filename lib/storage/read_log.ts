/**
 * Looking into a log without opening it: every frame as plain data, and what a node that starts there would make of them.
 *
 * For a person to read. Nothing is changed, nothing is locked, and damage is described, not thrown.
 *
 * @module
 */
import type { Storage } from "../raft/storage.ts";
import { type Files, messageOf } from "./files.ts";
import { decodeHeader, type Owner } from "./frame.ts";
import { requireLogFiles, segmentName, sortNames } from "./names.ts";
import { framesOf, type LogFrame, recover } from "./recover.ts";

/** What is in the directory of a log. */
export interface LogReport {
  /** Whose log it is; `null` if it does not tell, or a node refuses to start. */
  readonly owner: Owner | null;
  /** All segments from beginning to end, in order. */
  readonly frames: readonly LogFrame[];
  /** Why a node refuses to start on the log; `null` if it starts. */
  readonly problem: string | null;
  /** What it finds then; `null` if it refuses, or begins a new log because there is none. */
  readonly storage: Storage | null;
  /** The torn tail, which it drops; `null` if there is none. */
  readonly torn: LogFrame | null;
  /** Names of files that no frame needs any more, and which it removes. */
  readonly obsolete: readonly string[];
}

/**
 * Every frame of the log in `directory`.
 *
 * @param directory Where the log is.
 * @param files The file system: `nodeFiles` is that of the machine.
 * @param asked Which node would start on it, as far as that is known.
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
export function readLog(directory: string, files: Files, asked: Partial<Owner> = {}): LogReport {
  const frames: LogFrame[] = [];
  const refused = (problem: string) => ({ owner: null, frames, problem, storage: null, torn: null, obsolete: [] });
  try {
    const names = files.list(directory);
    if (names === null) return refused(`there is no directory ${directory}`);
    for (const number of sortNames(names).segments) {
      const file = `${directory}/${segmentName(number)}`;
      const bytes = files.read(file);
      for (const frame of framesOf(file, bytes, decodeHeader(file, bytes, number))) frames.push(frame);
    }
    const found = recover(directory, files, requireLogFiles(directory, names), asked);
    const torn = found?.torn ? frames[frames.length - 1] : null;
    const { memory: storage = null, segments = [], obsolete = [] } = found ?? {};
    return { owner: segments.at(-1)?.header.owner ?? null, frames, problem: null, storage, torn, obsolete };
  } catch (error) {
    return refused(messageOf(error));
  }
}
