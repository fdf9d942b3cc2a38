/**
 * What a node did, as rows.
 *
 * Pure functions from what nodes and networks hand over to what observers are told.
 *
 * @module
 */
import type { Command } from "./command.ts";
import {
  type ApplyRow,
  type CommitRow,
  type LinkFaultRow,
  type LogRow,
  type MessageFaultRow,
  type MessageRow,
  type NodeRow,
  type ProposalRow,
  type ReadyRow,
  type RestoreRow,
  summariseEntry,
  traceMessage,
  type TraceRow,
} from "./trace/rows.ts";
import type { Envelope, NetworkEvent } from "./network.ts";
import type { DemoNode, ReadyOutcome } from "./node.ts";
import { KvStore } from "./state_machine.ts";
import type { Entry, Index, NodeId, Status, Storage, Term, Ticks } from "./raft/mod.ts";

/** Where a proposal was appended. */
export interface Appended {
  /** The entry's index. */
  readonly index: Index;
  /** The entry's term. */
  readonly term: Term;
}

/** What a node's log holds when the node starts. */
export function logRow(tick: Ticks, node: NodeId, storage: Storage): LogRow {
  const entries = storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity);
  return { kind: "log", tick, node, entries: entries.map(summariseEntry) };
}

/** A node that has just started, on what its storage held. */
export interface Started {
  /** Who it is. */
  readonly id: NodeId;
  /** The node. */
  readonly node: DemoNode;
  /** What it goes on from. */
  readonly storage: Storage;
  /** Whether it has a disk of its own, which may have lost something in a crash. */
  readonly hasDisk: boolean;
}

/** What a node finds when it starts: its log, if that is not plain from what happened before, and its store. */
export function startRows(tick: Ticks, { id, node, storage, hasDisk }: Started, time: "first" | "again"): TraceRow[] {
  const { applied } = node.status();
  const tellsLog = time === "first" ? storage.lastIndex() > 0 : hasDisk;
  const tellsStore = time === "again" || applied > 0;
  return [
    ...(tellsLog ? [logRow(tick, id, storage)] : []),
    ...(tellsStore ? [restoreRow(tick, id, applied, node.store)] : []),
  ];
}

/** What became of a proposal at the node that was asked. */
export function proposalRow(
  tick: Ticks,
  node: NodeId,
  command: Command,
  result: ProposalRow["result"],
  at: Appended | null,
): ProposalRow {
  return { kind: "proposal", tick, node, command, result, index: at?.index ?? null, term: at?.term ?? null };
}

/** An envelope's fate. */
export function messageRow(tick: Ticks, event: MessageRow["event"], { id, message }: Envelope): MessageRow {
  return { ...traceMessage(message), kind: "message", tick, event, id };
}

/** What happened on the network. */
export function networkRow(tick: Ticks, event: NetworkEvent): MessageRow | LinkFaultRow | MessageFaultRow {
  switch (event.kind) {
    case "message":
      return messageRow(tick, event.event, event.envelope);
    case "linkFault": {
      const { kind, fault, link: { from, to, latency } } = event;
      return { kind, tick, from, to, fault, latency };
    }
    case "messageFault": {
      const { kind, fault, envelope: { id, message } } = event;
      return { ...traceMessage(message), kind, tick, fault, id };
    }
  }
}

/** A node at the end of a tick. */
export function nodeRow(tick: Ticks, running: boolean, status: Status): NodeRow {
  const { id: node, hs: { term, vote, commit }, ss, firstIndex, lastIndex, applied, progress } = status;
  const { raftState: role, leaderId: leader } = ss;
  return {
    kind: "node",
    tick,
    node,
    running,
    role,
    term,
    vote,
    leader,
    firstIndex,
    lastIndex,
    commit,
    applied,
    progress,
  };
}

/** What a node did in its ready loop, turn by turn; what it committed, and what it applied. */
export function drainRows(tick: Ticks, node: NodeId, outcome: ReadyOutcome, commit: CommitRow | null): TraceRow[] {
  return [
    ...readyRows(tick, node, outcome),
    ...(commit === null ? [] : [commit]),
    ...applyRows(tick, node, outcome),
  ];
}

/** The turns of a node's ready loop. */
export function readyRows(tick: Ticks, node: NodeId, { turns }: ReadyOutcome): ReadyRow[] {
  return turns.map(({ ready, light }) => ({
    kind: "ready",
    tick,
    node,
    number: ready.number,
    messages: ready.messages.map(traceMessage),
    snapshot: ready.snapshot?.metadata.index ?? null,
    committedEntries: indices(ready.committedEntries),
    entries: ready.entries.map(summariseEntry),
    hs: ready.hs,
    persistedMessages: ready.persistedMessages.map(traceMessage),
    light: {
      commitIndex: light.commitIndex,
      messages: light.messages.map(traceMessage),
      committedEntries: indices(light.committedEntries),
    },
  }));
}

/** What a node applied, snapshots and entries, in the order of their indices. */
export function applyRows(tick: Ticks, node: NodeId, { applied, turns }: ReadyOutcome): (ApplyRow | RestoreRow)[] {
  const entries = applied.map((entry): ApplyRow => ({ kind: "apply", tick, node, ...entry }));
  const snapshots = turns.map(({ ready }) => ready.snapshot).filter((snapshot) => snapshot !== null);
  const restored = snapshots.map(({ metadata, data }) => restoreRow(tick, node, metadata.index, KvStore.restore(data)));
  return [...entries, ...restored].sort((a, b) => a.index - b.index);
}

/** A node's store, after it was replaced. */
export function restoreRow(tick: Ticks, node: NodeId, index: Index, store: KvStore): RestoreRow {
  return { kind: "restore", tick, node, index, pairs: store.pairs() };
}

function indices(entries: readonly Entry[]): Index[] {
  return entries.map(({ index }) => index);
}
