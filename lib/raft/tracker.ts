/**
 * What a leader knows of all nodes; crate item `raft::ProgressTracker`.
 *
 * @module
 */
import { Progress } from "./progress.ts";
import { quorumIndex } from "./quorum.ts";
import type { ConfState, Index, NodeId } from "./types.ts";

/** One `Progress` a node. */
export class ProgressTracker {
  /** The progress of every node, in ascending order of ids. */
  readonly all: readonly Progress[];

  /** At first a leader knows nothing of the others, and tries the index after its own last (paper Figure 2). */
  constructor(confState: ConfState, nextIndex: Index, maxInflight: number) {
    this.all = confState.voters.map((id) => new Progress(id, nextIndex, maxInflight));
  }

  /** The progress of node `id`, if it belongs to the cluster. */
  get(id: NodeId): Progress | undefined {
    for (const progress of this.all) if (progress.id === id) return progress;
    return undefined;
  }

  /** The highest index that a majority is known to hold (paper §5.3). */
  maximalCommittedIndex(): Index {
    return quorumIndex(this.all.map((progress) => progress.matchIndex));
  }
}
