/**
 * The reader writes the election restriction (paper §5.4.1): whose log is at least as up-to-date.
 *
 * @module
 */
import type { LogPosition, RandomInt, Term } from "../raft/mod.ts";
import { firstDifferenceOf, isYesOrNo, range, seededCases, server } from "./cases.ts";

/** Whether the candidate's log, by its last entry, is at least as up-to-date as the voter's; index and term 0: empty. */
export type IsUpToDate = (candidate: LogPosition, voter: LogPosition) => boolean;

type Case = readonly [candidate: LogPosition, voter: LogPosition];

/**
 * Compare a rule for the winning log with the library's.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkUpToDate, exercise } from "hello-raft";
 *
 * exercise("the winning log", (candidate, voter) => candidate.index >= voter.index, checkUpToDate); // not yet, and why
 * ```
 */
export function checkUpToDate(attempt: IsUpToDate): string | null {
  return firstDifferenceOf<Case, boolean>(([candidate, voter]) => attempt(candidate, voter), {
    cases: cases(),
    right: grants,
    kind: "true or false",
    isAnswer: isYesOrNo,
    told: ([candidate, voter]) => `The candidate's log ${ending(candidate)}; the voter's ${ending(voter)}.`,
    does: (upToDate) => upToDate ? "grants the vote" : "refuses the vote",
    why: ([candidate, voter]) => {
      if (candidate.term !== voter.term) return "the last terms are compared first";
      return candidate.index === voter.index
        ? "a log that ends like the voter's own is good enough"
        : "with equal last terms, the longer log is the more up-to-date";
    },
  });
}

/** "ends with index 7 of term 1" */
export function ending({ index, term }: LogPosition): string {
  return index === 0 ? "is empty" : `ends with index ${index} of term ${term}`;
}

const cases = () => seededCases(1, 4000, (random): Case[] => [[randomEnd(random, 6), randomEnd(random, 6)]]);

/** The end of a log whose last term is at most `most`; it may be empty. */
export function randomEnd(random: RandomInt, most: Term): LogPosition {
  const term = random(0, most + 1);
  return { index: term === 0 ? 0 : random(1, 9), term };
}

/** Whether a node of the library whose vote is free grants it. */
function grants([candidate, { index, term }]: Case): boolean {
  const later = Math.max(candidate.term, term) + 1;
  const { node } = server({ log: range(1, index).map(() => term), term: later });
  const { index: lastLogIndex, term: lastLogTerm } = candidate;
  const known = { commit: 0, commitTerm: 0 };
  node.step({ type: "RequestVote", from: 2, to: 1, term: later, lastLogIndex, lastLogTerm, ...known });
  return node.raft.vote === 2;
}
