/**
 * CheckQuorum: a leader that is cut off from the majority steps down, and a node that hears from its leader votes for
 * nobody (thesis §6.2, §4.2.3).
 *
 * Both together are the lease on which lease-based reads rely (§6.4.1): while a majority has heard from the leader, no
 * other leader is elected. A removed node, which hears from no leader any more, cannot disrupt the cluster.
 *
 * @module
 */
import { isVoter, voteResult } from "./configuration.ts";
import type { Append, Heartbeat, Message } from "./message.ts";
import { becomeFollower } from "./roles.ts";
import { type Leader, leaderId, promotable, type Raft } from "./state.ts";
import type { NodeId } from "./types.ts";

/** An election timeout has passed: step down unless a majority was heard from since the last time. */
export function checkQuorum(raft: Raft, leader: Leader): void {
  const active = new Map<NodeId, boolean>();
  for (const progress of leader.tracker.values()) {
    const isSelf = progress.id === raft.id;
    if (isSelf || progress.recentActive) active.set(progress.id, true);
    progress.recentActive = isSelf;
  }
  if (voteResult(raft.confState, active) !== "won") becomeFollower(raft, raft.term, null);
}

/**
 * Thesis §4.2.3: "if a server receives a RequestVote request within the minimum election timeout of hearing from a
 * current leader, it does not update its term or grant its vote", unless the leader itself has asked for the election.
 * A node that has just restarted does not know when it heard from one: for so long it is bound as well (`boundFor`).
 */
export function isUnderLease(raft: Raft, message: Message): boolean {
  const { config, electionElapsed, boundFor } = raft;
  const hearsLeader = config.checkQuorum && electionElapsed < config.electionTick && leaderId(raft) !== null;
  if (!hearsLeader && boundFor === 0) return false;
  return message.type === "RequestPreVote" || (message.type === "RequestVote" && message.transfer !== true);
}

/**
 * A leader of an older term speaks. This node's next request for its vote tells it of the newer term; but not where such
 * requests are ignored or held back, nor where none is sent to it. Then this answer does, or the node that ignores the
 * leader would never have one again.
 */
export function answerStaleLeader(raft: Raft, { from: to }: Append | Heartbeat): void {
  const { id: from, term, config: { checkQuorum, preVote, crateFlaws }, confState, messages } = raft;
  const willAsk = crateFlaws || (promotable(raft) && isVoter(confState, to));
  if (!checkQuorum && !preVote && willAsk) return;
  messages.push({ type: "AppendResponse", from, to, term, success: true, matchIndex: 0, commit: 0 });
}
