/**
 * What one node remembers between two `Ready`s: what its application was told and asked to store, and which of these
 * writes are not known to be durable yet; crate items `raft::RawNode` and `raft::ReadyRecord`.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Message } from "./message.ts";
import { reduceUncommittedSize } from "./proposal.ts";
import type { LightReady, Ready } from "./ready.ts";
import { handlePersisted } from "./replication.ts";
import { hardState, leaderId, type Raft, softState } from "./state.ts";
import type { Entry, HardState, Index, LogPosition, ReadState, SoftState } from "./types.ts";

/** What one node's application has been handed over. */
export interface Handover {
  /** The role and leader that the application knows of. */
  ss: SoftState;
  /** The hard state that the application was given to store. */
  hs: HardState;
  /** The last index that the application was given to apply. */
  appliedUpTo: Index;
  /** The number of the last `Ready`. */
  number: number;
  /** The `Ready` that the application has not given back yet. */
  outstanding: Ready | null;
  /** What was asked to be stored and is not known to be durable; with asynchronous writes several `Ready`s at once. */
  writes: Write[];
}

/** What one or several `Ready`s have asked to be stored. */
interface Write {
  /** The number of the last of them. */
  readonly number: number;
  /** Whether a term or a vote is among it. */
  readonly voted: boolean;
  /** The index of the last snapshot, if any. */
  readonly snapshotIndex: Index | null;
  /** The last entry after that snapshot, if any. */
  readonly lastEntry: LogPosition | null;
}

const NO_READS: readonly ReadState[] = [];

/** An application that has applied up to `applied`, and knows what its storage holds. */
export function newHandover(raft: Raft, applied: Index): Handover {
  const [ss, hs] = [softState(raft), hardState(raft)];
  return { ss, hs, appliedUpTo: applied, number: 0, outstanding: null, writes: [] };
}

/** Whether there is anything to hand over. */
export function hasReady(raft: Raft, handover: Handover): boolean {
  const { log, messages, readStates } = raft;
  return messages.length > 0 || readStates.length > 0 || log.unstable.entries.length > 0 ||
    log.unstable.snapshot !== null ||
    softStateChanged(raft, handover) || hardStateChanged(raft, handover) ||
    log.hasNextEntriesSince(handover.appliedUpTo);
}

/** Everything there is to do; it is outstanding from now on. */
export function takeReady(raft: Raft, handover: Handover): Ready {
  const { entries, snapshot } = raft.log.unstable;
  const last = entries.at(-1);
  if (raft.role.kind === "leader" && handover.ss.raftState !== "leader") dropEarlierWrites(handover);
  if (last !== undefined || snapshot !== null) forgetOverwritten(handover, snapshot === null ? entries[0].index : 0);
  const number = ++handover.number;
  const voted = votedOrNewTerm(raft, handover);
  handover.writes.push({ number, voted, snapshotIndex: snapshot?.metadata.index ?? null, lastEntry: last ?? null });
  if (snapshot !== null) skipToSnapshot(raft, handover, snapshot.metadata.index);
  // All servers: "Updated on stable storage before responding to RPCs" (Figure 2). Thesis §10.2.1: a leader's messages
  // may leave while its disk writes; everyone else's wait. So do those of an only voter that has just elected itself.
  const messages = takeMessages(raft);
  const isVoteDurable = raft.config.crateFlaws || !isVoteUnderWay(handover);
  const mayLeaveAtOnce = raft.role.kind === "leader" && isVoteDurable;
  handover.outstanding = {
    number,
    ss: softStateChanged(raft, handover) ? softState(raft) : null,
    readStates: takeReadStates(raft),
    messages: mayLeaveAtOnce ? messages : [],
    snapshot,
    committedEntries: takeCommittedEntries(raft, handover),
    // An empty array is not handed over: the log goes on using it.
    entries: last === undefined ? [] : entries,
    hs: hardStateChanged(raft, handover) ? hardState(raft) : null,
    persistedMessages: mayLeaveAtOnce ? [] : messages,
    mustSync: voted || snapshot !== null || last !== undefined,
  };
  return handover.outstanding;
}

/**
 * The application gave `ready` back: it knows what it was told, and its storage answers with what it was asked to
 * store.
 */
export function commitReady({ log }: Raft, handover: Handover, { ss, hs }: Ready): void {
  handover.outstanding = null;
  if (ss !== null) handover.ss = ss;
  if (hs !== null) handover.hs = hs;
  const { snapshotIndex, lastEntry } = handover.writes[handover.writes.length - 1];
  if (snapshotIndex !== null) log.unstable.stableSnapshot(snapshotIndex);
  if (lastEntry !== null) log.unstable.stableEntries(lastEntry);
}

