/**
 * What can happen in a cluster, as plain rows. Whatever is shown anywhere is made from them.
 *
 * A row is data that JSON can carry: no live objects, no bytes.
 *
 * @module
 */
import { Codec, type Command, CommandError, type RequestId } from "../command.ts";
import {
  type Append,
  type ConfChange,
  type ConfState,
  decodeConfChange,
  type Entry,
  type Heartbeat,
  type HeartbeatResponse,
  type Index,
  type Message,
  type NodeId,
  type ProgressStatus,
  type Propose,
  RaftError,
  type ReadIndex,
  type ReadIndexResp,
  type SnapshotMessage,
  type SnapshotMetadata,
  type StateRole,
  type Term,
  type Ticks,
} from "../raft/mod.ts";
import type { LinkFault, MessageFault } from "../network.ts";
import type { EntryOutcome } from "../state_machine.ts";

/**
 * A message as data that JSON can carry: entries, snapshots and reads without their bytes, everything else as it is.
 */
export type TracedMessage =
  | Exclude<Message, Append | SnapshotMessage | Propose | Heartbeat | HeartbeatResponse | ReadIndex | ReadIndexResp>
  | Omit<Heartbeat, "read"> & Partial<ReadSummary>
  | Omit<HeartbeatResponse, "read"> & Partial<ReadSummary>
  | Omit<ReadIndex, "context"> & ReadSummary
  | Omit<ReadIndexResp, "context"> & ReadSummary
  | Omit<Append, "entries"> & { /** What it carries. */ readonly entries: readonly EntrySummary[] }
  | Omit<SnapshotMessage, "snapshot"> & { /** What the snapshot stands for. */ readonly snapshot: SnapshotMetadata }
  | Omit<Propose, "proposals">
    & { /** What is proposed. */ readonly commands: readonly (Command | null)[] }
    & Partial<ChangeSummary>;

/** A read at a glance. */
export interface ReadSummary {
  /** Which read it is: its context as text. */
  readonly read: string;
}

/** A change of the configuration. */
export interface ChangeSummary {
  /** What is changed; left out where it is no such change. */
  readonly change: ConfChange;
}

/** An entry at a glance. */
export interface EntrySummary extends Partial<ChangeSummary> {
  /** Its index. */
  readonly index: Index;
  /** Its term. */
  readonly term: Term;
  /** What it asks for; `null` in an empty entry, in a change of the configuration, and in one that holds no command. */
  readonly command: Command | null;
}

/** When something happened. */
export interface Timed {
  /** Ticks passed since the cluster started; what is done by hand belongs to the tick that the clock shows. */
  readonly tick: Ticks;
}

/** When and on which node something happened. */
export interface OnNode extends Timed {
  /** The node. */
  readonly node: NodeId;
}

/** Ticks until a node campaigns, if nothing restarts its election timer. */
export interface TimerSummary {
  /** Ticks since the timer was restarted. */
  readonly elapsed: Ticks;
  /** The election timeout that was drawn: at so many ticks the node campaigns. */
  readonly timeout: Ticks;
}

/** A node at the end of a tick, and again whenever something was done to it by hand in that tick. */
export interface NodeRow extends OnNode {
  /** Which row it is. */
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
  /** Its election timer; `null` if it leads, or does not run. */
  readonly timer: TimerSummary | null;
  /** The node to which it is handing over its lead; left out if there is none. */
  readonly transferee?: NodeId;
}

/** A message was sent, arrived, or was lost. */
export type MessageRow = TracedMessage & Timed & {
  /** Which row it is. */
  readonly kind: "message";
  /** Which of these. */
  readonly event: "sent" | "delivered" | "dropped";
  /** The envelope: 1, 2, 3, … */
  readonly id: number;
};

/** A client asked a node for something. */
export interface ProposalRow extends OnNode {
  /** Which row it is. */
  readonly kind: "proposal";
  /** What it was asked for. */
  readonly command: Command;
  /** The leader appended it, a follower passed it on, or nobody took it. */
  readonly result: "appended" | "forwarded" | "dropped";
  /** The index at which it was appended. */
  readonly index: Index | null;
  /** The term in which it was appended. */
  readonly term: Term | null;
  /** Whose request it is, if a client asks that tries again. */
  readonly by?: RequestId;
}

/** A node was asked for another configuration. */
export interface ConfChangeRow extends OnNode {
  /** Which row it is. */
  readonly kind: "confChange";
  /** What it was asked for; without nodes, the end of a joint configuration. */
  readonly change: ConfChange;
  /**
   * The leader appended it, a follower passed it on, nobody took it; or the leader appended an empty entry in its place, for
   * another change is on its way, or it does not fit the configuration.
   */
  readonly result: "appended" | "forwarded" | "dropped" | "empty";
  /** The index at which the change, or the empty entry, was appended. */
  readonly index: Index | null;
  /** The term in which it was appended. */
  readonly term: Term | null;
  /** Why nobody took it. */
  readonly why?: string;
}

