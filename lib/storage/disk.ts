/**
 * Where one node keeps its log, through crashes.
 *
 * @module
 */
import type { DurableStorage, NodeId, Storage } from "../raft/mod.ts";

/** Where one node keeps its log, through crashes. */
export interface Disk {
  /** What the node finds when it starts. It is closed when the node has stopped and its last write is over. */
  open(): DurableStorage;
  /** The node crashes: a write that is under way ends here, however it ends. Without this it is waited for. */
  crash?(): void;
}

/** The disk of each node, which holds `initial` at first. */
export type DiskOf = (id: NodeId, initial: Storage) => Disk;
