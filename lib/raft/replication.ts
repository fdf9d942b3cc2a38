/**
 * Log replication (paper §5.3; AppendEntries RPC), and when an entry is committed (§5.4.2).
 *
 * The leader sends what a follower lacks; a follower accepts what fits its log and answers; the leader counts the
 * answers. The sentences in quotation marks are those of the paper's Figure 2.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { withoutLeaver } from "./conf_change.ts";
import { quorumIndex } from "./configuration.ts";
import type { Append, AppendRejected, AppendResponse } from "./message.ts";
import type { Progress } from "./progress.ts";
import { acceptLeader } from "./roles.ts";
import { maybeSendSnapshot } from "./snapshot.ts";
import type { Leader, Raft } from "./state.ts";
import type { Index, LogPosition, NodeId } from "./types.ts";

/** Send every follower the entries it lacks, or an empty `Append` that tells the commit index. */
export function broadcastAppend(raft: Raft, leader: Leader): void {
  for (const progress of leader.tracker.values()) if (progress.id !== raft.id) sendAppend(raft, progress);
}

/** Send one `Append`, even if it is empty, unless the follower is paused. */
export function sendAppend(raft: Raft, progress: Progress): void {
  maybeSendAppend(raft, progress, "even if empty");
}

/**
 * Leaders: "If last log index ≥ nextIndex for a follower: send AppendEntries RPC with log entries starting at nextIndex
 * (§5.3)." Where these are compacted, send a snapshot.
 *
 * @returns Whether something was sent.
 */
export function maybeSendAppend(raft: Raft, progress: Progress, when: "even if empty" | "if entries"): boolean {
  if (progress.isPaused()) return false;
  const { log, config } = raft;
  const entries = log.entries(progress.nextIndex, config.maxSizePerMsg);
  if (when === "if entries" && (entries === undefined || entries.length === 0)) return false;
  const prevLogIndex = progress.nextIndex - 1;
  const prevLogTerm = log.term(prevLogIndex);
  if (entries === undefined || prevLogTerm === undefined) return maybeSendSnapshot(raft, progress);
  const { id: from, term } = raft;
  const { id: to } = progress;
  const leaderCommit = log.committed;
  raft.messages.push({ type: "Append", from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit });
  if (entries.length > 0) progress.sent(prevLogIndex + entries.length);
  return true;
}

