/**
 * hello-raft: a small library that behaves step by step like the crate `raft` 0.7, to learn Raft with.
 *
 * Start with the core, `raft/mod.ts`, which says in which order to read it. Then `node.ts`, the ready loop around it, and
 * `cluster.ts`, the simulated world in which nodes meet; `client.ts`, who asks them until it is answered; `trace/rows.ts`, what
 * happened there, and `trace/fold.ts`, what was so after each tick. Everything that is shown is made from a trace.
 *
 * @module
 */
// The core.
export * from "./raft/mod.ts";

// What an application adds to it.
export * from "./command.ts";
export * from "./state_machine.ts";
export * from "./network.ts";
export { type Disk, type DiskOf, losingDisks } from "./storage/disk.ts";
export type { CachedStorage } from "./storage/cached_storage.ts";
export * from "./storage/file_storage.ts";
export { type Files, LockedError, type OpenFile, WalError, type WalErrorKind } from "./storage/files.ts";
export * from "./storage/memory_files.ts";
export { directoryOf, fileDisks, nodeFiles } from "./storage/node_files.ts";
export { type LogReport, readLog } from "./storage/read_log.ts";
export type { Checkpoint, FrameContent, Owner, SnapshotRef } from "./storage/frame.ts";
export type { BrokenFrame, FramePlace, LogFrame, ValidFrame } from "./storage/recover.ts";

// What happened.
export * from "./trace/rows.ts";
export * from "./trace/trace.ts";
export { conditionOf, Fold } from "./trace/fold.ts";
export type {
  Answer,
  Change,
  ClusterState,
  Flight,
  LinkState,
  LogState,
  MapState,
  NodeState,
  Scene,
  Way,
} from "./trace/fold.ts";
export { type Operation, operationsOf } from "./trace/operations.ts";
export { configurationText, type NodeCondition } from "./trace/words.ts";
export { type Difference, firstDifference } from "./trace/difference.ts";
export { transcript } from "./trace/transcript.ts";

// Nodes, and the worlds they live in.
export { DemoNode, type NodeOptions } from "./node.ts";
export type { AppliedEntry, BetweenSteps, ReadyOutcome, ReadyStep, Turn } from "./node_turn.ts";
export type { NodeView, NodeWorld, World } from "./world.ts";
export type { Appended } from "./service.ts";
export { Client, type RequestOptions } from "./client.ts";
export type { Receiver, Reply, Request } from "./requests.ts";
export { ClusterError, type ClusterOptions, type Logs } from "./cluster_options.ts";
export * from "./cluster.ts";
export { type Clock, realClock, VirtualClock } from "./runtime/clock.ts";
export * from "./runtime/runtime.ts";
export { startRuntime } from "./runtime/start.ts";
export { type DiskHabits, SimulatedDisk } from "./runtime/simulated_disk.ts";

// Scenarios.
export * from "./scenario/mod.ts";
export { playInTasks } from "./scenario/play_in_tasks.ts";
export { lostVote, lostVoteWithoutTheRule, playLostVote, sendBeforeTheWrite } from "./scenario/lost_vote.ts";

// Checks.
export { type DurableOf, InvariantChecker } from "./check/checker.ts";
export type { Coverage } from "./check/coverage.ts";
export { fuzz, type FuzzOptions, type Mix } from "./check/fuzz.ts";

// Figures, and what a notebook's cell shows and asks.
export * from "./charts/mod.ts";
export type { Figure } from "./charts/figure.ts";
export { type Player, player, sandbox, type SandboxOptions } from "./player/player.ts";
export { exercise, property } from "./notebook/exercise.ts";
export { type Option, predict, reveal } from "./notebook/predict.ts";
export { type ReadyBullet, readyBullets, type TurnRow, turnsAbout } from "./notebook/ready_rows.ts";
export { show, versions } from "./notebook/show.ts";
export * from "./exercises/mod.ts";
