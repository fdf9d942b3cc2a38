/**
 * What goes into a node's task, and what comes out of it. Plain data, so that it can also cross to another thread.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { EntrySummary } from "../trace/rows.ts";
import type { ReadyOutcome } from "../node.ts";
import type { Index, Message, NodeId, SnapshotStatus, Status, Ticks } from "../raft/mod.ts";
import type { Appended } from "../report.ts";

/** What a node's task takes from its inbox. */
export type Input =
  /** A tick passes. */
  | { readonly do: "tick" }
  /** An envelope has arrived. */
  | { readonly do: "step"; readonly envelope: number; readonly message: Message }
  /** A client's request; the answer names the ticket. */
  | { readonly do: "propose"; readonly ticket: number; readonly command: Command }
  /** Start an election. */
  | { readonly do: "campaign" }
  /** Snapshot the store, and discard the log but for the last `keep` applied entries. */
  | { readonly do: "compact"; readonly keep: number }
  /** Make every election timeout this long; `null`: random again. */
  | { readonly do: "fixTimeout"; readonly ticks: Ticks | null }
  /** What became of the snapshot that was sent to `to`. */
  | { readonly do: "reportSnapshot"; readonly to: NodeId; readonly status: SnapshotStatus }
  /** The task's own disk has written all turns up to this number. */
  | { readonly do: "written"; readonly number: number }
  /** The task's own disk has failed. */
  | { readonly do: "failed"; readonly cause: unknown };

/** What became of a client's request at the node that was asked. */
export interface Answer {
  /** Which request. */
  readonly ticket: number;
  /** Where it was appended; `null` if it was passed on, or refused. */
  readonly at: Appended | null;
  /** Why it was refused; `null` if it was not. */
  readonly refusal: string | null;
}

/** What a node's task has done with everything it found in its inbox at once. */
export interface Report extends ReadyOutcome {
  /** The ticks it took. */
  readonly ticks: Ticks;
  /** The envelopes it took, or refused, in order. */
  readonly envelopes: readonly { readonly id: number; readonly taken: boolean }[];
  /** Its answers to clients. */
  readonly answers: readonly Answer[];
  /** What its store was replaced by: at its start, or by a leader's snapshot. */
  readonly restored: { readonly index: Index; readonly pairs: readonly (readonly [string, string])[] } | null;
  /** Its whole log, from the first entry that is not compacted on, at its start; `null` later. */
  readonly log: readonly EntrySummary[] | null;
  /** The node after it. */
  readonly status: Status;
}

/** A disk that failed: its node stops, and the others go on. The message is a clause about the node. */
export class DiskError extends Error {
  /** Always `"DiskError"`. */
  override readonly name = "DiskError";
}
