/**
 * A storage that answers as the crate's own `MemStorage` does, quirks included: recorded runs were made on it.
 *
 * It gives out snapshots at the stored commit index, without data; and after a compaction it has forgotten the
 * term just before the first entry, so that a follower exactly one entry behind gets a snapshot. A real storage should do
 * neither: `lib/raft/mem_storage.ts` does not.
 *
 * @module
 */
import { type Index, MemStorage, newConfState, type NodeId, type Snapshot, StorageError } from "../raft/mod.ts";

const NO_DATA = new Uint8Array();

/** The crate's `MemStorage`. */
export class CrateStorage extends MemStorage {
  /** The last snapshot that came from a leader. */
  #received = { index: 0, term: 0 };

  /** An empty log of a node in a cluster of `voters`. */
  constructor(voters: readonly NodeId[]) {
    super(newConfState({ voters }), { index: 0, term: 0 }, []);
  }

  /** See `Storage`; but before the first entry only the term of the last received snapshot is known. */
  override term(index: Index) {
    if (index === this.#received.index) return this.#received.term;
    if (index < this.firstIndex()) throw new StorageError("Compacted", `Cannot read index ${index}: compacted`);
    return super.term(index);
  }

  /** A snapshot at the stored commit index, without data. */
  override snapshot() {
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
