/**
 * hello-raft: a small library that behaves step by step like the crate `raft` 0.7, to learn Raft with.
 *
 * Start here, then read `raft/types.ts` (the words), `raft/raw_node.ts` (one node, without a clock, a network or a disk) and
 * `node.ts` (the ready loop). `Cluster` is the simulated world around them, `Trace` what happened in it.
 *
 * @module
 */
export * from "./charts/mod.ts";
export * from "./cluster.ts";
export { ClusterError, type ClusterOptions, type Logs } from "./cluster_options.ts";
export * from "./command.ts";
export { type Difference, firstDifference } from "./trace/difference.ts";
export * from "./trace/rows.ts";
export { directoryOf, type Disk, type DiskOf, fileDisks, losingDisks } from "./storage/disk.ts";
export * from "./storage/file_storage.ts";
export { type Files, LockedError, type OpenFile, WalError, type WalErrorKind } from "./storage/files.ts";
export type { Checkpoint, FrameContent, SnapshotRef } from "./storage/frame.ts";
export * from "./storage/memory_files.ts";
export { nodeFiles } from "./storage/node_files.ts";
export { type DurableOf, InvariantChecker, type Moments } from "./check/checker.ts";
export { storm, type StormOptions } from "./check/storm.ts";
export * from "./network.ts";
export {
  type AppliedEntry,
  type BetweenSteps,
  DemoNode,
  type ReadyOutcome,
  type ReadyStep,
  type Turn,
} from "./node.ts";
export * from "./raft/mod.ts";
export { type Clock, realClock, VirtualClock } from "./runtime/clock.ts";
export * from "./runtime/runtime.ts";
export { startRuntime } from "./runtime/start.ts";
export { type DiskHabits, SimulatedDisk } from "./runtime/simulated_disk.ts";
export { lostVote, lostVoteWithoutTheRule, playLostVote, sendBeforeTheWrite } from "./scenario/lost_vote.ts";
export * from "./scenario/mod.ts";
export * from "./state_machine.ts";
export { playInTasks } from "./scenario/play_in_tasks.ts";
export { type Leg, play, type Run } from "./scenario/run.ts";
export { median, type SeedResult, survey } from "./scenario/survey.ts";
export * from "./trace/trace.ts";
export { transcript } from "./trace/transcript.ts";
export { type LogReport, readLog } from "./storage/read_log.ts";
export type { BrokenFrame, LogFrame, ValidFrame } from "./storage/recover.ts";
export { exercise, property } from "./notebook/exercise.ts";
export { predict, type Prediction, reveal } from "./notebook/predict.ts";
export { show, versions } from "./notebook/show.ts";
export { type Player, player } from "./player/player.ts";
export type { Appended, NodeView, NodeWorld, World } from "./world.ts";
export type { Figure } from "./charts/figure.ts";
