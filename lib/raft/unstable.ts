/**
 * The end of the log that is not yet known to be stored; crate item `raft::Unstable`.
 *
 * It may overwrite entries that the storage still holds: from `offset` on, what is here counts.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Entry, Index, LogPosition, Snapshot, Term } from "./types.ts";

/** A snapshot and entries on their way to the storage. */
export class Unstable {
  /** The index of the first entry here, or of the next one if there is none. */
  #offset: Index;
  #entries: Entry[] = [];
  #snapshot: Snapshot | null = null;

  /** Nothing yet; `offset` is the index after the last stored entry. */
  constructor(offset: Index) {
    this.#offset = offset;
  }

  /** The index of the first entry here, or of the next one if there is none. */
  get offset(): Index {
    return this.#offset;
  }

  /** The entries from `offset` on. The array is handed over: it is never changed after `stableEntries`. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The snapshot that is still to be stored. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** The first index of the log, if a snapshot decides it. */
  firstIndex(): Index | undefined {
    return this.#snapshot === null ? undefined : this.#snapshot.metadata.index + 1;
  }

  /** The last index of the log, if it is here. */
  lastIndex(): Index | undefined {
    if (this.#entries.length > 0) return this.#offset + this.#entries.length - 1;
    return this.#snapshot?.metadata.index;
  }

  /** The term at `index`, if it is here. */
  term(index: Index): Term | undefined {
    if (index >= this.#offset) {
      const position = index - this.#offset;
      return position < this.#entries.length ? this.#entries[position].term : undefined;
    }
    if (this.#snapshot?.metadata.index === index) return this.#snapshot.metadata.term;
    return undefined;
  }

  /** The entries from `low` up to but not including `high`. */
  slice(low: Index, high: Index): Entry[] {
    assert(low >= this.#offset && high <= this.#offset + this.#entries.length, "a slice lies within the unstable log");
    return this.#entries.slice(low - this.#offset, high - this.#offset);
  }

  /** Append `entries`, after dropping whatever stands at their first index and behind it. */
  truncateAndAppend(entries: readonly Entry[]): void {
    const first = entries[0].index;
    const end = this.#offset + this.#entries.length;
    assert(first <= end, "log indices are contiguous");
    if (first <= this.#offset) {
      this.#offset = first;
      this.#entries = [];
    } else if (first < end) {
      this.#entries.length = first - this.#offset;
    }
    for (const entry of entries) this.#entries.push(entry);
  }

  /** The entries up to `last` are stored: forget them. */
  stableEntries(last: LogPosition): void {
    assert(this.#snapshot === null, "a snapshot is stored before the entries behind it");
    const newest = this.#entries.at(-1);
    assert(newest?.index === last.index && newest.term === last.term, "what was stored is what was handed over");
    this.#offset = last.index + 1;
    this.#entries = [];
  }

  /** The snapshot at `index` is stored: forget it. */
  stableSnapshot(index: Index): void {
    assert(this.#snapshot?.metadata.index === index, "what was stored is what was handed over");
    this.#snapshot = null;
  }

  /** Begin anew from `snapshot`. */
  restore(snapshot: Snapshot): void {
    this.#entries = [];
    this.#offset = snapshot.metadata.index + 1;
    this.#snapshot = snapshot;
  }
}
