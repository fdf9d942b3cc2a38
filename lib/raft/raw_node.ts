/**
 * One node of a cluster, without a clock, a network or a disk; crate item `raft::RawNode`.
 *
 * Floor 4. Ticks, messages and proposals go in; a `Ready` comes out. What a `Ready` asks for is done by the application,
 * in the order that `lib/node.ts` shows, and acknowledged by `advance`.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { type ConfigOptions, newConfig } from "./config.ts";
import { campaign } from "./election.ts";
import { RaftError } from "./errors.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import type { Message } from "./message.ts";
import { reduceUncommittedSize } from "./proposal.ts";
import type { LightReady, Ready } from "./ready.ts";
import { handlePersisted, handleUnreachable } from "./replication.ts";
import { handleSnapshotStatus, type SnapshotStatus } from "./snapshot.ts";
import { hardState, leaderId, newRaft, type Raft, softState } from "./state.ts";
import { type Status, statusOf } from "./status.ts";
import { step } from "./step.ts";
import type { Storage } from "./storage.ts";
import { tick } from "./tick.ts";
import type { Entry, HardState, Index, LogPosition, NodeId, SoftState } from "./types.ts";

/** What a `Ready` asked to be stored, until it is known to be durable. */
interface ReadyRecord {
  readonly number: number;
  readonly snapshotIndex: Index | null;
  readonly lastEntry: LogPosition | null;
}

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
  #previousSs: SoftState;
  #previousHs: HardState;
  #outstanding: Ready | null = null;
  #maxNumber = 0;
  #records: ReadyRecord[] = [];
  /** The last index that was handed over to be applied. */
  #commitSinceIndex: Index;

  /**
   * A node that goes on where `storage` ends.
   *
   * @throws {RaftError} `ConfigInvalid`, naming the field.
   */
  constructor(options: ConfigOptions, storage: Storage) {
    const config = newConfig(options);
    this.raft = newRaft(config, storage);
    this.#previousSs = softState(this.raft);
    this.#previousHs = hardState(this.raft);
    this.#commitSinceIndex = config.applied;
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
    const { log, messages } = this.raft;
    return messages.length > 0 || log.unstable.entries.length > 0 || log.unstable.snapshot !== null ||
      this.#softStateChanged() || this.#hardStateChanged() || log.hasNextEntriesSince(this.#commitSinceIndex);
  }

  /** Everything there is to do. It must be done and given back to `advance` before the node takes in anything else. */
  ready(): Ready {
    this.#requireNothingOutstanding("ready");
    const { log, role } = this.raft;
    const { entries, snapshot } = log.unstable;
    if (role.kind === "leader" && this.#previousSs.raftState !== "leader") this.#forgetRecordsOfCandidacy();
    const hs = this.#hardStateChanged() ? hardState(this.raft) : null;
    const votedOrNewTerm = hs !== null && (hs.term !== this.#previousHs.term || hs.vote !== this.#previousHs.vote);
    if (snapshot !== null) this.#handOverSnapshot(snapshot.metadata.index);
    const last = entries.at(-1);
    this.#records.push({
      number: ++this.#maxNumber,
      snapshotIndex: snapshot === null ? null : snapshot.metadata.index,
      lastEntry: last ?? null,
    });
    // Thesis §10.2.1: a leader's messages may leave while its disk writes; everyone else's wait.
    const messages = this.#takeMessages();
    const mayLeaveAtOnce = role.kind === "leader";
    this.#outstanding = {
      number: this.#maxNumber,
      ss: this.#softStateChanged() ? softState(this.raft) : null,
      messages: mayLeaveAtOnce ? messages : [],
      snapshot,
      committedEntries: this.#takeCommittedEntries(),
      // An empty array is not handed over: the log goes on using it.
      entries: last === undefined ? [] : entries,
      hs,
      persistedMessages: mayLeaveAtOnce ? [] : messages,
      mustSync: votedOrNewTerm || snapshot !== null || last !== undefined,
    };
    return this.#outstanding;
  }

  /** `ready` is done: stored, sent and applied. What became valid by that must be done too, then `advanceApply`. */
  advance(ready: Ready): LightReady {
    const applied = this.#commitSinceIndex;
    const light = this.advanceAppend(ready);
    this.advanceApplyTo(applied);
    return light;
  }

  /** As `advance`, but the committed entries of `ready` are still to be applied. */
  advanceAppend(ready: Ready): LightReady {
    this.#commitReady(ready);
    this.onPersistReady(this.#maxNumber);
    const committedEntries = this.#takeCommittedEntries();
    const messages = this.#takeMessages();
    assert(messages.length === 0 || this.raft.role.kind === "leader", "only a leader has news once a write is durable");
    const { committed } = this.raft.log;
    const commitIndex = committed === this.#previousHs.commit ? null : committed;
    if (commitIndex !== null) this.#previousHs = { ...this.#previousHs, commit: commitIndex };
    assert(!this.#hardStateChanged(), "nothing but the commit index changes by a write");
    return { commitIndex, messages, committedEntries };
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
    let snapshotIndex: Index | null = null;
    let lastEntry: LogPosition | null = null;
    while (this.#records.length > 0 && this.#records[0].number <= number) {
      const record = this.#records[0];
      if (record.snapshotIndex !== null) [snapshotIndex, lastEntry] = [record.snapshotIndex, null];
      lastEntry = record.lastEntry ?? lastEntry;
      this.#records.shift();
    }
    if (snapshotIndex !== null) this.raft.log.maybePersistSnapshot(snapshotIndex);
    if (lastEntry !== null) handlePersisted(this.raft, lastEntry);
  }

  /** Everything that was handed over to be applied has been applied. */
  advanceApply(): void {
    this.advanceApplyTo(this.#commitSinceIndex);
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
    const record = this.#records[this.#records.length - 1];
    if (ready.ss !== null) this.#previousSs = ready.ss;
    if (ready.hs !== null) this.#previousHs = ready.hs;
    if (record.snapshotIndex !== null) this.raft.log.unstable.stableSnapshot(record.snapshotIndex);
    if (record.lastEntry !== null) this.raft.log.unstable.stableEntries(record.lastEntry);
  }

  #handOverSnapshot(index: Index): void {
    assert(index >= this.#commitSinceIndex, "a snapshot never undoes what was applied");
    this.#commitSinceIndex = index;
    assert(!this.raft.log.hasNextEntriesSince(index), "nothing is applied before the snapshot is stored");
  }

  /** What is left from the time as candidate holds no entries: it was durable before the votes were asked for. */
  #forgetRecordsOfCandidacy(): void {
    for (const { lastEntry, snapshotIndex } of this.#records) {
      assert(lastEntry === null && snapshotIndex === null, "a log is durable before its node asks for votes");
    }
    this.#records = [];
  }

  #takeCommittedEntries(): readonly Entry[] {
    const { log, role, config } = this.raft;
    const entries = log.nextEntriesSince(this.#commitSinceIndex, config.maxCommittedSizePerReady);
    const last = entries.at(-1);
    if (last !== undefined) this.#commitSinceIndex = last.index;
    if (role.kind === "leader") reduceUncommittedSize(this.raft, role, entries);
    return entries;
  }

  #takeMessages(): readonly Message[] {
    const { messages } = this.raft;
    if (messages.length === 0) return [];
    this.raft.messages = [];
    return messages;
  }

  #softStateChanged(): boolean {
    return this.raft.role.kind !== this.#previousSs.raftState || leaderId(this.raft) !== this.#previousSs.leaderId;
  }

  #hardStateChanged(): boolean {
    const { term, vote, log } = this.raft;
    return term !== this.#previousHs.term || vote !== this.#previousHs.vote ||
      log.committed !== this.#previousHs.commit;
  }

  #requireNothingOutstanding(call: string): void {
    if (this.#outstanding === null) return;
    const { number } = this.#outstanding;
    throw new RaftError(
      "ReadyOutstanding",
      `Cannot ${call}: Ready ${number} is outstanding; call advance(ready) first`,
    );
  }
}
