/**
 * The replicated log as one node sees it (paper §5.3); crate item `raft::RaftLog`.
 *
 * It joins the stored entries and the unstable ones after them, and keeps three marks:
 * applied ≤ min(committed, persisted), and both of these ≤ the last index.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { CommitInfo } from "./message.ts";
import { limitSize, type Storage, StorageError } from "./storage.ts";
import type { Entry, Index, LogPosition, Snapshot, Term } from "./types.ts";
import { Unstable } from "./unstable.ts";

/** The log of one node. */
export class RaftLog {
  /** What is not yet known to be stored. */
  readonly unstable: Unstable;
  /** The highest index known to be committed. */
  committed: Index;
  /** The highest index known to be durable here, and equal to what this log holds. */
  persisted: Index;
  /** The highest index the application has applied. */
  applied: Index;

  /** A log that goes on where `storage` ends. */
  constructor(readonly storage: Storage) {
    this.committed = storage.firstIndex() - 1;
    this.applied = this.committed;
    this.persisted = storage.lastIndex();
    this.unstable = new Unstable(this.persisted + 1);
  }

  /** A copy that changes on its own; `storage` is a copy of this log's. */
  clone(storage: Storage): RaftLog {
    const { committed, persisted, applied, unstable } = this;
    return Object.assign(new RaftLog(storage), { committed, persisted, applied, unstable: unstable.clone() });
  }

  /** The index of the first entry that is not compacted. */
  firstIndex(): Index {
    return this.unstable.firstIndex() ?? this.storage.firstIndex();
  }

  /** The index of the last entry. */
  lastIndex(): Index {
    return this.unstable.lastIndex();
  }

  /** The term of the last entry. */
  lastTerm(): Term {
    const term = this.term(this.lastIndex());
    assert(term !== undefined, "the term of the last entry is known");
    return term;
  }

  /** The term at `index`; `undefined` if it is compacted or not there yet. */
  term(index: Index): Term | undefined {
    const unstable = this.unstable.term(index);
    if (unstable !== undefined) return unstable;
    if (index >= this.unstable.offset || index < this.firstIndex() - 1) return undefined;
    return this.#storedTerm(index);
  }