/** A node's configuration is now this one. Of a node of which this was never told, all nodes vote. */
export interface ConfigurationRow extends OnNode {
  /** Which row it is. */
  readonly kind: "configuration";
  /** Who belongs to the cluster, as far as the node has applied the log. */
  readonly configuration: ConfState;
}

/** Somebody wants another node to lead. */
export interface TransferRow extends OnNode {
  /** Which row it is. */
  readonly kind: "transfer";
  /** The node that is to lead. */
  readonly transferee: NodeId;
  /** The leader began, a follower passed it on, or it cannot be. */
  readonly result: "begun" | "forwarded" | "refused";
}

/**
 * A way to read (thesis §6.4): through the log; once the leader knows that it leads, for a majority has answered it or for its
 * lease; or from the node's store at once, which may be outdated.
 */
export const READ_WAYS = ["log", "readIndex", "lease", "store"] as const;

/** A way to read. */
export type ReadWay = typeof READ_WAYS[number];

/** A client reads without an entry in the log. */
export interface ReadRow extends OnNode {
  /** Which row it is. */
  readonly kind: "read";
  /** Which read: 1, 2, 3, … */
  readonly number: number;
  /** What it asks for. */
  readonly key: string;
  /** In which way. */
  readonly way: Exclude<ReadWay, "log">;
  /** The leader takes it, a follower passes it on, nobody takes it; or it is answered. */
  readonly event: "asked" | "forwarded" | "refused" | "answered";
  /** The index from which on it may be answered, if it is and if that was asked. */
  readonly index: Index | null;
  /** What it is answered; `null` also while it is not. */
  readonly value: string | null;
  /** Whose request it is, if a client asks that tries again. */
  readonly by?: RequestId;
}

/** What a client that tries again does, and what it comes to know. */
export interface RequestRow extends OnNode, RequestId {
  /** Which row it is. */
  readonly kind: "request";
  /**
   * It asks the node; the node answers, says that it cannot (for it does not lead, or another entry took the place), or is not
   * heard of for too long; or the answer is lost on its way.
   */
  readonly event: "asked" | "answered" | "refused" | "timedOut" | "lost";
  /** How often it has asked for it: 1, 2, 3, … */
  readonly attempt: number;
  /** What it asks for. */
  readonly command: Command;
  /** How, if it reads; a write goes through the log. */
  readonly way: ReadWay;
  /** What it is answered, if it reads; else `null`. */
  readonly value: string | null;
  /** Whom a node that refuses takes for the leader. */
  readonly leader: NodeId | null;
}

/** A node's commit index moved. */
export interface CommitRow extends OnNode {
  /** Which row it is. */
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
  /** Which row it is. */
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
  /** Which row it is. */
  readonly kind: "restore";
  /** The index up to which it holds everything; 0 is an empty store. */
  readonly index: Index;
  /** Every key and its value. */
  readonly pairs: readonly (readonly [string, string])[];
}

/** One turn of a node's ready loop, step by step. */
export interface ReadyRow extends OnNode {
  /** Which row it is. */
  readonly kind: "ready";
  /** Which `Ready` of the node it was. */
  readonly number: number;
  /** Step 1: sent at once. */
  readonly messages: readonly TracedMessage[];
  /** Step 2: the index of the snapshot that was applied. */
  readonly snapshot: Index | null;
  /** Step 3: the indices that were applied. */
  readonly committedEntries: readonly Index[];
  /** Step 4: what was appended, in place of whatever stood at the first index and behind it. */
  readonly entries: readonly EntrySummary[];
  /** Step 5: the hard state that was stored. */
  readonly hs: { readonly term: Term; readonly vote: NodeId | null; readonly commit: Index } | null;
  /** Step 6: sent once everything was stored. */
  readonly persistedMessages: readonly TracedMessage[];
  /** Step 7: what became valid by that. */
  readonly light: {
    readonly commitIndex: Index | null;
    readonly messages: readonly TracedMessage[];
    readonly committedEntries: readonly Index[];
  };
}

/** What a node's log holds when the node starts, if that is not known from what happened before. */
export interface LogRow extends OnNode {
  /** Which row it is. */
  readonly kind: "log";
  /** Its entries, from the first that is not compacted on. */
  readonly entries: readonly EntrySummary[];
}

/** What can be done to a node: the verb of the scenario's step, of the cluster's method and of the row. */
export const NODE_FAULTS = ["stop", "restart", "pauseClock", "resumeClock"] as const;

/** What was done to a node. */
export type NodeFault = typeof NODE_FAULTS[number];

