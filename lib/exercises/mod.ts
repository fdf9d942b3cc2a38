/**
 * The exercises of the notebooks: what is asked for, and what checks an answer.
 *
 * A checker gives what is wrong with an answer, as a sentence; `null` if it is right. It compares what an answer does, not
 * how it is written.
 *
 * @module
 */
// Notebook 00.
export { checkDamage, checkSurvives, checkTicks } from "./baseline.ts";
// Notebook 01.
export { checkMustWrite, checkTurn, type MustWrite, type ReadyLoop } from "./ready_loop.ts";
export { checkFate, type Fate } from "./receipt.ts";
// Notebook 02: the reader writes Raft.
export { checkUpToDate, type IsUpToDate } from "./up_to_date.ts";
export { checkVote, type VoteAnswer, type VoteRequest, type VoteRule, type VoterView } from "./vote.ts";
export { type AppendView, checkAppend, type ReceiveAppend } from "./append.ts";
export { checkCommitIndex, type CommitRule, type LeaderView } from "./commit_rule.ts";
export { checkTimer, type TimerEvent, type TimerRule } from "./timer.ts";
export { followRules, type Rules, whatBreaks } from "./follow_rules.ts";
// Notebook 02: the reader writes scenarios.
export { type Care, checkReturn, checkTwoOfFive } from "./stories.ts";
export { checkPlan, type PlayedPlan, playPlan } from "./plan.ts";
