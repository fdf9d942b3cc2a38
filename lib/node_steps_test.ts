/** The ready loop's seven steps, in the order of the crate's documentation ("Processing the `Ready` State"). */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { DemoNode } from "./node.ts";
import { MemStorage, newConfState, RawNode, type WritableStorage } from "./raft/mod.ts";
import { KvStore } from "./state_machine.ts";

function newStorage(nodes: number): MemStorage {
  return MemStorage.newWithConfState({ voters: Array.from({ length: nodes }, (_, i) => i + 1) });
}

function start(storage: WritableStorage): DemoNode {
  return new DemoNode({ id: 1, seed: 1 }, storage);
}

/** What `act` takes out of each Ready, and what it calls, in order. */
function stepsOf(act: (record: (storage: MemStorage) => WritableStorage) => void): string[] {
  const steps: string[] = [];
  const record = (step: string) => steps.at(-1) !== step && steps.push(step);
  const watch = <T extends object>(target: T, prefix: string): T =>
    new Proxy(target, {
      get: (_, field) => {
        if (field !== "mustSync") record(prefix + String(field));
        return Reflect.get(target, field);
      },
    });
  const recording = (storage: MemStorage): WritableStorage =>
    new Proxy(storage, {
      get: (_, name) => (...args: unknown[]) => {
        const writes = /^(set|append|apply|sync)/.test(String(name)) &&
          !(Array.isArray(args[0]) && args[0].length === 0);
        if (writes) record(`storage.${String(name)}`);
        return Reflect.apply(Reflect.get(storage, name), storage, args);
      },
    });
  const { ready, advance, advanceApply } = RawNode.prototype;
  const { applyEntry } = KvStore.prototype;
  let outstanding: ReturnType<typeof ready> | null = null;
  RawNode.prototype.ready = function () {
    outstanding = ready.call(this);
    return watch(outstanding, "");
  };
  RawNode.prototype.advance = function (given) {
    record("advance");
    return watch(advance.call(this, outstanding ?? given), "light.");
  };
  RawNode.prototype.advanceApply = function () {
    record("advanceApply");
    advanceApply.call(this);
  };
  KvStore.prototype.applyEntry = function (data) {
    record("store.applyEntry");
    return applyEntry.call(this, data);
  };
  try {
    act(recording);
  } finally {
    Object.assign(RawNode.prototype, { ready, advance, advanceApply });
    KvStore.prototype.applyEntry = applyEntry;
  }
  return steps;
}

const LIGHT = ["light.commitIndex", "light.messages", "light.committedEntries"];

Deno.test("a follower stores its entries and its hard state before its acknowledgement leaves", () => {
  const entries = [{ type: "empty" as const, term: 1, index: 1, data: new Uint8Array() }];
  const steps = stepsOf((recording) => {
    const node = start(recording(newStorage(3)));
    node.step({ type: "Append", from: 2, to: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries, leaderCommit: 1 });
    const { turns, messages, applied } = node.drainReady();
    deepStrictEqual([turns.length, messages.map(({ type }) => type), applied.length], [1, ["AppendResponse"], 1]);
  });
  deepStrictEqual(steps, [
    ...["messages", "snapshot", "committedEntries"],
    ...["entries", "storage.append", "hs", "storage.setHardState", "storage.sync", "persistedMessages"],
    ...["advance", ...LIGHT, "store.applyEntry", "advanceApply"],
  ]);
});

Deno.test("a leader's messages leave first, and what is committed is applied before anything is written", () => {
  const steps = stepsOf((recording) => {
    const node = start(recording(newStorage(3)));
    node.campaign();
    node.drainReady();
    node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
    node.drainReady();
    node.step({ type: "AppendResponse", from: 2, to: 1, term: 1, success: true, matchIndex: 1, commit: 0 });
    node.propose({ kind: "Put", key: "x", value: "1" });
    node.drainReady();
  });
  deepStrictEqual(steps.slice(steps.lastIndexOf("messages")), [
    ...["messages", "snapshot", "committedEntries", "store.applyEntry"],
    ...["entries", "storage.append", "hs", "storage.setHardState", "storage.sync", "persistedMessages"],
    ...["advance", ...LIGHT, "advanceApply"],
  ]);
});

Deno.test("a snapshot is stored before anything else is", () => {
  const metadata = { index: 5, term: 1, confState: newConfState({ voters: [1, 2, 3] }) };
  const data = new KvStore([["x", "1"]]).snapshot();
  const steps = stepsOf((recording) => {
    const node = start(recording(newStorage(3)));
    node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot: { metadata, data } });
    node.drainReady();
    strictEqual(node.store.get("x"), "1");
  });
  deepStrictEqual(steps, [
    ...["messages", "snapshot", "storage.applySnapshot", "committedEntries", "entries"],
    ...["hs", "storage.setHardState", "storage.sync", "persistedMessages", "advance", ...LIGHT, "advanceApply"],
  ]);
});

Deno.test("what becomes valid by a write is stored, then sent, then applied", () => {
  const steps = stepsOf((recording) => {
    const node = start(recording(newStorage(1)));
    node.campaign();
    node.drainReady();
  });
  deepStrictEqual(steps.slice(steps.lastIndexOf("advance")), [
    ...["advance", "light.commitIndex", "storage.setCommit", "light.messages", "light.committedEntries"],
    ...["store.applyEntry", "advanceApply"],
  ]);
});

/** What a storage has made durable, as the names of what was written. */
function syncing(storage: MemStorage): { storage: WritableStorage; durable: string[] } {
  const durable: string[] = [];
  const written: string[] = [];
  const watched = new Proxy(storage, {
    get: (_, name) => (...args: unknown[]) => {
      if (name === "sync") durable.push(...written.splice(0));
      else if (/^(set|append|apply)/.test(String(name))) written.push(String(name));
      return Reflect.apply(Reflect.get(storage, name), storage, args);
    },
  });
  return { storage: watched, durable };
}

Deno.test("a crash between any two steps: what leaves in step 6 is durable, and only then", () => {
  for (const crash of [1, 2, 3, 4, 5, 6, 7] as const) {
    const { storage, durable } = syncing(newStorage(3));
    const node = start(storage);
    node.step({
      type: "RequestVote",
      from: 2,
      to: 1,
      term: 1,
      lastLogIndex: 0,
      lastLogTerm: 0,
      commit: 0,
      commitTerm: 0,
    });
    const seen: number[] = [];
    let left: string[] = [];
    throws(() =>
      node.drainReady((step, _ready, { messages }) => {
        seen.push(step);
        left = messages.map(({ type }) => type);
        if (step === crash) throw new Error("crash");
      }), { message: "crash" });
    deepStrictEqual(seen, [1, 2, 3, 4, 5, 6, 7].slice(0, crash));
    deepStrictEqual(durable.includes("setHardState"), crash >= 5, `after step ${crash}`);
    deepStrictEqual(left, crash >= 6 ? ["RequestVoteResponse"] : [], `after step ${crash}`);
  }
});

Deno.test("a turn whose write must not be durable is not synced: only the commit index moved", () => {
  const { storage, durable } = syncing(newStorage(3));
  const node = start(storage);
  const entries = [{ type: "empty" as const, term: 1, index: 1, data: new Uint8Array() }];
  node.step({ type: "Append", from: 2, to: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries, leaderCommit: 0 });
  node.drainReady();
  const before = durable.length;
  node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: 1 });
  deepStrictEqual(node.drainReady().applied.length, 1);
  strictEqual(durable.length, before);
});
