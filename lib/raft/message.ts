/**
 * What nodes say to each other: one type a message, with just the fields that message has (paper Figure 2).
 *
 * Types are named as in the crate, without `Msg`; fields as in the paper. A message is plain data: it can be passed,
 * delayed, duplicated, lost and compared. Every message but
 * `Propose` and `ReadIndex` carries the sender's term.
 *
 * @module
 */
import type { Entry, Index, LogPosition, NodeId, Snapshot, Term, Ticks } from "./types.ts";

/** What every message but `Propose` and `ReadIndex` begins with. */
export interface Header {
  /** The sender. */
  readonly from: NodeId;
  /** The receiver. */
  readonly to: NodeId;
  /** The sender's term. */
  readonly term: Term;
}

/**
 * How far a node has committed. Not in the paper, as in the crate: vote traffic carries it, so that a node that lags
 * can catch up while it votes.
 */
export interface CommitInfo {
  /** The sender's commit index. */
  readonly commit: Index;
  /** The term of the entry at `commit`. */
  readonly commitTerm: Term;
}

/** What a candidate says of its log when it asks for a vote. */
export interface Candidacy extends Header, CommitInfo {
  /** The index of the candidate's last entry. */
  readonly lastLogIndex: Index;
  /** The term of the candidate's last entry. */
  readonly lastLogTerm: Term;
}

/** A candidate asks for a vote (paper §5.2; RequestVote RPC). */
export interface RequestVote extends Candidacy {
  /** Which message it is. */
  readonly type: "RequestVote";
  /** The leader itself wants this election (thesis §3.10): a node that hears from its leader may vote, too. */
  readonly transfer?: true;
}

/** A node votes for the candidate. */
export interface VoteGranted extends Header {
  /** Which message it is. */
  readonly type: "RequestVoteResponse";
  /** The candidate may count this vote. */
  readonly voteGranted: true;
}

/** A node does not vote for the candidate, and says how far it has committed. */
export interface VoteRefused extends Header, CommitInfo {
  /** Which message it is. */
  readonly type: "RequestVoteResponse";
  /** The node voted for somebody else, knows a leader, or its log is more up-to-date. */
  readonly voteGranted: false;
}

/** The answer to a `RequestVote`. */
export type RequestVoteResponse = VoteGranted | VoteRefused;

/** A node asks whether it would get a vote in the next term, which `term` names (thesis §9.6). */
export interface RequestPreVote extends Candidacy {
  /** Which message it is. */
  readonly type: "RequestPreVote";
}

/** A node would vote. `term` is the one that was asked about; it binds nobody. */
export interface PreVoteGranted extends Header {
  /** Which message it is. */
  readonly type: "RequestPreVoteResponse";
  /** The node may count this answer. */
  readonly voteGranted: true;
}

/** A node would not vote. `term` is its own: a node that has fallen behind learns it from here. */
export interface PreVoteRefused extends Header, CommitInfo {
  /** Which message it is. */
  readonly type: "RequestPreVoteResponse";
  /** The node's log is more up-to-date, or its term is greater. */
  readonly voteGranted: false;
}

/** The answer to a `RequestPreVote`. */
export type RequestPreVoteResponse = PreVoteGranted | PreVoteRefused;

/**
 * A leader replicates entries, or probes for the place where two logs agree (paper §5.3; AppendEntries RPC, crate
 * `MsgAppend`).
 */
export interface Append extends Header {
  /** Which message it is. */
  readonly type: "Append";
  /** The index of the entry just before `entries`. */
  readonly prevLogIndex: Index;
  /** The leader's term at `prevLogIndex`. */
  readonly prevLogTerm: Term;
  /** The entries at `prevLogIndex + 1`, `prevLogIndex + 2`, …; may be empty. */
  readonly entries: readonly Entry[];
  /** The leader's commit index. */
  readonly leaderCommit: Index;
}

/** The follower holds what the leader sent. */
export interface AppendAccepted extends Header {
  /** Which message it is. */
  readonly type: "AppendResponse";
  /** The follower's log held an entry that matches `prevLogIndex` and `prevLogTerm`. */
  readonly success: true;
  /** The last index up to which the two logs now agree. */
  readonly matchIndex: Index;
  /** The follower's commit index; 0 in the answer to a `Snapshot`, which does not carry it. */
  readonly commit: Index;
}

/** The follower's log differs from the leader's just before the entries that the leader sent. */
export interface AppendRejected extends Header {
  /** Which message it is. */
  readonly type: "AppendResponse";
  /** The follower's log has no entry that matches `prevLogIndex` and `prevLogTerm`. */
  readonly success: false;
  /** The `prevLogIndex` of the `Append` that was rejected. */
  readonly prevLogIndex: Index;
  /** The last position at which the two logs may agree: where to probe next (paper §5.3, last paragraphs). */
  readonly hint: LogPosition;
  /** The follower's commit index. */
  readonly commit: Index;
}

