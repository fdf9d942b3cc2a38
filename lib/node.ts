/**
 * One server: a `RawNode`, the storage it reads from, and the store it keeps. The ready loop is here.
 *
 * Read `drainReady` beside the crate's documentation, "Processing the `Ready` State"
 * (https://docs.rs/raft/0.7.0/raft/#processing-the-ready-state): its seven bullets are the seven numbered comments.
 *
 * @module
 */
import { Codec, type Command } from "./command.ts";
import {
  type ConfigOptions,
  type Entry,
  type LightReady,
  type Message,
  type NodeId,
  type Raft,
  RawNode,
  type Ready,
  type Snapshot,
  type SnapshotMetadata,
  type SnapshotStatus,
  type Status,
  type Term,
  type WritableStorage,
} from "./raft/mod.ts";
import { type AppliedEntry, type ReadyOutcome, type Released, type Turn, TurnsToPersist } from "./node_turn.ts";
import { KvStore } from "./state_machine.ts";

export type { AppliedEntry, ReadyOutcome, Released, Turn } from "./node_turn.ts";

/** A step of the ready loop, by its number in the documentation. */
export type ReadyStep = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Told of each step that was taken of which `Ready`, and of what was done so far. */
export type BetweenSteps = (step: ReadyStep, ready: Ready, outcome: ReadyOutcome) => void;

/**
 * One server.
 *
 * @example A cluster of one.
 * ```ts
 * import { DemoNode, MemStorage } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const storage = MemStorage.newWithConfState({ voters: [1] });
 * const node = new DemoNode({ id: 1, seed: 1 }, storage);
 * node.campaign();
 * node.drainReady();
 * node.propose({ kind: "Put", key: "x", value: "1" });
 * node.drainReady();
 * strictEqual(node.store.get("x"), "1");
 * ```
 */
export class DemoNode {
  /** Who it is. */
  readonly id: NodeId;
  readonly #raw: RawNode;
  readonly #storage: WritableStorage;
  readonly #toPersist = new TurnsToPersist();
  #store: KvStore;

  /**
   * A server that goes on where `storage` ends: its store is the snapshot's, and the committed entries behind that are
   * applied again.
   *
   * @throws {RaftError} `ConfigInvalid`, naming the field.
   */
  constructor(options: ConfigOptions, storage: WritableStorage) {
    const applied = storage.firstIndex() > 1 ? storage.snapshot().metadata.index : 0;
    this.#store = applied > 0 ? KvStore.restore(storage.snapshot().data) : new KvStore();
    this.#storage = storage;
    this.#raw = new RawNode({ ...options, applied }, storage);
    this.id = options.id;
  }

  /** The store, as far as this server has applied the log. */
  get store(): KvStore {
    return this.#store;
  }

  /** The variables of the Raft peer inside: to look at, not to touch. */
  get raft(): Raft {
    return this.#raw.raft;
  }

  /** What the server knows, at a glance. */
  status(): Status {
    return this.#raw.status();
  }

