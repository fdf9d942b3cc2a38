/**
 * A log kept in memory; crate item `raft::storage::MemStorage`.
 *
 * What is written here survives a restart of the node, but not of the program. Unlike the crate's, it gives out
 * only snapshots that the application has made, and remembers the term just before its first entry.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { type ConfStateOptions, newConfState } from "./configuration.ts";
import { firstMisplaced, limitSize, type RaftState, StorageError, type WritableStorage } from "./storage.ts";
import type { ConfState, Entry, HardState, Index, LogPosition, Snapshot, SnapshotMetadata, Term } from "./types.ts";

/**
 * A storage in memory.
 *
 * @example
 * ```ts
 * import { MemStorage } from "hello-raft/raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const storage = MemStorage.newWithConfState({ voters: [1, 2, 3] });
 * storage.append([{ type: "empty", term: 1, index: 1, data: new Uint8Array() }]);
 * strictEqual(storage.lastIndex(), 1);
 * ```
 */
export class MemStorage implements WritableStorage {
  #hardState: HardState = { term: 0, vote: null, commit: 0 };
  #confState: ConfState;
  #snapshot: Snapshot | null = null;
  /** The entries after `#before`. */
  #entries: Entry[];
  /** Index and term just before the first entry. */
  #before: LogPosition;

  /** A log of `entries` after `before`. */
  protected constructor(confState: ConfState, before: LogPosition, entries: Entry[]) {
    this.#confState = confState;
    this.#before = before;
    this.#entries = entries;
  }

  /** An empty log of a node in such a cluster. All nodes of a cluster start with the same configuration. */
  static newWithConfState(confState: ConfStateOptions): MemStorage {
    return new MemStorage(newConfState(confState), { index: 0, term: 0 }, []);
  }

  /** A log of `entries`, which are handed over; `before` is index and term just before the first of them. */
  static newWithEntries(confState: ConfState, before: LogPosition, entries: Entry[]): MemStorage {
    return new MemStorage(confState, before, entries);
  }

  /** A copy that changes on its own. */
  clone(): MemStorage {
    const copy = new MemStorage(this.#confState, this.#before, this.#entries.slice());
    copy.#hardState = this.#hardState;
    copy.#snapshot = this.#snapshot;
    return copy;
  }

  /** See {@link WritableStorage.initialState}. */
  initialState(): RaftState {
    return { hardState: this.#hardState, confState: this.#confState };
  }

  /** See {@link WritableStorage.firstIndex}. */
  firstIndex(): Index {
    return this.#before.index + 1;
  }

  /** See {@link WritableStorage.lastIndex}. */
  lastIndex(): Index {
    return this.#before.index + this.#entries.length;
  }

  /** See {@link WritableStorage.term}. */
  term(index: Index): Term {
    if (index === this.#before.index) return this.#before.term;
    if (index < this.#before.index) throw compacted(index, this.firstIndex());
    if (index > this.lastIndex()) throw unavailable(index, this.lastIndex());
    return this.#entries[index - this.firstIndex()].term;
  }

  /** See {@link WritableStorage.entries}. */
  entries(low: Index, high: Index, maxSize: number): Entry[] {
    const first = this.firstIndex();
    if (low < first) throw compacted(low, first);
    if (high > this.lastIndex() + 1) throw unavailable(high - 1, this.lastIndex());
    return limitSize(this.#entries.slice(low - first, high - first), maxSize);
  }

  /** See {@link WritableStorage.snapshot}. */
  snapshot(): Snapshot {
    if (this.#snapshot === null) {
      throw new StorageError(
        "SnapshotTemporarilyUnavailable",
        "Cannot give a snapshot: none was made yet; call createSnapshot",
      );
    }
    return this.#snapshot;
  }

  /** See {@link WritableStorage.setHardState}. */
  setHardState(hardState: HardState): void {
    this.#hardState = hardState;
  }

  /** See {@link WritableStorage.setCommit}. */
  setCommit(commit: Index): void {
    this.#hardState = { ...this.#hardState, commit };
  }

  /** See {@link WritableStorage.setConfState}. */
  setConfState(confState: ConfState): void {
    this.#confState = confState;
  }

  /** See {@link WritableStorage.append}. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const from = entries[0].index;
    assert(from >= this.firstIndex(), "no compacted entry is ever overwritten", this.firstIndex(), from);
    assert(from <= this.lastIndex() + 1, "log indices are contiguous", this.lastIndex() + 1, from);
    const misplaced = firstMisplaced(from - 1, this.term(from - 1), entries);
    assert(misplaced === undefined, "entries follow on each other, in terms that never fall", from, misplaced?.index);
    const kept = from - this.firstIndex();
    if (kept < this.#entries.length) this.#entries.length = kept;
    for (const entry of entries) this.#entries.push(entry);
  }

  /** See {@link WritableStorage.applySnapshot}. */
  applySnapshot(snapshot: Snapshot): void {
    const { index, term, confState } = snapshot.metadata;
    if (index < this.firstIndex()) {
      throw new StorageError(
        "SnapshotOutOfDate",
        `Cannot apply the snapshot at index ${index}: the log already begins at ${this.firstIndex()}`,
      );
    }
    this.#snapshot = snapshot;
    this.#confState = confState;
    this.#hardState = { ...this.#hardState, term: Math.max(this.#hardState.term, term), commit: index };
    this.#before = { index, term };
    this.#entries = [];
  }

  /** See {@link WritableStorage.createSnapshot}. */
  createSnapshot(index: Index, data: Uint8Array): SnapshotMetadata {
    if (this.#snapshot !== null && index < this.#snapshot.metadata.index) {
      throw new StorageError(
        "SnapshotOutOfDate",
        `Cannot make a snapshot at index ${index}: there is one at ${this.#snapshot.metadata.index}`,
      );
    }
    const metadata = { index, term: this.term(index), confState: this.#confState };
    this.#snapshot = { metadata, data };
    return metadata;
  }

  /** See {@link WritableStorage.compact}. */
  compact(index: Index): void {
    if (index <= this.firstIndex()) return;
    const covered = this.#snapshot?.metadata.index ?? 0;
    if (index > covered + 1) {
      throw new StorageError(
        "Unavailable",
        `Cannot compact the log before index ${index}: snapshots reach to ${covered}; call createSnapshot first`,
      );
    }
    const before = { index: index - 1, term: this.term(index - 1) };
    this.#entries.splice(0, index - this.firstIndex());
    this.#before = before;
  }

  /** Nothing is to be done: in memory a write is as durable as it will ever be the moment it is made. */
  sync(): void {}
}

function compacted(index: Index, first: Index): StorageError {
  return new StorageError("Compacted", `Cannot read index ${index}: the log begins at ${first}; use the snapshot`);
}

function unavailable(index: Index, last: Index): StorageError {
  return new StorageError("Unavailable", `Cannot read index ${index}: the log ends at ${last}`);
}
