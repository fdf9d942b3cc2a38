import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Command, CommandError } from "./command.ts";
import { DemoNode, type NodeOptions } from "./node.ts";
import {
  type ConfChangeSingle,
  latestSnapshot,
  MemStorage,
  newConfState,
  type NodeId,
  RaftError,
  seededRandom,
  type WritableStorage,
} from "./raft/mod.ts";

const put = (key: string, value: string): Command => ({ kind: "Put", key, value });

function newStorage(nodes: number): MemStorage {
  return MemStorage.newWithConfState({ voters: Array.from({ length: nodes }, (_, i) => i + 1) });
}

function start(id: NodeId, storage: WritableStorage, options: Partial<NodeOptions> = {}): DemoNode {
  return new DemoNode({ id, random: seededRandom(1), maxSizePerMsg: Infinity, ...options }, storage);
}

/** A node that is its own cluster and has carried out `commands`; its first entry is empty. */
function alone(commands: readonly Command[] = [], options: Partial<NodeOptions> = {}) {
  const storage = newStorage(1);
  const node = start(1, storage, options);
  node.campaign();
  node.drainReady();
  for (const command of commands) node.propose(command);
  node.drainReady();
  return { node, storage };
}

Deno.test("a restarted node applies a log of any length at once", () => {
  const { storage } = alone();
  const data = new TextEncoder().encode('{"kind":"Get","key":"x"}');
  const length = 200_000;
  storage.append(Array.from({ length }, (_, i) => ({ type: "command" as const, term: 1, index: i + 2, data })));
  storage.setCommit(length + 1);
  const restarted = start(1, storage);
  strictEqual(restarted.drainReady().applied.length, length + 1);
});

Deno.test("a restarted node begins with its snapshot, and applies only what is behind that", () => {
  for (const keep of [0, 2]) {
    const { node: before, storage } = alone([put("x", "1"), put("y", "2")]);
    before.compact(keep);
    before.propose(put("x", "3"));
    before.drainReady();
    const node = start(1, storage);
    deepStrictEqual([node.status().applied, node.store.pairs()], [3, [["x", "1"], ["y", "2"]]]);
    deepStrictEqual(node.drainReady().applied.map(({ index }) => index), [4]);
    deepStrictEqual(node.store.pairs(), [["x", "3"], ["y", "2"]]);
  }
});

Deno.test("compacting discards the applied log but for the entries to keep, and no value", () => {
  for (const [keep, firstIndex] of [[0, 5], [1, 4], [4, 1], [100, 1]]) {
    const { node, storage } = alone([put("x", "1"), put("y", "2"), put("z", "3")]);
    deepStrictEqual(node.compact(keep), { index: 4, term: 1, confState: newConfState({ voters: [1] }) });
    deepStrictEqual([storage.firstIndex(), storage.lastIndex(), node.store.get("z")], [firstIndex, 4, "3"]);
    const restarted = start(1, storage);
    restarted.drainReady();
    deepStrictEqual(restarted.store.pairs(), node.store.pairs());
  }
});

Deno.test("a node with a policy makes its snapshots by itself, and keeps half of what it applied since the last", () => {
  const { node, storage } = alone([], { snapshotEvery: 4 });
  const seen = ["1", "2", "3", "4", "5", "6", "7"].map((value) => {
    node.propose(put("x", value));
    node.drainReady();
    const last = latestSnapshot(storage)?.metadata.index ?? 0;
    return [node.status().applied, last, storage.firstIndex()];
  });
  deepStrictEqual(seen, [[2, 0, 1], [3, 0, 1], [4, 4, 3], [5, 4, 3], [6, 4, 3], [7, 4, 3], [8, 8, 7]]);
  const restarted = start(1, storage);
  deepStrictEqual([restarted.store.pairs(), restarted.drainReady().applied], [[["x", "7"]], []]);
});

Deno.test("a policy counts from the snapshot that was found at the start", () => {
  const { node: before, storage } = alone([put("x", "1"), put("x", "2")]);
  before.compact(0);
  const node = start(1, storage, { snapshotEvery: 4 });
  node.campaign();
  for (const value of ["3", "4", "5"]) {
    deepStrictEqual(latestSnapshot(storage)?.metadata.index, 3);
    node.propose(put("x", value));
    node.drainReady();
  }
  deepStrictEqual([latestSnapshot(storage)?.metadata.index, storage.firstIndex()], [7, 6]);
});

Deno.test("while a disk writes, a policy waits for what is applied to be durable", () => {
  const { node, storage } = alone([], { snapshotEvery: 3 });
  const first = () => storage.firstIndex();
  node.propose(put("x", "1"));
  node.propose(put("x", "2"));
  const written = node.takeTurn();
  node.persisted(written?.ready.number ?? 0);
  const applying = node.takeTurn();
  deepStrictEqual([applying?.applied.map(({ index }) => index), first()], [[2, 3], 1]);
  node.persisted(applying?.ready.number ?? 0);
  deepStrictEqual([latestSnapshot(storage)?.metadata.index, first()], [3, 3]);
});

