/**
 * The log that a sequence of frames comes to.
 *
 * Floor 5. Each frame says how the log differs from the one before it, so the log is a fold of the frames. It may begin with
 * any base: what that takes for granted, because it stood in segments that are gone by now, is remembered as absent until a
 * later base discards it.
 *
 * @module
 */
import type { ConfState, Entry, HardState, Index, LogPosition } from "../raft/types.ts";
import type { BasePayload, Payload, SnapshotRef } from "./payload.ts";

/** A log as some of its frames say it is. */
export interface FoldedLog {
  /** Term, vote and commit index. */
  hardState: HardState;
  /** Who belongs to the cluster. */
  confState: ConfState;
  /** Index and term just before the log. */
  before: LogPosition;
  /** The latest snapshot. */
  snapshot: SnapshotRef | null;
  /** Index of the first entry in `entries`: just behind `before`, or else what is between them is absent. */
  from: Index;
  /** The entries. */
  readonly entries: Entry[];
}

/** The log that begins with `payload`. */
export function beginLog(payload: BasePayload): FoldedLog {
  const { hardState, confState, before, snapshot, from, entries } = payload;
  return { hardState, confState, before, snapshot, from, entries: [...entries] };
}

/**
 * Change `log` as the next frame says.
 *
 * @throws {RangeError} if the frame takes entries for granted that are not there.
 */
export function fold(log: FoldedLog, payload: Payload): void {
  if (payload.type === "base") foldBase(log, payload);
  const keep = payload.from - log.from;
  if (keep < 0 && payload.from > log.before.index) {
    log.from = payload.from;
    log.entries.length = 0;
  } else if (keep < 0 || keep > log.entries.length) {
    const there = `${log.from} to ${log.from + log.entries.length - 1}`;
    throw new RangeError(`its entries begin at index ${payload.from}, the log has those from ${there}`);
  } else log.entries.length = keep;
  for (const entry of payload.entries) log.entries.push(entry);
  log.hardState = payload.hardState;
}

function foldBase(log: FoldedLog, { before, confState, snapshot }: BasePayload): void {
  const discard = before.index + 1 - log.from;
  if (discard > 0) {
    log.entries.splice(0, discard);
    log.from = before.index + 1;
  }
  log.before = before;
  log.confState = confState;
  log.snapshot = snapshot;
}
