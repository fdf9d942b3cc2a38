/**
 * The Raft core: elections, replication and snapshots, as the crate `raft` 0.7 does them.
 *
 * Read `types.ts` (the words), `message.ts` (what nodes say), `state.ts` (what a peer remembers) and `roles.ts` (how it
 * changes); `log.ts`, `progress.ts` and `configuration.ts`; then the rules, `election.ts`, `replication.ts`,
 * `heartbeat.ts`, `proposal.ts` and `snapshot.ts`; `step.ts` and `tick.ts`, which lead to them; and last `ready.ts`,
 * `handover.ts`, where a `Ready` is made, and `raw_node.ts`. What the paper leaves to the thesis has a file each:
 * `pre_vote.ts`, `check_quorum.ts`, `read_index.ts`, `transfer.ts`; `conf_change.ts` and `membership.ts`. Nothing here
 * knows a clock, a network or a disk, and all chance comes from a seed.
 *
 * @module
 */
export * from "./assert.ts";
export * from "./config.ts";
export { checkConfChange, decodeConfChange, isJoint } from "./conf_change.ts";
export { type ConfStateOptions, isMember, isVoter, majority, membersOf, newConfState } from "./configuration.ts";
export { type VoteResult, voteResult, votersOf } from "./configuration.ts";
export * from "./errors.ts";
export type { RaftLog } from "./log.ts";
export * from "./mem_storage.ts";
export * from "./message.ts";
export type { Inflights, Progress, ProgressState, ProgressTracker } from "./progress.ts";
export { type RandomInt, randomInts, type RandomState, seededRandom } from "./random.ts";
export * from "./raw_node.ts";
export * from "./ready.ts";
export type { SnapshotStatus } from "./snapshot.ts";
export type {
  Candidate,
  Follower,
  Leader,
  PendingRead,
  PreCandidate,
  ProgressStatus,
  Raft,
  Role,
  Status,
} from "./state.ts";
export * from "./storage.ts";
export * from "./types.ts";
export type { Unstable } from "./unstable.ts";
