/**
 * One place in a simulated cluster: a storage that stays, and the node that runs on it, or does not.
 *
 * Floor 7.
 *
 * @module
 */
import { type ClusterOptions, nodeConfig } from "./cluster_options.ts";
import { DemoNode } from "./node.ts";
import { type Index, MemStorage, type Message, type NodeId, RaftError, type RandomInt } from "./raft/mod.ts";

/** A storage, and the node on it. */
export class Member {
  /** The node, as it is or as it was when it stopped. */
  node: DemoNode;
  /** Whether it runs. */
  running = true;
  /** The commit index as last told to the observer. */
  commit: Index;
  /** What stays. */
  readonly storage: MemStorage;

  /** A node with an empty storage, in a cluster of `voters`. */
  constructor(
    readonly id: NodeId,
    voters: readonly NodeId[],
    readonly random: RandomInt,
    readonly options: Required<ClusterOptions>,
  ) {
    this.storage = MemStorage.newWithConfState({ voters });
    this.node = this.#newNode();
    this.commit = this.node.status().hs.commit;
  }

  /** Start anew on the same storage: whatever was not stored is forgotten. */
  start(): void {
    this.node = this.#newNode();
    this.running = true;
    this.commit = this.node.status().hs.commit;
  }

  /** Whether the node takes in `message`; not if it does not run, or refuses it. */
  takes(message: Message): boolean {
    if (!this.running) return false;
    try {
      this.node.step(message);
      return true;
    } catch (error) {
      if (error instanceof RaftError) return false;
      throw error;
    }
  }

  #newNode(): DemoNode {
    return new DemoNode(nodeConfig(this.id, this.random, this.options), this.storage);
  }
}