/** The answer to an `Append`; that to a `Snapshot` is an `AppendAccepted`. */
export type AppendResponse = AppendAccepted | AppendRejected;

/** A round of heartbeats whose answers show that the leader still led when a read was asked for (thesis §6.4). */
export interface ReadRound {
  /** Which round of this leader it is: no answer counts for another. */
  readonly round: number;
  /** The context of the read that began it. */
  readonly context: Uint8Array;
}

/** How long its answer keeps others from being elected (thesis §6.4.1). */
export interface Lease {
  /** When the heartbeat was sent, by its leader's count of ticks. */
  readonly sentAt: Ticks;
}

/**
 * A leader asserts its leadership (paper §5.2). The paper's heartbeat is an empty AppendEntries. Here, as in the crate,
 * it is a message of its own that compares no logs, so it commits no more than the follower is known to hold.
 */
export interface Heartbeat extends Header {
  /** Which message it is. */
  readonly type: "Heartbeat";
  /** The leader's commit index, as far as the receiver is known to hold the entries. */
  readonly leaderCommit: Index;
  /** The round of heartbeats that it belongs to, if a read waits for the answers. */
  readonly read?: ReadRound;
  /** What it renews, if reads go by a lease. */
  readonly lease?: Lease;
}

/** The answer to a `Heartbeat`. */
export interface HeartbeatResponse extends Header {
  /** Which message it is. */
  readonly type: "HeartbeatResponse";
  /** The follower's commit index. */
  readonly commit: Index;
  /** As in the heartbeat. */
  readonly read?: ReadRound;
  /** As in the heartbeat. */
  readonly lease?: Lease;
}

/** A leader sends its snapshot to a follower whose next entry is compacted (paper §7; InstallSnapshot RPC). */
export interface SnapshotMessage extends Header {
  /** Which message it is. */
  readonly type: "Snapshot";
  /** The snapshot. */
  readonly snapshot: Snapshot;
}

/** Data to append to the log, on its way to the leader (paper §8). It belongs to no term. */
export interface Propose {
  /** Which message it is. */
  readonly type: "Propose";
  /** The node that took the proposal from its client. */
  readonly from: NodeId;
  /** The node that is asked to append it. */
  readonly to: NodeId;
  /** The data of each entry to append; at least one. */
  readonly proposals: readonly Uint8Array[];
  /** What the entries are, if no commands. */
  readonly entryType?: "configuration";
}

/** A leader tells a node that is to lead to start an election at once (thesis §3.10). */
export interface TimeoutNow extends Header {
  /** Which message it is. */
  readonly type: "TimeoutNow";
}

/** A node asks its leader to hand over leadership (thesis §3.10). */
export interface TransferLeader extends Header {
  /** Which message it is. */
  readonly type: "TransferLeader";
  /** The node that is to lead. */
  readonly transferee: NodeId;
}

/** A node asks its leader from which index on it may answer a read (thesis §6.4). It belongs to no term. */
export interface ReadIndex {
  /** Which message it is. */
  readonly type: "ReadIndex";
  /** The node that wants to read. */
  readonly from: NodeId;
  /** The node that is asked. */
  readonly to: NodeId;
  /** Which read it is. */
  readonly context: Uint8Array;
}

/** The leader's answer to a `ReadIndex`. */
export interface ReadIndexResp extends Header {
  /** Which message it is. */
  readonly type: "ReadIndexResp";
  /** The read may be answered from a state machine that has applied this index. */
  readonly index: Index;
  /** Which read it is. */
  readonly context: Uint8Array;
}

/**
 * A message between two nodes.
 *
 * @example
 * ```ts
 * import type { Message } from "hello-raft/raft";
 *
 * const message: Message = { type: "Heartbeat", from: 1, to: 2, term: 3, leaderCommit: 7 };
 * ```
 */
export type Message =
  | RequestVote
  | RequestVoteResponse
  | RequestPreVote
  | RequestPreVoteResponse
  | Append
  | AppendResponse
  | Heartbeat
  | HeartbeatResponse
  | SnapshotMessage
  | Propose
  | TimeoutNow
  | TransferLeader
  | ReadIndex
  | ReadIndexResp;

/** A message that belongs to a term. */
export type TermMessage = Exclude<Message, Propose | ReadIndex>;

/** The `type` of a message. */
export type MessageType = Message["type"];
