/**
 * The Raft core: elections, replication and snapshots, as the crate `raft` 0.7 does them.
 *
 * Read on in `types.ts` (the words), then `raw_node.ts` (what goes in and comes out), then `step.ts` and the rule each
 * message leads to. Nothing here knows a clock, a network, a disk or chance: the caller brings them.
 *
 * @module
 */
export * from "./assert.ts";
export * from "./config.ts";
export type { EntryList } from "./entry_list.ts";
export * from "./errors.ts";
export * from "./inflights.ts";
export * from "./log.ts";
export * from "./mem_storage.ts";
export * from "./message.ts";
export * from "./progress.ts";
export * from "./quorum.ts";
export * from "./random.ts";
export * from "./raw_node.ts";
export * from "./ready.ts";
export type { SnapshotStatus } from "./snapshot.ts";
export type { Candidate, Follower, Leader, Raft, Role } from "./state.ts";
export * from "./status.ts";
export * from "./storage.ts";
export * from "./tracker.ts";
export * from "./types.ts";
export * from "./unstable.ts";
