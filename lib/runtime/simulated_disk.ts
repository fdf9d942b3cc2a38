/**
 * A disk in memory that takes its time, fails, and forgets what it has not written yet, as it is told.
 *
 * @module
 */
import {
  type ConfState,
  type DurableStorage,
  type Entry,
  type HardState,
  type Index,
  MemStorage,
  type RaftState,
  type Snapshot,
  type SnapshotMetadata,
  type Storage,
  type Term,
  type WritableStorage,
} from "../raft/mod.ts";
import type { Clock } from "./clock.ts";
import type { Disk } from "../storage/disk.ts";

/** How a disk behaves; asked anew at each write. */
export interface DiskHabits {
  /** Milliseconds that a write takes. Default 0. */
  readonly delay?: () => number;
  /** Whether the write fails. Default: never. */
  readonly fails?: () => boolean;
  /** Whether a write that is under way in a crash is there afterwards. Default: it is not. */
  readonly keeps?: () => boolean;
}

/** A disk in memory. */
export class SimulatedDisk implements Disk {
  readonly #durable: MemStorage;
  #opened: DurableStorage | null = null;

  /** A disk that holds what `initial` does. */
  constructor(initial: Storage, readonly clock: Clock, readonly habits: DiskHabits = {}) {
    this.#durable = copyOf(initial);
  }

  /** What a crash leaves, if no write is under way. */
  get durable(): Storage {
    return this.#durable;
  }

  /** See {@link Disk.open}. */
  open(): DurableStorage {
    this.#opened = new CachedStorage(this.#durable, this.clock, this.habits);
    return this.#opened;
  }

  /** See {@link Disk.crash}. */
  crash(): void {
    this.#opened?.close();
  }
}

type Write = (storage: WritableStorage) => void;

/** Answers from a cache; what is written goes there, and on to the disk when it is synced. */
class CachedStorage implements DurableStorage {
  readonly #cache: MemStorage;
  readonly #closing = new AbortController();
  /** What is in the cache and not on the disk, in order. */
  #writes: Write[] = [];
  /** How many of these belong to the write that is under way. */
  #underWay = 0;
  #last: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(readonly durable: MemStorage, readonly clock: Clock, readonly habits: DiskHabits) {
    this.#cache = copyOf(durable);
  }

  initialState(): RaftState {
    return this.#cache.initialState();
  }

  firstIndex(): Index {
    return this.#cache.firstIndex();
  }

  lastIndex(): Index {
    return this.#cache.lastIndex();
  }

  term(index: Index): Term {
    return this.#cache.term(index);
  }

  entries(low: Index, high: Index, maxSize: number): Entry[] {
    return this.#cache.entries(low, high, maxSize);
  }

  snapshot(): Snapshot {
    return this.#cache.snapshot();
  }

  setHardState(hardState: HardState): void {
    this.#write((storage) => storage.setHardState(hardState));
  }

  setCommit(commit: Index): void {
    this.#write((storage) => storage.setCommit(commit));
  }

  setConfState(confState: ConfState): void {
    this.#write((storage) => storage.setConfState(confState));
  }

  append(entries: readonly Entry[]): void {
    if (entries.length > 0) this.#write((storage) => storage.append(entries));
  }

  applySnapshot(snapshot: Snapshot): void {
    this.#write((storage) => storage.applySnapshot(snapshot));
  }

  createSnapshot(index: Index, data: Uint8Array): SnapshotMetadata {
    const metadata = this.#cache.createSnapshot(index, data);
    this.#writes.push((storage) => storage.createSnapshot(index, data));
    return metadata;
  }

  compact(index: Index): void {
    this.#write((storage) => storage.compact(index));
  }

  sync(): void {
    this.#mustWork();
    this.#commit(this.#writes.length);
  }

  /** One after the other: a write that is under way is finished first. */
  syncAsync(): Promise<void> {
    const covered = this.#writes.at(-1);
    this.#last = this.#last.then(() => this.#sync(covered));
    return this.#last;
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    if (this.#underWay > 0 && !this.#failed && this.habits.keeps?.()) this.#commit(this.#underWay);
  }

  async #sync(covered: Write | undefined): Promise<void> {
    const { delay = () => 0, fails = () => false } = this.habits;
    const { signal } = this.#closing;
    this.#mustWork();
    // Nothing is left of it if an earlier sync has covered it.
    this.#underWay = this.#writes.findIndex((write) => write === covered) + 1;
    const ms = delay();
    if (ms > 0) await this.clock.sleep(ms, signal);
    this.#failed ||= !signal.aborted && fails();
    this.#mustWork();
    this.#commit(this.#underWay);
    this.#underWay = 0;
  }

  #write(write: Write): void {
    this.#mustWork();
    write(this.#cache);
    this.#writes.push(write);
  }

  #commit(count: number): void {
    for (const write of this.#writes.splice(0, count)) write(this.durable);
  }

  #mustWork(): void {
    if (this.#failed) throw new Error("Cannot write: the disk has failed; nothing more can be said of what it holds");
    if (this.#closing.signal.aborted) throw new Error("Cannot write: the disk was closed; open it again");
  }
}

/** A storage that holds what `storage` does. */
function copyOf(storage: Storage): MemStorage {
  const { hardState, confState } = storage.initialState();
  const copy = MemStorage.newWithConfState(confState);
  const [first, end] = [storage.firstIndex(), storage.lastIndex() + 1];
  if (first > 1) {
    const before = { index: first - 1, term: storage.term(first - 1), confState };
    copy.applySnapshot({ metadata: before, data: new Uint8Array() });
  }
  copy.append(storage.entries(first, end, Infinity));
  if (first > 1) {
    const { metadata, data } = storage.snapshot();
    copy.createSnapshot(metadata.index, data);
  }
  copy.setHardState(hardState);
  return copy;
}
