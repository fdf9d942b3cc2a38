/** The ready loop's seven steps, in the order of the crate's documentation ("Processing the `Ready` State"). */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { DemoNode } from "./node.ts";
import type { Turn } from "./node_turn.ts";
import {
  type Entry,
  MemStorage,
  type Message,
  type MessageType,
  newConfState,
  seededRandom,
  type WritableStorage,
} from "./raft/mod.ts";
import { KvStore } from "./state_machine.ts";

/** Node 1 of so many, and what is written to its storage, in order. */
function start(nodes: number): { node: DemoNode; written: string[] } {
  const voters = Array.from({ length: nodes }, (_, i) => i + 1);
  const written: string[] = [];
  const storage: WritableStorage = new Proxy(MemStorage.newWithConfState({ voters }), {
    get: (target, name) => (...args: unknown[]) => {
      const isEmpty = Array.isArray(args[0]) && args[0].length === 0;
      if (/^(set|append|apply|sync)/.test(String(name)) && !isEmpty) written.push(String(name));
      return Reflect.apply(Reflect.get(target, name), target, args);
    },
  });
  return { node: new DemoNode({ id: 1, random: seededRandom(1), maxSizePerMsg: Infinity }, storage), written };
}

/** What was done in each step of all turns: what was written, then what was sent, then what was applied. */
function stepsOf({ node, written }: ReturnType<typeof start>): string[] {
  const steps: string[] = [];
  let [sent, done] = [0, 0];
  written.splice(0);
  node.drainReady((step, _ready, { messages, applied }) => {
    const says = messages.slice(sent).map(({ type }) => type);
    const applies = applied.slice(done).map(({ index }) => `apply ${index}`);
    [sent, done] = [messages.length, applied.length];
    steps.push([`${step}`, ...written.splice(0), ...says, ...applies].join(" "));
  });
  return steps;
}

/** All turns that can be taken while writes are under way. */
function turns(node: DemoNode): Turn[] {
  const taken: Turn[] = [];
  for (let turn = node.takeTurn(); turn !== null; turn = node.takeTurn()) taken.push(turn);
  return taken;
}

const types = (messages: readonly Message[]): MessageType[] => messages.map(({ type }) => type);
const entry = (index: number): Entry => ({ type: "empty", term: 1, index, data: new Uint8Array() });
const append = (prevLogIndex: number, entries: Entry[], leaderCommit: number): Message => {
  const prevLogTerm = Math.min(prevLogIndex, 1);
  return { type: "Append", from: 2, to: 1, term: 1, prevLogIndex, prevLogTerm, entries, leaderCommit };
};

Deno.test("a follower stores its entries and its hard state before its acknowledgement leaves, and applies then", () => {
  const world = start(3);
  world.node.step(append(0, [entry(1)], 1));
  const steps = stepsOf(world);
  deepStrictEqual(steps, ["1", "2", "3", "4 append", "5 setHardState sync", "6 AppendResponse", "7 apply 1"]);
});

Deno.test("a leader's messages leave first, and what is committed is applied before anything is written", () => {
  const world = start(3);
  world.node.campaign();
  world.node.drainReady();
  world.node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
  world.node.drainReady();
  world.node.step({ type: "AppendResponse", from: 2, to: 1, term: 1, success: true, matchIndex: 1, commit: 0 });
  world.node.propose({ kind: "Put", key: "x", value: "1" });
  const steps = stepsOf(world);
  deepStrictEqual(steps, ["1 Append Append", "2", "3 apply 1", "4 append", "5 setHardState sync", "6", "7"]);
});

Deno.test("a snapshot is stored before anything else is", () => {
  const world = start(3);
  const metadata = { index: 5, term: 1, confState: newConfState({ voters: [1, 2, 3] }) };
  const data = new KvStore([["x", "1"]]).snapshot();
  world.node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot: { metadata, data } });
  const steps = stepsOf(world);
  deepStrictEqual(steps, ["1", "2 applySnapshot", "3", "4", "5 setHardState sync", "6 AppendResponse", "7"]);
  strictEqual(world.node.store.get("x"), "1");
});

Deno.test("what becomes valid by a write is stored, then applied, in step 7", () => {
  const world = start(1);
  world.node.campaign();
  deepStrictEqual(stepsOf(world), ["1", "2", "3", "4 append", "5 setHardState sync", "6", "7 setCommit apply 1"]);
});

Deno.test("an outcome lists the turns, each with its Ready and its LightReady", () => {
  const { node } = start(1);
  node.campaign();
  const turns = node.drainReady().turns.map((
    { ready, light },
  ) => [ready.number, ready.entries.length, light.commitIndex]);
  deepStrictEqual(turns, [[1, 1, 1]]);
});

