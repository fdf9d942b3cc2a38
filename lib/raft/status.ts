/**
 * A node at a glance; crate item `raft::Status`.
 *
 * Copies, so that nothing shown can change afterwards.
 *
 * @module
 */
import type { Progress } from "./progress.ts";
import { hardState, type Raft, softState } from "./state.ts";
import type { HardState, Index, NodeId, SoftState } from "./types.ts";

/** What a leader knows of one node, at a glance. */
export interface ProgressStatus {
  /** The node. */
  readonly id: NodeId;
  /** How the leader sends to it. */
  readonly state: Progress["state"]["kind"];
  /** The highest index known to be durable there. */
  readonly matchIndex: Index;
  /** The index of the next entry to send. */
  readonly nextIndex: Index;
  /** Whether nothing may be sent now. */
  readonly paused: boolean;
}

/** A node at a glance. */
export interface Status {
  /** The node. */
  readonly id: NodeId;
  /** Term, vote and commit index. */
  readonly hs: HardState;
  /** Role and leader. */
  readonly ss: SoftState;
  /** The last index the application has applied. */
  readonly applied: Index;
  /** The index of the first entry that is not compacted. */
  readonly firstIndex: Index;
  /** The index of the last entry. */
  readonly lastIndex: Index;
  /** The highest index known to be durable here. */
  readonly persisted: Index;
  /** What a leader knows of all nodes; empty on anyone else. */
  readonly progress: readonly ProgressStatus[];
}

/** `raft` at a glance. */
export function statusOf(raft: Raft): Status {
  const { role, log } = raft;
  return {
    id: raft.id,
    hs: hardState(raft),
    ss: softState(raft),
    applied: log.applied,
    firstIndex: log.firstIndex(),
    lastIndex: log.lastIndex(),
    persisted: log.persisted,
    progress: role.kind === "leader" ? Array.from(role.tracker.values(), progressStatus) : [],
  };
}

function progressStatus(progress: Progress): ProgressStatus {
  const { id, state, matchIndex, nextIndex } = progress;
  return { id, state: state.kind, matchIndex, nextIndex, paused: progress.isPaused() };
}
