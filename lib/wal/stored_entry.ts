/**
 * An entry that stands in the bytes of a segment.
 *
 * Floor 5. After a restart a log may have millions of entries, few of which are ever looked at. To make an array for the data of
 * each takes longer, and more room, than to read and check the bytes that it is in; so it is made when somebody asks.
 *
 * @module
 */
import type { Entry, Index, Term } from "../raft/types.ts";

/** Bytes before the data of an entry: its term and its length. */
export const ENTRY_HEAD_SIZE = 12;

/** An entry, as far as it was read. */
export class StoredEntry implements Entry {
  /** Its term. */
  readonly term: Term;
  /** Its position in the log. */
  readonly index: Index;
  readonly #view: DataView;
  readonly #offset: number;

  /** `view` holds it, from `offset` on. */
  constructor(term: Term, index: Index, view: DataView, offset: number) {
    this.term = term;
    this.index = index;
    this.#view = view;
    this.#offset = offset;
  }

  /** Its data: a view of the segment, new for every question. */
  get data(): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    const length = this.#view.getUint32(this.#offset + 8, true);
    return new Uint8Array(buffer, byteOffset + this.#offset + ENTRY_HEAD_SIZE, length);
  }
}

/** The same entry as plain data of its own: whoever keeps it, or sends it to a worker, does not have the whole segment. */
export function plain(entry: Entry): Entry {
  if (!(entry instanceof StoredEntry)) return entry;
  const { term, index, data } = entry;
  return { term, index, data: data.slice() };
}
