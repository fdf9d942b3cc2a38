/**
 * Snapshots on their way (paper §7; InstallSnapshot RPC, in one piece).
 *
 * A leader sends one where the next entry is compacted. A follower replaces its log by it. The application must
 * tell the leader what became of it: until then nothing more is sent to that follower.
 *
 * @module
 */
import { isMember } from "./configuration.ts";
import type { SnapshotMessage } from "./message.ts";
import type { Progress } from "./progress.ts";
import { acceptLeader } from "./roles.ts";
import type { Leader, Raft } from "./state.ts";
import { StorageError } from "./storage.ts";
import type { NodeId, Snapshot } from "./types.ts";

/** What became of a snapshot that was sent; crate item `raft::SnapshotStatus`. */
export type SnapshotStatus = "finish" | "failure";

/** Send the latest snapshot to a follower that has shown itself alive; whether one was sent. */
export function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  if (!progress.recentActive) return false;
  const snapshot = latestSnapshot(raft);
  if (snapshot === null) return false;
  progress.becomeSnapshot(snapshot.metadata.index);
  raft.messages.push({ type: "Snapshot", from: raft.id, to: progress.id, term: raft.term, snapshot });
  return true;
}

function latestSnapshot(raft: Raft): Snapshot | null {
  try {
    return raft.log.storage.snapshot();
  } catch (error) {
    if (error instanceof StorageError && error.kind === "SnapshotTemporarilyUnavailable") return null;
    throw error;
  }
}

/** A leader's snapshot arrives. The answer says up to where the logs agree now. */
export function handleSnapshot(raft: Raft, message: SnapshotMessage): void {
  acceptLeader(raft, message.from);
  const matchIndex = restore(raft, message.snapshot) ? raft.log.lastIndex() : raft.log.committed;
  const { id: from, term } = raft;
  raft.messages.push({ type: "AppendResponse", from, to: message.from, term, success: true, matchIndex, commit: 0 });
}

/** Replace the log by `snapshot`; whether it was. Not if it is old, of a cluster without this node, or in the log. */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const { index, term, confState } = snapshot.metadata;
  if (index < raft.log.committed || !isMember(confState, raft.id)) return false;
  if (raft.log.matchTerm(index, term)) {
    raft.log.commitTo(index);
    return false;
  }
  raft.log.restore(snapshot);
  raft.confState = confState;
  return true;
}

/** The application says what became of the snapshot sent to `id`. Either way the leader waits for a sign of life. */
export function handleSnapshotStatus(leader: Leader, id: NodeId, status: SnapshotStatus): void {
  const progress = leader.tracker.get(id);
  if (progress?.state.kind !== "snapshot") return;
  if (status === "finish") progress.becomeProbe();
  else progress.snapshotFailure();
  progress.pause();
}
