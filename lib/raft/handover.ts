/**
 * What the application has been told so far, and what is news to it; part of the crate item `raft::RawNode`.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Message } from "./message.ts";
import { reduceUncommittedSize } from "./proposal.ts";
import type { Ready } from "./ready.ts";
import { hardState, leaderId, type Raft, softState } from "./state.ts";
import type { Entry, HardState, Index, SoftState } from "./types.ts";

/** What one node's application has been told. */
export class Handover {
  /** The role and leader it knows of. */
  #ss: SoftState;
  /** The hard state it was given to store. */
  #hs: HardState;
  /** The last index it was given to apply. */
  #appliedUpTo: Index;

  /** An application that has applied up to `applied`, and knows what its storage holds. */
  constructor(readonly raft: Raft, applied: Index) {
    this.#ss = softState(raft);
    this.#hs = hardState(raft);
    this.#appliedUpTo = applied;
  }

  /** The last index that was handed over to be applied. */
  get appliedUpTo(): Index {
    return this.#appliedUpTo;
  }

  /** Whether there is anything to hand over. */
  hasNews(): boolean {
    const { log, messages } = this.raft;
    return messages.length > 0 || log.unstable.entries.length > 0 || log.unstable.snapshot !== null ||
      this.#softStateChanged() || this.#hardStateChanged() || log.hasNextEntriesSince(this.#appliedUpTo);
  }

  /** Whether the node has become leader since the application was last told of its role. */
  becameLeader(): boolean {
    return this.raft.role.kind === "leader" && this.#ss.raftState !== "leader";
  }

  /** Role and leader, if they changed. */
  newSoftState(): SoftState | null {
    return this.#softStateChanged() ? softState(this.raft) : null;
  }

  /** Term, vote and commit index, if one of them changed. */
  newHardState(): HardState | null {
    return this.#hardStateChanged() ? hardState(this.raft) : null;
  }

  /** Whether term or vote changed: these must be durable before the node is heard of again. */
  votedOrNewTerm(): boolean {
    return this.raft.term !== this.#hs.term || this.raft.vote !== this.#hs.vote;
  }

  /** `ready` was processed: what it said is known now. */
  processed({ ss, hs }: Ready): void {
    if (ss !== null) this.#ss = ss;
    if (hs !== null) this.#hs = hs;
  }

  /** The commit index, if it alone moved; it is handed over by that. */
  takeCommitIndex(): Index | null {
    assert(!this.votedOrNewTerm(), "nothing but the commit index changes by a write");
    const { committed } = this.raft.log;
    if (committed === this.#hs.commit) return null;
    this.#hs = { ...this.#hs, commit: committed };
    return committed;
  }

  /** A snapshot at `index` is handed over: what it holds need not be applied. */
  skipTo(index: Index): void {
    assert(index >= this.#appliedUpTo, "a snapshot never undoes what was applied");
    this.#appliedUpTo = index;
    assert(!this.raft.log.hasNextEntriesSince(index), "nothing is applied before the snapshot is stored");
  }

  /** The entries that may be applied now. */
  takeCommittedEntries(): readonly Entry[] {
    const { log, role, config } = this.raft;
    const entries = log.nextEntriesSince(this.#appliedUpTo, config.maxCommittedSizePerReady);
    const last = entries.at(-1);
    if (last !== undefined) this.#appliedUpTo = last.index;
    if (role.kind === "leader") reduceUncommittedSize(this.raft, role, entries);
    return entries;
  }

  /** The messages that wait to be sent. */
  takeMessages(): readonly Message[] {
    const { messages } = this.raft;
    if (messages.length === 0) return [];
    this.raft.messages = [];
    return messages;
  }

  #softStateChanged(): boolean {
    return this.raft.role.kind !== this.#ss.raftState || leaderId(this.raft) !== this.#ss.leaderId;
  }

  #hardStateChanged(): boolean {
    return this.votedOrNewTerm() || this.raft.log.committed !== this.#hs.commit;
  }
}
