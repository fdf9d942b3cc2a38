/**
 * Heartbeats (paper §5.2): a leader that has nothing to say says so.
 *
 * A heartbeat carries no entries and checks no logs. The answer to it is a sign of life, and the leader goes on
 * sending to a follower it had lost.
 *
 * @module
 */
import type { Heartbeat, HeartbeatResponse } from "./message.ts";
import { sendAppend } from "./replication.ts";
import { acceptLeader } from "./roles.ts";
import type { Leader, Raft } from "./state.ts";

/** Tell every follower that there is a leader. No commit index goes further than the follower is known to agree. */
export function broadcastHeartbeat(raft: Raft, leader: Leader): void {
  const { id: from, term } = raft;
  for (const { id: to, matchIndex } of leader.tracker.values()) {
    if (to === from) continue;
    raft.messages.push({ type: "Heartbeat", from, to, term, leaderCommit: Math.min(matchIndex, raft.log.committed) });
  }
}

/** A follower's side. */
export function handleHeartbeat(raft: Raft, message: Heartbeat): void {
  acceptLeader(raft, message.from);
  raft.log.commitTo(message.leaderCommit);
  const { id: from, term, log } = raft;
  raft.messages.push({ type: "HeartbeatResponse", from, to: message.from, term, commit: log.committed });
}

/** The leader's side: the follower is alive, so send what it misses; a full window gives up its oldest message. */
export function handleHeartbeatResponse(raft: Raft, leader: Leader, message: HeartbeatResponse): void {
  const progress = leader.tracker.get(message.from);
  if (progress === undefined) return;
  progress.recentActive = true;
  progress.resume();
  progress.freeFirstIfFull();
  if (progress.matchIndex < raft.log.lastIndex()) sendAppend(raft, progress);
}
