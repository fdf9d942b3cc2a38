/**
 * The log that a sequence of frames comes to.
 *
 * Each frame says how the log differs from the one before it, so the log is a fold of the frames. It may begin with
 * any base: what that takes for granted, because it stood in segments that are gone by now, is remembered as absent until a
 * later base discards it.
 *
 * @module
 */
import type { ConfState, HardState, LogPosition } from "../raft/types.ts";
import type { BasePayload, Payload, Places, SnapshotRef } from "./payload.ts";
import { StoredEntries } from "./stored_entries.ts";

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
  /** The entries. The first is just behind `before`, or else what is between them is absent. */
  readonly entries: StoredEntries;
}

/** The log that begins with `payload`. */
export function beginLog(payload: BasePayload<Places>): FoldedLog {
  const { hardState, confState, before, snapshot, from } = payload;
  const entries = new StoredEntries(from);
  entries.replaceByStored(from, payload.entries);
  return { hardState, confState, before, snapshot, entries };
}

/**
 * Change `log` as the next frame says.
 *
 * @throws {RangeError} if the frame takes entries for granted that are not there.
 */
export function fold(log: FoldedLog, payload: Payload<Places>): void {
  if (payload.type === "base") foldBase(log, payload);
  const { from } = payload;
  const { first, length } = log.entries;
  // What is absent may be written anew.
  if (from < Math.min(first, log.before.index + 1) || from > first + length) {
    const there = `${first} to ${first + length - 1}`;
    throw new RangeError(`its entries begin at index ${from}, the log has those from ${there}`);
  }
  log.entries.replaceByStored(from, payload.entries);
  log.hardState = payload.hardState;
}

function foldBase(log: FoldedLog, { before, confState, snapshot }: BasePayload<Places>): void {
  if (before.index >= log.entries.first) log.entries.discard(before.index + 1);
  log.before = before;
  log.confState = confState;
  log.snapshot = snapshot;
}
