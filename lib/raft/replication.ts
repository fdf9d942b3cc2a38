/**
 * Log replication (paper §5.3; AppendEntries RPC).
 *
 * The leader sends what a follower misses, and learns from the answers; a follower accepts what fits.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { maybeCommit } from "./commit.ts";
import type { Append, AppendResponse, RejectHint } from "./message.ts";
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
  const entries = log.entries(progress.nextIdx, config.maxSizePerMsg);
  if (when === "if entries" && (entries === undefined || entries.length === 0)) return false;
  const index = progress.nextIdx - 1;
  const logTerm = log.term(index);
  if (entries === undefined || logTerm === undefined) return maybeSendSnapshot(raft, progress);
  const { id: from, term } = raft;
  raft.messages.push({ type: "Append", from, to: progress.id, term, index, logTerm, entries, commit: log.committed });
  if (entries.length > 0) progress.sent(index + entries.length);
  return true;
}

/** A follower's side (paper Figure 2, AppendEntries, receiver). */
export function handleAppend(raft: Raft, message: Append): void {
  recogniseLeader(raft, message.from);
  const { log } = raft;
  if (message.index < log.committed) {
    // An old message: what is committed agrees with every leader.
    return respond(raft, message.from, log.committed, null);
  }
  const last = log.maybeAppend(message.index, message.logTerm, message.commit, message.entries);
  if (last !== undefined) return respond(raft, message.from, last, null);
  const hint = log.findConflictByTerm(Math.min(message.index, log.lastIndex()), message.logTerm);
  assert(hint.term !== undefined, "logs agree up to the commit index");
  respond(raft, message.from, message.index, { index: hint.index, term: hint.term });
}

function respond(raft: Raft, to: NodeId, index: Index, reject: RejectHint | null): void {
  const { id: from, term } = raft;
  raft.messages.push({ type: "AppendResponse", from, to, term, index, reject, commit: raft.log.committed });
}

/** The leader's side of an answer. */
export function handleAppendResponse(raft: Raft, leader: Leader, message: AppendResponse): void {
  const progress = leader.tracker.get(message.from);
  if (progress === undefined) return;
  progress.recentActive = true;
  if (message.reject !== null) return handleReject(raft, progress, message.index, message.reject);
  const wasPaused = progress.isPaused();
  if (!progress.maybeUpdate(message.index)) return;
  switch (progress.state.kind) {
    case "probe":
      progress.becomeReplicate();
      break;
    case "replicate":
      progress.state.inflights.freeTo(message.index);
      break;
    case "snapshot":
      if (progress.matched >= progress.state.pendingSnapshot) progress.becomeProbe();
      break;
  }
  if (maybeCommit(raft, leader)) broadcastAppend(raft, leader);
  else if (wasPaused) sendAppend(raft, progress);
  while (maybeSendAppend(raft, progress, "if entries"));
}

/** §5.3, last paragraphs: step back. The hint skips the indices at which the leader's own term is too great to agree. */
function handleReject(raft: Raft, progress: Progress, rejected: Index, hint: RejectHint): void {
  const next = hint.term > 0 ? raft.log.findConflictByTerm(hint.index, hint.term).index : hint.index;
  if (!progress.maybeDecrTo(rejected, next)) return;
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
