/** The asynchronous form of the ready loop: `takeTurn`, and `persisted` when the write is durable. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { DemoNode, type Turn } from "./node.ts";
import { type Entry, MemStorage, type Message, type MessageType } from "./raft/mod.ts";
import { KvStore } from "./state_machine.ts";

function start(nodes: number): { node: DemoNode; storage: MemStorage } {
  const storage = MemStorage.newWithConfState({ voters: Array.from({ length: nodes }, (_, i) => i + 1) });
  return { node: new DemoNode({ id: 1, random: (low) => low, maxSizePerMsg: Infinity }, storage), storage };
}

/** All turns there are. */
function turns(node: DemoNode): Turn[] {
  const taken: Turn[] = [];
  for (let turn = node.takeTurn(); turn !== null; turn = node.takeTurn()) taken.push(turn);
  return taken;
}

const types = (messages: readonly Message[]): MessageType[] => messages.map(({ type }) => type);
const entry = (index: number): Entry => ({ term: 1, index, data: new Uint8Array() });
const append = (index: number, entries: Entry[], commit: number): Message => {
  return {
    type: "Append",
    from: 2,
    to: 1,
    term: 1,
    prevLogIndex: index,
    prevLogTerm: index === 0 ? 0 : 1,
    entries,
    leaderCommit: commit,
  };
};

Deno.test("a vote request waits until the vote is durable, and leaves then", () => {
  const { node, storage } = start(3);
  node.campaign();
  const [{ ready, messages }, ...more] = turns(node);
  deepStrictEqual([types(messages), more.length, storage.initialState().hardState.vote], [[], 0, 1]);
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
  const { node, storage } = start(3);
  const metadata = { index: 5, term: 1, confState: { voters: [1, 2, 3] } };
  const data = new KvStore([["x", "1"]]).snapshot();
  node.step(append(0, [entry(1)], 1));
  node.persisted(turns(node)[0].ready.number);
  turns(node);
  node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot: { metadata, data } });
  const [write] = turns(node);
  deepStrictEqual([write.messages, node.store.get("x"), node.status().applied], [[], "1", 1]);
  deepStrictEqual([storage.firstIndex(), node.compact(0)], [6, null]);
  deepStrictEqual(types(node.persisted(write.ready.number).messages), ["AppendResponse"]);
  strictEqual(node.status().applied, 5);
  node.step(append(5, [entry(6)], 6));
  node.persisted(turns(node).at(-1)?.ready.number ?? 0);
  deepStrictEqual(turns(node).flatMap(({ applied }) => applied.map(({ index }) => index)), [6]);
});
