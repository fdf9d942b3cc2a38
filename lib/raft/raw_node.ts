/**
 * One node of a cluster, without a clock, a network or a disk; crate item `raft::RawNode`.
 *
 * Ticks, messages and proposals go in; a `Ready` comes out. What a `Ready` asks for is done by the application,
 * in the order that `lib/node.ts` shows, and acknowledged by `advance`.
 *
 * @module
 */
import { cloneRaft, fingerprint } from "./clone.ts";
import { type ConfigOptions, newConfig } from "./config.ts";
import { checkConfChange, encodeConfChange } from "./conf_change.ts";
import { RaftError } from "./errors.ts";
import type { Handover } from "./handover.ts";
import { commitReady, hasReady, newHandover, persistReady, takeLightReady, takeReady } from "./handover.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import { applyConfChange, leaveByItself } from "./membership.ts";
import type { Message } from "./message.ts";
import { standForElection } from "./pre_vote.ts";
import type { LightReady, Ready } from "./ready.ts";
import { handleUnreachable } from "./replication.ts";
import { handleSnapshotStatus, type SnapshotStatus } from "./snapshot.ts";
import { newRaft, promotable, type Raft, type Status, statusOf } from "./state.ts";
import { step } from "./step.ts";
import type { Storage } from "./storage.ts";
import { tick } from "./tick.ts";
import { transferLeader } from "./transfer.ts";
import type { ConfChange, ConfState, Index, NodeId } from "./types.ts";

