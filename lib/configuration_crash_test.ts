/** A node whose configuration changes, on a disk that stops after any operation: it comes back in a whole configuration. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { DemoNode } from "./node.ts";
import { type ConfChange, type ConfState, seededRandom } from "./raft/mod.ts";
import { WalError } from "./storage/files.ts";
import { FileStorage } from "./storage/file_storage.ts";
import { MemoryFiles, type Survival } from "./storage/memory_files.ts";

/** What node 1, the only voter, goes through. Each change is followed by a command and some by a snapshot. */
const CHANGES: readonly ConfChange[] = [
  { transition: "auto", changes: [{ type: "addLearnerNode", node: 2 }] },
  { transition: "explicit", changes: [{ type: "addLearnerNode", node: 3 }, { type: "removeNode", node: 2 }] },
  { transition: "auto", changes: [] },
  { transition: "implicit", changes: [{ type: "addLearnerNode", node: 4 }] },
  { transition: "auto", changes: [{ type: "removeNode", node: 3 }] },
];

function start(files: MemoryFiles): { node: DemoNode; storage: FileStorage } {
  const storage = FileStorage.open("node1", { voters: [1] }, { files, segmentBytes: 700 });
  return { node: new DemoNode({ id: 1, random: seededRandom(1) }, storage), storage };
}

/** Live until the disk stops: the configuration by the index that was applied, all of which was durable. */
function live(files: MemoryFiles): ConfState[] {
  const known: ConfState[] = [];
  try {
    const { node, storage } = start(files);
    let configuration = known[0] = node.configuration;
    const go = () => {
      for (const { index, outcome } of node.drainReady().applied) {
        if (outcome.kind === "Configuration") configuration = outcome.configuration;
        known[index] = configuration;
      }
    };
    node.campaign();
    go();
    for (const [i, change] of CHANGES.entries()) {
      node.confChange(change);
      go();
      node.propose({ kind: "Put", key: "x", value: `${i}` });
      go();
      if (i % 2 === 1) node.compact(1);
    }
    storage.sync();
    storage.close();
  } catch (error) {
    if (!(error instanceof WalError)) throw error;
  }
  return known;
}

/** What the changes lead to, by index: the fold of the log, for whoever has applied so much of it. */
const whole = new MemoryFiles();
const expected = live(whole);

for (const survival of ["none", "all", 0, 30] as const satisfies readonly Survival[]) {
  Deno.test(`wherever the disk stops, a restart is in the configuration of what it has applied; ${survival} survives`, () => {
    const kinds = new Set<string>();
    for (let at = 0; at <= whole.operations.length; at++) {
      const files = new MemoryFiles();
      files.stopAt(at);
      const known = live(files);
      files.crash(survival);
      const { node, storage } = start(files);
      const found = node.status().applied;
      for (const configuration of [node.configuration, node.raft.confState]) {
        deepStrictEqual(configuration, expected[found], `stopped before ${at}: the snapshot's`);
      }
      // It does not campaign before it has applied the changes that it knows to be committed.
      node.drainReady();
      node.campaign();
      node.drainReady();
      const { applied } = node.status();
      ok(applied >= known.length - 1, `stopped before ${at}: what was applied is there`);
      const { votersOutgoing, learners } = node.configuration;
      kinds.add(`${votersOutgoing.length > 0 ? "joint" : "simple"} ${learners}`);
      storage.close();
    }
    ok(kinds.has("joint 3") && kinds.has("simple 2") && kinds.has("simple 4"), [...kinds].join("; "));
  });
}
