/**
 * What a node found when it started, and what it did in its ready loop, as rows.
 *
 * @module
 */
import type { Member } from "./member.ts";
import type { ReadyOutcome } from "./node_turn.ts";
import type { Entry, Index, NodeId, Ticks } from "./raft/mod.ts";
import { KvStore } from "./state_machine.ts";
import type { ApplyRow, ConfigurationRow, ReadyRow, RestoreRow, TraceRow } from "./trace/rows.ts";
import { summariseEntry, traceMessage } from "./trace/rows.ts";

/** What a node finds when it starts: its log, if that is not plain from what happened before, and its store. */
export function startRows(tick: Ticks, member: Member, time: "first" | "again"): TraceRow[] {
  const { id: node, storage, disk, node: { store, raft: { log: { applied } } } } = member;
  const tellsLog = time === "first" ? storage.lastIndex() > 0 : disk !== null;
  const tellsStore = time === "again" || applied > 0;
  const entries = tellsLog ? storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity) : [];
  return [
    ...(tellsLog ? [{ kind: "log", tick, node, entries: entries.map(summariseEntry) } as const] : []),
    ...(tellsStore ? [restoreRow(tick, node, applied, store)] : []),
    ...configurationRows(tick, member),
  ];
}

/** What a node did in its ready loop, turn by turn; what it committed, and what it applied. */
export function drainRows(tick: Ticks, member: Member, outcome: ReadyOutcome): TraceRow[] {
  const commit = member.commitRow(tick) ?? [];
  const { id } = member;
  return [readyRows(tick, id, outcome), commit, applyRows(tick, id, outcome), configurationRows(tick, member)].flat();
}

/** The node's configuration, if it is another. */
function configurationRows(tick: Ticks, member: Member): ConfigurationRow[] {
  const row = member.configurationRow(tick);
  return row === null ? [] : [row];
}

/** The turns of a node's ready loop. */
function readyRows(tick: Ticks, node: NodeId, { turns }: ReadyOutcome): ReadyRow[] {
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
function applyRows(tick: Ticks, node: NodeId, { applied, turns }: ReadyOutcome): (ApplyRow | RestoreRow)[] {
  const entries = applied.map((entry): ApplyRow => ({ kind: "apply", tick, node, ...entry }));
  const snapshots = turns.map(({ ready }) => ready.snapshot).filter((snapshot) => snapshot !== null);
  const restored = snapshots.map(({ metadata, data }) => restoreRow(tick, node, metadata.index, KvStore.restore(data)));
  return [...entries, ...restored].sort((a, b) => a.index - b.index);
}

/** A node's store, after it was replaced. */
function restoreRow(tick: Ticks, node: NodeId, index: Index, store: KvStore): RestoreRow {
  return { kind: "restore", tick, node, index, pairs: store.pairs() };
}

function indices(entries: readonly Entry[]): Index[] {
  return entries.map(({ index }) => index);
}
