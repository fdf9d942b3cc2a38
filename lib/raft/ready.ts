/**
 * What a node hands to its application: a `Ready`, and the `LightReady` that follows it.
 *
 * Plain data, as in the crate's `raw_node.rs`. How to process it, step by step, is in `lib/node.ts`.
 *
 * @module
 */
import type { Message } from "./message.ts";
import type { Entry, HardState, Index, ReadState, Snapshot, SoftState } from "./types.ts";

/** Work for the application; crate item `raft::Ready`. The steps are those of its documentation. */
export interface Ready {
  /** 1, 2, 3, …: which `Ready` of this node it is. */
  readonly number: number;
  /** Role and leader, if they changed. Need not be stored. */
  readonly ss: SoftState | null;
  /** Reads that may be answered, each once its index is applied. */
  readonly readStates: readonly ReadState[];
  /** Step 1: messages that may leave at once. Only a leader has any (thesis §10.2.1). */
  readonly messages: readonly Message[];
  /** Step 2: a snapshot from the leader, to be stored and applied before anything else. */
  readonly snapshot: Snapshot | null;
  /** Step 3: entries to apply to the state machine. They are committed, and stored here. */
  readonly committedEntries: readonly Entry[];
  /** Step 4: entries to append to the stored log. */
  readonly entries: readonly Entry[];
  /** Step 5: the hard state to store, if it changed. */
  readonly hs: HardState | null;
  /** Step 6: messages that may leave only when `snapshot`, `entries` and `hs` are durable. */
  readonly persistedMessages: readonly Message[];
  /** Whether the write must reach the disk now: false if at most the commit index changed. */
  readonly mustSync: boolean;
}

/** What became valid because the last `Ready` is durable; crate item `raft::LightReady`. */
export interface LightReady {
  /** The commit index, if it moved. */
  readonly commitIndex: Index | null;
  /** Messages that may leave at once. */
  readonly messages: readonly Message[];
  /** More entries to apply. */
  readonly committedEntries: readonly Entry[];
}
