/**
 * What a scenario needs of the world it is played in: nodes to look at, and ways to break them. `Cluster` is one such world.
 *
 * @module
 */
import type { Command } from "./command.ts";
import type { Network } from "./network.ts";
import type { ReadyStep } from "./node.ts";
import type { NodeId, Status, Term, Ticks } from "./raft/mod.ts";

/** A node, as far as others can look at it. */
export interface NodeView {
  /** Who it is. */
  readonly id: NodeId;
  /** Its store. */
  readonly store: {
    /** The value of a key; `null` if there is none. */
    get(key: string): string | null;
  };
  /** What it knows, at a glance. */
  status(): Status;
  /** The term of every stored entry, from the first that is not compacted on. */
  terms(): Term[];
  /** Snapshot the store, and discard the log but for the last `keep` applied entries. */
  compact(keep: number): unknown;
}

/** Nodes, and a network between them. What these are is said at `Cluster`. */
export interface World {
  /** Ticks passed so far. */
  readonly now: Ticks;
  /** The nodes' ids, in ascending order. */
  readonly ids: readonly NodeId[];
  /** The network between the nodes. */
  readonly network: Network;
  /** The node with this id, running or not. */
  node(id: NodeId): NodeView;
  /** The nodes that run, in the order of their ids. */
  nodes(): NodeView[];
  /** The running node that leads the latest term, if any. */
  leader(): NodeView | null;
  /** Start an election on this node now. */
  campaign(id: NodeId): void;
  /** Ask a node to carry out `command`. */
  propose(command: Command, id: NodeId): unknown;
  /** Stop a node. */
  stop(id: NodeId): void;
  /** Stop a node after this step of its ready loop. */
  crashAfter(id: NodeId, step: ReadyStep): void;
  /** Start a node anew on its storage. */
  restart(id: NodeId): void;
  /** Pause a node's clock. */
  pauseClock(id: NodeId): void;
  /** Let it run again. */
  resumeClock(id: NodeId): void;
  /** Make every election timeout of a node this long; `null`: random again. */
  fixTimeout(id: NodeId, ticks: Ticks | null): void;
}
