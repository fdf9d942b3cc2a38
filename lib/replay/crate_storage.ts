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
  type ConfStateOptions,
  type Index,
  type LogPosition,
  MemStorage,
  newConfState,
  type Snapshot,
  StorageError,
  type Term,
} from "../raft/mod.ts";

const NO_DATA = new Uint8Array();

/** The crate's `MemStorage`. */
export class CrateStorage extends MemStorage {
  /** The last snapshot that came from a leader. */
  #received: LogPosition = { index: 0, term: 0 };

  /** An empty log. */
  constructor(confState: ConfStateOptions) {
    super(newConfState(confState), { index: 0, term: 0 }, []);
  }

  /** See `Storage`; but before the first entry only the term of the last received snapshot is known. */
  override term(index: Index): Term {
    if (index === this.#received.index) return this.#received.term;
    if (index < this.firstIndex()) throw new StorageError("Compacted", `Cannot read index ${index}: compacted`);
    return super.term(index);
  }

  /** A snapshot at the stored commit index, without data. */
  override snapshot(): Snapshot {
    const { hardState: { commit: index }, confState } = this.initialState();
    return { metadata: { index, term: this.term(index), confState }, data: NO_DATA };
  }

  /** Store `snapshot` in place of the log. */
  override applySnapshot(snapshot: Snapshot): void {
    super.applySnapshot(snapshot);
    this.#received = snapshot.metadata;
  }

  /** Discard the entries before `index`, whether or not a snapshot stands for them. */
  override compact(index: Index): void {
    if (index <= this.firstIndex()) return;
    this.createSnapshot(index - 1, NO_DATA);
    super.compact(index);
  }
}