/** A node was broken or mended on purpose. While its clock is paused it hears and answers, but never campaigns. */
export interface NodeFaultRow extends OnNode {
  /** Which row it is. */
  readonly kind: "nodeFault";
  /** What was done to it. */
  readonly fault: NodeFault;
  /** After which step of its ready loop it was stopped, if it was stopped in the middle of one. */
  readonly after?: number;
  /** Why it stopped, if nobody wanted it to. */
  readonly why?: string;
}

/** A node's disk has written what took it ticks; what took none is not told. */
export interface WriteRow extends OnNode {
  /** Which row it is. */
  readonly kind: "write";
  /** The tick at which it began. */
  readonly since: Ticks;
  /** Whether it came to its end: not if the node stopped meanwhile, and then some of it may be there or nothing. */
  readonly finished: boolean;
}

/** The link from one node to another was broken or mended on purpose. */
export interface LinkFaultRow extends Timed {
  /** Which row it is. */
  readonly kind: "linkFault";
  /** Where it begins. */
  readonly from: NodeId;
  /** Where it ends. */
  readonly to: NodeId;
  /** What was done to it. */
  readonly fault: LinkFault;
  /** Ticks a message takes on it now. */
  readonly latency: Ticks;
}

/** One message was held, let go, made to arrive next, or sent a second time, on purpose. */
export type MessageFaultRow = TracedMessage & Timed & {
  /** Which row it is. */
  readonly kind: "messageFault";
  /** What was done to it. */
  readonly fault: MessageFault;
  /** The envelope; that of a message sent a second time is the first one. */
  readonly id: number;
};

/** A scenario goes on to its next part. */
export interface PartRow extends Timed {
  /** Which row it is. */
  readonly kind: "part";
  /** What is about to be done, as a sentence. */
  readonly title: string;
}

/** A scenario compares what it expects with what is. */
export interface ExpectationRow extends Timed {
  /** Which row it is. */
  readonly kind: "expectation";
  /** What is expected, as a sentence. */
  readonly text: string;
  /** Whether it is so. */
  readonly holds: boolean;
  /** What was found, if it is not so; else empty. */
  readonly found: string;
}

/** What happens to the cluster itself. */
export type ClusterRow =
  | NodeRow
  | MessageRow
  | ProposalRow
  | ConfChangeRow
  | ConfigurationRow
  | TransferRow
  | ReadRow
  | RequestRow
  | CommitRow
  | ApplyRow
  | RestoreRow
  | ReadyRow
  | WriteRow;

/** What can happen in a cluster, what is done to it, and what a scenario says of it. */
export type TraceRow = ClusterRow | LogRow | NodeFaultRow | LinkFaultRow | MessageFaultRow | PartRow | ExpectationRow;

/** Whoever wants to know what happens. */
export type Observer = (row: TraceRow) => void;

/** `entry` at a glance. */
export function summariseEntry({ type, index, term, data }: Entry): EntrySummary {
  if (type === "configuration") return { index, term, command: null, ...changeIn(data) };
  return { index, term, command: data.length === 0 ? null : commandIn(data) };
}

function changeIn(data: Uint8Array): Partial<ChangeSummary> {
  try {
    return { change: decodeConfChange(data) };
  } catch (error) {
    if (error instanceof RaftError) return {};
    throw error;
  }
}

/** What bytes say that were read before: an entry stands in many rows, and its bytes never change. */
const known = new WeakMap<Uint8Array, Command | null>();

function commandIn(data: Uint8Array): Command | null {
  let command = known.get(data);
  if (command === undefined) known.set(data, command = decoded(data));
  return command;
}

function decoded(data: Uint8Array): Command | null {
  try {
    return Codec.decode(data);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

const TEXT = new TextDecoder();

/** `message` as data that JSON can carry. */
export function traceMessage(message: Message): TracedMessage {
  switch (message.type) {
    case "Append":
      return { ...message, entries: message.entries.map(summariseEntry) };
    case "Snapshot":
      return { ...message, snapshot: message.snapshot.metadata };
    case "Propose": {
      const { proposals, ...rest } = message;
      const isChange = rest.entryType === "configuration";
      return { ...rest, commands: proposals.map(commandIn), ...(isChange ? changeIn(proposals[0]) : {}) };
    }
    case "Heartbeat": {
      const { read, ...rest } = message;
      return read === undefined ? rest : { ...rest, read: TEXT.decode(read.context) };
    }
    case "HeartbeatResponse": {
      const { read, ...rest } = message;
      return read === undefined ? rest : { ...rest, read: TEXT.decode(read.context) };
    }
    case "ReadIndex":
    case "ReadIndexResp": {
      const { context, ...rest } = message;
      return { ...rest, read: TEXT.decode(context) };
    }
    default:
      return message;
  }
}
