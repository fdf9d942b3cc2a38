/**
 * One node: a `RawNode`, the storage it reads from, and the store it keeps. The ready loop is here.
 *
 * Read `#turn` beside the crate's documentation, "Processing the `Ready` State"
 * (https://docs.rs/raft/0.7.0/raft/#processing-the-ready-state): its seven bullets are the seven numbered comments. There is one
 * such loop, whether the disk is waited for (`drainReady`) or writes while the node goes on (`takeTurn` and `persisted`).
 *
 * @module
 */
import { Codec, type Command } from "./command.ts";
import type { ConfChange, ConfState, Message, NodeId, Raft, Ready, SnapshotMetadata } from "./raft/mod.ts";
import type { ConfigOptions, SnapshotStatus, Status, Term, WritableStorage } from "./raft/mod.ts";
import { RawNode } from "./raft/mod.ts";
import { requireWhole } from "./arguments.ts";
import { Applied, type BetweenSteps, NO_LIGHT, Outcome, type ReadyOutcome } from "./node_turn.ts";
import { type Taken, type Turn, WaitingReads } from "./node_turn.ts";
import type { KvStore } from "./state_machine.ts";

/** What must be said of a node, and what may be. */
export type NodeOptions = ConfigOptions & {
  /** After so many applied entries it makes a snapshot by itself; `null`, the default: only where `compact` is called. */
  readonly snapshotEvery?: number | null;
};

