/**
 * What a node's log has led to: its store, and its configuration.
 *
 * Both follow from a snapshot and the entries behind it, so neither is written to the disk at each entry: a restart begins with the
 * snapshot, and applies those entries again.
 *
 * @module
 */
import type { AppliedEntry } from "./node_turn.ts";
import type {
  ConfState,
  Entry,
  Index,
  NodeId,
  RawNode,
  Snapshot,
  SnapshotMetadata,
  WritableStorage,
} from "./raft/mod.ts";
import { decodeConfChange, isMember, latestSnapshot, membersOf, RaftError } from "./raft/mod.ts";
import { type EntryOutcome, KvStore } from "./state_machine.ts";
import { summariseEntry } from "./trace/rows.ts";

/** What was applied. */
export class Applied {
  /** The store. */
  store: KvStore;
  /** The configuration. */
  configuration: ConfState;
  /** Up to which index the last snapshot stands for the log; 0 if there is none. */
  snapshotIndex: Index;

  /**
   * What the snapshot in `storage` stands for; without one, what the cluster began with.
   *
   * @param snapshotEvery After so many entries comes the next snapshot; `null`: none comes by itself.
   */
  constructor(readonly storage: WritableStorage, readonly snapshotEvery: number | null = null) {
    const snapshot = latestSnapshot(storage);
    this.snapshotIndex = snapshot?.metadata.index ?? 0;
    this.store = snapshot === null ? new KvStore() : KvStore.restore(snapshot.data);
    this.configuration = snapshot?.metadata.confState ?? storage.initialState().confState;
  }

  /** A leader's snapshot takes the place of everything. */
  restore({ metadata: { index, confState }, data }: Snapshot): void {
    this.snapshotIndex = index;
    this.store = KvStore.restore(data);
    this.configuration = confState;
  }

  /** The number of the last request of `client` that the store or the log has; 0 if they have none. */
  lastRequestOf(client: number): number {
    const { storage } = this;
    const entries = storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity);
    const requests = [...this.store.sessions(), ...entries.map((entry) => summariseEntry(entry).command?.by)];
    return requests.reduce((last, by) => by?.client === client ? Math.max(last, by.request) : last, 0);
  }

  /** Carry out what `entries` ask for. From now on a changed configuration is in force on `node`. */
  apply(entries: readonly Entry[], node: RawNode): AppliedEntry[] {
    return entries.map(({ type, index, term, data }) => {
      const outcome = type === "configuration" ? this.#change(index, data, node) : this.store.applyEntry(data);
      return { index, term, outcome };
    });
  }

  /** A change that cannot be made changes nothing, on every node alike. */
  #change(index: Index, data: Uint8Array, node: RawNode): EntryOutcome {
    try {
      const change = decodeConfChange(data);
      node.applyConfChange(change);
      this.configuration = node.raft.confState;
      this.#welcome(index);
      return { kind: "Configuration", change, configuration: this.configuration };
    } catch (error) {
      if (error instanceof RaftError) return { kind: "Rejected", reason: error.message };
      throw error;
    }
  }

  /**
   * A node takes no snapshot that does not name it as a member (`raft/snapshot.ts`), and the log may not go back far enough for one that
   * has just been added: so the snapshot is made anew.
   */
  #welcome(index: Index): void {
    const known = latestSnapshot(this.storage)?.metadata.confState;
    const isNew = (id: NodeId) => known !== undefined && !isMember(known, id);
    if (membersOf(this.configuration).some(isNew)) this.#makeSnapshot(index);
  }

  #makeSnapshot(index: Index): SnapshotMetadata {
    this.snapshotIndex = index;
    this.storage.setConfState(this.configuration);
    return this.storage.createSnapshot(index, this.store.snapshot());
  }

  /**
   * Put all of it, which is as of `applied`, into a snapshot, and discard the log before it but for the last `keep` entries. Paper
   * §7: the snapshot includes the latest configuration as of its last index.
   *
   * @returns What the snapshot stands for; `null` if there is nothing to make it of yet.
   */
  compact(applied: Index, keep: number): SnapshotMetadata | null {
    // A snapshot that came from the leader may be on its way to the disk.
    if (applied === 0 || applied < this.storage.firstIndex() - 1) return null;
    const metadata = this.#makeSnapshot(applied);
    this.storage.compact(applied + 1 - keep);
    return metadata;
  }
  /**
   * Compact by itself, if that is due. What was applied last is kept, half as many entries as come between two snapshots: a
   * node that lags a little gets these, and not the snapshot.
   */
  compactIfDue(applied: Index): void {
    if (this.snapshotEvery === null || applied < this.snapshotIndex + this.snapshotEvery) return;
    this.compact(applied, Math.floor(this.snapshotEvery / 2));
  }
}
