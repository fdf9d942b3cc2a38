/**
 * The reader writes the receiver of RequestVote (paper §5.1, §5.2, §5.4.1; Figure 2).
 *
 * @module
 */
import type { LogPosition, NodeId, Term } from "../raft/mod.ts";
import { firstDifferenceOf, isCount, isYesOrNo, range, seededCases, server } from "./cases.ts";
import { ending, randomEnd } from "./up_to_date.ts";

/** What a voter knows when it is asked; a copy, that a rule may change. */
export interface VoterView {
  /** Its term. */
  term: Term;
  /** Whom it has voted for in that term; `null` is nobody. */
  votedFor: NodeId | null;
  /** The last entry of its log; index and term 0: none. */
  readonly log: LogPosition;
}

/** What a candidate says when it asks. */
export interface VoteRequest {
  /** Its term. */
  readonly term: Term;
  /** Who it is. */
  readonly candidateId: NodeId;
  /** The index of its last entry. */
  readonly lastLogIndex: number;
  /** The term of its last entry. */
  readonly lastLogTerm: Term;
}

/** What the voter answers, and what it knows then. */
export interface VoteAnswer {
  /** Its term. */
  readonly term: Term;
  /** Whom it has voted for in that term; `null` is nobody. */
  readonly votedFor: NodeId | null;
  /** Whether the candidate has its vote. */
  readonly granted: boolean;
}

/** What a voter does that is asked for its vote. */
export type VoteRule = (voter: VoterView, request: VoteRequest) => VoteAnswer;

type Case = readonly [voter: VoterView, request: VoteRequest];

/**
 * Compare a rule for giving a vote with the library's.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkVote, exercise } from "hello-raft";
 *
 * exercise("the vote", ({ term }, { candidateId }) => ({ term, votedFor: candidateId, granted: true }), checkVote); // why not
 * ```
 */
export function checkVote(attempt: VoteRule): string | null {
  return firstDifferenceOf<Case, VoteAnswer>(([voter, request]) => attempt(voter, request), {
    cases: cases(),
    right: answerTo,
    kind: "{ term, votedFor, granted }",
    isAnswer: isVoteAnswer,
    counts: ({ term, votedFor, granted }) => [term, votedFor ?? null, granted],
    told: ([voter, { term, candidateId, ...last }]) => {
      const vote = voter.votedFor === null ? "has not voted in it" : `has voted for node ${voter.votedFor}`;
      const log = ending({ index: last.lastLogIndex, term: last.lastLogTerm });
      return `A voter in term ${voter.term} ${vote}; its log ${ending(voter.log)}. ` +
        `Node ${candidateId} asks for its vote in term ${term}; the candidate's log ${log}.`;
    },
    does: ({ term, votedFor, granted }) =>
      `${granted ? "grants it" : "refuses it"} (term ${term}, votedFor ${votedFor ?? null})`,
    why,
  });
}

function isVoteAnswer(said: unknown): boolean {
  const { term, votedFor, granted } = Object(said);
  return isCount(term) && (votedFor === null || votedFor === undefined || isCount(votedFor)) && isYesOrNo(granted);
}

function why([voter, request]: Case, said: VoteAnswer, right: VoteAnswer): string {
  if (request.term < voter.term) return "a request of an older term is refused, and changes nothing";
  if (said.term !== right.term) return "a node takes over every higher term that it hears of, whatever it answers";
  const isNew = request.term > voter.term;
  if (said.granted === right.granted) {
    if (right.granted) return "who gives its vote remembers to whom";
    return isNew ? "in a new term it has voted for nobody yet" : "a refusal changes no vote";
  }
  if (right.granted) {
    if (!isNew && voter.votedFor === request.candidateId) return "it may say yes again to the node that has its vote";
    return `its vote ${isNew ? "in the new term " : ""}is free, and the candidate's log is at least as up-to-date`;
  }
  const isTaken = !isNew && voter.votedFor !== null && voter.votedFor !== request.candidateId;
  return isTaken ? "it has one vote in a term" : "its own log is more up-to-date";
}

const cases = () =>
  seededCases(2, 5000, (random): Case[] => {
    const [term, asked] = [random(1, 6), random(1, 6)];
    const votedFor = [null, 2, 3, 4, 5][random(0, 5)];
    const { index: lastLogIndex, term: lastLogTerm } = randomEnd(random, asked - 1);
    const request = { term: asked, candidateId: random(2, 6), lastLogIndex, lastLogTerm };
    return [[{ term, votedFor, log: randomEnd(random, term) }, request]];
  });

/** What a node of the library answers. To a request of an older term it answers nothing. */
function answerTo([{ term, votedFor, log }, request]: Case): VoteAnswer {
  const { node } = server({ nodes: 5, log: range(1, log.index).map(() => log.term), term, vote: votedFor });
  const { candidateId: from, term: asked, lastLogIndex, lastLogTerm } = request;
  const known = { commit: 0, commitTerm: 0 };
  node.step({ type: "RequestVote", from, to: 1, term: asked, lastLogIndex, lastLogTerm, ...known });
  const { raft } = node;
  const granted = raft.messages.some((message) => message.type === "RequestVoteResponse" && message.voteGranted);
  return { term: raft.term, votedFor: raft.vote, granted };
}
