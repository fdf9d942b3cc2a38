/**
 * Leader election (paper §5.2, §5.4.1; RequestVote RPC).
 *
 * @module
 */
import { assert } from "./assert.ts";
import { isOnlyVoter, voteResult, votersOf } from "./configuration.ts";
import type { RaftLog } from "./log.ts";
import type { Candidacy, CommitInfo, RequestVote, RequestVoteResponse } from "./message.ts";
import { broadcastAppend } from "./replication.ts";
import { becomeCandidate, becomeFollower, becomeLeader } from "./roles.ts";
import { type Candidate, leaderId, type Raft } from "./state.ts";
import type { NodeId, Term } from "./types.ts";

/**
 * Whether an election may start. A leader needs none. A node that has committed a change of the configuration and not
 * applied it does not know yet whose votes it needs. The only voter wins at once, so its log must be durable before.
 */
export function mayCampaign({ role, log, confState }: Raft): boolean {
  if (role.kind === "leader" || log.firstConfChange(log.applied + 1, log.committed) !== undefined) return false;
  return !isOnlyVoter(confState) || log.persisted === log.lastIndex();
}

/** §5.2: start an election, of its own accord or because the leader has asked for it (thesis §3.10). */
export function campaign(raft: Raft, transfer?: "transfer"): void {
  const candidate = becomeCandidate(raft);
  countVote(raft, candidate, raft.id, true);
  // The only voter of a cluster has won with its own vote.
  if (raft.role !== candidate) return;
  // Candidates: "Send RequestVote RPCs to all other servers."
  const asked = transfer === undefined ? {} : { transfer: true } as const;
  for (const request of voteRequests(raft, raft.term)) {
    raft.messages.push({ type: "RequestVote", ...request, ...asked });
  }
}

/** What is said of this node's log to all other voters, to get their votes in `term`. */
export function voteRequests({ id: from, log, confState }: Raft, term: Term): Candidacy[] {
  const { commit, commitTerm } = log.commitInfo();
  const [lastLogIndex, lastLogTerm] = [log.lastIndex(), log.lastTerm()];
  const others = votersOf(confState).filter((to) => to !== from);
  return others.map((to) => ({ from, to, term, lastLogIndex, lastLogTerm, commit, commitTerm }));
}

/** Count the first answer of each node. Candidates: "If votes received from majority of servers: become leader." */
function countVote(raft: Raft, candidate: Candidate, from: NodeId, granted: boolean): void {
  if (!candidate.votes.has(from)) candidate.votes.set(from, granted);
  switch (voteResult(raft.confState, candidate.votes)) {
    case "won":
      // Leaders: "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server." These carry the
      // no-op.
      return broadcastAppend(raft, becomeLeader(raft));
    case "lost":
      // Not in the paper: refused by a majority, it waits as a follower for its next timeout.
      return becomeFollower(raft, raft.term, null);
    case "pending":
      return;
  }
}

/** A candidate asks: RequestVote RPC, receiver implementation (Figure 2). */
export function handleRequestVote(raft: Raft, message: RequestVote): void {
  // 1. "Reply false if term < currentTerm (§5.1)": `step` drops a message of an older term, and adopts a newer term.
  assert(message.term === raft.term, "a vote is given in the term it was asked for");
  const { id: from, term, vote: votedFor, log } = raft;
  const candidateId = message.from;
  // 2. "If votedFor is null or candidateId, and candidate's log is at least as up-to-date as receiver's log, grant vote
  //    (§5.2, §5.4)." Beyond the paper, as in the crate, a node that knows the leader of
  //    this term votes for nobody.
  const isFree = votedFor === null && leaderId(raft) === null;
  if ((isFree || votedFor === candidateId) && isUpToDate(message, log)) {
    raft.messages.push({ type: "RequestVoteResponse", from, to: candidateId, term, voteGranted: true });
    raft.electionElapsed = 0;
    raft.vote = candidateId;
  } else {
    const info = log.commitInfo();
    raft.messages.push({ type: "RequestVoteResponse", from, to: candidateId, term, voteGranted: false, ...info });
    commitByVote(raft, message);
  }
}

/** §5.4.1, the election restriction: whether the candidate's log is at least as up-to-date as `log`. */
export function isUpToDate({ lastLogIndex, lastLogTerm }: Candidacy, log: RaftLog): boolean {
  const lastTerm = log.lastTerm();
  // "If the logs have last entries with different terms, then the log with the later term is more up-to-date."
  if (lastLogTerm !== lastTerm) return lastLogTerm > lastTerm;
  // "If the logs end with the same term, then whichever log is longer is more up-to-date."
  return lastLogIndex >= log.lastIndex();
}

/** A candidate gets an answer. `step` has dropped the answers of earlier elections: their term is older. */
export function handleRequestVoteResponse(raft: Raft, candidate: Candidate, message: RequestVoteResponse): void {
  countVote(raft, candidate, message.from, message.voteGranted);
  if (!message.voteGranted) commitByVote(raft, message);
}

/**
 * Not in the paper, as in the crate: if the other node has committed an entry that this log holds too, all entries up
 * to it agree (§5.3), so commit them. An election does not go on across a change of the configuration.
 */
export function commitByVote(raft: Raft, { commit, commitTerm }: CommitInfo): void {
  const { role, log } = raft;
  if (role.kind === "leader") return;
  const before = log.committed;
  if (commit <= before || !log.matchTerm(commit, commitTerm)) return;
  log.commitTo(commit);
  const isOther = log.firstConfChange(before + 1, commit) !== undefined;
  if (role.kind !== "follower" && isOther) becomeFollower(raft, raft.term, null);
}
