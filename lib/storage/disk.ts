/**
 * Where a node keeps its log, through crashes: real files, or files in memory that lose what was not synced.
 *
 * @module
 */
import type { DurableStorage, MemStorage, NodeId } from "../raft/mod.ts";
import { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";

/** Where one node keeps its log, through crashes. */
export interface Disk {
  /** What the node finds when it starts. It is closed when the node has stopped and its last write is over. */
  open(): DurableStorage;
  /** The node crashes: a write that is under way ends here, however it ends. Without this it is waited for. */
  crash?(): void;
}

/** The disk of each node, which holds `initial` at first. */
export type DiskOf = (id: NodeId, initial: MemStorage) => Disk;

/**
 * Logs in files in memory, a machine a node: a crash is a power failure, and what was not synced is lost.
 *
 * @example A node crashes after its log was written, and before it was synced.
 * ```ts
 * import { Cluster, losingDisks } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const cluster = new Cluster({ nodes: 1, diskOf: losingDisks() });
 * cluster.runUntil("it leads", () => cluster.leader() !== null);
 * cluster.run(2);
 * cluster.crashAfter(1, 4);
 * cluster.propose({ kind: "Put", key: "x", value: "1" });
 * deepStrictEqual(cluster.isRunning(1), false);
 * cluster.restart(1);
 * deepStrictEqual(cluster.storage(1).lastIndex(), 1);
 * ```
 */
export function losingDisks(): DiskOf {
  return (node, initial): Disk => {
    const files = new MemoryFiles();
    const { confState } = initial.initialState();
    const owner = { cluster: "simulated", node };
    return { open: () => FileStorage.open("log", confState, { files, owner }), crash: () => files.crash("none") };
  };
}
