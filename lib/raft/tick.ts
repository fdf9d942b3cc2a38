/**
 * The door for time (paper §5.2): elections and heartbeats are a matter of counted ticks.
 *
 * @module
 */
import { campaign } from "./election.ts";
import { broadcastHeartbeat } from "./heartbeat.ts";
import { type Leader, promotable, type Raft } from "./state.ts";

/** One tick passes; whether it made something happen. Crate item `Raft::tick`. */
export function tick(raft: Raft): boolean {
  return raft.role.kind === "leader" ? tickHeartbeat(raft, raft.role) : tickElection(raft);
}

function tickElection(raft: Raft): boolean {
  raft.electionElapsed++;
  if (raft.electionElapsed < raft.randomizedElectionTimeout || !promotable(raft)) return false;
  campaign(raft);
  return true;
}

function tickHeartbeat(raft: Raft, leader: Leader): boolean {
  leader.heartbeatElapsed++;
  // A leader counts its election timeout too, though nothing at this level of the protocol waits for it.
  raft.electionElapsed = (raft.electionElapsed + 1) % raft.config.electionTick;
  if (leader.heartbeatElapsed < raft.config.heartbeatTick) return false;
  leader.heartbeatElapsed = 0;
  broadcastHeartbeat(raft, leader);
  return true;
}
