/**
 * The log of every node, folded from what the ready loops appended.
 *
 * Functions of the trace's rows.
 *
 * @module
 */
import type { EntrySummary, NodeRow, ReadyRow, TraceRow } from "../trace/rows.ts";
import type { Index, NodeId, ProgressStatus, Ticks } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";

/** A node's log at the end of a tick. */
export interface LogState {
  /** The node at that time. */
  readonly row: NodeRow;
  /** Its entries by index, from the first that is not compacted. */
  readonly entries: ReadonlyMap<Index, EntrySummary>;
  /** What the leader of the latest term knows of it, if there is one. */
  readonly progress: ProgressStatus | null;
}

/** Every log at the end of `tick`, in the order of the nodes' ids. */
export function logsAt(trace: Trace, tick: Ticks): LogState[] {
  const rows = trace.at(tick);
  const end = trace.rows.findLastIndex((row) => row.kind === "node" && row.tick === tick);
  const logs = new Map<NodeId, Map<Index, EntrySummary>>(rows.map(({ node }) => [node, new Map()]));
  for (let i = 0; i <= end; i++) fold(logs, trace.rows[i]);
  const progress = leaderOf(rows)?.progress ?? [];
  return rows.map((row) => {
    const isThere = ([index]: [Index, EntrySummary]) => index >= row.firstIndex && index <= row.lastIndex;
    const entries = new Map([...logs.get(row.node) ?? []].filter(isThere));
    return { row, entries, progress: progress.find(({ id }) => id === row.node) ?? null };
  });
}

/** The running leader of the latest term. */
export function leaderOf(rows: readonly NodeRow[]): NodeRow | null {
  const leaders = rows.filter(({ running, role }) => running && role === "leader");
  return leaders.toSorted((a, b) => b.term - a.term).at(0) ?? null;
}

/** What it no longer holds is before its first index. */
function fold(logs: ReadonlyMap<NodeId, Map<Index, EntrySummary>>, row: TraceRow): void {
  const log = "node" in row ? logs.get(row.node) : undefined;
  if (log === undefined) return;
  if (row.kind === "log") { for (const entry of row.entries) log.set(entry.index, entry); }
  if (row.kind === "ready") append(log, row);
}

/** A snapshot takes the whole log's place; entries take the place of whatever stands at their first index and behind it. */
function append(log: Map<Index, EntrySummary>, { snapshot, entries }: ReadyRow): void {
  if (snapshot !== null) log.clear();
  if (entries.length === 0) return;
  for (const index of log.keys()) if (index >= entries[0].index) log.delete(index);
  for (const entry of entries) log.set(entry.index, entry);
}
