/**
 * Configurations, and what their majorities decide (paper §5.2, §5.3, §6); crate modules `raft::quorum`,
 * `raft::tracker`.
 *
 * Any two majorities of the same nodes have a node in common: all of Raft's safety hangs on that. A joint configuration
 * asks for a majority of each of its halves.
 *
 * @module
 */
import type { ConfState, Index, NodeId } from "./types.ts";

/** What must be said of a configuration, and what may be. */
export type ConfStateOptions = Pick<ConfState, "voters"> & Partial<ConfState>;

/**
 * A complete configuration: ids in ascending order, each once; what is left out is nobody.
 *
 * @example
 * ```ts
 * import { newConfState } from "hello-raft/raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { voters, learners, votersOutgoing } = newConfState({ voters: [3, 1, 2], learners: [4] });
 * deepStrictEqual([voters, learners, votersOutgoing], [[1, 2, 3], [4], []]);
 * ```
 */
export function newConfState(options: ConfStateOptions): ConfState {
  return {
    voters: inOrder(options.voters),
    learners: inOrder(options.learners ?? []),
    votersOutgoing: inOrder(options.votersOutgoing ?? []),
    learnersNext: inOrder(options.learnersNext ?? []),
    autoLeave: options.autoLeave ?? false,
  };
}

/** All nodes that vote, in either half. */
export function votersOf({ voters, votersOutgoing }: ConfState): readonly NodeId[] {
  return votersOutgoing.length === 0 ? voters : inOrder([...voters, ...votersOutgoing]);
}

/** All nodes that receive the log. */
export function membersOf(confState: ConfState): readonly NodeId[] {
  return inOrder([...votersOf(confState), ...confState.learners]);
}

/** Whether node `id` votes, in either half. */
export function isVoter({ voters, votersOutgoing }: ConfState, id: NodeId): boolean {
  return voters.includes(id) || votersOutgoing.includes(id);
}

/** Whether node `id` receives the log. */
export function isMember(confState: ConfState, id: NodeId): boolean {
  return isVoter(confState, id) || confState.learners.includes(id);
}

/** Whether a single node decides alone. */
export function isOnlyVoter({ voters, votersOutgoing }: ConfState): boolean {
  return voters.length === 1 && votersOutgoing.length === 0;
}

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

/** What `votes` decide. They count by voter: a vote of anybody else adds nothing. */
export function voteResult({ voters, votersOutgoing }: ConfState, votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  const incoming = resultAmong(voters, votes);
  const outgoing = votersOutgoing.length === 0 ? "won" : resultAmong(votersOutgoing, votes);
  if (incoming === "lost" || outgoing === "lost") return "lost";
  return incoming === "won" && outgoing === "won" ? "won" : "pending";
}

function resultAmong(voters: readonly NodeId[], votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  const needed = majority(voters.length);
  const granted = voters.filter((voter) => votes.get(voter) === true).length;
  const missing = voters.filter((voter) => !votes.has(voter)).length;
  if (granted >= needed) return "won";
  return granted + missing >= needed ? "pending" : "lost";
}

/** The highest index that a majority has reached, in both halves; `indexOf` says how far a voter is. */
export function quorumIndex({ voters, votersOutgoing }: ConfState, indexOf: (voter: NodeId) => Index): Index {
  const incoming = majorityIndex(voters.map(indexOf));
  return votersOutgoing.length === 0 ? incoming : Math.min(incoming, majorityIndex(votersOutgoing.map(indexOf)));
}

/** The highest of `indices` that a majority of them has reached: `[9, 7, 4]` gives 7. */
export function majorityIndex(indices: readonly Index[]): Index {
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

function inOrder(ids: readonly NodeId[]): NodeId[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
