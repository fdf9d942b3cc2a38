/**
 * Where time enters (paper §5.2): a peer counts ticks, and starts elections and sends heartbeats by them.
 *
 * @module
 */
import { campaign } from "./election.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import { type Leader, promotable, type Raft } from "./state.ts";

/**
 * One tick passes; crate item `Raft::tick`.
 *
 * @returns Whether the peer campaigned or sent heartbeats.
 */
export function tick(raft: Raft): boolean {
  return raft.role.kind === "leader" ? tickHeartbeat(raft, raft.role) : tickElection(raft);
}

/**
 * Followers: "If election timeout elapses without receiving AppendEntries RPC from current leader or granting vote to
 * candidate: convert to candidate." Candidates: "If election timeout elapses: start new election" (Figure 2).
 */
function tickElection(raft: Raft): boolean {
  raft.electionElapsed++;
  if (raft.electionElapsed < raft.randomizedElectionTimeout || !promotable(raft)) return false;
  campaign(raft);
  return true;
}

/** Leaders: send heartbeats, and "repeat during idle periods to prevent election timeouts (§5.2)" (Figure 2). */
function tickHeartbeat(raft: Raft, leader: Leader): boolean {
  leader.heartbeatElapsed++;
  // As in the crate, a leader counts its election timeout too; only CheckQuorum would wait for it, and recorded runs
  // show it.
  raft.electionElapsed = (raft.electionElapsed + 1) % raft.config.electionTick;
  if (leader.heartbeatElapsed < raft.config.heartbeatTick) return false;
  leader.heartbeatElapsed = 0;
  broadcastHeartbeat(raft, leader);
  return true;
}
