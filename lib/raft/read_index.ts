/**
 * Reads without an entry in the log: ReadIndex and lease-based reads (thesis §6.4).
 *
 * A leader notes its commit index, makes sure that it still led when it was asked, and says: whoever has applied that
 * index may answer. To make sure it sends heartbeats and waits for a majority of answers; or, lease-based, it relies on
 * CheckQuorum. Where a read gets no answer (no leader is known, the leader has not committed an entry of its term, a
 * message was lost), ask again.
 *
 * @module
 */
import { isOnlyVoter, quorumIndex, voteResult } from "./configuration.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import type { ReadIndex, ReadIndexResp, ReadRound } from "./message.ts";
import type { Leader, PendingRead, Raft } from "./state.ts";
import type { Index, NodeId } from "./types.ts";

/** A read, of this node's application or of another node. */
export function handleReadIndex(raft: Raft, message: ReadIndex): void {
  const { role } = raft;
  if (role.kind === "follower" && role.leaderId !== null) raft.messages.push({ ...message, to: role.leaderId });
  else if (role.kind === "leader") read(raft, role, message);
}

/**
 * §6.4, 1: "If the leader has not yet marked an entry from its current term committed, it waits until it has done so."
 * Here, as in the crate, it refuses. Only then is its commit index as great as that of any leader before.
 */
function read(raft: Raft, leader: Leader, { from, context }: ReadIndex): void {
  const { log } = raft;
  if (!log.matchTerm(log.committed, raft.term)) return;
  if (isOnlyVoter(raft.confState) || hasLease(raft, leader)) return answer(raft, from, context, log.committed);
  // The same read asked again: its index stays, and its heartbeats, which may be lost, are sent once more.
  const known = leader.pendingReads.find((pending) =>
    areEqual(pending.context, context) && (raft.config.crateFlaws || pending.from === from)
  );
  const pending = known ?? beginRound(raft, leader, from, context);
  broadcastHeartbeat(raft, leader, pending);
}

/** §6.4, 2: "The leader saves its current commit index in a local variable readIndex." */
function beginRound(raft: Raft, leader: Leader, from: NodeId, context: Uint8Array): PendingRead {
  const round = ++leader.readRounds;
  const acks = new Map([[raft.id, true as const]]);
  const pending = { from, context, round, index: raft.log.committed, acks };
  leader.pendingReads = [...leader.pendingReads, pending];
  return pending;
}

/**
 * §6.4.1: while a majority has answered heartbeats that were sent less than an election timeout ago, nobody else can have
 * been elected, if all clocks run alike; less one tick, for nodes do not tick at the same moment. But a node that was told
 * to campaign may be elected at any time. The crate goes by CheckQuorum alone, which looks once an election timeout.
 */
function hasLease({ id, config, confState }: Raft, { timeoutNowSent, tracker, ticks }: Leader): boolean {
  if (config.readOnlyOption !== "leaseBased" || config.crateFlaws) return config.readOnlyOption === "leaseBased";
  const renewed = quorumIndex(confState, (voter) => voter === id ? ticks : tracker.get(voter)?.answeredAt ?? 0);
  return !timeoutNowSent && renewed > 0 && ticks - renewed < config.electionTick - 1;
}

/**
 * §6.4, 3: `from` has answered a heartbeat of that round. Once a majority has, the reads up to it may be answered.
 */
export function acknowledgeRead(raft: Raft, leader: Leader, from: NodeId, { round, context }: ReadRound): void {
  const position = leader.pendingReads.findIndex((pending) =>
    raft.config.crateFlaws ? areEqual(pending.context, context) : pending.round === round
  );
  if (position < 0) return;
  const { acks } = leader.pendingReads[position];
  acks.set(from, true);
  if (voteResult(raft.confState, acks) !== "won") return;
  const confirmed = leader.pendingReads.slice(0, position + 1);
  leader.pendingReads = leader.pendingReads.slice(position + 1);
  for (const { from, context, index } of confirmed) answer(raft, from, context, index);
}

function answer(raft: Raft, to: NodeId, context: Uint8Array, index: Index): void {
  const { id: from, term } = raft;
  if (to === from) raft.readStates.push({ index, context });
  else raft.messages.push({ type: "ReadIndexResp", from, to, term, index, context });
}

/** The leader's answer: the application may read once it has applied that index, which is committed. */
export function handleReadIndexResp(raft: Raft, { index, term, context }: ReadIndexResp): void {
  if (raft.role.kind !== "follower") return;
  raft.readStates.push({ index, context });
  if (raft.log.matchTerm(index, term)) raft.log.commitTo(index);
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
