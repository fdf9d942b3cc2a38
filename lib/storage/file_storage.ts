/**
 * A storage on disk: what a node has synced is there again after a crash.
 *
 * All questions are answered from memory. Writes go to memory at once, and to the log on disk with the next sync, as
 * one frame: hard state, entries and snapshot are there together or not at all. So they may be written in any order before
 * it. What the log promises, and what it does about faults, is in `wal.ts`.
 *
 * @module
 */
import { assert } from "../raft/assert.ts";
import type { ConfStateOptions } from "../raft/configuration.ts";
import { MemStorage } from "../raft/mem_storage.ts";
import type { DurableStorage, WritableStorage } from "../raft/storage.ts";
import type { Entry, Index, Snapshot, SnapshotMetadata } from "../raft/types.ts";
import { CachedStorage } from "./cached_storage.ts";
import { type Files, WalError } from "./files.ts";
import { type Owner, requireOwner } from "./frame.ts";
import { type Update, Wal } from "./wal.ts";

/** What can be chosen about a log on disk. */
export interface FileStorageOptions {
  /** The file system: `nodeFiles` is that of the machine. */
  readonly files: Files;
  /** Who opens it. A log of anyone else is refused. Default: it may be anyone's, and a new one is nobody's. */
  readonly owner?: Owner;
  /** The size in bytes at which a file of the log is followed by a new one. Default: 8 MiB. */
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 8 * 2 ** 20;

/**
 * A storage on disk.
 *
 * Once a sync has failed every call fails, questions too: memory may hold what the disk does not. Close the storage and open
 * it again; it then is what the disk has.
 *
 * @example A vote survives a crash, if it was synced.
 * ```ts
 * import { FileStorage, MemoryFiles } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const files = new MemoryFiles();
 * const storage = FileStorage.open("node1", { voters: [1, 2, 3] }, { files });
 * storage.setHardState({ term: 1, vote: 2, commit: 0 });
 * storage.sync();
 * storage.setHardState({ term: 2, vote: 3, commit: 0 });
 * files.crash("none");
 *
 * const { hardState } = FileStorage.open("node1", { voters: [1, 2, 3] }, { files }).initialState();
 * deepStrictEqual(hardState, { term: 1, vote: 2, commit: 0 });
 * ```
 */
export class FileStorage extends CachedStorage implements DurableStorage {
  /** Whether anything was written since the last sync; and of the entries, from which index on; whether a snapshot. */
  #changed = false;
  #changedFrom: Index = Infinity;
  #newSnapshot = false;
  /** The sync under way, and the one that is to follow it. */
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  /** `covered` is the last index that the snapshot stands for. */
  private constructor(private readonly wal: Wal, private readonly cache: MemStorage, private covered: Index) {
    super();
  }

  /**
   * Open the log in `directory`, or begin one there.
   *
   * @param directory A directory that has nothing else in it. It is made if it is not there, in one that is.
   * @param confState The cluster that a new log begins with; all nodes begin with the same. A log that is there has its own.
   * @throws {RangeError} if `segmentBytes` is no whole number from 1, or if there can be no such owner.
   * @throws {WalError} if what is there is damaged, of another version, another's, no log, or unreadable: nothing was changed then. Or
   * `Poisoned`, if a new log cannot be written.
   * @throws {LockedError} if another process has it open.
   */
  static open(directory: string, confState: ConfStateOptions, options: FileStorageOptions): FileStorage {
    const { files, segmentBytes = SEGMENT_BYTES, owner = null } = options;
    if (!Number.isSafeInteger(segmentBytes) || segmentBytes < 1) {
      const why = "segmentBytes must be a whole number from 1";
      throw new RangeError(`Cannot begin files after ${segmentBytes} bytes: ${why}`);
    }
    if (owner !== null) requireOwner(owner);
    const empty = MemStorage.newWithConfState(confState);
    const path = directory.replace(/(?<=[^/])\/+$/, "");
    const { wal, found } = Wal.open(path, empty.initialState().confState, { files, segmentBytes, owner });
    return new FileStorage(wal, found?.memory ?? empty, found?.checkpoint.snapshot?.index ?? 0);
  }

  /** See {@link WritableStorage.append}. */
  override append(entries: readonly Entry[]): void {
    if (entries.length === 0) return this.wal.requireUsable();
    assert(entries[0].index > this.covered, "no entry that a snapshot stands for is ever overwritten");
    super.append(entries);
    this.#changedFrom = Math.min(this.#changedFrom, entries[0].index);
  }

  /** See {@link WritableStorage.applySnapshot}. */
  override applySnapshot(snapshot: Snapshot): void {
    super.applySnapshot(snapshot);
    this.#newSnapshot = true;
    this.covered = snapshot.metadata.index;
    this.#changedFrom = this.covered + 1;
  }

  /** See {@link WritableStorage.createSnapshot}. */
  override createSnapshot(index: Index, data: Uint8Array): SnapshotMetadata {
    const metadata = super.createSnapshot(index, data);
    this.#newSnapshot = true;
    this.covered = index;
    return metadata;
  }

  /** See {@link WritableStorage.sync}. */
  sync(): void {
    this.wal.requireUsable();
    this.#requireIdle();
    if (this.#changed) this.wal.write(this.#takeUpdate());
  }

  /** See {@link DurableStorage.syncAsync}. Only making, renaming and removing a file, now and then, blocks. */
  syncAsync(): Promise<void> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#begin();
    this.#next = this.#running.then(() => {
      this.#next = null;
      return this.#begin();
    });
    return this.#next;
  }

  /** See {@link DurableStorage.close}. */
  close(): void {
    this.#requireIdle();
    this.wal.close();
  }

  #requireIdle(): void {
    if (this.#running === null) return;
    throw new WalError("Busy", `Cannot use ${this.wal.directory} now: await the syncAsync that is under way`);
  }

  async #begin(): Promise<void> {
    this.wal.requireUsable();
    if (!this.#changed) return;
    this.#running = this.wal.writeAsync(this.#takeUpdate()).finally(() => this.#running = null);
    await this.#running;
  }

  /** @internal */
  protected get memory(): MemStorage {
    this.wal.requireUsable();
    return this.cache;
  }

  /** @internal */
  protected write<T>(write: (storage: WritableStorage) => T): T {
    const result = write(this.memory);
    this.#changed = true;
    return result;
  }

  /** What the next frame is to say. From now on nothing counts as changed. */
  #takeUpdate(): Update {
    const memory = this.cache;
    const first = memory.firstIndex();
    const behind = memory.lastIndex() + 1;
    const from = Math.max(first, Math.min(this.#changedFrom, behind));
    const before = { index: first - 1, term: memory.term(first - 1) };
    const newSnapshot = this.#newSnapshot ? memory.snapshot() : null;
    this.#changed = this.#newSnapshot = false;
    this.#changedFrom = Infinity;
    return { ...memory.initialState(), from, entries: memory.entries(from, behind, Infinity), before, newSnapshot };
  }
}