/** The writes of all `Ready`s up to `number` are durable. */
export function persistReady(raft: Raft, handover: Handover, number: number): void {
  let write: Write | null = null;
  while (handover.writes.length > 0 && handover.writes[0].number <= number) {
    write = write === null ? handover.writes[0] : join(write, handover.writes[0]);
    handover.writes.shift();
  }
  if (write === null) return;
  if (write.snapshotIndex !== null) raft.log.maybePersistSnapshot(write.snapshotIndex);
  if (write.lastEntry !== null) handlePersisted(raft, write.lastEntry);
}

/**
 * What is written now overwrites the entries from `from` on. That an earlier write of them is durable says nothing any
 * more, even if the same indices and terms come again. A snapshot, from 0 on, replaces all of them.
 */
function forgetOverwritten(handover: Handover, from: Index): void {
  const isOverwritten = ({ lastEntry }: Write) => lastEntry !== null && lastEntry.index >= from;
  handover.writes = handover.writes.map((write) => isOverwritten(write) ? { ...write, lastEntry: null } : write);
}

/** Two writes as one. A snapshot replaces what was written before it. */
function join(earlier: Write, later: Write): Write {
  if (later.snapshotIndex !== null) return later;
  const { number, lastEntry } = later;
  const voted = earlier.voted || later.voted;
  return { number, voted, snapshotIndex: earlier.snapshotIndex, lastEntry: lastEntry ?? earlier.lastEntry };
}

/** What became valid because everything that was asked to be stored is durable. */
export function takeLightReady(raft: Raft, handover: Handover): LightReady {
  const committedEntries = takeCommittedEntries(raft, handover);
  // A leader that has just applied its own removal leads no longer; what it said as leader waits for the next `Ready`.
  const messages = raft.role.kind === "leader" ? takeMessages(raft) : [];
  assert(!votedOrNewTerm(raft, handover), "nothing but the commit index changes by a write");
  const { committed } = raft.log;
  const commitIndex = committed === handover.hs.commit ? null : committed;
  if (commitIndex !== null) handover.hs = { ...handover.hs, commit: committed };
  return { commitIndex, messages, committedEntries };
}

/** A new leader's earlier writes hold no entries: its log was durable before it asked for votes. */
function dropEarlierWrites(handover: Handover): void {
  for (const { lastEntry, snapshotIndex } of handover.writes) {
    assert(lastEntry === null && snapshotIndex === null, "a log is durable before its node asks for votes");
  }
  handover.writes = [];
}

/** A snapshot at `index` is handed over: what it holds need not be applied. */
function skipToSnapshot(raft: Raft, handover: Handover, index: Index): void {
  assert(index >= handover.appliedUpTo, "a snapshot never undoes what was applied");
  handover.appliedUpTo = index;
  assert(!raft.log.hasNextEntriesSince(index), "nothing is applied before the snapshot is stored");
}

function takeCommittedEntries(raft: Raft, handover: Handover): readonly Entry[] {
  const { log, role, config } = raft;
  const entries = log.nextEntriesSince(handover.appliedUpTo, config.maxCommittedSizePerReady);
  const last = entries.at(-1);
  if (last !== undefined) handover.appliedUpTo = last.index;
  if (role.kind === "leader") reduceUncommittedSize(raft, role, entries);
  return entries;
}

function takeMessages(raft: Raft): readonly Message[] {
  const { messages } = raft;
  raft.messages = [];
  return messages;
}

/** Whether a term or a vote that was to be stored is not known to be durable. */
function isVoteUnderWay({ writes }: Handover): boolean {
  for (const { voted } of writes) if (voted) return true;
  return false;
}

function takeReadStates(raft: Raft): readonly ReadState[] {
  const { readStates } = raft;
  // What is applied while the `Ready` is outstanding may answer reads, in the next one: hand over no array still in use.
  if (readStates.length === 0) return NO_READS;
  raft.readStates = [];
  return readStates;
}

function softStateChanged(raft: Raft, { ss }: Handover): boolean {
  return raft.role.kind !== ss.raftState || leaderId(raft) !== ss.leaderId;
}

function hardStateChanged(raft: Raft, handover: Handover): boolean {
  return votedOrNewTerm(raft, handover) || raft.log.committed !== handover.hs.commit;
}

/** Whether term or vote changed: these must be durable before the node is heard of again. */
function votedOrNewTerm(raft: Raft, { hs }: Handover): boolean {
  return raft.term !== hs.term || raft.vote !== hs.vote;
}
