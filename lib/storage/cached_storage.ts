/**
 * A storage that answers from memory, so that only its writes have to do with a disk: what those on files and on a simulated
 * disk have in common.
 *
 * @module
 */
import type { MemStorage } from "../raft/mem_storage.ts";
import type { RaftState, WritableStorage } from "../raft/storage.ts";
import type { ConfState, Entry, HardState, Index, Snapshot, SnapshotMetadata, Term } from "../raft/types.ts";

/** A storage that answers from memory. */
export abstract class CachedStorage implements WritableStorage {
  /** @internal What it answers from. May throw, if nothing can be said any more. */
  protected abstract get memory(): MemStorage;

  /** @internal Do this in memory, and on the disk with the next sync. */
  protected abstract write<T>(write: (storage: WritableStorage) => T): T;

  /** See {@link WritableStorage.sync}. */
  abstract sync(): void;

  /** See {@link Storage.initialState}. */
  initialState(): RaftState {
    return this.memory.initialState();
  }

  /** See {@link Storage.firstIndex}. */
  firstIndex(): Index {
    return this.memory.firstIndex();
  }

  /** See {@link Storage.lastIndex}. */
  lastIndex(): Index {
    return this.memory.lastIndex();
  }

  /** See {@link Storage.term}. */
  term(index: Index): Term {
    return this.memory.term(index);
  }

  /** See {@link Storage.entries}. */
  entries(low: Index, high: Index, maxSize: number): Entry[] {
    return this.memory.entries(low, high, maxSize);
  }

  /** See {@link Storage.snapshot}. */
  snapshot(): Snapshot {
    return this.memory.snapshot();
  }

  /** See {@link WritableStorage.setHardState}. */
  setHardState(hardState: HardState): void {
    this.write((storage) => storage.setHardState(hardState));
  }

  /** See {@link WritableStorage.setCommit}. */
  setCommit(commit: Index): void {
    this.write((storage) => storage.setCommit(commit));
  }

  /** See {@link WritableStorage.setConfState}. */
  setConfState(confState: ConfState): void {
    this.write((storage) => storage.setConfState(confState));
  }

  /** See {@link WritableStorage.append}. */
  append(entries: readonly Entry[]): void {
    if (entries.length > 0) this.write((storage) => storage.append(entries));
  }

  /** See {@link WritableStorage.applySnapshot}. */
  applySnapshot(snapshot: Snapshot): void {
    this.write((storage) => storage.applySnapshot(snapshot));
  }

  /** See {@link WritableStorage.createSnapshot}. */
  createSnapshot(index: Index, data: Uint8Array): SnapshotMetadata {
    return this.write((storage) => storage.createSnapshot(index, data));
  }

  /** See {@link WritableStorage.compact}. */
  compact(index: Index): void {
    this.write((storage) => storage.compact(index));
  }
}
