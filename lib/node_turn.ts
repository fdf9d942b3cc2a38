/**
 * What the ready loop of `node.ts` works with: what it hands out, step by step and turn by turn, and what the log has led to so far.
 *
 * @module
 */
import type {
  ConfState,
  Entry,
  Index,
  LightReady,
  Message,
  NodeId,
  RawNode,
  ReadState,
  Ready,
  Snapshot,
  SnapshotMetadata,
  Term,
  WritableStorage,
} from "./raft/mod.ts";
import { decodeConfChange, isMember, latestSnapshot, membersOf, RaftError } from "./raft/mod.ts";
import { type EntryOutcome, KvStore } from "./state_machine.ts";
import { summariseEntry } from "./trace/rows.ts";

/** An entry that was applied, and what it did. */
export interface AppliedEntry {
  /** Its index. */
  readonly index: Index;
  /** Its term. */
  readonly term: Term;
  /** What it did. */
  readonly outcome: EntryOutcome;
}

/** What one or more turns of the ready loop did. */
export interface ReadyOutcome {
  /** What each turn was given: the `Ready`, and the `LightReady` that followed it. */
  readonly turns: readonly { readonly ready: Ready; readonly light: LightReady }[];
  /** What is to be sent, in the order in which it may leave. */
  readonly messages: readonly Message[];
  /** What was applied to the store, in order. */
  readonly applied: readonly AppliedEntry[];
  /** Reads that the store can answer now. */
  readonly reads: readonly ReadState[];
}

/** What one turn did whose write is under way: what may leave now, and what was applied, for it was durable before. */
export interface Turn extends Pick<ReadyOutcome, "messages" | "applied" | "reads"> {
  /** What it was given. Its `persistedMessages` wait until `persisted` is told its number. */
  readonly ready: Ready;
}

/** A step of the ready loop, by its number in the documentation. */
export type ReadyStep = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Told of each step that was taken of which `Ready`, and of what was done so far. */
export type BetweenSteps = (step: ReadyStep, ready: Ready, outcome: ReadyOutcome) => void;

/** What a step gave: what may leave, what was applied, and, in step 7, the `LightReady`. */
export interface Taken {
  readonly step: ReadyStep;
  readonly messages?: readonly Message[];
  readonly applied?: readonly AppliedEntry[];
  readonly light?: LightReady;
}

/** What follows a `Ready` whose write is under way: what becomes valid by the write is in a later `Ready`. */
export const NO_LIGHT: LightReady = { commitIndex: null, messages: [], committedEntries: [] };

/** An outcome, as it comes together. */
export class Outcome {
  readonly turns: { readonly ready: Ready; readonly light: LightReady }[] = [];
  readonly messages: Message[] = [];
  readonly applied: AppliedEntry[] = [];
  readonly reads: ReadState[] = [];

  /** Not by `push(...items)`: a node that is started again may apply its whole log at once. */
  add(
    { messages = [], applied = [], reads = [] }: Partial<Pick<ReadyOutcome, "messages" | "applied" | "reads">>,
  ): void {
    for (const message of messages) this.messages.push(message);
    for (const entry of applied) this.applied.push(entry);
    for (const read of reads) this.reads.push(read);
  }
}

/** Reads that wait for the store to come to their index (thesis §6.4). */
export class WaitingReads {
  #reads: readonly ReadState[] = [];

  /** From now on these wait, too. */
  add(reads: readonly ReadState[]): void {
    this.#reads = [...this.#reads, ...reads];
  }

  /** Those that can be answered now that the store has applied up to `applied`: they wait no longer. */
  take(applied: Index): readonly ReadState[] {
    const answerable = this.#reads.filter(({ index }) => index <= applied);
    if (answerable.length > 0) this.#reads = this.#reads.filter(({ index }) => index > applied);
    return answerable;
  }
}

/**
 * What the log has led to: the store, and the configuration. Both follow from a snapshot and the entries behind it, so neither is
 * written to the disk at each entry: a restart begins with the snapshot, and applies those entries again.
 */
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
