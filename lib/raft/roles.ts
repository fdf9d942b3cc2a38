/**
 * Where a role or a term changes (paper §5.1, Figure 4), and nowhere else.
 *
 * Each function asserts what the paper says must hold before it.
 *
 * @module
 */
import { assert } from "./assert.ts";
import { LIMIT } from "./check_message.ts";
import { newTracker } from "./progress.ts";
import { type Candidate, drawTimeout, type Leader, type PreCandidate, type Raft, type Role } from "./state.ts";
import type { Entry, EntryType, NodeId, Term } from "./types.ts";

/** Follow whoever leads `term`; `leaderId` is `null` while that is not known. */
export function becomeFollower(raft: Raft, term: Term, leaderId: NodeId | null): void {
  assert(term >= raft.term, "a term never decreases", raft.term, term);
  const vote = term === raft.term ? raft.vote : null;
  reset(raft, { kind: "follower", leaderId }, term, vote);
}

/** Thesis §9.6: ask before an election. Neither term nor vote nor timer changes; only the leader is no longer known. */
export function becomePreCandidate(raft: Raft): PreCandidate {
  assert(raft.role.kind !== "leader", "a leader never campaigns");
  const preCandidate: PreCandidate = { kind: "preCandidate", votes: new Map() };
  raft.role = preCandidate;
  return preCandidate;
}

/** Candidates (§5.2): "Increment currentTerm. Vote for self. Reset election timer." */
export function becomeCandidate(raft: Raft): Candidate {
  assert(raft.role.kind !== "leader", "a leader never campaigns");
  assert(raft.term + 1 < LIMIT, "there is always a next term", LIMIT - 1, raft.term + 1);
  const candidate: Candidate = { kind: "candidate", votes: new Map() };
  reset(raft, candidate, raft.term + 1, raft.id);
  return candidate;
}

/** §5.2: the election is won. The leader starts its term with an empty entry, the no-op of §8. */
export function becomeLeader(raft: Raft): Leader {
  assert(raft.role.kind === "candidate", "only a candidate becomes leader", "candidate", raft.role.kind);
  assert(raft.vote === raft.id, "a leader voted for itself", raft.id, raft.vote);
  const { log, config } = raft;
  const lastIndex = log.lastIndex();
  assert(log.persisted === lastIndex, "a log is durable before its node asks for votes", lastIndex, log.persisted);
  const tracker = newTracker(raft.confState, lastIndex + 1, config.maxInflightMsgs);
  const own = tracker.get(raft.id);
  assert(own !== undefined, "a leader belongs to the cluster");
  own.matchIndex = lastIndex;
  own.becomeReplicate();
  const leader: Leader = {
    kind: "leader",
    tracker,
    heartbeatElapsed: 0,
    uncommittedSize: 0,
    electedAt: lastIndex,
    pendingConfIndex: lastIndex,
    leadTransferee: null,
    timeoutNowSent: false,
    ticks: 1,
    pendingReads: [],
    readRounds: 0,
  };
  reset(raft, leader, raft.term, raft.vote);
  appendToOwnLog(raft, "empty", [new Uint8Array()]);
  return leader;
}

/** A leader of the current term has sent something (§5.2). */
export function acceptLeader(raft: Raft, leaderId: NodeId): void {
  assert(raft.role.kind !== "leader", "Election Safety: at most one leader a term", raft.id, leaderId);
  // Candidates: "If AppendEntries RPC received from new leader: convert to follower."
  if (raft.role.kind !== "follower") return becomeFollower(raft, raft.term, leaderId);
  if (raft.role.leaderId !== leaderId) raft.role = { kind: "follower", leaderId };
  raft.electionElapsed = 0;
}

/** §5.3: the leader appends to its own log, the no-op and proposals. Its matchIndex moves when they are durable. */
export function appendToOwnLog(raft: Raft, type: EntryType, proposals: readonly Uint8Array[]): void {
  const first = raft.log.lastIndex() + 1;
  raft.log.append(proposals.map((data, i): Entry => ({ type, term: raft.term, index: first + i, data })));
}

/**
 * Enter a role: restart the election timer with a new timeout (§5.2). Not in the paper, as in the crate: a follower that
 * adopts a newer term restarts it, too.
 */
function reset(raft: Raft, role: Role, term: Term, vote: NodeId | null): void {
  raft.role = role;
  raft.term = term;
  raft.vote = vote;
  raft.electionElapsed = 0;
  drawTimeout(raft);
}
