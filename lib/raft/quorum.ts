/**
 * Majorities (paper §5.2, §5.3); crate module `raft::quorum`.
 *
 * Any two majorities of the same nodes have a node in common: all of Raft's safety hangs on that.
 *
 * @module
 */
import type { Index, NodeId } from "./types.ts";

/**
 * How many of `total` nodes are a majority.
 *
 * @example
 * ```ts
 * import { majority } from "hello-raft/raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([1, 2, 3, 4, 5].map(majority), [1, 2, 2, 3, 3]);
 * ```
 */
export function majority(total: number): number {
  return Math.floor(total / 2) + 1;
}

/** What the votes so far decide. */
export type VoteResult = "won" | "lost" | "pending";

/** What `votes` decide among `voters`. It counts voters, not replies: a vote of anybody else, or twice, adds nothing. */
export function voteResult(voters: readonly NodeId[], votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  let granted = 0;
  let missing = 0;
  for (const voter of voters) {
    const vote = votes.get(voter);
    if (vote === undefined) missing++;
    else if (vote) granted++;
  }
  const needed = majority(voters.length);
  if (granted >= needed) return "won";
  return granted + missing >= needed ? "pending" : "lost";
}

/** The highest of `indices` that a majority of them has reached: `[9, 7, 4]` gives 7. */
export function quorumIndex(indices: readonly Index[]): Index {
  const needed = majority(indices.length);
  let highest = 0;
  for (const index of indices) {
    if (index <= highest) continue;
    let reached = 0;
    for (const other of indices) if (other >= index) reached++;
    if (reached >= needed) highest = index;
  }
  return highest;
}