/** A leader's entries arrive: AppendEntries RPC, receiver implementation (Figure 2). */
export function handleAppend(raft: Raft, message: Append): void {
  // 1. "Reply false if term < currentTerm (§5.1)": `step` drops a message of an older term, and adopts a newer term.
  assert(message.term === raft.term, "a follower takes entries from the leader of its own term only");
  acceptLeader(raft, message.from);
  const { log } = raft;
  const { prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
  // Not in the paper: entries up to the commit index cannot conflict, so answer with it at once.
  if (prevLogIndex < log.committed) return accept(raft, message, log.committed);

  // 2. "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm (§5.3)."
  if (!log.matchTerm(prevLogIndex, prevLogTerm)) return reject(raft, message);

  const missing = log.firstMissing(entries);
  if (missing < entries.length) {
    // 3. "If an existing entry conflicts with a new one (same index but different terms), delete the existing entry and
    //    all that follow it (§5.3)."
    const { index } = entries[missing];
    if (index <= log.lastIndex()) log.truncate(index);

    // 4. "Append any new entries not already in the log."
    log.append(missing === 0 ? entries : entries.slice(missing));
  }

  // 5. "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)."
  const lastNewIndex = prevLogIndex + entries.length;
  if (leaderCommit > log.committed) log.commitTo(Math.min(leaderCommit, lastNewIndex));

  accept(raft, message, lastNewIndex);
}

function accept(raft: Raft, { from: to }: Append, matchIndex: Index): void {
  const { id: from, term, log: { committed: commit } } = raft;
  raft.messages.push({ type: "AppendResponse", from, to, term, success: true, matchIndex, commit });
}

/** §5.3, last paragraphs: the hint skips the indices at which the follower's own term is too great to agree. */
function reject(raft: Raft, { from: to, prevLogIndex, prevLogTerm }: Append): void {
  const { id: from, term, log } = raft;
  const { index, term: hintTerm } = log.findConflictByTerm(Math.min(prevLogIndex, log.lastIndex()), prevLogTerm);
  assert(hintTerm !== undefined, "logs agree up to the commit index");
  const hint = { index, term: hintTerm };
  const commit = log.committed;
  raft.messages.push({ type: "AppendResponse", from, to, term, success: false, prevLogIndex, hint, commit });
}

/**
 * A follower's answer arrives.
 *
 * @returns Whether the follower is known to hold more than before.
 */
export function handleAppendResponse(raft: Raft, leader: Leader, message: AppendResponse): boolean {
  const progress = leader.tracker.get(message.from);
  if (progress === undefined) return false;
  progress.recentActive = true;
  if (!message.success) {
    handleReject(raft, progress, message);
    return false;
  }
  const last = raft.log.lastIndex();
  assert(message.matchIndex <= last, "a follower holds no more than its leader sent", last, message.matchIndex);
  const wasPaused = progress.isPaused();
  // Leaders: "If successful: update nextIndex and matchIndex for follower (§5.3)."
  if (!progress.maybeUpdate(message.matchIndex)) return false;
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
  // One more copy of an entry that is committed already decides nothing.
  const mayCommit = message.matchIndex > raft.log.committed;
  if (mayCommit && maybeCommit(raft, leader)) broadcastAppend(raft, leader);
  // While it was paused it may have missed the commit index.
  else if (wasPaused) sendAppend(raft, progress);
  // Fill its window, until it is paused or nothing is left to send.
  while (maybeSendAppend(raft, progress, "if entries"));
  return true;
}

/**
 * Leaders: "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry (§5.3)." The hint skips
 * the indices at which the leader's own term is too great to agree.
 */
function handleReject(raft: Raft, progress: Progress, { prevLogIndex, hint }: AppendRejected): void {
  const next = hint.term > 0 ? raft.log.findConflictByTerm(hint.index, hint.term).index : hint.index;
  // A rejection that comes late takes nothing back of what the follower is known to hold; in the crate it may.
  const known = raft.config.crateFlaws ? -1 : progress.matchIndex;
  if (prevLogIndex <= known || !progress.stepBack(prevLogIndex, Math.max(next, known))) return;
  if (progress.state.kind === "replicate") progress.becomeProbe();
  sendAppend(raft, progress);
}

/**
 * Leaders: "If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term ==
 * currentTerm: set commitIndex = N (§5.3, §5.4)." Entries of older terms are committed by what follows them, never by
 * counting (Figure 8).
 *
 * @returns Whether the commit index moved.
 */
export function maybeCommit(raft: Raft, { tracker, pendingConfIndex }: Leader): boolean {
  const { log, term: currentTerm, confState } = raft;
  const held = quorumIndex(confState, (id) => tracker.get(id)?.matchIndex ?? 0);
  if (held <= log.committed) return false;
  const n = pendingConfIndex > log.committed ? withoutLeaver(raft, tracker, held) : held;
  if (!log.matchTerm(n, currentTerm)) return false;
  log.commitTo(n);
  return true;
}

/** The log is durable up to `last`. A leader counts itself now, and that may complete a majority. */
export function handlePersisted(raft: Raft, last: LogPosition): void {
  const isNews = raft.log.maybePersist(last);
  if (!isNews || raft.role.kind !== "leader") return;
  const own = raft.role.tracker.get(raft.id);
  if (own?.maybeUpdate(last.index) && maybeCommit(raft, raft.role)) broadcastAppend(raft, raft.role);
}

/** The application could not reach `id`. What was sent ahead is probably lost, so probe again. */
export function handleUnreachable(leader: Leader, id: NodeId): void {
  const progress = leader.tracker.get(id);
  if (progress?.state.kind === "replicate") progress.becomeProbe();
}
