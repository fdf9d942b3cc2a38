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
// Notebook 03.
export { agreed, type DiskLab, diskLab, type PutOnDisks, putOnDisks } from "./disk_lab.ts";
export { checkSlowDisks } from "./slow_disks.ts";
export { checkLeaving } from "./leaving.ts";
export { checkLostWrite, type CrashStory, crashStory, type Double } from "./lost_write.ts";
// Notebook 04.
export {
  flipped,
  openBytes,
  type OpenedLog,
  otherTails,
  sampleBytes,
  sampleLog,
  type Tails,
  tornTails,
  withTail,
} from "./sample_log.ts";
export {
  checkBytes,
  checkRecovery,
  type FindFrame,
  type LogToRecover,
  type Recovery,
  type ThreeBytes,
} from "./damaged_log.ts";
export { checkSyncPlace, lateFollower, type ReadyMachine, type SyncPlace } from "./sync_place.ts";
// Notebook 05.
export {
  checkChooseMessage,
  checkTakeSnapshot,
  type ChooseMessage,
  type FollowerLog,
  type LogBounds,
  type SnapshotEnd,
  type TakeSnapshot,
} from "./snapshots.ts";
// Notebook 06.
export { checkQuorumRule, type QuorumRule, type QuorumView } from "./joint_quorum.ts";
export { type ChangeAnswer, type ChangeRule, type ChangeView, checkChangeRule } from "./takes_change.ts";
export { type ChangeStep, checkReplacement } from "./replacement.ts";
export { inForceWhenAppended, takesChangesAtOnce } from "./paper_changes.ts";
// Notebook 07.
export { checkReadRule, type ReadRule, type ReadView } from "./read_rule.ts";
export { whatReadIsStale } from "./read_run.ts";
export { checkSessionRule, type Remembered, type SessionRule, type SessionVerdict } from "./session_rule.ts";
export { whatIsDoneTwice } from "./session_run.ts";
export { checkConclusions } from "./conclusions.ts";
