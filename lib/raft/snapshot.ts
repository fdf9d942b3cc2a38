/**
 * Snapshots on their way (paper §7; InstallSnapshot RPC, in one piece).
 *
 * A leader sends one where the follower's next entry is compacted. A follower replaces its log with it. The application
 * must tell the leader what became of it: until then the leader sends nothing more to that follower. The sentences in
 * quotation marks are those of the paper's Figure 13.
 *
 * @module
 */
import { isMember } from "./configuration.ts";
import type { SnapshotMessage } from "./message.ts";
import type { Progress } from "./progress.ts";
import { acceptLeader } from "./roles.ts";
import type { Leader, Raft } from "./state.ts";
import { latestSnapshot } from "./storage.ts";
import type { NodeId, Snapshot } from "./types.ts";

/** What became of a snapshot that was sent; crate item `raft::SnapshotStatus`. */
export type SnapshotStatus = "finish" | "failure";

/**
 * Send the latest snapshot to a follower that has shown itself alive.
 *
 * @returns Whether one was sent.
 */
export function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  if (!progress.recentActive) return false;
  const snapshot = latestSnapshot(raft.log.storage);
  if (snapshot === null) return false;
  progress.becomeSnapshot(snapshot.metadata.index);
  raft.messages.push({ type: "Snapshot", from: raft.id, to: progress.id, term: raft.term, snapshot });
  return true;
}

/**
 * A leader's snapshot arrives: InstallSnapshot RPC, receiver implementation. Rule 1 is in `step.ts`; 2 to 4 are for
 * chunks, and a snapshot comes whole; to save it, 5, is step 2 of the ready loop. Answer up to where the logs agree
 * now.
 */
export function handleSnapshot(raft: Raft, message: SnapshotMessage): void {
  acceptLeader(raft, message.from);
  const matchIndex = restore(raft, message.snapshot) ? raft.log.lastIndex() : raft.log.committed;
  const { id: from, term } = raft;
  raft.messages.push({ type: "AppendResponse", from, to: message.from, term, success: true, matchIndex, commit: 0 });
}

/**
 * Replace the log with `snapshot`.
 *
 * @returns Whether it was replaced.
 */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const { index, term, confState } = snapshot.metadata;
  // An old snapshot, or one of a cluster without this node, changes nothing.
  if (index < raft.log.committed || !isMember(confState, raft.id)) return false;
  // 6. "If existing log entry has same index and term as snapshot's last included entry, retain log entries
  //    following it and reply."
  if (raft.log.matchTerm(index, term)) {
    raft.log.commitTo(index);
    return false;
  }
  // 7. "Discard the entire log."
  raft.log.restore(snapshot);
  // 8. "Reset state machine using snapshot contents (and load snapshot's cluster configuration)." The application
  //    resets its state machine when a `Ready` hands it the snapshot.
  raft.confState = confState;
  return true;
}

/**
 * The application says what became of the snapshot sent to `id`. Either way the leader waits to hear from that node.
 */
export function handleSnapshotStatus(leader: Leader, id: NodeId, status: SnapshotStatus): void {
  const progress = leader.tracker.get(id);
  if (progress?.state.kind !== "snapshot") return;
  if (status === "finish") progress.becomeProbe();
  else progress.snapshotFailure();
  progress.pause();
}
