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

/**
 * What an entry is: the empty one with which a leader starts its term (the no-op of paper §8), a command for the state
 * machine, or a change of the configuration (paper §6).
 */
export type EntryType = "empty" | "command" | "configuration";

/** One entry of the log. */
export interface Entry {
  /** What the entry is. */
  readonly type: EntryType;
  /** The term of the leader that appended it. */
  readonly term: Term;
  /** Its position in the log. */
  readonly index: Index;
  /** What was proposed, opaque to Raft unless it changes the configuration; no bytes in an empty entry. */
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

/** The roles of paper §5.1, Figure 4, and the one of PreVote (thesis §9.6). */
export type StateRole = "follower" | "preCandidate" | "candidate" | "leader";

/** What a node knows that need not survive a crash. */
export interface SoftState {
  /** The leader of the current term, as far as the node knows; `null` is nobody. */
  readonly leaderId: NodeId | null;
  /** The node's own role. */
  readonly raftState: StateRole;
}

/**
 * Who belongs to the cluster, and who decides (paper §6; crate item `eraftpb::ConfState`). All ids are in ascending
 * order.
 *
 * While `votersOutgoing` has members the configuration is joint: it takes a majority of the old voters and one of the
 * new.
 */
export interface ConfState {
  /** The nodes whose majority decides; in a joint configuration, the new ones. */
  readonly voters: readonly NodeId[];
  /** The nodes that receive the log and do not vote. */
  readonly learners: readonly NodeId[];
  /** In a joint configuration, the old voters; else nobody. */
  readonly votersOutgoing: readonly NodeId[];
  /** The outgoing voters that become learners when the joint configuration ends. */
  readonly learnersNext: readonly NodeId[];
  /** Whether the leader ends the joint configuration by itself. */
  readonly autoLeave: boolean;
}

/** What is done with one node; crate item `eraftpb::ConfChangeSingle`. */
export interface ConfChangeSingle {
  /** It becomes a voter, a learner, or neither. */
  readonly type: "addNode" | "addLearnerNode" | "removeNode";
  /** The node. */
  readonly node: NodeId;
}

/**
 * How a configuration becomes another (crate item `eraftpb::ConfChangeTransition`): `auto` changes one node at once, and
 * several through a joint configuration, which the leader ends by itself; `implicit` and `explicit` always go through a
 * joint configuration, and `explicit` waits for a change without nodes to end it.
 */
export type ConfChangeTransition = "auto" | "implicit" | "explicit";

/** A change of the configuration (paper §6; crate item `eraftpb::ConfChangeV2`). Without nodes it ends a joint one. */
export interface ConfChange {
  /** How to get there. */
  readonly transition: ConfChangeTransition;
  /** What is done with which nodes, in this order. */
  readonly changes: readonly ConfChangeSingle[];
}

/** From which index on a read may be answered (thesis §6.4; crate item `raft::ReadState`). */
export interface ReadState {
  /** The read may be answered from a state machine that has applied this index. */
  readonly index: Index;
  /** Which read it is: what `readIndex` was given. */
  readonly context: Uint8Array;
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

/** The index and the term of an entry. Two logs that agree on both agree on everything before it (paper §5.3). */
export interface LogPosition {
  /** Where the entry is. */
  readonly index: Index;
  /** The term of the leader that appended it. */
  readonly term: Term;
}
