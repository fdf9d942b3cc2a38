/**
 * What nodes say to each other: one type a message, with just the fields that message has (paper Figure 2).
 *
 * Names are the crate's without `Msg`. A message is plain data: it can be passed, delayed, duplicated, lost and
 * compared. Every message but `Propose` carries the sender's term.
 *
 * @module
 */
import type { Entry, Index, NodeId, Snapshot, Term } from "./types.ts";

/** What every message says. */
export interface Letter {
  /** The sender. */
  readonly from: NodeId;
  /** The receiver. */
  readonly to: NodeId;
  /** The sender's term. */
  readonly term: Term;
}

/** How far a node has committed: vote traffic carries it, so that a node that lags can catch up while it votes. */
export interface CommitInfo {
  /** The sender's commit index. */
  readonly commit: Index;
  /** The term of the entry there. */
  readonly commitTerm: Term;
}

/** Where a follower's log may still agree with the leader's, said with a rejection (paper §5.3, last paragraphs). */
export interface RejectHint {
  /** The highest index at which the two logs may agree. */
  readonly index: Index;
  /** The follower's term there. */
  readonly term: Term;
}

/** A candidate asks for a vote (paper §5.2; RequestVote RPC). */
export interface RequestVote extends Letter, CommitInfo {
  /** The tag. */
  readonly type: "RequestVote";
  /** The index of the candidate's last entry. */
  readonly index: Index;
  /** The term of the candidate's last entry. */
  readonly logTerm: Term;
}

/** The answer to a `RequestVote`. */
export interface RequestVoteResponse extends Letter {
  /** The tag. */
  readonly type: "RequestVoteResponse";
  /** `null` if the vote was granted; else how far the voter has committed. */
  readonly reject: CommitInfo | null;
}

/** A leader replicates entries, or probes for the place where two logs agree (paper §5.3; AppendEntries RPC). */
export interface Append extends Letter {
  /** The tag. */
  readonly type: "Append";
  /** The index just before `entries` (the paper's prevLogIndex). */
  readonly index: Index;
  /** The leader's term at `index` (the paper's prevLogTerm). */
  readonly logTerm: Term;
  /** The entries at `index + 1`, `index + 2`, …; may be empty. */
  readonly entries: readonly Entry[];
  /** The leader's commit index. */
  readonly commit: Index;
}

/** The answer to an `Append` or a `Snapshot`. */
export interface AppendResponse extends Letter {
  /** The tag. */
  readonly type: "AppendResponse";
  /** If accepted: the last index at which the logs now agree. If rejected: the `index` of the `Append`. */
  readonly index: Index;
  /** `null` if accepted; else where to try next. */
  readonly reject: RejectHint | null;
  /** The follower's commit index; 0 in the answer to a `Snapshot`, which does not carry it. */
  readonly commit: Index;
}

/** A leader asserts its leadership (paper §5.2). */
export interface Heartbeat extends Letter {
  /** The tag. */
  readonly type: "Heartbeat";
  /** The leader's commit index, as far as the receiver is known to hold the entries. */
  readonly commit: Index;
}

/** The answer to a `Heartbeat`. */
export interface HeartbeatResponse extends Letter {
  /** The tag. */
  readonly type: "HeartbeatResponse";
  /** The follower's commit index. */
  readonly commit: Index;
}

/** A leader sends its snapshot to a follower whose next entry is compacted (paper §7; InstallSnapshot RPC). */
export interface SnapshotMessage extends Letter {
  /** The tag. */
  readonly type: "Snapshot";
  /** The snapshot. */
  readonly snapshot: Snapshot;
}

/** Data to append to the log, on its way to the leader (paper §8). It belongs to no term. */
export interface Propose {
  /** The tag. */
  readonly type: "Propose";
  /** The node that took the proposal from its client. */
  readonly from: NodeId;
  /** The node that is asked to append it. */
  readonly to: NodeId;
  /** The data of each entry to append; at least one. */
  readonly proposals: readonly Uint8Array[];
}

/**
 * A message between two nodes.
 *
 * @example
 * ```ts
 * import type { Message } from "hello-raft/raft";
 *
 * const message: Message = { type: "Heartbeat", from: 1, to: 2, term: 3, commit: 7 };
 * ```
 */
export type Message =
  | RequestVote
  | RequestVoteResponse
  | Append
  | AppendResponse
  | Heartbeat
  | HeartbeatResponse
  | SnapshotMessage
  | Propose;

/** The tag of a message. */
export type MessageType = Message["type"];
