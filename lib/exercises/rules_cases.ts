import type { CommitRule, IsUpToDate, QuorumRule, ReceiveAppend, TimerRule, VoteRule } from "./mod.ts";

/** A right rule of each kind, as a reader may write it. */
export const isUpToDate: IsUpToDate = (candidate, voter) =>
  candidate.term === voter.term ? candidate.index >= voter.index : candidate.term > voter.term;

export const vote: VoteRule = ({ term, votedFor, log }, request) => {
  if (request.term < term) return { term, votedFor, granted: false };
  const free = request.term > term ? null : votedFor;
  const mayVote = free === null || free === request.candidateId;
  const granted = mayVote && isUpToDate({ index: request.lastLogIndex, term: request.lastLogTerm }, log);
  return { term: request.term, votedFor: granted ? request.candidateId : free, granted };
};

export const receiveAppend: ReceiveAppend = (log, { prevLogIndex, prevLogTerm, entries }) => {
  if (prevLogIndex > 0 && log[prevLogIndex - 1] !== prevLogTerm) return null;
  for (const [i, term] of entries.entries()) {
    const at = prevLogIndex + i;
    if (log[at] !== term) return [...log.slice(0, at), ...entries.slice(i)];
  }
  return log;
};

/** The highest index that a majority holds. */
export const heldByMajority = (matchIndex: readonly number[]) =>
  [...matchIndex].sort((a, b) => b - a)[Math.floor(matchIndex.length / 2)];

export const commitIndex: CommitRule = ({ term, log, matchIndex, commit }) => {
  const index = heldByMajority(matchIndex);
  return index > commit && log[index - 1] === term ? index : commit;
};

export const quorum: QuorumRule = ({ voters, votersOutgoing, matchIndex }) => {
  const held = (ids: readonly number[]) => heldByMajority(ids.map((id) => matchIndex[id]));
  return votersOutgoing.length === 0 ? held(voters) : Math.min(held(voters), held(votersOutgoing));
};

export const resetsTimer: TimerRule = ({ what, term, currentTerm, says }) => {
  if (what === "campaign") return true;
  if (term < currentTerm) return false;
  return what === "Append" || what === "Heartbeat" || what === "Snapshot" || (what === "RequestVote" && says === "yes");
};
