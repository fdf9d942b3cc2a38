/**
 * The words of Raft: terms, indices, entries and the states a node keeps (paper §5, Figure 2).
 *
 * Plain `readonly` data; this file imports nothing. Names are those of the crate `raft` 0.7 (`eraftpb`), in
 * TypeScript's case.
 *
 * @module
 */

/** A term (paper §5.1): Raft's logical clock, a whole number that only grows. 0 before the first election. */
export type Term = number;

/** The position of an entry in the log: 1, 2, 3, …; 0 is the place before the first entry. */
export type Index = number;

/** The identity of a node: a whole number from 1. */
export type NodeId = number;

/** A number of calls of `tick`, the only time there is inside the protocol. */
export type Ticks = number;

/** One entry of the log. */
export interface Entry {
  /** The term of the leader that appended it. */
  readonly term: Term;
  /** Its position in the log. */
  readonly index: Index;
  /** What was proposed, opaque to Raft. Empty in the entry a new leader appends to start its term. */
  readonly data: Uint8Array;
}

/** What a node must find again after a crash, beside its log (paper Figure 2, "persistent state on all servers"). */
export interface HardState {
  /** The latest term the node has seen. */
  readonly term: Term;
  /** Whom the node voted for in `term`; `null` is nobody. */
  readonly vote: NodeId | null;
  /** The highest index known to be committed. It is safe to lose: a leader tells it again. */
  readonly commit: Index;
}

/** The roles of paper §5.1, Figure 4. */
export type StateRole = "follower" | "candidate" | "leader";

/** What a node knows that need not survive a crash. */
export interface SoftState {
  /** The leader of the current term, as far as the node knows; `null` is nobody. */
  readonly leaderId: NodeId | null;
  /** The node's own role. */
  readonly raftState: StateRole;
}

/** Who belongs to the cluster. */
export interface ConfState {
  /** The nodes whose majority decides, in ascending order. */
  readonly voters: readonly NodeId[];
}

/** What a snapshot stands for (paper §7, Figure 12). */
export interface SnapshotMetadata {
  /** The last index the snapshot replaces. */
  readonly index: Index;
  /** The term of the entry at `index`. */
  readonly term: Term;
  /** The configuration as of `index`. */
  readonly confState: ConfState;
}

/** The state machine's state as of an index, in place of the log up to there (paper §7). */
export interface Snapshot {
  /** What the snapshot stands for. */
  readonly metadata: SnapshotMetadata;
  /** The state machine's state as of `metadata.index`, opaque to Raft. */
  readonly data: Uint8Array;
}

/** The last index and the last term of a part of the log: how the paper compares logs (§5.4.1). */
export interface LogPosition {
  /** The index of an entry. */
  readonly index: Index;
  /** The term of that entry. */
  readonly term: Term;
}
