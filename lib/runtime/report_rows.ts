/**
 * What a task reported, as rows.
 *
 * @module
 */
import type { ApplyRow, LogRow, RestoreRow } from "../trace/rows.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Report } from "./parcel.ts";
import type { Seat } from "./seat.ts";

/** What a node found at its start: another log than was known, and at its first start the store that stood in a snapshot. */
export function foundRowsOf(tick: Ticks, seat: Seat, report: Report): (LogRow | RestoreRow)[] {
  const { id: node, isKnown } = seat;
  const { log, restored } = report;
  return [
    ...(log !== null && seat.findsAnother(report) ? [{ kind: "log", tick, node, entries: log } as const] : []),
    ...(isKnown || !restored?.index ? [] : [{ kind: "restore", tick, node, ...restored } as const]),
  ];
}

/** What a node applied, snapshots and entries, in the order of their indices. */
export function applyRowsOf(tick: Ticks, node: NodeId, { applied, restored }: Report): (ApplyRow | RestoreRow)[] {
  const rows = applied.map((entry): ApplyRow | RestoreRow => ({ kind: "apply", tick, node, ...entry }));
  if (restored === null) return rows;
  const place = rows.findIndex(({ index }) => index > restored.index);
  return rows.toSpliced(place === -1 ? rows.length : place, 0, { kind: "restore", tick, node, ...restored });
}
