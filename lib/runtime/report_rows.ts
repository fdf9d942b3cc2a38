/**
 * What a task reported, as rows.
 *
 * Floor 7.
 *
 * @module
 */
import type { ApplyRow, RestoreRow } from "../event.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Report } from "./parcel.ts";

/** What a node applied, snapshots and entries, in the order of their indices. */
export function applyRowsOf(tick: Ticks, node: NodeId, { applied, restored }: Report): (ApplyRow | RestoreRow)[] {
  const rows = applied.map((entry): ApplyRow | RestoreRow => ({ kind: "apply", tick, node, ...entry }));
  if (restored === null) return rows;
  const place = rows.findIndex(({ index }) => index > restored.index);
  return rows.toSpliced(place === -1 ? rows.length : place, 0, { kind: "restore", tick, node, ...restored });
}