/**
 * One node.
 *
 * @example A cluster of one.
 * ```ts
 * import { DemoNode, MemStorage, seededRandom } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const storage = MemStorage.newWithConfState({ voters: [1] });
 * const node = new DemoNode({ id: 1, random: seededRandom(1) }, storage);
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
  readonly #applied: Applied;
  /** Turns that wait between steps 5 and 6, while their writes are under way. */
  #waiting: { readonly number: number; readonly steps: Generator<Taken, void> }[] = [];
  readonly #reads = new WaitingReads();

  /**
   * A node that goes on where `storage` ends: its store and its configuration are the snapshot's, and the committed
   * entries behind that are applied again.
   *
   * @throws {RaftError} `ConfigInvalid`, naming the field.
   * @throws {RangeError} if `snapshotEvery` is no whole number from 1.
   */
  constructor({ snapshotEvery = null, ...options }: NodeOptions, storage: WritableStorage) {
    if (snapshotEvery !== null) requireWhole(RangeError, "Cannot start a node: snapshotEvery", snapshotEvery, 1);
    this.#storage = storage;
    this.#applied = new Applied(storage, snapshotEvery);
    this.#raw = new RawNode({ ...options, applied: this.#applied.snapshotIndex }, storage);
    this.id = options.id;
  }

  /** The store, as far as this node has applied the log. */
  get store(): KvStore {
    return this.#applied.store;
  }

  /** Who belongs to the cluster, as far as this node has applied the log. */
  get configuration(): ConfState {
    return this.#applied.configuration;
  }

  /** The variables of the Raft peer inside: to look at, not to touch. */
  get raft(): Raft {
    return this.#raw.raft;
  }

  /** What the node knows, at a glance. */
  status(): Status {
    return this.#raw.status();
  }

  /** The term of every stored entry, from the first that is not compacted on. */
  terms(): Term[] {
    const [first, end] = [this.#storage.firstIndex(), this.#storage.lastIndex() + 1];
    return this.#storage.entries(first, end, Infinity).map(({ term }) => term);
  }

  /** The number of the last request of `client` that its store or its log has; 0 if they have none. */
  lastRequestOf(client: number): number {
    return this.#applied.lastRequestOf(client);
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
   * Ask for another configuration (paper §6). A return says only that it is on its way: it is in force on a node that has
   * applied it. If another change is on its way, the leader appends an empty entry in its place.
   *
   * @throws {RaftError} `ProposalDropped`, if there is no leader to take it; `ConfChangeInvalid`, if it cannot be made.
   */
  confChange(change: ConfChange): void {
    this.#raw.proposeConfChange(change);
  }

  /** Ask from which index on a read may be answered. It is among the `reads` of an outcome once the store is there. */
  readIndex(context: Uint8Array): void {
    this.#raw.readIndex(context);
  }

  /** Ask for `transferee` to lead (thesis §3.10). Whether it does is seen later. */
  transferLeader(transferee: NodeId): void {
    this.#raw.transferLeader(transferee);
  }

  /**
   * Take in a message from another node.
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
   * Do everything there is to do, turn by turn, until nothing is ready. Each write is waited for.
   *
   * @param between Called after each step, with what was done so far. If it throws, the node crashes there: what is not
   * synced yet is lost.
   */
  drainReady(between: BetweenSteps = () => {}): ReadyOutcome {
    const outcome = new Outcome();
    while (this.#raw.hasReady()) {
      const ready = this.#raw.ready();
      let light = NO_LIGHT;
      for (const taken of this.#turn(ready, "waited for")) {
        outcome.add(taken);
        between(taken.step, ready, outcome);
        light = taken.light ?? light;
      }
      outcome.add({ reads: this.#reads.take(this.raft.log.applied) });
      outcome.turns.push({ ready, light });
    }
    return outcome;
  }

  /**
   * One turn, for a disk that writes while the node goes on: up to step 5, into what the storage answers from. `persisted`
   * takes the rest. Either this or `drainReady`, never both.
   *
   * @returns What was done, and what may leave now; `null` if nothing is ready.
   */
  takeTurn(): Turn | null {
    if (!this.#raw.hasReady()) return null;
    const ready = this.#raw.ready();
    const outcome = new Outcome();
    const steps = this.#turn(ready, "under way");
    // Not `for … of`, which would end the turn at its `break`.
    for (let next = steps.next(); !next.done; next = steps.next()) {
      outcome.add(next.value);
      if (next.value.step === 5) break;
    }
    this.#waiting.push({ number: ready.number, steps });
    return {
      ready,
      messages: outcome.messages,
      applied: outcome.applied,
      reads: this.#reads.take(this.raft.log.applied),
    };
  }

  /**
   * The writes of all turns up to this number are durable: what waited for that may leave.
   *
   * @throws {RangeError} if it is no whole number from 0.
   */
  persisted(number: number): Pick<ReadyOutcome, "messages"> & Partial<Pick<ReadyOutcome, "reads">> {
    requireWhole(RangeError, "Cannot go on with turns: number", number, 0);
    this.#raw.onPersistReady(number);
    const durable = this.#waiting.filter((turn) => turn.number <= number);
    this.#waiting = this.#waiting.slice(durable.length);
    const outcome = new Outcome();
    for (const { steps } of durable) for (const taken of steps) outcome.add(taken);
    this.#applied.compactIfDue(this.raft.log.applied);
    return { messages: outcome.messages, reads: this.#reads.take(this.raft.log.applied) };
  }

  /** One turn, step by step. While its write is under way, it waits between steps 5 and 6. */
  *#turn(ready: Ready, write: "waited for" | "under way"): Generator<Taken, void> {
    this.#reads.add(ready.readStates);

    // 1. Check whether `messages` is empty or not. If not, send them: a leader's need not wait for its disk.
    yield { step: 1, messages: ready.messages };

    // 2. Check whether `snapshot` is empty or not. If not, apply it to the storage and the store.
    const { snapshot } = ready;
    if (snapshot !== null) this.#storage.applySnapshot(snapshot);
    if (snapshot !== null) this.#applied.restore(snapshot);
    yield { step: 2 };

    // 3. Check whether `committedEntries` is empty or not. If not, apply them to the store.
    yield { step: 3, applied: this.#applied.apply(ready.committedEntries, this.#raw) };

    // 4. Check whether `entries` is empty or not. If not, append them to the log.
    this.#storage.append(ready.entries);
    yield { step: 4 };

    // 5. Check whether `hs` is empty or not. If not, persist the changed hard state.
    if (ready.hs !== null) this.#storage.setHardState(ready.hs);
    if (write === "under way") this.#giveBack(ready);
    else if (ready.mustSync) this.#storage.sync();
    yield { step: 5 };

    // 6. Check whether `persistedMessages` is empty or not. If not, send them, now that 2, 4 and 5 are durable.
    yield { step: 6, messages: ready.persistedMessages };

    // 7. Call `advance`: all of the above is done. Do as in 5, 1 and 3 with its LightReady, then `advanceApply`.
    if (write === "under way") {
      // `giveBack` and `onPersistReady` were the two halves of `advance`; its LightReady comes as the next Ready.
      if (snapshot !== null) this.#raw.advanceApplyTo(snapshot.metadata.index);
      return;
    }
    const light = this.#raw.advance(ready);
    if (light.commitIndex !== null) this.#storage.setCommit(light.commitIndex);
    const { messages } = light;
    const applied = this.#applied.apply(light.committedEntries, this.#raw);
    this.#raw.advanceApply();
    this.#applied.compactIfDue(this.raft.log.applied);
    yield { step: 7, messages, applied, light };
  }

  /** The write begins: from here on the node may take in more. Only entries that were durable before are applied so far. */
  #giveBack(ready: Ready): void {
    this.#raw.advanceAppendAsync(ready);
    const last = ready.committedEntries.at(-1);
    if (last !== undefined) this.#raw.advanceApplyTo(last.index);
  }

  /**
   * Make a snapshot of store and configuration, and discard the log before it but for the last `keep` entries (paper §7).
   *
   * @returns What the snapshot stands for; `null` if there is nothing to make it of yet.
   * @throws {RangeError} if `keep` is no whole number from 0.
   */
  compact(keep: number): SnapshotMetadata | null {
    requireWhole(RangeError, "Cannot compact: keep", keep, 0);
    return this.#applied.compact(this.status().applied, keep);
  }
}
