/**
 * What can happen in a cluster, as plain rows. Whatever is shown anywhere is made from them.
 *
 * A row is data that JSON can carry: no live objects, no bytes.
 *
 * @module
 */
import { Codec, type Command, CommandError } from "../command.ts";
import type {
  Entry,
  Index,
  Message,
  MessageType,
  NodeId,
  ProgressStatus,
  StateRole,
  Term,
  Ticks,
} from "../raft/mod.ts";
import type { EntryOutcome } from "../state_machine.ts";

/** A message at a glance. What a type of message does not have is `null`. */
export interface MessageSummary {
  /** What kind of message it is. */
  readonly type: MessageType;
  /** The sender. */
  readonly from: NodeId;
  /** The receiver. */
  readonly to: NodeId;
  /** The sender's term. */
  readonly term: Term | null;
  /** What it says about a place in a log. */
  readonly index: Index | null;
  /** How many entries, or proposals, it carries. */
  readonly entries: number;
  /** The commit index it tells. */
  readonly commit: Index | null;
  /** Whether it says no. */
  readonly reject: boolean;
}

/** An entry at a glance. */
export interface EntrySummary {
  /** Its index. */
  readonly index: Index;
  /** Its term. */
  readonly term: Term;
  /** What it asks for; `null` in a leader's first entry, and in one that holds no command. */
  readonly command: Command | null;
}

/** When something happened. */
export interface Timed {
  /** Ticks passed since the cluster started. */
  readonly tick: Ticks;
}

/** When and on which node something happened. */
export interface OnNode extends Timed {
  /** The node. */
  readonly node: NodeId;
}

/** A node at the end of a tick. */
export interface NodeRow extends OnNode {
  /** The tag. */
  readonly kind: "node";
  /** Whether it runs; if not, the rest is what it was when it stopped. */
  readonly running: boolean;
  /** Its role. */
  readonly role: StateRole;
  /** Its term. */
  readonly term: Term;
  /** Whom it voted for in that term. */
  readonly vote: NodeId | null;
  /** Whom it takes for the leader. */
  readonly leader: NodeId | null;
  /** The index of the first entry that is not compacted. */
  readonly firstIndex: Index;
  /** The index of its last entry. */
  readonly lastIndex: Index;
  /** Its commit index. */
  readonly commit: Index;
  /** The last index it has applied. */
  readonly applied: Index;
  /** What it knows of every node, if it leads; empty on anyone else. */
  readonly progress: readonly ProgressStatus[];
}

/** A message was sent, arrived, or was lost. */
export interface MessageRow extends MessageSummary, Timed {
  /** The tag. */
  readonly kind: "message";
  /** Which of these. */
  readonly event: "sent" | "delivered" | "dropped";
  /** The envelope: 1, 2, 3, … */
  readonly id: number;
}

/** A client asked a node for something. */
export interface ProposalRow extends OnNode {
  /** The tag. */
  readonly kind: "proposal";
  /** What it was asked for. */
  readonly command: Command;
  /** The leader appended it, a follower passed it on, or nobody took it. */
  readonly result: "appended" | "forwarded" | "dropped";
  /** The index at which it was appended. */
  readonly index: Index | null;
  /** The term in which it was appended. */
  readonly term: Term | null;
}

/** A node's commit index moved. */
export interface CommitRow extends OnNode {
  /** The tag. */
  readonly kind: "commit";
  /** Its role at that moment: the leader decides, the others learn. */
  readonly role: StateRole;
  /** Its term. */
  readonly term: Term;
  /** The commit index before. */
  readonly previous: Index;
  /** The commit index now. */
  readonly index: Index;
}

/** A node applied an entry to its store. */
export interface ApplyRow extends OnNode {
  /** The tag. */
  readonly kind: "apply";
  /** The entry's index. */
  readonly index: Index;
  /** The entry's term. */
  readonly term: Term;
  /** What applying it did. */
  readonly outcome: EntryOutcome;
}

/** A node's store was replaced: by a leader's snapshot, or, at a restart, by what its own storage holds. */
export interface RestoreRow extends OnNode {
  /** The tag. */
  readonly kind: "restore";
  /** The index up to which it holds everything; 0 is an empty store. */
  readonly index: Index;
  /** Every key and its value. */
  readonly pairs: readonly (readonly [string, string])[];
}