Deno.test("a policy that makes no sense is refused", () => {
  for (const snapshotEvery of [0, -1, 1.5]) {
    throws(() => alone([], { snapshotEvery }), { name: "RangeError", message: /snapshotEvery must be .* from 1/ });
  }
});

Deno.test("a number of entries to keep that makes no sense is refused, and nothing is lost", () => {
  for (const keep of [-1, 1.5, NaN]) {
    const { node, storage } = alone([put("x", "1")]);
    throws(() => node.compact(keep), {
      name: "RangeError",
      message: new RegExp(`keep must be .* from 0, and is ${keep}$`),
    });
    throws(() => storage.snapshot());
    throws(() => node.persisted(keep), { name: "RangeError", message: /number must be a whole number from 0/ });
  }
  strictEqual(start(1, newStorage(3)).compact(0), null, "there is nothing to compact before anything is applied");
});

Deno.test("what cannot be proposed leaves the log as it was", () => {
  const { node, storage } = alone();
  throws(() => node.propose({ kind: "Get", key: "" }), (e: unknown) => e instanceof CommandError && e.field === "key");
  deepStrictEqual([node.drainReady().turns.length, storage.lastIndex()], [0, 1]);
  const follower = start(1, newStorage(3));
  throws(() => follower.propose(put("x", "1")), (e: unknown) => e instanceof RaftError && e.kind === "ProposalDropped");
});

Deno.test("a node is not made with a configuration that makes no sense, and the error names the field", () => {
  throws(() => start(0, newStorage(1)), { name: "RaftError", kind: "ConfigInvalid", message: /^Cannot use id = 0/ });
});

/** A node of three that has committed `changes`, entry by entry, on this storage. */
function changed(id: NodeId, changes: readonly string[], storage = newStorage(3)): DemoNode {
  storage.append(changes.map((text, i) => {
    return { type: "configuration" as const, term: 1, index: i + 1, data: new TextEncoder().encode(text) };
  }));
  storage.setHardState({ term: 1, vote: null, commit: changes.length });
  return start(id, storage);
}

const changeOf = (...changes: readonly ConfChangeSingle[]) => JSON.stringify({ transition: "auto", changes });

Deno.test("a change of the configuration that cannot be made is rejected alike on every node, and changes nothing", () => {
  const removals = [1, 2, 3].map((node) => ({ type: "removeNode" as const, node }));
  const bad = [changeOf(...removals), "nonsense", "", '{"transition":"auto","changes":[{"type":"addNode","node":0}]}'];
  const outcomes = [1, 2, 3].map((id) => {
    const node = changed(id, [...bad, changeOf({ type: "addLearnerNode", node: 4 })]);
    const outcomes = node.drainReady().applied.map(({ outcome }) => outcome);
    deepStrictEqual(node.configuration, newConfState({ voters: [1, 2, 3], learners: [4] }));
    return outcomes;
  });
  deepStrictEqual(outcomes[0].map(({ kind }) => kind), [...Array(4).fill("Rejected"), "Configuration"]);
  deepStrictEqual(outcomes, Array(3).fill(outcomes[0]));
});

Deno.test("the configuration is that of the snapshot and of the changes behind it, whatever is kept of the log", () => {
  const learners = [4, 5, 6].map((node) => changeOf({ type: "addLearnerNode", node }));
  for (const [keep, firstIndex] of [[0, 3], [1, 2], [9, 1]]) {
    const storage = newStorage(3);
    const node = changed(1, learners.slice(0, 2), storage);
    node.drainReady();
    deepStrictEqual(storage.initialState().confState.learners, []);
    deepStrictEqual(node.compact(keep)?.confState.learners, [4, 5]);
    storage.append([{ type: "configuration", term: 1, index: 3, data: new TextEncoder().encode(learners[2]) }]);
    storage.setCommit(3);
    const restarted = start(1, storage);
    deepStrictEqual([restarted.configuration.learners, restarted.raft.confState.learners], [[4, 5], [4, 5]]);
    restarted.drainReady();
    deepStrictEqual([restarted.configuration.learners, storage.firstIndex()], [[4, 5, 6], firstIndex]);
  }
});

Deno.test("a snapshot is made anew for a node that it does not know, and no other change makes one", () => {
  const storage = newStorage(3);
  const node = changed(1, [changeOf({ type: "addLearnerNode", node: 4 })], storage);
  node.drainReady();
  throws(() => storage.snapshot(), { name: "StorageError" });
  node.compact(0);
  const next = [{ type: "removeNode", node: 3 }, { type: "addNode", node: 4 }, {
    type: "addLearnerNode",
    node: 5,
  }] as const;
  for (const [i, change] of next.entries()) {
    const index = i + 2;
    storage.append([{ type: "configuration", term: 1, index, data: new TextEncoder().encode(changeOf(change)) }]);
    storage.setCommit(index);
    start(1, storage).drainReady();
    strictEqual(storage.snapshot().metadata.index, index < 4 ? 1 : 4);
  }
  deepStrictEqual(storage.snapshot().metadata.confState, newConfState({ voters: [1, 2, 4], learners: [5] }));
});
