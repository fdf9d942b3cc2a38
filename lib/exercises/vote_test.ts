import { testChecker, untyped } from "./exercise_cases.ts";
import { isUpToDate, vote } from "./rules_cases.ts";
import { checkVote, type VoteRule } from "./vote.ts";

const notBehind: (...given: Parameters<VoteRule>) => boolean = ({ log }, { lastLogIndex, lastLogTerm }) =>
  isUpToDate({ index: lastLogIndex, term: lastLogTerm }, log);

testChecker<VoteRule>("the vote", {
  check: checkVote,
  right: {
    "refusals first": vote,
    "take over the term, then decide": (voter, request) => {
      const now = request.term > voter.term ? { term: request.term, votedFor: null } : voter;
      const granted = request.term >= now.term && [null, request.candidateId].includes(now.votedFor) &&
        notBehind(voter, request);
      return { term: now.term, votedFor: granted ? request.candidateId : now.votedFor, granted };
    },
    "the state is changed in place": (voter, request) => {
      if (request.term > voter.term) {
        voter.term = request.term;
        voter.votedFor = null;
      }
      const refuse = request.term < voter.term || (voter.votedFor !== null && voter.votedFor !== request.candidateId) ||
        !notBehind(voter, request);
      if (!refuse) voter.votedFor = request.candidateId;
      return { ...voter, granted: !refuse };
    },
    "nobody may be undefined": (voter, request) => {
      const answer = vote(voter, request);
      return { ...answer, votedFor: answer.votedFor ?? untyped<null>(undefined) };
    },
    "in one expression": ({ term, votedFor, log }, request) => {
      const free = term < request.term || votedFor === null || votedFor === request.candidateId;
      const granted = request.term >= term && free && notBehind({ term, votedFor, log }, request);
      const kept = term < request.term ? null : votedFor;
      return { granted, term: Math.max(term, request.term), votedFor: granted ? request.candidateId : kept };
    },
  },
  wrong: {
    "always yes": [
      (voter, request) => ({ term: Math.max(voter.term, request.term), votedFor: request.candidateId, granted: true }),
      /a request of an older term is refused, and changes nothing/,
    ],
    "never yes": [({ term, votedFor }) => ({ term, votedFor, granted: false }), /^Case 1: /],
    "the log does not count": [
      (voter, request) => vote({ ...voter, log: { index: 0, term: 0 } }, request),
      /Raft refuses it \(term 1, votedFor null\): its own log is more up-to-date/,
    ],
    "a second vote in a term": [
      (voter, request) => vote({ ...voter, votedFor: null }, request),
      /A voter in term 1 has voted for node 3.* it has one vote in a term/,
    ],
    "the same candidate asks twice": [
      (voter, request) => {
        if (voter.term === request.term && voter.votedFor !== null) return { ...voter, granted: false };
        return vote(voter, request);
      },
      /it may say yes again to the node that has its vote/,
    ],
    "the vote of an older term binds": [
      (voter, request) => {
        const { votedFor } = voter;
        if (votedFor === null || votedFor === request.candidateId) return vote(voter, request);
        return { term: Math.max(voter.term, request.term), votedFor, granted: false };
      },
      /Your rule refuses it \(term 2, votedFor 3\).*its vote in the new term is free/,
    ],
    "a refusal keeps the older term": [
      (voter, request) => vote(voter, request).granted ? vote(voter, request) : { ...voter, granted: false },
      /a node takes over every higher term that it hears of, whatever it answers/,
    ],
    "a refusal in a new term keeps the old vote": [
      (voter, request) => {
        const answer = vote(voter, request);
        return answer.granted ? answer : { ...answer, votedFor: voter.votedFor };
      },
      /in a new term it has voted for nobody yet/,
    ],
    "it forgets whom it voted for": [
      (voter, request) => ({ ...vote(voter, request), votedFor: null }),
      /who gives its vote remembers to whom/,
    ],
    "an older term is taken over": [
      (voter, request) => ({ ...vote(voter, request), term: request.term }),
      /a request of an older term is refused, and changes nothing/,
    ],
    "only yes or no": [untyped(() => true), /answers true; an answer is \{ term, votedFor, granted \}/],
    "nothing": [untyped(() => {}), /answers undefined; an answer is/],
  },
});