/** One turn of a node's ready loop, step by step. */
export interface ReadyRow extends OnNode {
  /** The tag. */
  readonly kind: "ready";
  /** Which `Ready` of the node it was. */
  readonly number: number;
  /** Step 1: sent at once. */
  readonly messages: readonly MessageSummary[];
  /** Step 2: the index of the snapshot that was applied. */
  readonly snapshot: Index | null;
  /** Step 3: the indices that were applied. */
  readonly committedEntries: readonly Index[];
  /** Step 4: what was appended, in place of whatever stood at the first index and behind it. */
  readonly entries: readonly EntrySummary[];
  /** Step 5: the hard state that was stored. */
  readonly hs: { readonly term: Term; readonly vote: NodeId | null; readonly commit: Index } | null;
  /** Step 6: sent once everything was stored. */
  readonly persistedMessages: readonly MessageSummary[];
  /** Step 7: what became valid by that. */
  readonly light: {
    readonly commitIndex: Index | null;
    readonly messages: readonly MessageSummary[];
    readonly committedEntries: readonly Index[];
  };
}

/** What a node's log holds when the node starts, if that is not known from what happened before. */
export interface LogRow extends OnNode {
  /** The tag. */
  readonly kind: "log";
  /** Its entries, from the first that is not compacted on. */
  readonly entries: readonly EntrySummary[];
}

/** A node was broken or mended on purpose. */
export interface FaultRow extends OnNode {
  /** The tag. */
  readonly kind: "fault";
  /** What was done to the node. A muted one hears and answers, but its clock stands still. */
  readonly fault: "stopped" | "restarted" | "muted" | "unmuted";
  /** After which step of its ready loop it was stopped, if it was stopped in the middle of one. */
  readonly after?: number;
  /** Why it stopped, if nobody wanted it to. */
  readonly why?: string;
}

/** The link from one node to another was broken or mended on purpose. */
export interface LinkRow extends Timed {
  /** The tag. */
  readonly kind: "link";
  /** Where it begins. */
  readonly from: NodeId;
  /** Where it ends. */
  readonly to: NodeId;
  /** What becomes of messages on it: they pass, are lost, or wait. */
  readonly state: "open" | "cut" | "held";
  /** Ticks a message takes on it. */
  readonly latency: Ticks;
}

/** One message was taken in hand on purpose: made to wait, to go on, to arrive next, or sent a second time. */
export interface InterferenceRow extends MessageSummary, Timed {
  /** The tag. */
  readonly kind: "interference";
  /** Which of these. */
  readonly what: "held" | "resumed" | "released" | "doubled";
  /** The envelope; that of a message sent a second time is the first one. */
  readonly id: number;
}

/** A scenario goes on to its next part. */
export interface PartRow extends Timed {
  /** The tag. */
  readonly kind: "part";
  /** What is about to be done, as a sentence. */
  readonly title: string;
}

/** A scenario compares what it expects with what is. */
export interface ExpectationRow extends Timed {
  /** The tag. */
  readonly kind: "expectation";
  /** What is expected, as a sentence. */
  readonly text: string;
  /** Whether it is so. */
  readonly holds: boolean;
  /** What was found, if it is not so; else empty. */
  readonly found: string;
}

/** What happens to the cluster itself. */
export type ClusterRow = NodeRow | MessageRow | ProposalRow | CommitRow | ApplyRow | RestoreRow | ReadyRow;

/** What can happen in a cluster, what is done to it, and what a scenario says of it. */
export type TraceRow = ClusterRow | LogRow | FaultRow | LinkRow | InterferenceRow | PartRow | ExpectationRow;

/** Whoever wants to know what happens. */
export type Observer = (row: TraceRow) => void;

/** `entry` at a glance. */
export function summariseEntry({ index, term, data }: Entry): EntrySummary {
  return { index, term, command: data.length === 0 ? null : commandIn(data) };
}

function commandIn(data: Uint8Array): Command | null {
  try {
    return Codec.decode(data);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

/** `message` at a glance. */
export function summarise(message: Message): MessageSummary {
  const { type, from, to } = message;
  const rejectsVote = message.type === "RequestVoteResponse" && !message.voteGranted;
  return {
    type,
    from,
    to,
    term: "term" in message ? message.term : null,
    index: indexIn(message),
    entries: message.type === "Append"
      ? message.entries.length
      : message.type === "Propose"
      ? message.proposals.length
      : 0,
    commit: "leaderCommit" in message
      ? message.leaderCommit
      : "commit" in message && !rejectsVote
      ? message.commit
      : null,
    reject: rejectsVote || (message.type === "AppendResponse" && !message.success),
  };
}

function indexIn(message: Message): Index | null {
  if (message.type === "Snapshot") return message.snapshot.metadata.index;
  if ("matchIndex" in message) return message.matchIndex;
  if ("prevLogIndex" in message) return message.prevLogIndex;
  return "lastLogIndex" in message ? message.lastLogIndex : null;
}
