/**
 * The entries of a log that was read from disk, and those that were appended to it since.
 *
 * After a restart a log may have millions of entries, few of which are ever looked at. To make an object of each takes
 * longer, and more room, than to read and check the bytes that it is in. So of an entry that was read only its place in
 * these bytes is kept, one number, and the object is made when somebody asks.
 *
 * @module
 */
import { entrySize } from "../raft/storage.ts";
import type { Entry, Index, Term } from "../raft/types.ts";
import { u64At } from "./bytes.ts";
import { ENTRY_HEAD_SIZE, type Places } from "./payload.ts";

/** What is in the bytes of one segment: entries whose indices follow on each other. */
interface Part {
  /** The segment. */
  readonly view: DataView;
  /** The index of the first entry. */
  readonly from: Index;
  /** Where each entry begins; places of entries that were discarded may still be there at the front. */
  readonly offsets: number[];
}

/** Entries, some in the bytes of segments, and behind them others as objects. */
export class StoredEntries {
  /** In the order of the log; none of them is empty, and each goes on where the one before it ends. */
  #parts: Part[] = [];
  #first: Index;
  /** The index behind what is in the parts, and of the first entry that is not. */
  #border: Index;
  /** From there on. */
  readonly #appended: Entry[] = [];

  /** None yet; the first will have the index `first`. */
  constructor(first: Index) {
    this.#first = this.#border = first;
  }

  /** The index of the first entry; if there is none, of the one that is to come. */
  get first(): Index {
    return this.#first;
  }

  /** How many there are. */
  get length(): number {
    return this.#border - this.#first + this.#appended.length;
  }

  /** The term of an entry. */
  term(index: Index): Term {
    if (index >= this.#border) return this.#appended[index - this.#border].term;
    const { view, from, offsets } = this.#partOf(index);
    return u64At(view, offsets[index - from]);
  }

  /** The entries from `low` up to but not including `high`, `maxSize` bytes at most, but at least one. Data is copied: whoever keeps an entry, or sends it to a worker, does not have the segment. */
  read(low: Index, high: Index, maxSize: number): Entry[] {
    const entries: Entry[] = [];
    let size = 0;
    for (let index = low; index < high; index++) {
      const entry = this.#at(index);
      size += entrySize(entry);
      if (size > maxSize && index > low) break;
      entries.push(index < this.#border ? { ...entry, data: entry.data.slice() } : entry);
    }
    return entries;
  }

  /** Put `entries` in place of whatever stands at `from` and behind it. */
  replace(from: Index, entries: readonly Entry[]): void {
    this.#truncate(from);
    for (const entry of entries) this.#appended.push(entry);
  }

  /**
   * As `replace`, with entries that stand in a segment; for a list that has no others. If `from` is before the first of
   * them, none remains.
   */
  replaceByStored(from: Index, { view, offsets }: Places): void {
    this.#truncate(from);
    // No segment is held on to for nothing.
    if (offsets.length === 0) return;
    const last = this.#parts.at(-1);
    if (last?.view !== view) this.#parts.push({ view, from, offsets: offsets.slice() });
    else for (const offset of offsets) last.offsets.push(offset);
    this.#border = from + offsets.length;
  }

  /** Forget the entries before `first`. A segment is let go of with the last entry in it. */
  discard(first: Index): void {
    this.#first = first;
    this.#parts = this.#parts.filter(({ from, offsets }) => from + offsets.length > first);
    if (first <= this.#border) return;
    this.#appended.splice(0, first - this.#border);
    this.#border = first;
  }

  #truncate(end: Index): void {
    this.#appended.length = Math.max(0, end - this.#border);
    if (end >= this.#border) return;
    this.#parts = this.#parts.filter(({ from }) => from < end);
    const last = this.#parts.at(-1);
    if (last !== undefined) last.offsets.length = end - last.from;
    this.#border = end;
    this.#first = Math.min(this.#first, end);
  }

  /** An entry as it stands here: the data of a stored one is a view of its segment. */
  #at(index: Index): Entry {
    if (index >= this.#border) return this.#appended[index - this.#border];
    const { view, from, offsets } = this.#partOf(index);
    const offset = offsets[index - from];
    const { buffer, byteOffset } = view;
    const data = new Uint8Array(buffer, byteOffset + offset + ENTRY_HEAD_SIZE, view.getUint32(offset + 8, true));
    return { type: data.length === 0 ? "empty" : "command", term: u64At(view, offset), index, data };
  }

  /** The last part that does not begin behind `index`, by halving: a long log has many. */
  #partOf(index: Index): Part {
    let [low, high] = [0, this.#parts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#parts[middle].from <= index) low = middle;
      else high = middle;
    }
    return this.#parts[low];
  }
}
