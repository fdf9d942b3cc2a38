/**
 * What `Ready`s have asked to be stored, until it is known to be durable; crate item `raft::ReadyRecord`.
 *
 * With the asynchronous append path several may be on their way to the disk at once.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Index, LogPosition } from "./types.ts";

/** What one or several `Ready`s have asked to be stored. */
export interface ReadyRecord {
  /** The number of the last of them. */
  readonly number: number;
  /** The index of the last snapshot, if any. */
  readonly snapshotIndex: Index | null;
  /** The last entry behind that snapshot, if any. */
  readonly lastEntry: LogPosition | null;
}

/** Records in the order of their numbers. */
export class ReadyRecords {
  #records: ReadyRecord[] = [];

  /** One more is on its way. */
  push(record: ReadyRecord): void {
    this.#records.push(record);
  }

  /** The newest. */
  last(): ReadyRecord {
    return this.#records[this.#records.length - 1];
  }

  /** Those up to `number` are durable: forget them. What they were together; `null` if there were none. */
  takeUpTo(number: number): ReadyRecord | null {
    let taken: ReadyRecord | null = null;
    while (this.#records.length > 0 && this.#records[0].number <= number) {
      const next = this.#records[0];
      taken = taken === null ? next : join(taken, next);
      this.#records.shift();
    }
    return taken;
  }

  /** What is left when a node becomes leader holds no entries: its log was durable before it asked for votes. */
  forgetCandidacy(): void {
    for (const { lastEntry, snapshotIndex } of this.#records) {
      assert(lastEntry === null && snapshotIndex === null, "a log is durable before its node asks for votes");
    }
    this.#records = [];
  }
}

/** A snapshot replaces what was written before it. */
function join(earlier: ReadyRecord, later: ReadyRecord): ReadyRecord {
  if (later.snapshotIndex !== null) return later;
  const { number, lastEntry } = later;
  return { number, snapshotIndex: earlier.snapshotIndex, lastEntry: lastEntry ?? earlier.lastEntry };
}
