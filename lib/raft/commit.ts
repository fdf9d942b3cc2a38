/**
 * When an entry is committed (paper §5.3, §5.4.2).
 *
 * May read the leader's tracker, and move the commit index.
 *
 * @module
 */
import type { Leader, Raft } from "./state.ts";

/**
 * §5.4.2, Figure 8: commit what a majority holds, if it is of the leader's own term. Entries of older terms are committed
 * by what follows them, never by counting replicas.
 *
 * @returns Whether the commit index moved.
 */
export function maybeCommit(raft: Raft, leader: Leader): boolean {
  return raft.log.maybeCommit(leader.tracker.maximalCommittedIndex(), raft.term);
}
