/**
 * One node of a cluster, without a clock, a network or a disk; crate item `raft::RawNode`.
 *
 * Ticks, messages and proposals go in; a `Ready` comes out. What a `Ready` asks for is done by the application,
 * in the order that `lib/node.ts` shows, and acknowledged by `advance`.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { type ConfigOptions, newConfig } from "./config.ts";
import { campaign } from "./election.ts";
import { RaftError } from "./errors.ts";
import { Handover } from "./handover.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import type { Message } from "./message.ts";
import type { LightReady, Ready } from "./ready.ts";
import { ReadyRecords } from "./ready_records.ts";
import { handlePersisted, handleUnreachable } from "./replication.ts";
import { handleSnapshotStatus, type SnapshotStatus } from "./snapshot.ts";
import { newRaft, type Raft } from "./state.ts";
import { type Status, statusOf } from "./status.ts";
import { step } from "./step.ts";
import type { Storage } from "./storage.ts";
import { tick } from "./tick.ts";
import type { Index, NodeId } from "./types.ts";

/**
 * One node.
 *
 * @example A cluster of one elects itself, and commits what it has stored.
 * ```ts
 * import { MemStorage, RawNode, seededRandom } from "hello-raft/raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const storage = MemStorage.newWithConfState({ voters: [1] });
 * const node = new RawNode({ id: 1, random: seededRandom(1) }, storage);
 * node.campaign();
 * const ready = node.ready();
 * storage.append(ready.entries);
 * if (ready.hs !== null) storage.setHardState(ready.hs);
 * const light = node.advance(ready);
 * strictEqual(light.commitIndex, 1);
 * ```
 */
export class RawNode {
  /** The node's variables: to look at, not to touch. */
  readonly raft: Raft;
  readonly #handover: Handover;
  readonly #records = new ReadyRecords();
  #maxNumber = 0;
  #outstanding: Ready | null = null;

  /**
   * A node that goes on where `storage` ends.
   *
   * @throws {RaftError} `ConfigInvalid`, naming the field.
   */
  constructor(options: ConfigOptions, storage: Storage) {
    const config = newConfig(options);
    this.raft = newRaft(config, storage);
    this.#handover = new Handover(this.raft, config.applied);
  }

  /** One tick passes; whether something probably became ready. */
  tick(): boolean {
    this.#requireNothingOutstanding("tick");
    return tick(this.raft);
  }

  /** Start an election now. */
  campaign(): void {
    this.#requireNothingOutstanding("campaign");
    campaign(this.raft);
  }

  /**
   * Ask for `data` to be appended to the log. A return says only that it is on its way.
   *
   * @throws {RaftError} `ProposalDropped`, with what to do.
   */
  propose(data: Uint8Array): void {
    this.step({ type: "Propose", from: this.raft.id, to: this.raft.id, proposals: [data] });
  }

  /**
   * Take in a message from another node.
   *
   * @throws {RaftError} `ProposalDropped`, `StepPeerNotFound` or `StepLocalMsg`; each says what to do.
   */
  step(message: Message): void {
    this.#requireNothingOutstanding("step");
    step(this.raft, message);
  }

  /** Send heartbeats now, if this node leads. */
  ping(): void {
    this.#requireNothingOutstanding("ping");
    if (this.raft.role.kind === "leader") broadcastHeartbeat(this.raft, this.raft.role);
  }

  /** Say that a message to `id` could not be sent. */
  reportUnreachable(id: NodeId): void {
    this.#requireNothingOutstanding("reportUnreachable");
    if (this.raft.role.kind === "leader") handleUnreachable(this.raft.role, id);
  }

  /** Say what became of the snapshot sent to `id`. Until this is said, nothing more is sent there. */
  reportSnapshot(id: NodeId, status: SnapshotStatus): void {
    this.#requireNothingOutstanding("reportSnapshot");
    if (this.raft.role.kind === "leader") handleSnapshotStatus(this.raft.role, id, status);
  }

  /** Whether `ready` would give something to do. */
  hasReady(): boolean {
    return this.#handover.hasNews();
  }