  #storedTerm(index: Index): Term | undefined {
    try {
      return this.storage.term(index);
    } catch (error) {
      if (error instanceof StorageError) return undefined;
      throw error;
    }
  }

  /** Whether the entry at `index` is of `term`; then all before it are equal too (Log Matching, §5.3). */
  matchTerm(index: Index, term: Term): boolean {
    return this.term(index) === term;
  }

  /** How far the log is committed. */
  commitInfo(): CommitInfo {
    const commitTerm = this.term(this.committed);
    assert(commitTerm !== undefined, "the term of the last committed entry is known");
    return { commit: this.committed, commitTerm };
  }

  /** The entries from `low` to the end, `maxSize` bytes at most; `undefined` if `low` is compacted. */
  entries(low: Index, maxSize: number): Entry[] | undefined {
    const last = this.lastIndex();
    if (low > last) return [];
    return low < this.firstIndex() ? undefined : this.slice(low, last + 1, maxSize);
  }

  /** The entries from `low` up to but not including `high`, `maxSize` bytes at most, but at least one. */
  slice(low: Index, high: Index, maxSize: number): Entry[] {
    const offset = this.unstable.offset;
    if (low >= offset) return limitSize(this.unstable.slice(low, high), maxSize);
    const storedHigh = Math.min(high, offset);
    const stored = this.#storedEntries(low, storedHigh, maxSize);
    if (high === storedHigh || stored.length < storedHigh - low) return stored;
    return limitSize(stored.concat(this.unstable.slice(offset, high)), maxSize);
  }

  /** What the storage answers: what was asked for, or the log and what the leader sends would not be the same. */
  #storedEntries(low: Index, high: Index, maxSize: number): Entry[] {
    const stored = this.storage.entries(low, high, maxSize);
    const asked = "a storage answers with the entries it was asked for";
    assert(stored.length > 0 && stored.length <= high - low, asked, high - low, stored.length);
    const [first, last] = [stored[0], stored[stored.length - 1]];
    const areInOrder = first.index === low && last.index === low + stored.length - 1 && first.term <= last.term;
    assert(areInOrder, asked, low, first.index);
    return stored;
  }

  /** The first of the entries from `low` to `high` that changes the configuration; compacted ones do not count. */
  firstConfChange(low: Index, high: Index): Entry | undefined {
    const from = Math.max(low, this.firstIndex());
    if (from > high) return undefined;
    return this.slice(from, high + 1, Infinity).find(({ type }) => type === "configuration");
  }

  /** Append `entries` at the end. */
  append(entries: readonly Entry[]): void {
    if (entries.length > 0) this.unstable.append(entries);
  }

  /** Delete the entry at `index` and all that follow it. No committed entry is ever deleted. */
  truncate(index: Index): void {
    assert(index > this.committed, "no committed entry is ever truncated", this.committed + 1, index);
    this.unstable.truncate(index);
    this.persisted = Math.min(this.persisted, index - 1);
  }

  /** The position in `entries` of the first one that the log does not hold; at its index the log may hold another. */
  firstMissing(entries: readonly Entry[]): number {
    let position = 0;
    while (position < entries.length && this.matchTerm(entries[position].index, entries[position].term)) position++;
    return position;
  }

  /** The highest index up to `index` at which the term is not greater than `term`; and the term there, if known. */
  findConflictByTerm(index: Index, term: Term): { readonly index: Index; readonly term: Term | undefined } {
    let at = index;
    let found = this.term(at);
    while (found !== undefined && found > term) found = this.term(--at);
    return { index: at, term: found };
  }

  /** Commit up to `index`. The commit index never decreases. */
  commitTo(index: Index): void {
    if (index <= this.committed) return;
    const invariant = "a node is never asked to commit entries it has lost or never had";
    assert(index <= this.lastIndex(), invariant, this.lastIndex(), index);
    this.committed = index;
  }

  /** The application has applied up to `index`; 0, the default of `Config.applied`, changes nothing. */
  appliedTo(index: Index): void {
    if (index === 0) return;
    assert(index >= this.applied, "the applied index never decreases", this.applied, index);
    const most = Math.min(this.committed, this.persisted);
    assert(index <= most, "only committed and stored entries are applied", most, index);
    this.applied = index;
  }

  /** Whether entries after `since` may be applied. */
  hasNextEntriesSince(since: Index): boolean {
    return Math.min(this.committed, this.persisted) > Math.max(since, this.firstIndex() - 1);
  }

  /**
   * All servers: "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine" (Figure
   * 2). Beyond the paper, as in the crate, what is applied must also be durable here.
   */
  nextEntriesSince(since: Index, maxSize: number): readonly Entry[] {
    if (!this.hasNextEntriesSince(since)) return [];
    const low = Math.max(since + 1, this.firstIndex());
    return this.slice(low, Math.min(this.committed, this.persisted) + 1, maxSize);
  }

  /**
   * The entries up to `last` are durable; whether that is news. It is not if the log has changed there since they were
   * handed over: what is unstable again is not durable, even where index and term are the same.
   */
  maybePersist(last: LogPosition): boolean {
    const firstUnstable = this.unstable.snapshot?.metadata.index ?? this.unstable.offset;
    if (last.index <= this.persisted || last.index >= firstUnstable) return false;
    if (this.#storedTerm(last.index) !== last.term) return false;
    this.persisted = last.index;
    return true;
  }

  /** The snapshot at `index` is durable. */
  maybePersistSnapshot(index: Index): void {
    if (index <= this.persisted) return;
    assert(index <= this.committed, "a snapshot holds committed entries only", this.committed, index);
    assert(index < this.unstable.offset, "entries follow the snapshot before them", index + 1, this.unstable.offset);
    this.persisted = index;
  }

  /** Replace the whole log with `snapshot`. */
  restore(snapshot: Snapshot): void {
    const { index } = snapshot.metadata;
    assert(index > this.committed, "no committed entry is ever replaced", this.committed + 1, index);
    // Of the old log only the committed entries are sure to be in the snapshot.
    this.persisted = Math.min(this.persisted, this.committed);
    this.committed = index;
    this.unstable.restore(snapshot);
  }
}