/**
 * One node.
 *
 * Between `ready` and `advance`, `advanceAppend` or `advanceAppendAsync`, which give the `Ready` back, a call that
 * changes the node throws `RaftError` `ReadyOutstanding`.
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

  /**
   * A node that goes on where `storage` ends; or, given a node, a copy of it that changes on its own, on a copy of its
   * storage.
   *
   * @throws {RaftError} `ConfigInvalid`, naming the field.
   */
  constructor(start: ConfigOptions | RawNode, storage: Storage) {
    if (start instanceof RawNode) {
      this.raft = cloneRaft(start.raft, storage);
      this.#handover = { ...start.#handover, writes: start.#handover.writes.slice() };
    } else {
      const config = newConfig(start);
      this.raft = newRaft(config, storage);
      this.#handover = newHandover(this.raft, config.applied);
    }
  }

  /** A text that is the same for two nodes exactly if they are in the same state, their stored logs not considered. */
  fingerprint(): string {
    return fingerprint([this.raft, this.#handover]);
  }

  /**
   * One tick passes.
   *
   * @returns Whether something probably became ready.
   */
  tick(): boolean {
    this.#requireNothingOutstanding("tick");
    return tick(this.raft);
  }

  /**
   * Start an election now. A leader has no need to, and a node that has a change of the configuration to apply must do
   * so first: both do nothing.
   *
   * @throws {RaftError} `NotPromotable` if this node does not vote.
   */
  campaign(): void {
    this.#requireNothingOutstanding("campaign");
    if (!promotable(this.raft)) {
      const why = `node ${this.raft.id} is no voter of its configuration; campaign on a voter, or add it first`;
      throw new RaftError("NotPromotable", `Cannot campaign: ${why}`);
    }
    standForElection(this.raft);
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
   * Ask for a change of the configuration. A return says only that it is on its way; while another one is, or a joint
   * configuration must end first, the leader appends an empty entry in its place.
   *
   * @throws {RaftError} `ProposalDropped`, with what to do; `ConfChangeInvalid` if it is no change.
   */
  proposeConfChange(change: ConfChange): void {
    const proposals = [encodeConfChange(checkConfChange(change))];
    this.step({ type: "Propose", from: this.raft.id, to: this.raft.id, proposals, entryType: "configuration" });
  }

  /**
   * A committed entry changes the configuration: from now on the new one is in force here. It may be called while a
   * `Ready` is outstanding, for it belongs to applying its entries.
   *
   * @returns The new configuration, which the storage must keep.
   * @throws {RaftError} `ConfChangeInvalid` if it cannot be made: on no node, so the entry is as good as empty.
   */
  applyConfChange(change: ConfChange): ConfState {
    return applyConfChange(this.raft, checkConfChange(change));
  }

  /**
   * Ask from which index on a read may be answered (thesis §6.4). The answer is one of the `readStates` of a later
   * `Ready`. If none comes for an election timeout, ask again, with another context.
   *
   * @param context At least one byte, and used once: what the answer is known by.
   * @throws {RaftError} `ReadInvalid` if it has no bytes.
   */
  readIndex(context: Uint8Array): void {
    if (context.length === 0) {
      throw new RaftError("ReadInvalid", "Cannot read: the context must have at least one byte");
    }
    this.step({ type: "ReadIndex", from: this.raft.id, to: this.raft.id, context });
  }

  /**
   * Ask for `transferee` to lead (thesis §3.10). Whether it does is seen later: the transfer may fail, and a node that is
   * no voter never leads.
   */
  transferLeader(transferee: NodeId): void {
    this.#requireNothingOutstanding("transferLeader");
    transferLeader(this.raft, transferee);
  }

  /**
   * Take in a message from another node.
   *
   * @throws {RaftError} `ProposalDropped`, `StepPeerNotFound`, `MessageInvalid` or `StepLocalMsg`; each says what to
   * do.
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
    return hasReady(this.raft, this.#handover);
  }

  /**
   * Everything there is to do; it is empty where `hasReady()` is false. It must be done and given back to `advance`
   * before the node takes in anything else.
   */
  ready(): Ready {
    this.#requireNothingOutstanding("ready");
    return takeReady(this.raft, this.#handover);
  }

  /**
   * `ready` is done: all of it is stored, sent and applied. Do what is returned as well, then call `advanceApply`.
   *
   * @throws {RaftError} `NotTheLastReady`.
   */
  advance(ready: Ready): LightReady {
    const applied = this.#handover.appliedUpTo;
    const light = this.advanceAppend(ready);
    this.advanceApplyTo(applied);
    return light;
  }

  /**
   * As `advance`, but the committed entries of `ready` are still to be applied.
   *
   * @throws {RaftError} `NotTheLastReady`.
   */
  advanceAppend(ready: Ready): LightReady {
    this.advanceAppendAsync(ready);
    this.onPersistReady(ready.number);
    return takeLightReady(this.raft, this.#handover);
  }

  /**
   * As `advanceAppend`, while the writes are still on their way to the disk: the storage must already answer with them.
   * `onPersistReady` follows when they are durable; the persisted messages wait until then.
   *
   * @throws {RaftError} `NotTheLastReady`.
   */
  advanceAppendAsync(ready: Ready): void {
    if (ready !== this.#handover.outstanding) {
      throw new RaftError("NotTheLastReady", `Cannot advance Ready ${ready.number}: give back the last one, once`);
    }
    commitReady(this.raft, this.#handover, ready);
  }

  /** The writes of all `Ready`s up to this number are durable. */
  onPersistReady(number: number): void {
    this.#requireNothingOutstanding("onPersistReady");
    persistReady(this.raft, this.#handover, number);
  }

  /** Everything that was handed over to be applied has been applied. */
  advanceApply(): void {
    this.advanceApplyTo(this.#handover.appliedUpTo);
  }

  /** Everything up to `applied` has been applied. */
  advanceApplyTo(applied: Index): void {
    this.#requireNothingOutstanding("advanceApplyTo");
    this.raft.log.appliedTo(applied);
    if (this.raft.confState.autoLeave) leaveByItself(this.raft);
  }

  /** What the node knows, at a glance. */
  status(): Status {
    return statusOf(this.raft);
  }

  #requireNothingOutstanding(call: string): void {
    if (this.#handover.outstanding === null) return;
    const why = `Ready ${this.#handover.outstanding.number} is outstanding; call advance(ready) first`;
    throw new RaftError("ReadyOutstanding", `Cannot ${call}: ${why}`);
  }
}
