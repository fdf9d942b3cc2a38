/**
 * Leader election (paper §5.2, §5.4.1; RequestVote RPC).
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { CommitInfo, RequestVote, RequestVoteResponse } from "./message.ts";
import { voteResult } from "./quorum.ts";
import { broadcastAppend } from "./replication.ts";
import { becomeCandidate, becomeFollower, becomeLeader } from "./roles.ts";
import { type Candidate, leaderId, type Raft } from "./state.ts";
import type { NodeId } from "./types.ts";

/** §5.2: start an election, unless this node leads already: a vote for oneself, and a request to everybody else. */
export function campaign(raft: Raft): void {
  if (raft.role.kind === "leader") return;
  const candidate = becomeCandidate(raft);
  poll(raft, candidate, raft.id, true);
  // Alone in its cluster, the node has won already.
  if (raft.role !== candidate) return;
  const { id: from, term, log } = raft;
  const { commit, commitTerm } = log.commitInfo();
  const [lastLogIndex, lastLogTerm] = [log.lastIndex(), log.lastTerm()];
  for (const to of raft.confState.voters) {
    if (to === from) continue;
    raft.messages.push({ type: "RequestVote", from, to, term, lastLogIndex, lastLogTerm, commit, commitTerm });
  }
}

/** A vote is counted; the first answer of a node counts. */
function poll(raft: Raft, candidate: Candidate, from: NodeId, granted: boolean): void {
  if (!candidate.votes.has(from)) candidate.votes.set(from, granted);
  switch (voteResult(raft.confState.voters, candidate.votes)) {
    case "won":
      return broadcastAppend(raft, becomeLeader(raft));
    case "lost":
      return becomeFollower(raft, raft.term, null);
    case "pending":
      return;
  }
}

/** A candidate asks: one vote a term, first come, first served, for a log at least as up-to-date (§5.2, §5.4.1). */
export function handleRequestVote(raft: Raft, message: RequestVote): void {
  assert(message.term === raft.term, "a vote is given in the term it was asked for");
  const { id: from, term } = raft;
  const to = message.from;
  const isFree = raft.vote === null && leaderId(raft) === null;
  if ((isFree || raft.vote === to) && raft.log.isUpToDate(message.lastLogIndex, message.lastLogTerm)) {
    raft.messages.push({ type: "RequestVoteResponse", from, to, term, voteGranted: true });
    raft.electionElapsed = 0;
    raft.vote = to;
  } else {
    raft.messages.push({ type: "RequestVoteResponse", from, to, term, voteGranted: false, ...raft.log.commitInfo() });
    commitByVote(raft, message);
  }
}

/** A candidate gets an answer. Answers of earlier elections were sorted out by their term. */
export function handleRequestVoteResponse(raft: Raft, candidate: Candidate, message: RequestVoteResponse): void {
  poll(raft, candidate, message.from, message.voteGranted);
  if (!message.voteGranted) commitByVote(raft, message);
}

/** The other node has committed further: if its entry there is also ours, so is everything before it (§5.3). */
function commitByVote(raft: Raft, { commit, commitTerm }: CommitInfo): void {
  if (raft.role.kind === "leader" || commit === 0 || commitTerm === 0) return;
  raft.log.maybeCommit(commit, commitTerm);
}
