/**
 * The exercises of the notebooks: what checks a reader's answer.
 *
 * A check says what is wrong with an answer, as a sentence, or `null`. It compares with what the library does, so there is
 * no second copy of a rule here.
 *
 * @module
 */
export {
  checkBytes,
  checkRecovery,
  type FindFrame,
  type LogToRecover,
  type Recovery,
  type ThreeBytes,
} from "./damaged_log.ts";
export { agreed, type DiskLab, diskLab, type PutOnDisks, putOnDisks } from "./disk_lab.ts";
export { checkLeaving } from "./leaving.ts";
export { checkLostWrite, type CrashStory, crashStory, type Double } from "./lost_write.ts";
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
export { checkSlowDisks } from "./slow_disks.ts";
export {
  checkChooseMessage,
  checkTakeSnapshot,
  type ChooseMessage,
  type FollowerLog,
  type LogBounds,
  type SnapshotEnd,
  type TakeSnapshot,
} from "./snapshots.ts";
export { checkSyncPlace, lateFollower, type ReadyMachine, type SyncPlace } from "./sync_place.ts";
