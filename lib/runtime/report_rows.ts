/**
 * What a task reported, as rows.
 *
 * Floor 7.
 *
 * @module
 */
import type { ApplyRow, LogRow, RestoreRow } from "../event.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Report } from "./parcel.ts";

/** The log that a node found at its start. */
export function logRowsOf(tick: Ticks, node: NodeId, { log }: Report): LogRow[] {
  return log === null ? [] : [{ kind: "log", tick, node, entries: log }];
}

/** The store that stood in a snapshot when a node was first started, if it was anything. */
export function restoreRowsOf(tick: Ticks, node: NodeId, { restored }: Report): RestoreRow[] {
  return restored === null || restored.index === 0 ? [] : [{ kind: "restore", tick, node, ...restored }];
}

/** What a node applied, snapshots and entries, in the order of their indices. */
export function applyRowsOf(tick: Ticks, node: NodeId, { applied, restored }: Report): (ApplyRow | RestoreRow)[] {
  const rows = applied.map((entry): ApplyRow | RestoreRow => ({ kind: "apply", tick, node, ...entry }));
  if (restored === null) return rows;
  const place = rows.findIndex(({ index }) => index > restored.index);
  return rows.toSpliced(place === -1 ? rows.length : place, 0, { kind: "restore", tick, node, ...restored });
}
