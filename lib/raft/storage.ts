/**
 * What a node needs of the place where its log is kept; crate item `raft::Storage`.
 *
 * The node only reads. The application writes, in the ready loop, and so decides when a write is durable.
 *
 * @module
 */
import type { ConfState, Entry, HardState, Index, Snapshot, SnapshotMetadata, Term } from "./types.ts";

/** Why a storage cannot answer; the names are the crate's (`raft::StorageError`). */
export type StorageErrorKind =
  /** The entry has been discarded; a snapshot stands for it. */
  | "Compacted"
  /** There is no such entry yet. */
  | "Unavailable"
  /** The snapshot is older than what is stored. */
  | "SnapshotOutOfDate"
  /** No snapshot can be given now; ask again later. */
  | "SnapshotTemporarilyUnavailable";

/** A question or a write that the storage cannot serve. Nothing has changed. */
export class StorageError extends Error {
  /** Which error it is. */
  override readonly name = "StorageError";
  /** Why. */
  readonly kind: StorageErrorKind;

  /** `message` says what could not be done, and what to do. */
  constructor(kind: StorageErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a node finds when it starts; the crate's name, which has nothing to do with a role. */
export interface RaftState {
  /** Term, vote and commit index; zeros and nobody in a new storage. */
  readonly hardState: HardState;
  /** Who belongs to the cluster. */
  readonly confState: ConfState;
}

/**
 * Where a node reads its stored log from.
 *
 * The log is the entries from `firstIndex` to `lastIndex`; what came before stands in a snapshot. Of the entry just
 * before `firstIndex` the term is still known, because the next `Append` is compared with it.
 */
export interface Storage {
  /** What a node finds when it starts. */
  initialState(): RaftState;
  /** The index of the first entry; `lastIndex() + 1` if there is none. */
  firstIndex(): Index;
  /** The index of the last entry; `firstIndex() - 1` if there is none. */
  lastIndex(): Index;
  /**
   * The term of the entry at `index`, from `firstIndex() - 1` to `lastIndex()`.
   *
   * @throws {StorageError} `Compacted` before that, `Unavailable` after it.
   */
  term(index: Index): Term;
  /**
   * The entries from `low` up to but not including `high`, and of these at most `maxSize` bytes, but at least one.
   *
   * @throws {StorageError} `Compacted` if `low` is before `firstIndex()`, `Unavailable` if `high` is past the end.
   */
  entries(low: Index, high: Index, maxSize: number): Entry[];
  /**
   * The latest snapshot.
   *
   * @throws {StorageError} `SnapshotTemporarilyUnavailable` if there is none yet.
   */
  snapshot(): Snapshot;
}

/** A storage that the application can write to: the ready loop and compaction do. */
export interface WritableStorage extends Storage {
  /** Store term, vote and commit index. */
  setHardState(hardState: HardState): void;
  /** Store the commit index alone. It is safe to lose, so it need not be synced: it rides with what is synced next. */
  setCommit(commit: Index): void;
  /**
   * Store the configuration with which a start begins, and of which the next snapshot speaks: as of the entries that are not
   * applied again after a restart.
   */
  setConfState(confState: ConfState): void;
  /** Store entries, in place of whatever stands at their first index and after it. */
  append(entries: readonly Entry[]): void;
  /**
   * Store a snapshot that came from the leader, in place of the whole log.
   *
   * @throws {StorageError} `SnapshotOutOfDate` if the log begins after it.
   */
  applySnapshot(snapshot: Snapshot): void;
  /**
   * Keep a snapshot of the application's state as of `index`, for followers that need it.
   *
   * @param data The state after applying every entry up to and including `index`.
   * @throws {StorageError} `SnapshotOutOfDate` if a newer one is there, `Unavailable` if `index` is not in the log.
   */
  createSnapshot(index: Index, data: Uint8Array): SnapshotMetadata;
  /**
   * Discard the entries before `index`, which a snapshot must stand for.
   *
   * @throws {StorageError} `Unavailable` if no snapshot reaches to `index - 1`.
   */
  compact(index: Index): void;
  /**
   * Make everything written so far durable, as one: after a crash all that was written since the last sync is there, or
   * none of it.
   *
   * A vote or an acknowledgement may leave the node only after this has returned.
   *
   * @throws {Error} if it failed. What is durable is then unknown, and nothing may be answered any more.
   */
  sync(): void;
}

/** A storage whose writes survive the program. */
export interface DurableStorage extends WritableStorage {
  /**
   * As `sync`, without blocking. It covers what was written before the call; what is written before the promise settles
   * belongs to the next sync. Calls made while one is under way share the next one, and syncs never overtake each
   * other.
   *
   * @throws {Error} if it failed, as `sync`; all later calls then fail too.
   */
  syncAsync(): Promise<void>;
  /** Let go of the files. What was not synced is lost, as in a crash. */
  close(): void;
}

/** The latest snapshot; `null` if none can be given. */
export function latestSnapshot(storage: Storage): Snapshot | null {
  try {
    return storage.snapshot();
  } catch (error) {
    if (error instanceof StorageError && error.kind === "SnapshotTemporarilyUnavailable") return null;
    throw error;
  }
}

/** What an entry counts for against a limit in bytes: its data, and 12 for term, index and framing. */
export function entrySize(entry: Entry): number {
  return entry.data.length + 12;
}

/** The longest beginning of `entries` that has at most `maxSize` bytes, and one entry at least. */
export function limitSize(entries: Entry[], maxSize: number): Entry[] {
  if (entries.length <= 1 || maxSize === Infinity) return entries;
  let size = entrySize(entries[0]);
  let count = 1;
  while (count < entries.length && (size += entrySize(entries[count])) <= maxSize) count++;
  return count === entries.length ? entries : entries.slice(0, count);
}

/**
 * The first of `entries` that does not follow on what is before it, at first on an entry of this index and term:
 * indices have no gaps, and terms never fall (§5.3).
 */
export function firstMisplaced(index: Index, term: Term, entries: readonly Entry[]): Entry | undefined {
  for (const entry of entries) {
    index++;
    const isWhole = Number.isInteger(entry.term) && ArrayBuffer.isView(entry.data);
    if (entry.index !== index || entry.term < term || !isWhole) return entry;
    term = entry.term;
  }
  return undefined;
}
