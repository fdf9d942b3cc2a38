/**
 * A log on disk beside one in memory, to which the same is written.
 *
 * @module
 */
import { deepStrictEqual } from "node:assert/strict";
import type { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";
import { type Index, MemStorage, type Storage, type Term, type WritableStorage } from "../raft/mod.ts";
import { entry } from "../raft/paper_cases.ts";
import { confState } from "../raft/storage_snapshot_cases.ts";
import { open } from "./crash_cases.ts";

/** So small that a segment has few frames. */
export const SMALL = 200;

/** A log on disk that is recovered now and then, and one that is in memory all the time. */
export class Twins {
  readonly files = new MemoryFiles();
  readonly memory = MemStorage.newWithConfState(confState);
  disk: FileStorage;

  constructor(readonly segmentBytes: number = SMALL) {
    this.disk = open(this.files, segmentBytes);
  }

  /** Write to both, and compare them. */
  write(write: (storage: WritableStorage) => void): void {
    write(this.memory);
    write(this.disk);
    this.compare();
  }

  /** Append entries of a term, and sync each of them. */
  append(term: Term, from: Index, to: Index): void {
    for (let index = from; index <= to; index++) {
      this.write((storage) => {
        storage.append([entry(term, index, `${term}`.repeat(index))]);
        storage.sync();
      });
    }
  }

  /** Let the machine crash, and open the log again; all is there if all was synced. */
  recover(): void {
    this.files.crash("none");
    this.disk = open(this.files, this.segmentBytes);
    this.compare();
  }

  /** They must answer alike. */
  compare(): void {
    deepStrictEqual(answersOf(this.disk), answersOf(this.memory));
  }
}

/** All that a storage answers, with every range of entries. */
function answersOf(storage: Storage) {
  const [first, end] = [storage.firstIndex(), storage.lastIndex() + 1];
  const indices = Array.from({ length: end - first + 1 }, (_, i) => first + i);
  const sizes = [0, 30, 45, Infinity];
  const ranges = indices.flatMap((low) => indices.filter((high) => high >= low).map((high) => [low, high] as const));
  return {
    ...storage.initialState(),
    first,
    terms: indices.map((index) => storage.term(index - 1)),
    entries: ranges.flatMap(([low, high]) => sizes.map((size) => storage.entries(low, high, size))),
  };
}