  /** Everything there is to do. It must be done and given back to `advance` before the node takes in anything else. */
  ready(): Ready {
    this.#requireNothingOutstanding("ready");
    const news = this.#handover;
    const { log, role } = this.raft;
    const { entries, snapshot } = log.unstable;
    const last = entries.at(-1);
    const number = ++this.#maxNumber;
    if (news.becameLeader()) this.#records.forgetCandidacy();
    this.#records.push({ number, snapshotIndex: snapshot?.metadata.index ?? null, lastEntry: last ?? null });
    if (snapshot !== null) news.skipTo(snapshot.metadata.index);
    // Thesis §10.2.1: a leader's messages may leave while its disk writes; everyone else's wait.
    const messages = news.takeMessages();
    const mayLeaveAtOnce = role.kind === "leader";
    this.#outstanding = {
      number,
      ss: news.newSoftState(),
      messages: mayLeaveAtOnce ? messages : [],
      snapshot,
      committedEntries: news.takeCommittedEntries(),
      // An empty array is not handed over: the log goes on using it.
      entries: last === undefined ? [] : entries,
      hs: news.newHardState(),
      persistedMessages: mayLeaveAtOnce ? [] : messages,
      mustSync: news.votedOrNewTerm() || snapshot !== null || last !== undefined,
    };
    return this.#outstanding;
  }

  /** `ready` is done: stored, sent and applied. What became valid by that must be done too, then `advanceApply`. */
  advance(ready: Ready): LightReady {
    const applied = this.#handover.appliedUpTo;
    const light = this.advanceAppend(ready);
    this.advanceApplyTo(applied);
    return light;
  }

  /** As `advance`, but the committed entries of `ready` are still to be applied. */
  advanceAppend(ready: Ready): LightReady {
    this.#commitReady(ready);
    this.onPersistReady(this.#maxNumber);
    const committedEntries = this.#handover.takeCommittedEntries();
    const messages = this.#handover.takeMessages();
    assert(messages.length === 0 || this.raft.role.kind === "leader", "only a leader has news once a write is durable");
    return { commitIndex: this.#handover.takeCommitIndex(), messages, committedEntries };
  }

  /**
   * As `advanceAppend`, while the writes are still on their way to the disk: the storage must already answer with them.
   * `onPersistReady` follows when they are durable; the persisted messages wait until then.
   */
  advanceAppendAsync(ready: Ready): void {
    this.#commitReady(ready);
  }

  /** The writes of all `Ready`s up to this number are durable. */
  onPersistReady(number: number): void {
    this.#requireNothingOutstanding("onPersistReady");
    const record = this.#records.takeUpTo(number);
    if (record === null) return;
    if (record.snapshotIndex !== null) this.raft.log.maybePersistSnapshot(record.snapshotIndex);
    if (record.lastEntry !== null) handlePersisted(this.raft, record.lastEntry);
  }

  /** Everything that was handed over to be applied has been applied. */
  advanceApply(): void {
    this.advanceApplyTo(this.#handover.appliedUpTo);
  }

  /** Everything up to `applied` has been applied. */
  advanceApplyTo(applied: Index): void {
    this.#requireNothingOutstanding("advanceApplyTo");
    this.raft.log.appliedTo(applied);
  }

  /** What the node knows, at a glance. */
  status(): Status {
    return statusOf(this.raft);
  }

  #commitReady(ready: Ready): void {
    if (ready !== this.#outstanding) {
      throw new RaftError("NotTheLastReady", `Cannot advance Ready ${ready.number}: give back the last one, once`);
    }
    this.#outstanding = null;
    this.#handover.processed(ready);
    const { snapshotIndex, lastEntry } = this.#records.last();
    if (snapshotIndex !== null) this.raft.log.unstable.stableSnapshot(snapshotIndex);
    if (lastEntry !== null) this.raft.log.unstable.stableEntries(lastEntry);
  }

  #requireNothingOutstanding(call: string): void {
    if (this.#outstanding === null) return;
    const { number } = this.#outstanding;
    const why = `Ready ${number} is outstanding; call advance(ready) first`;
    throw new RaftError("ReadyOutstanding", `Cannot ${call}: ${why}`);
  }
}
