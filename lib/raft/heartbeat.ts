/**
 * Heartbeats (paper §5.2): a leader shows that it is alive, so that no election starts.
 *
 * The paper's heartbeat is an empty AppendEntries. This one, as in the crate, carries no entries and compares no logs.
 * Its answer shows that the follower is alive, and the leader sends it what it lacks.
 *
 * @module
 */
import type { Heartbeat, HeartbeatResponse } from "./message.ts";
import { sendAppend } from "./replication.ts";
import { acceptLeader } from "./roles.ts";
import type { Leader, Raft } from "./state.ts";

/**
 * Send every follower a heartbeat, with a commit index no higher than what it is known to hold. While reads wait, it
 * asks for them, too: for `read`, or for the last one.
 */
export function broadcastHeartbeat(raft: Raft, leader: Leader, read = leader.pendingReads.at(-1)): void {
  const { id: from, term } = raft;
  const asked = read === undefined ? {} : { read: { round: read.round, context: read.context } };
  const timed = hasLeases(raft) ? { lease: { sentAt: leader.ticks } } : {};
  for (const { id: to, matchIndex } of leader.tracker.values()) {
    if (to === from) continue;
    const leaderCommit = Math.min(matchIndex, raft.log.committed);
    raft.messages.push({ type: "Heartbeat", from, to, term, leaderCommit, ...asked, ...timed });
  }
}

/** A leader's heartbeat arrives. */
export function handleHeartbeat(raft: Raft, message: Heartbeat): void {
  acceptLeader(raft, message.from);
  raft.log.commitTo(message.leaderCommit);
  const { id: from, term, log } = raft;
  const { read, lease } = message;
  const answered = { ...(read === undefined ? {} : { read }), ...(lease === undefined ? {} : { lease }) };
  raft.messages.push({ type: "HeartbeatResponse", from, to: message.from, term, commit: log.committed, ...answered });
}

/** A follower is alive: send what it lacks. If its window is full, take the oldest message in it for lost. */
export function handleHeartbeatResponse(raft: Raft, leader: Leader, message: HeartbeatResponse): void {
  const progress = leader.tracker.get(message.from);
  if (progress === undefined) return;
  progress.recentActive = true;
  progress.resume();
  progress.freeFirstIfFull();
  progress.answeredAt = Math.max(progress.answeredAt, message.lease?.sentAt ?? 0);
  if (progress.matchIndex < raft.log.lastIndex()) sendAppend(raft, progress);
}

/** Whether heartbeats renew a lease; in the crate they do not, and CheckQuorum alone is taken for one. */
function hasLeases({ config }: Raft): boolean {
  return config.readOnlyOption === "leaseBased" && !config.crateFlaws;
}