  /** The term of every stored entry, from the first that is not compacted on. */
  terms(): Term[] {
    const [first, end] = [this.#storage.firstIndex(), this.#storage.lastIndex() + 1];
    return this.#storage.entries(first, end, Infinity).map(({ term }) => term);
  }

  /** One tick passes. */
  tick(): void {
    this.#raw.tick();
  }

  /** Start an election now. */
  campaign(): void {
    this.#raw.campaign();
  }

  /**
   * Ask for `command` to be carried out by the cluster. A return says only that it is on its way.
   *
   * @throws {RaftError} `ProposalDropped`, if there is no leader to take it.
   * @throws {CommandError} naming the field, if it is no command.
   */
  propose(command: Command): void {
    this.#raw.propose(Codec.encode(command));
  }

  /**
   * Take in a message from another server.
   *
   * @throws {RaftError} if it cannot be taken; nothing has changed then.
   */
  step(message: Message): void {
    this.#raw.step(message);
  }

  /** Say what became of the snapshot sent to `id`. */
  reportSnapshot(id: NodeId, status: SnapshotStatus): void {
    this.#raw.reportSnapshot(id, status);
  }

  /**
   * Do everything there is to do, turn by turn, until nothing is ready.
   *
   * @param between Called after each step, with what was done so far. If it throws, the server crashes there: what is not
   * synced yet is lost.
   */
  drainReady(between: BetweenSteps = () => {}): ReadyOutcome {
    const turns: { ready: Ready; light: LightReady }[] = [];
    const messages: Message[] = [];
    const applied: AppliedEntry[] = [];
    const outcome = { turns, messages, applied };
    while (this.#raw.hasReady()) {
      const ready = this.#raw.ready();

      // 1. Check whether `messages` is empty or not. If not, send them: a leader's need not wait for its disk.
      pushAll(messages, ready.messages);
      between(1, ready, outcome);

      // 2. Check whether `snapshot` is empty or not. If not, apply it to the storage and the store.
      if (ready.snapshot !== null) this.#applySnapshot(ready.snapshot);
      between(2, ready, outcome);

      // 3. Check whether `committedEntries` is empty or not. If not, apply them to the store.
      pushAll(applied, this.#apply(ready.committedEntries));
      between(3, ready, outcome);

      // 4. Check whether `entries` is empty or not. If not, append them to the log.
      this.#storage.append(ready.entries);
      between(4, ready, outcome);

      // 5. Check whether `hs` is empty or not. If not, persist the changed hard state.
      if (ready.hs !== null) this.#storage.setHardState(ready.hs);
      if (ready.mustSync) this.#storage.sync();
      between(5, ready, outcome);

      // 6. Check whether `persistedMessages` is empty or not. If not, send them, now that 2, 4 and 5 are durable.
      pushAll(messages, ready.persistedMessages);
      between(6, ready, outcome);

      // 7. Call `advance`: all of the above is done. Do as in 5, 1 and 3 with its LightReady, then `advanceApply`.
      const light = this.#raw.advance(ready);
      if (light.commitIndex !== null) this.#storage.setCommit(light.commitIndex);
      pushAll(messages, light.messages);
      pushAll(applied, this.#apply(light.committedEntries));
      this.#raw.advanceApply();
      between(7, ready, outcome);

      turns.push({ ready, light });
    }
    return outcome;
  }

  /**
   * One turn for a disk that writes while the server goes on: steps 1 to 5, into what the storage answers from. Steps 6
   * and 7 are `persisted`. Either this or `drainReady`, never both.
   *
   * @returns What was done, and what may leave now; `null` if nothing is ready.
   */
  takeTurn(): Turn | null {
    if (!this.#raw.hasReady()) return null;
    const ready = this.#raw.ready();
    if (ready.snapshot !== null) this.#storage.applySnapshot(ready.snapshot);
    this.#storage.append(ready.entries);
    if (ready.hs !== null) this.#storage.setHardState(ready.hs);
    this.#raw.advanceAppendAsync(ready);
    // These are committed, and an earlier write made them durable.
    const applied = this.#apply(ready.committedEntries);
    const last = applied.at(-1);
    if (last !== undefined) this.#raw.advanceApplyTo(last.index);
    this.#toPersist.push(ready);
    return { ready, messages: ready.messages, applied };
  }

  /** The writes of all turns up to this number are durable: what waited for that may leave, and be applied. */
  persisted(number: number): Released {
    this.#raw.onPersistReady(number);
    const { messages, snapshot } = this.#toPersist.takeUpTo(number);
    if (snapshot !== null) {
      this.#store = KvStore.restore(snapshot.data);
      this.#raw.advanceApplyTo(snapshot.metadata.index);
    }
    return { messages, restored: snapshot?.metadata.index ?? null };
  }

  /**
   * Make a snapshot of the store, and discard the log before it but for the last `keep` entries (paper §7).
   *
   * @returns What the snapshot stands for; `null` if there is nothing to make it of yet.
   * @throws {RangeError} if `keep` is no whole number from 0.
   */
  compact(keep: number): SnapshotMetadata | null {
    if (!Number.isSafeInteger(keep) || keep < 0) {
      throw new RangeError(`Cannot keep ${keep} entries: it must be a whole number from 0`);
    }
    const { applied } = this.status();
    // A snapshot that came from the leader may be on its way to the disk.
    if (applied === 0 || applied < this.#storage.firstIndex() - 1) return null;
    const metadata = this.#storage.createSnapshot(applied, this.#store.snapshot());
    this.#storage.compact(applied + 1 - keep);
    return metadata;
  }

  #applySnapshot(snapshot: Snapshot): void {
    this.#store = KvStore.restore(snapshot.data);
    this.#storage.applySnapshot(snapshot);
  }

  #apply(entries: readonly Entry[]): AppliedEntry[] {
    return entries.map(({ index, term, data }) => ({ index, term, outcome: this.#store.applyEntry(data) }));
  }
}

/** `to.push(...items)` for any number of them: a restarted server may apply its whole log at once. */
function pushAll<T>(to: T[], items: readonly T[]): void {
  for (const item of items) to.push(item);
}
