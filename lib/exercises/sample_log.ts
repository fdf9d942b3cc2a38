/**
 * A small log on disk, to cut, to flip and to read: the one that notebook 04 takes apart.
 *
 * @module
 */
import { Codec } from "../command.ts";
import type { Entry, HardState, Index, Term } from "../raft/mod.ts";
import { FileStorage } from "../storage/file_storage.ts";
import { messageOf } from "../storage/files.ts";
import { MemoryFiles } from "../storage/memory_files.ts";

const DIRECTORY = "node1";
/** The only file of the sample log. */
const FILE = `${DIRECTORY}/0000000001.log`;
const VOTERS = { voters: [1, 2, 3] };

function entry(term: Term, index: Index, value: string | null): Entry {
  if (value === null) return { type: "empty", term, index, data: new Uint8Array() };
  return { type: "command", term, index, data: Codec.encode({ kind: "Put", key: "x", value }) };
}

/** What is synced one after the other: frames 2 to 5. Frame 1 is there before, a new log begins with it. */
const WRITES: readonly (readonly [HardState, readonly Entry[]])[] = [
  [{ term: 1, vote: 2, commit: 0 }, []],
  [{ term: 1, vote: 2, commit: 0 }, [entry(1, 1, null), entry(1, 2, "a")]],
  [{ term: 1, vote: 2, commit: 2 }, [entry(1, 3, "b"), entry(1, 4, "c"), entry(1, 5, "d")]],
  [{ term: 2, vote: 3, commit: 2 }, []],
];

/**
 * A log in `node1`, of one file with five frames: the checkpoint with which a log begins; a vote for node 2 in term 1; two entries;
 * three more, and commit index 2; a vote for node 3 in term 2.
 *
 * @example
 * ```ts
 * import { readLog, sampleLog } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { frames } = readLog("node1", sampleLog());
 * deepStrictEqual(frames.map(({ offset }) => offset), [80, 316, 404, 560, 804]);
 * ```
 */
export function sampleLog(): MemoryFiles {
  const files = new MemoryFiles();
  const disk = open(files);
  for (const [hardState, entries] of WRITES) {
    disk.setHardState(hardState);
    disk.append(entries);
    disk.sync();
  }
  disk.close();
  return files;
}

/**
 * The sample log's bytes.
 *
 * @example
 * ```ts
 * import { sampleBytes } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(sampleBytes().length, 892);
 * ```
 */
export function sampleBytes(): Uint8Array {
  return sampleLog().read(FILE);
}

/** What becomes of a log that is opened. */
export interface OpenedLog {
  /** Why it is refused; `null` if it is not. */
  readonly refused: string | null;
  /** How many bytes of the file are left. */
  readonly kept: number;
  /** The last index of the node, `null` if it is refused. */
  readonly lastIndex: Index | null;
  /** Its term, `null` if it is refused. */
  readonly term: Term | null;
  /** Whom it voted for, `null` if for nobody or if it is refused. */
  readonly vote: number | null;
}

/**
 * Open the sample log with `bytes` in place of its own: cut, flipped, or with something behind it.
 *
 * @example
 * ```ts
 * import { openBytes, sampleBytes } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(openBytes(sampleBytes().slice(0, 700)).kept, 560); // the end of frame 3
 * ```
 */
export function openBytes(bytes: Uint8Array): OpenedLog {
  const files = new MemoryFiles();
  files.makeDirectory(DIRECTORY);
  files.syncDirectory(".");
  files.put(FILE, bytes);
  try {
    const disk = open(files);
    const { term, vote } = disk.initialState().hardState;
    return { refused: null, kept: files.read(FILE).length, lastIndex: disk.lastIndex(), term, vote };
  } catch (error) {
    return { refused: messageOf(error), kept: files.read(FILE).length, lastIndex: null, term: null, vote: null };
  }
}

/**
 * The same bytes, with the lowest bit of one of them changed.
 *
 * @example
 * ```ts
 * import { flipped } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(flipped(Uint8Array.of(6, 6), 1), Uint8Array.of(6, 7));
 * ```
 */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}

/** Bytes that may stand behind the sample log, each with its name. */
export type Tails = readonly (readonly [name: string, bytes: Uint8Array])[];

/** Tails that a crash can leave: frame 6, a vote in term 3, in part written, its blocks in any order. */
export function tornTails(): Tails {
  return [
    ["4096 zeros", new Uint8Array(4096)],
    ["20 bytes of frame 6", sixth().slice(0, 20)],
    ["frame 6, its first half zeros", sixth().fill(0, 0, 44)],
    ["frame 6, its second half zeros", sixth().fill(0, 44)],
  ];
}

/** Tails that are refused: no torn frame explains them, or nothing tells any more how long it was. */
export function otherTails(): Tails {
  const log = sampleBytes();
  return [
    ["frame 5 a second time", log.slice(804)],
    ["the whole file a second time", log],
    ["60 bytes of frame 1", log.slice(80, 140)],
    ["frame 6 without its first 10 bytes", sixth().slice(10)],
    ["28 bytes of 7, then zeros", new Uint8Array(88).fill(7, 0, 28)],
    ["frame 6, both ends zeros", sixth().fill(0, 0, 28).fill(0, 64)],
  ];
}

/**
 * The sample log with `tail` behind it.
 *
 * @example
 * ```ts
 * import { openBytes, otherTails, tornTails, withTail } from "hello-raft";
 * import { ok } from "node:assert/strict";
 *
 * ok(tornTails().every(([, tail]) => openBytes(withTail(tail)).refused === null));
 * ok(otherTails().every(([, tail]) => openBytes(withTail(tail)).refused !== null));
 * ```
 */
export function withTail(tail: Uint8Array): Uint8Array {
  return new Uint8Array([...sampleBytes(), ...tail]);
}

function sixth(): Uint8Array {
  const files = sampleLog();
  const disk = open(files);
  disk.setHardState({ term: 3, vote: 1, commit: 2 });
  disk.sync();
  return files.read(FILE).slice(sampleBytes().length);
}

function open(files: MemoryFiles): FileStorage {
  return FileStorage.open(DIRECTORY, VOTERS, { files });
}
