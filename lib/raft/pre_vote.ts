/**
 * Whether and how a node stands for election: PreVote (thesis §9.6).
 *
 * A node that was cut off runs into one election after the other, and comes back with a term so great that the leader
 * must step down. With PreVote it first asks whether a majority would vote for it, and takes a new term only if they
 * would. Such an answer is no vote: the asked node's term, vote and timer stay as they are.
 *
 * @module
 */
import { voteResult } from "./configuration.ts";
import { campaign, commitByVote, isUpToDate, mayCampaign, voteRequests } from "./election.ts";
import type { RequestPreVote, RequestPreVoteResponse } from "./message.ts";
import { becomeFollower, becomePreCandidate } from "./roles.ts";
import { leaderId, type PreCandidate, type Raft } from "./state.ts";
import type { NodeId } from "./types.ts";

/** The election timeout has elapsed, or the application wants it: start an election, or ask first. */
export function standForElection(raft: Raft): void {
  if (!mayCampaign(raft)) return;
  if (!raft.config.preVote) return campaign(raft);
  const preCandidate = becomePreCandidate(raft);
  countAnswer(raft, preCandidate, raft.id, true);
  for (const request of voteRequests(raft, raft.term + 1)) raft.messages.push({ type: "RequestPreVote", ...request });
}

function countAnswer(raft: Raft, { votes }: PreCandidate, from: NodeId, granted: boolean): void {
  if (!votes.has(from)) votes.set(from, granted);
  switch (voteResult(raft.confState, votes)) {
    case "won":
      return campaign(raft);
    case "lost":
      return becomeFollower(raft, raft.term, null);
    case "pending":
      return;
  }
}

/** A node asks whether it would get a vote in the term that the message names, which need not be this node's. */
export function handleRequestPreVote(raft: Raft, message: RequestPreVote): void {
  const { id: from, vote, log } = raft;
  const { from: to, term } = message;
  // A later term brings a new vote. In this term: if it has voted for that node, or for nobody and knows no leader.
  const isFree = term > raft.term || vote === to || (vote === null && leaderId(raft) === null);
  if (isFree && isUpToDate(message, log)) {
    raft.messages.push({ type: "RequestPreVoteResponse", from, to, term, voteGranted: true });
    return;
  }
  const info = log.commitInfo();
  raft.messages.push({ type: "RequestPreVoteResponse", from, to, term: raft.term, voteGranted: false, ...info });
  commitByVote(raft, message);
}

/**
 * A node of an older term asks. It must be answered: were it ignored, its log might be the only one up-to-date enough,
 * and nobody would ever be elected. From the answer it learns the newer term.
 */
export function refuseStalePreVote({ id: from, term, messages }: Raft, { from: to }: RequestPreVote): void {
  messages.push({ type: "RequestPreVoteResponse", from, to, term, voteGranted: false, commit: 0, commitTerm: 0 });
}

/** A pre-candidate gets an answer. One that grants names the term that was asked about, one that refuses this term. */
export function handleRequestPreVoteResponse(raft: Raft, role: PreCandidate, message: RequestPreVoteResponse): void {
  // An answer to an earlier question says nothing.
  const isLate = message.voteGranted && message.term !== raft.term + 1;
  if (isLate && !raft.config.crateFlaws) return;
  countAnswer(raft, role, message.from, message.voteGranted);
  if (!message.voteGranted) commitByVote(raft, message);
}
