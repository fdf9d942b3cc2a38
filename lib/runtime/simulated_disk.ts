/**
 * A disk in memory that takes its time, fails, and forgets what it has not written yet, as it is told.
 *
 * @module
 */
import type { DurableStorage, MemStorage, Storage, WritableStorage } from "../raft/mod.ts";
import { CachedStorage } from "../storage/cached_storage.ts";
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
  constructor(initial: MemStorage, readonly clock: Clock, readonly habits: DiskHabits = {}) {
    this.#durable = initial.clone();
  }

  /** What a crash leaves, if no write is under way. */
  get durable(): Storage {
    return this.#durable;
  }

  /** See {@link Disk.open}. */
  open(): DurableStorage {
    this.#opened = new DelayedStorage(this.#durable, this.clock, this.habits);
    return this.#opened;
  }

  /** See {@link Disk.crash}. */
  crash(): void {
    this.#opened?.close();
  }
}

type Write = (storage: WritableStorage) => unknown;

/** What was written is in memory at once, and on the disk when it is synced. */
class DelayedStorage extends CachedStorage implements DurableStorage {
  protected readonly memory: MemStorage;
  readonly #closing = new AbortController();
  /** What is in memory and not on the disk, in order. */
  #writes: Write[] = [];
  /** How many of these belong to the write that is under way. */
  #underWay = 0;
  #last: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(readonly durable: MemStorage, readonly clock: Clock, readonly habits: DiskHabits) {
    super();
    this.memory = durable.clone();
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
    if (ms !== 0) await this.clock.sleep(ms, signal);
    this.#failed ||= !signal.aborted && fails();
    this.#mustWork();
    this.#commit(this.#underWay);
    this.#underWay = 0;
  }

  protected write<T>(write: (storage: WritableStorage) => T): T {
    this.#mustWork();
    const result = write(this.memory);
    this.#writes.push(write);
    return result;
  }

  #commit(count: number): void {
    for (const write of this.#writes.splice(0, count)) write(this.durable);
  }

  #mustWork(): void {
    if (this.#failed) throw new Error("Cannot write: the disk has failed; nothing more can be said of what it holds");
    if (this.#closing.signal.aborted) throw new Error("Cannot write: the disk was closed; open it again");
  }
}
