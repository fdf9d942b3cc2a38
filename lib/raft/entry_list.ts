/**
 * A log's entries, as a storage keeps them.
 *
 * @module
 */
import { limitSize } from "./storage.ts";
import type { Entry, Index, Term } from "./types.ts";

/**
 * Entries by their indices, which follow on each other. Who asks has made sure that they are there.
 *
 * It is an array, unless a log was read from a disk: then it need not make an object of every entry there is.
 */
export interface EntryList {
  /** How many there are. */
  readonly length: number;
  /** The term of an entry. */
  term(index: Index): Term;
  /** The entries from `low` up to but not including `high`, and of these at most `maxSize` bytes, but at least one. */
  read(low: Index, high: Index, maxSize: number): Entry[];
  /** Put `entries` in place of whatever stands at `from` and behind it. */
  replace(from: Index, entries: readonly Entry[]): void;
  /** Forget the entries before `first`. */
  discard(first: Index): void;
}

/** Entries in an array. */
export class EntryArray implements EntryList {
  /** The index of the first. */
  #first: Index;
  #entries: Entry[] = [];

  /** None yet; the first will have the index `first`. */
  constructor(first: Index) {
    this.#first = first;
  }

  /** See {@link EntryList.length}. */
  get length(): number {
    return this.#entries.length;
  }

  /** See {@link EntryList.term}. */
  term(index: Index): Term {
    return this.#entries[index - this.#first].term;
  }

  /** See {@link EntryList.read}. */
  read(low: Index, high: Index, maxSize: number): Entry[] {
    return limitSize(this.#entries.slice(low - this.#first, high - this.#first), maxSize);
  }

  /** See {@link EntryList.replace}. */
  replace(from: Index, entries: readonly Entry[]): void {
    const keep = from - this.#first;
    if (keep < this.#entries.length) this.#entries.length = keep;
    // A whole log at once is taken in one piece.
    if (keep === 0) this.#entries = entries.slice();
    else for (const entry of entries) this.#entries.push(entry);
  }

  /** See {@link EntryList.discard}. */
  discard(first: Index): void {
    this.#entries.splice(0, first - this.#first);
    this.#first = first;
  }
}
