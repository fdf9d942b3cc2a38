/**
 * Log replication (paper §5.3; AppendEntries RPC).
 *
 * The leader sends what a follower misses, and learns from the answers; a follower accepts what fits.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { maybeCommit } from "./commit.ts";
import type { Append, AppendRejected, AppendResponse } from "./message.ts";
import type { Progress } from "./progress.ts";
import { recogniseLeader } from "./roles.ts";
import { maybeSendSnapshot } from "./snapshot.ts";
import type { Leader, Raft } from "./state.ts";
import type { Index, LogPosition, NodeId } from "./types.ts";

/** Send to every follower what it misses, or an empty `Append` that tells the commit index. */
export function broadcastAppend(raft: Raft, leader: Leader): void {
  for (const progress of leader.tracker.all) if (progress.id !== raft.id) sendAppend(raft, progress);
}

/** Send one `Append`, even if it is empty, unless the follower is paused. */
export function sendAppend(raft: Raft, progress: Progress): void {
  maybeSendAppend(raft, progress, "even if empty");
}

/** Send one `Append`, or a snapshot where the log is compacted; whether something was sent. */
function maybeSendAppend(raft: Raft, progress: Progress, when: "even if empty" | "if entries"): boolean {
  if (progress.isPaused()) return false;
  const { log, config } = raft;
  const entries = log.entries(progress.nextIndex, config.maxSizePerMsg);
  if (when === "if entries" && (entries === undefined || entries.length === 0)) return false;
  const prevLogIndex = progress.nextIndex - 1;
  const prevLogTerm = log.term(prevLogIndex);
  if (entries === undefined || prevLogTerm === undefined) return maybeSendSnapshot(raft, progress);
  const { id: from, term } = raft;
  const leaderCommit = log.committed;
  raft.messages.push({ type: "Append", from, to: progress.id, term, prevLogIndex, prevLogTerm, entries, leaderCommit });
  if (entries.length > 0) progress.sent(prevLogIndex + entries.length);
  return true;
}

/** A follower's side (paper Figure 2, AppendEntries, receiver). */
export function handleAppend(raft: Raft, message: Append): void {
  recogniseLeader(raft, message.from);
  const { log } = raft;
  const { prevLogIndex, prevLogTerm } = message;
  // An old message: what is committed agrees with every leader.
  if (prevLogIndex < log.committed) return accept(raft, message, log.committed);
  const last = log.maybeAppend(prevLogIndex, prevLogTerm, message.leaderCommit, message.entries);
  if (last !== undefined) return accept(raft, message, last);
  const { index, term: hintTerm } = log.findConflictByTerm(Math.min(prevLogIndex, log.lastIndex()), prevLogTerm);
  assert(hintTerm !== undefined, "logs agree up to the commit index");
  const { id: from, term } = raft;
  const hint = { index, term: hintTerm };
  const to = message.from;
  const commit = log.committed;
  raft.messages.push({ type: "AppendResponse", from, to, term, success: false, prevLogIndex, hint, commit });
}

function accept(raft: Raft, { from: to }: Append, matchIndex: Index): void {
  const { id: from, term } = raft;
  const commit = raft.log.committed;
  raft.messages.push({ type: "AppendResponse", from, to, term, success: true, matchIndex, commit });
}

/** The leader's side of an answer. */
export function handleAppendResponse(raft: Raft, leader: Leader, message: AppendResponse): void {
  const progress = leader.tracker.get(message.from);
  if (progress === undefined) return;
  progress.recentActive = true;
  if (!message.success) return handleReject(raft, progress, message);
  const wasPaused = progress.isPaused();
  if (!progress.maybeUpdate(message.matchIndex)) return;
  switch (progress.state.kind) {
    case "probe":
      progress.becomeReplicate();
      break;
    case "replicate":
      progress.state.inflights.freeTo(message.matchIndex);
      break;
    case "snapshot":
      if (progress.matchIndex >= progress.state.pendingSnapshot) progress.becomeProbe();
      break;
  }
  if (maybeCommit(raft, leader)) broadcastAppend(raft, leader);
  else if (wasPaused) sendAppend(raft, progress);
  while (maybeSendAppend(raft, progress, "if entries"));
}

/** §5.3, last paragraphs: step back. The hint skips the indices at which the leader's own term is too great to agree. */
function handleReject(raft: Raft, progress: Progress, { prevLogIndex, hint }: AppendRejected): void {
  const next = hint.term > 0 ? raft.log.findConflictByTerm(hint.index, hint.term).index : hint.index;
  if (!progress.maybeDecrTo(prevLogIndex, next)) return;
  if (progress.state.kind === "replicate") progress.becomeProbe();
  sendAppend(raft, progress);
}

/** The log is durable up to `last`. For a leader this is its own acknowledgement, and may decide a majority. */
export function handlePersisted(raft: Raft, last: LogPosition): void {
  const isNews = raft.log.maybePersist(last);
  if (!isNews || raft.role.kind !== "leader") return;
  const own = raft.role.tracker.get(raft.id);
  if (own?.maybeUpdate(last.index) && maybeCommit(raft, raft.role)) broadcastAppend(raft, raft.role);
}

/** The application could not reach `id`: what was sent ahead is probably lost, so probe again. */
export function handleUnreachable(leader: Leader, id: NodeId): void {
  const progress = leader.tracker.get(id);
  if (progress?.state.kind === "replicate") progress.becomeProbe();
}