Deno.test("a turn whose write must not be durable is not synced: only the commit index moved", () => {
  const world = start(3);
  world.node.step(append(0, [entry(1)], 0));
  world.node.drainReady();
  world.node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: 1 });
  deepStrictEqual(stepsOf(world), ["1", "2", "3 apply 1", "4", "5 setHardState", "6 HeartbeatResponse", "7"]);
});

Deno.test("a crash between any two steps: what leaves in step 6 is durable, and only then", () => {
  for (const crash of [1, 2, 3, 4, 5, 6, 7] as const) {
    const { node, written } = start(3);
    const log = { lastLogIndex: 0, lastLogTerm: 0, commit: 0, commitTerm: 0 };
    node.step({ type: "RequestVote", from: 2, to: 1, term: 1, ...log });
    const seen: number[] = [];
    let left: string[] = [];
    const between: Parameters<typeof node.drainReady>[0] = (step, _ready, { messages }) => {
      seen.push(step);
      left = messages.map(({ type }) => type);
      if (step === crash) throw new Error("crash");
    };
    throws(() => node.drainReady(between), { message: "crash" });
    deepStrictEqual(seen, [1, 2, 3, 4, 5, 6, 7].slice(0, crash));
    deepStrictEqual(written, crash >= 5 ? ["setHardState", "sync"] : [], `after step ${crash}`);
    deepStrictEqual(left, crash >= 6 ? ["RequestVoteResponse"] : [], `after step ${crash}`);
  }
});

Deno.test("a vote request waits until the vote is durable, and leaves then", () => {
  const { node } = start(3);
  node.campaign();
  const [{ ready, messages }, ...more] = turns(node);
  deepStrictEqual([types(messages), more.length, node.status().hs.vote], [[], 0, 1]);
  deepStrictEqual(types(node.persisted(ready.number).messages), ["RequestVote", "RequestVote"]);
  deepStrictEqual(node.persisted(ready.number).messages, [], "once");
});

Deno.test("a leader's entries leave at once, its own write counts when it is durable, and only then they are applied", () => {
  const { node } = start(3);
  node.campaign();
  node.persisted(turns(node).at(-1)?.ready.number ?? 0);
  node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
  const [first] = turns(node);
  deepStrictEqual([types(first.messages), first.ready.persistedMessages], [["Append", "Append"], []]);
  node.step({ type: "AppendResponse", from: 2, to: 1, term: 1, success: true, matchIndex: 1, commit: 0 });
  deepStrictEqual([turns(node).flatMap(({ applied }) => applied), node.status().hs.commit], [[], 0], "durable on one");
  node.persisted(first.ready.number);
  const [next] = turns(node);
  deepStrictEqual([next.applied.map(({ index }) => index), next.ready.mustSync], [[1], false]);
});

Deno.test("what a follower says about an earlier write waits for that one too", () => {
  const { node } = start(3);
  node.step(append(0, [entry(1)], 0));
  const [write] = turns(node);
  node.step(append(0, [entry(1)], 0));
  const [again] = turns(node);
  deepStrictEqual([write.ready.mustSync, again.ready.mustSync], [true, false]);
  deepStrictEqual([...write.messages, ...again.messages], []);
  deepStrictEqual(types(node.persisted(write.ready.number).messages), ["AppendResponse"]);
  deepStrictEqual(types(node.persisted(again.ready.number).messages), ["AppendResponse"]);
});

Deno.test("what is committed is applied when it is durable here, and not before", () => {
  const { node } = start(3);
  node.step(append(0, [entry(1), entry(2)], 2));
  const [write] = turns(node);
  deepStrictEqual([write.applied, node.status().applied], [[], 0]);
  node.persisted(write.ready.number);
  deepStrictEqual(turns(node).flatMap(({ applied }) => applied.map(({ index }) => index)), [1, 2]);
  strictEqual(node.status().applied, 2);
});

Deno.test("a snapshot is stored, and counts as applied when it is durable; until then nothing can be compacted", () => {
  const { node } = start(3);
  const metadata = { index: 5, term: 1, confState: newConfState({ voters: [1, 2, 3] }) };
  const data = new KvStore([["x", "1"]]).snapshot();
  node.step(append(0, [entry(1)], 1));
  node.persisted(turns(node)[0].ready.number);
  turns(node);
  node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot: { metadata, data } });
  const [write] = turns(node);
  deepStrictEqual([write.messages, node.store.get("x"), node.status().applied], [[], "1", 1]);
  deepStrictEqual([node.status().firstIndex, node.compact(0)], [6, null]);
  deepStrictEqual(types(node.persisted(write.ready.number).messages), ["AppendResponse"]);
  strictEqual(node.status().applied, 5);
  node.step(append(5, [entry(6)], 6));
  node.persisted(turns(node).at(-1)?.ready.number ?? 0);
  deepStrictEqual(turns(node).flatMap(({ applied }) => applied.map(({ index }) => index)), [6]);
});
