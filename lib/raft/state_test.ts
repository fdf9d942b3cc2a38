/** A node that starts or restarts: what it finds in its storage. */
import { seededRandom } from "./random.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { InvariantViolation, MemStorage, RawNode } from "./mod.ts";
import { bytes, drain, entry, logOf, newPeer, restart } from "./paper_cases.ts";

Deno.test("a node that restarts hands over every committed entry, or those after what was applied or a snapshot", () => {
  const start = { log: [1, 1, 1, 1], hs: { commit: 3 } };
  const all = newPeer(1, start);
  strictEqual(all.node.hasReady(), true);
  drain(all);
  deepStrictEqual([all.applied, restart(all).node.hasReady()], [logOf([1, 1, 1]), false]);

  const some = newPeer(1, { ...start, config: { applied: 2 } });
  const compacted = newPeer(1, start);
  compacted.storage.createSnapshot(2, bytes("state"));
  compacted.storage.compact(3);
  for (const { node } of [some, restart(compacted)]) {
    strictEqual(node.status().applied, 2);
    deepStrictEqual(node.ready().committedEntries, [entry(1, 3)]);
  }
});

Deno.test("a node does not start on a storage that contradicts itself or the application", () => {
  const storage = MemStorage.newWithConfState({ voters: [1] });
  storage.append(logOf([1]));
  storage.setHardState({ term: 1, vote: null, commit: 2 });
  const options = { id: 1, random: seededRandom(1) };
  throws(() => new RawNode(options, storage), InvariantViolation, "entries it had stored are lost");
  storage.setCommit(0);
  throws(() => new RawNode({ ...options, applied: 1 }, storage), InvariantViolation, "applied, but not committed");
});
