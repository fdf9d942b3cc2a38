/**
 * The place of one node: its disk, its share of chance, and the rules it is started with.
 *
 * Equal options give every runtime equal nodes: the logs, the seeds and the configuration are those of `Cluster`.
 *
 * @module
 */
import { type ClusterOptions, nodeConfig, seedOf } from "../cluster_options.ts";
import { Member } from "../member.ts";
import { DemoNode } from "../node.ts";
import type { DurableStorage, NodeId, RandomState, Ticks } from "../raft/mod.ts";
import type { Disk } from "../storage/disk.ts";

/** The ids of the nodes, in ascending order. */
export function idsOf({ nodes }: Required<ClusterOptions>): NodeId[] {
  return Array.from({ length: nodes }, (_, i) => i + 1);
}

/** A node as `Cluster` starts it: what its storage holds before anything happens, and which timeouts it may have. */
export function memberOf(id: NodeId, options: Required<ClusterOptions>): Member {
  return new Member(id, idsOf(options), options);
}

/** Where one node runs, and runs again. */
export class Place {
  /** The node that was started last: the timeouts of the next one go on where its own end. */
  #last: DemoNode | null = null;
  /** What every election timeout is; `null` while they are random. */
  #timeout: Ticks | null = null;

  /** A place without a node. */
  constructor(
    readonly id: NodeId,
    readonly options: Required<ClusterOptions>,
    readonly disk: Disk,
    readonly mutation: (node: DemoNode) => void = () => {},
  ) {
  }

  /** A node that goes on where the disk ends. */
  start(): { readonly node: DemoNode; readonly storage: DurableStorage } {
    const storage = this.disk.open();
    const seed: number | RandomState = this.#last?.raft.random ?? seedOf(this.id, this.options);
    try {
      const node = new DemoNode(nodeConfig(this.id, { seed, fixedTimeout: this.#timeout }, this.options), storage);
      this.#last = node;
      this.mutation(node);
      return { node, storage };
    } catch (error) {
      storage.close();
      throw error;
    }
  }

  /** From now on every election timeout is `ticks`; `null`: random again, from the next one on. */
  fixTimeout(ticks: Ticks | null, { raft }: DemoNode): void {
    this.#timeout = raft.fixedTimeout = ticks;
    if (ticks !== null) raft.randomizedElectionTimeout = ticks;
  }
}
