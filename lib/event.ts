/**
 * What can happen in a cluster, as plain rows. Whatever is shown anywhere is made from them.
 *
 * Floor 5. A row is data that JSON can carry: no live objects, no bytes.
 *
 * @module
 */
import type { Command } from "./command.ts";
import type { Index, Message, MessageType, NodeId, StateRole, Term, Ticks } from "./raft/mod.ts";
import type { EntryOutcome } from "./state_machine.ts";

/** A message at a glance. What a type of message does not have is `null`. */
export interface MessageSummary {
  readonly type: MessageType;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly term: Term | null;
  /** What it says about a place in a log. */
  readonly index: Index | null;
  /** How many entries, or proposals, it carries. */
  readonly entries: number;
  readonly commit: Index | null;
  /** Whether it says no. */
  readonly reject: boolean;
}

/** A node at the end of a tick. */
export interface NodeRow {
  readonly kind: "node";
  readonly tick: Ticks;
  readonly node: NodeId;
  /** Whether it runs; if not, the rest is what it was when it stopped. */
  readonly running: boolean;
  readonly role: StateRole;
  readonly term: Term;
  readonly vote: NodeId | null;
  readonly leader: NodeId | null;
  readonly firstIndex: Index;
  readonly lastIndex: Index;
  readonly commit: Index;
  readonly applied: Index;
}

/** A message was sent, arrived, or was lost. */
export interface MessageRow extends MessageSummary {
  readonly kind: "message";
  readonly tick: Ticks;
  readonly event: "sent" | "delivered" | "dropped";
  /** The envelope: 1, 2, 3, … */
  readonly id: number;
}

/** A client asked a node for something. */
export interface ProposalRow {
  readonly kind: "proposal";
  readonly tick: Ticks;
  readonly node: NodeId;
  readonly command: Command;
  /** The leader appended it, a follower passed it on, or nobody took it. */
  readonly result: "appended" | "forwarded" | "dropped";
  /** Where it was appended. */
  readonly index: Index | null;
  readonly term: Term | null;
}

/** A node's commit index moved. */
export interface CommitRow {
  readonly kind: "commit";
  readonly tick: Ticks;
  readonly node: NodeId;
  /** Its role at that moment: the leader decides, the others learn. */
  readonly role: StateRole;
  readonly term: Term;
  /** The commit index before. */
  readonly previous: Index;
  /** The commit index now. */
  readonly index: Index;
}

/** A node applied an entry to its store. */
export interface ApplyRow {
  readonly kind: "apply";
  readonly tick: Ticks;
  readonly node: NodeId;
  readonly index: Index;
  readonly term: Term;
  readonly outcome: EntryOutcome;
}

/** One turn of a node's ready loop, step by step. */
export interface ReadyRow {
  readonly kind: "ready";
  readonly tick: Ticks;
  readonly node: NodeId;
  readonly number: number;
  /** Step 1: sent at once. */
  readonly messages: readonly MessageSummary[];
  /** Step 2: the index of the snapshot that was applied. */
  readonly snapshot: Index | null;
  /** Step 3: the indices that were applied. */
  readonly committedEntries: readonly Index[];
  /** Step 4: the indices that were appended. */
  readonly entries: readonly Index[];
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

/** Something was broken or mended on purpose. */
export interface FaultRow {
  readonly kind: "fault";
  readonly tick: Ticks;
  readonly fault: "stopped" | "restarted";
  readonly node: NodeId;
}

/** What can happen in a cluster. */
export type TraceRow = NodeRow | MessageRow | ProposalRow | CommitRow | ApplyRow | ReadyRow | FaultRow;

/** Whoever wants to know what happens. */
export type Observer = (row: TraceRow) => void;

/** `message` at a glance. */
export function summarise(message: Message): MessageSummary {
  const { type, from, to } = message;
  return {
    type,
    from,
    to,
    term: "term" in message ? message.term : null,
    index: message.type === "Snapshot" ? message.snapshot.metadata.index : "index" in message ? message.index : null,
    entries: message.type === "Append"
      ? message.entries.length
      : message.type === "Propose"
      ? message.proposals.length
      : 0,
    commit: "commit" in message ? message.commit : null,
    reject: "reject" in message && message.reject !== null,
  };
}
