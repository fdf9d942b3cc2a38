/**
 * Where time enters (paper §5.2): a peer counts ticks, and starts elections and sends heartbeats by them.
 *
 * @module
 */
import { checkQuorum } from "./check_quorum.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import { standForElection } from "./pre_vote.ts";
import { type Leader, promotable, type Raft } from "./state.ts";

/**
 * One tick passes; crate item `Raft::tick`.
 *
 * @returns Whether the peer campaigned, sent heartbeats or looked whether a majority is there.
 */
export function tick(raft: Raft): boolean {
  if (raft.boundFor > 0) raft.boundFor--;
  return raft.role.kind === "leader" ? tickHeartbeat(raft, raft.role) : tickElection(raft);
}

/**
 * Followers: "If election timeout elapses without receiving AppendEntries RPC from current leader or granting vote to
 * candidate: convert to candidate." Candidates: "If election timeout elapses: start new election" (Figure 2).
 */
function tickElection(raft: Raft): boolean {
  raft.electionElapsed++;
  if (raft.electionElapsed < raft.randomizedElectionTimeout || !promotable(raft)) return false;
  raft.electionElapsed = 0;
  standForElection(raft);
  return true;
}

/** Leaders: send heartbeats, and "repeat during idle periods to prevent election timeouts (§5.2)" (Figure 2). */
function tickHeartbeat(raft: Raft, leader: Leader): boolean {
  leader.ticks++;
  leader.heartbeatElapsed++;
  const looked = ++raft.electionElapsed >= raft.config.electionTick && electionTimeoutElapsed(raft, leader);
  if (raft.role !== leader || leader.heartbeatElapsed < raft.config.heartbeatTick) return looked;
  leader.heartbeatElapsed = 0;
  broadcastHeartbeat(raft, leader);
  return true;
}

/** A leader counts its election timeout, too: for CheckQuorum, and to give up a transfer of leadership. */
function electionTimeoutElapsed(raft: Raft, leader: Leader): boolean {
  raft.electionElapsed = 0;
  leader.leadTransferee = null;
  if (raft.config.checkQuorum) checkQuorum(raft, leader);
  return raft.config.checkQuorum;
}
