/** What becomes of disks when a cluster cannot start on them. */
import { rejects, throws } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import { openReal, withDirectory } from "./directory_cases.ts";
import { directoryOf, fileDisks } from "./node_files.ts";
import { bytes, logOf } from "../raft/paper_cases.ts";
import { startRuntime } from "../runtime/start.ts";

/** Fails unless nobody has any of the logs open. */
function requireAllClosed(parent: string): void {
  for (const id of [1, 2, 3]) openReal(directoryOf(parent, id)).close();
}

Deno.test("a cluster that cannot open one disk lets go of those that it has opened", () =>
  withDirectory((parent) => {
    const taken = openReal(directoryOf(parent, 2));
    throws(() => new Cluster({ nodes: 3, diskOf: fileDisks(parent) }), { name: "LockedError" });
    taken.close();
    requireAllClosed(parent);
  }));

Deno.test("a node that cannot start on what it finds lets go of its disk", () =>
  withDirectory(async (parent) => {
    const storage = openReal(directoryOf(parent, 2));
    storage.append(logOf([1]));
    storage.setHardState({ term: 1, vote: null, commit: 1 });
    storage.createSnapshot(1, bytes("no state of a store"));
    storage.compact(2);
    storage.sync();
    storage.close();
    const diskOf = fileDisks(parent);
    throws(() => new Cluster({ nodes: 3, diskOf }), { name: "StateError" });
    requireAllClosed(parent);
    await rejects(startRuntime({ nodes: 3, diskOf }), { message: /^Cannot go on: node 2 failed/ });
    requireAllClosed(parent);
  }));
