/**
 * The end of the log that is not yet known to be stored; crate item `raft::Unstable`.
 *
 * It may overwrite entries that the storage still holds: from `offset` on, the entries here count.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Entry, Index, LogPosition, Snapshot, Term } from "./types.ts";

/** A snapshot and entries on their way to the storage. */
export class Unstable {
  /** The entries from `offset` on. A `Ready` hands the array over, and `stableEntries` begins a new one. */
  entries: Entry[] = [];
  /** The snapshot that is still to be stored. */
  snapshot: Snapshot | null = null;

  /** Nothing yet; `offset` is the index of the first entry here, or of the next one if there is none. */
  constructor(public offset: Index) {}

  /** A copy that changes on its own. */
  clone(): Unstable {
    return Object.assign(new Unstable(this.offset), { entries: this.entries.slice(), snapshot: this.snapshot });
  }

  /** The first index of the log, if a snapshot decides it. */
  firstIndex(): Index | undefined {
    return this.snapshot === null ? undefined : this.snapshot.metadata.index + 1;
  }

  /** The last index of the log. */
  lastIndex(): Index {
    return this.offset + this.entries.length - 1;
  }

  /** The term at `index`, if it is here. */
  term(index: Index): Term | undefined {
    if (index >= this.offset) return this.entries.at(index - this.offset)?.term;
    return this.snapshot?.metadata.index === index ? this.snapshot.metadata.term : undefined;
  }

  /** The entries from `low` up to but not including `high`. */
  slice(low: Index, high: Index): Entry[] {
    const isWithin = low >= this.offset && high <= this.lastIndex() + 1;
    assert(isWithin, "a slice lies within the unstable log", this.offset, low);
    return this.entries.slice(low - this.offset, high - this.offset);
  }

  /** Drop the entry at `index` and all that follow it. */
  truncate(index: Index): void {
    if (index > this.offset) {
      this.entries.length = index - this.offset;
    } else {
      this.offset = index;
      this.entries = [];
    }
  }

  /** Append `entries`. */
  append(entries: readonly Entry[]): void {
    assert(entries[0].index === this.lastIndex() + 1, "indices are contiguous", this.lastIndex() + 1, entries[0].index);
    for (const entry of entries) this.entries.push(entry);
  }

  /** The entries up to `last`, the newest one here, are stored: forget them. */
  stableEntries(last: LogPosition): void {
    assert(this.snapshot === null, "a snapshot is stored before the entries after it");
    const newest = this.entries.at(-1);
    assert(newest?.index === last.index && newest.term === last.term, "what was stored is what was handed over");
    this.offset = last.index + 1;
    this.entries = [];
  }

  /** The snapshot at `index` is stored: forget it. */
  stableSnapshot(index: Index): void {
    assert(this.snapshot?.metadata.index === index, "what was stored is what was handed over");
    this.snapshot = null;
  }

  /** Replace everything with `snapshot`. */
  restore(snapshot: Snapshot): void {
    this.entries = [];
    this.offset = snapshot.metadata.index + 1;
    this.snapshot = snapshot;
  }
}
