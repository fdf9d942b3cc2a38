/**
 * A storage that answers as the crate's own `MemStorage` does, quirks included: recorded runs were made on it.
 *
 * It gives out snapshots at the stored commit index, without data; and after a compaction it has forgotten the
 * term just before the first entry, so that a follower exactly one entry behind gets a snapshot. A real storage should do
 * neither: `lib/raft/mem_storage.ts` does not.
 *
 * @module
 */
import {
  type ConfState,
  type Entry,
  type HardState,
  type Index,
  limitSize,
  type LogPosition,
  type RaftState,
  type Snapshot,
  type Storage,
  StorageError,
  type Term,
} from "../raft/mod.ts";

/** The crate's `MemStorage`. */
export class CrateStorage implements Storage {
  #hardState: HardState = { term: 0, vote: null, commit: 0 };
  #confState: ConfState;
  #snapshot: LogPosition = { index: 0, term: 0 };
  #entries: Entry[] = [];

  /** An empty log. */
  constructor(confState: ConfState) {
    this.#confState = confState;
  }

  /** See `Storage`. */
  initialState(): RaftState {
    return { hardState: this.#hardState, confState: this.#confState };
  }

  /** See `Storage`. */
  firstIndex(): Index {
    return this.#entries.length > 0 ? this.#entries[0].index : this.#snapshot.index + 1;
  }

  /** See `Storage`. */
  lastIndex(): Index {
    return this.#entries.at(-1)?.index ?? this.#snapshot.index;
  }

  /** See `Storage`; but before the first entry only the term of the last received snapshot is known. */
  term(index: Index): Term {
    if (index === this.#snapshot.index) return this.#snapshot.term;
    if (index < this.firstIndex()) throw new StorageError("Compacted", `Cannot read index ${index}: compacted`);
    if (index > this.lastIndex()) throw new StorageError("Unavailable", `Cannot read index ${index}: past the end`);
    return this.#entries[index - this.firstIndex()].term;
  }

  /** See `Storage`. */
  entries(low: Index, high: Index, maxSize: number): Entry[] {
    const first = this.firstIndex();
    if (low < first) throw new StorageError("Compacted", `Cannot read index ${low}: compacted`);
    return limitSize(this.#entries.slice(low - first, high - first), maxSize);
  }

  /** A snapshot at the stored commit index, without data. */
  snapshot(): Snapshot {
    const index = this.#hardState.commit;
    return { metadata: { index, term: this.term(index), confState: this.#confState }, data: new Uint8Array() };
  }

  /** Store `hardState`. */
  setHardState(hardState: HardState): void {
    this.#hardState = hardState;
  }

  /** Store the commit index alone. */
  setCommit(commit: Index): void {
    this.#hardState = { ...this.#hardState, commit };
  }

  /** Store `entries`, and drop whatever stands at their first index and behind it. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#entries.length = entries[0].index - this.firstIndex();
    this.#entries.push(...entries);
  }

  /** Store `snapshot` in place of the log. */
  applySnapshot({ metadata: { index, term, confState } }: Snapshot): void {
    this.#snapshot = { index, term };
    this.#confState = confState;
    this.#hardState = { ...this.#hardState, term: Math.max(this.#hardState.term, term), commit: index };
    this.#entries = [];
  }

  /** Discard the entries before `index`. */
  compact(index: Index): void {
    if (index > this.firstIndex()) this.#entries.splice(0, index - this.firstIndex());
  }
}
