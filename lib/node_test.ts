import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { type Command, CommandError } from "./command.ts";
import { DemoNode } from "./node.ts";
import type { AppliedEntry, ReadyOutcome } from "./node_turn.ts";
import {
  MemStorage,
  type Message,
  newConfState,
  type NodeId,
  RaftError,
  seededRandom,
  type WritableStorage,
} from "./raft/mod.ts";
import { KvStore } from "./state_machine.ts";

const put = (key: string, value: string): Command => ({ kind: "Put", key, value });

function newStorage(nodes: number): MemStorage {
  return MemStorage.newWithConfState({ voters: Array.from({ length: nodes }, (_, i) => i + 1) });
}

function start(id: NodeId, storage: WritableStorage): DemoNode {
  return new DemoNode({ id, random: seededRandom(1), maxSizePerMsg: Infinity }, storage);
}

/** A node that is its own cluster and has carried out `commands`; its first entry is empty. */
function alone(commands: readonly Command[] = []): { node: DemoNode; storage: MemStorage } {
  const storage = newStorage(1);
  const node = start(1, storage);
  node.campaign();
  node.drainReady();
  for (const command of commands) node.propose(command);
  node.drainReady();
  return { node, storage };
}

/** What was delivered, and what was applied anywhere. */
type Settled = Pick<ReadyOutcome, "messages" | "applied">;

/** Hand messages round, at once and in order, until nobody has any left. Nothing comes to `away`, or from there. */
function settle(nodes: readonly DemoNode[], away: NodeId | null = null): Settled {
  const messages: Message[] = [], applied: AppliedEntry[] = [], waiting: Message[] = [];
  const drain = (node: DemoNode) => {
    const outcome = node.drainReady();
    waiting.push(...outcome.messages);
    applied.push(...outcome.applied);
  };
  nodes.forEach(drain);
  for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
    if (message.to === away || message.from === away) continue;
    messages.push(message);
    nodes[message.to - 1].step(message);
    drain(nodes[message.to - 1]);
  }
  return { messages, applied };
}

/** Three nodes; node 1 leads term 1, and everyone has applied its first entry. */
function three(): { nodes: DemoNode[]; leader: DemoNode } {
  const nodes = [1, 2, 3].map((id) => start(id, newStorage(3)));
  nodes[0].campaign();
  settle(nodes);
  return { nodes, leader: nodes[0] };
}

/** Heartbeats make the leader try those again that were away. */
function heartbeat(nodes: readonly DemoNode[], leader: DemoNode): readonly Message[] {
  leader.tick();
  leader.tick();
  return settle(nodes).messages;
}

Deno.test("an outcome lists the turns, the messages in the order in which they may leave, and what was applied", () => {
  const node = start(1, newStorage(3));
  node.campaign();
  node.drainReady();
  node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
  // Node 2 is quicker than the leader's own disk: what it holds is committed when the leader has stored it.
  node.step({ type: "AppendResponse", from: 2, to: 1, term: 1, success: true, matchIndex: 1, commit: 0 });
  const { turns, messages, applied } = node.drainReady();
  deepStrictEqual(turns.map(({ ready, light }) => [ready.number, ready.entries.length, light.commitIndex]), [[
    2,
    1,
    1,
  ]]);
  deepStrictEqual(messages, turns.flatMap(({ ready, light }) => [...ready.messages, ...light.messages]));
  deepStrictEqual(turns.map(({ light }) => light.messages.map((m) => m.type === "Append" && m.leaderCommit)), [[1]]);
  deepStrictEqual(applied, [{ index: 1, term: 1, outcome: { kind: "Empty" } }]);
  const nothing = node.drainReady();
  deepStrictEqual([nothing.turns, nothing.messages, nothing.applied], [[], [], []]);
});

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

Deno.test("a restarted node remembers its term and its vote", () => {
  const storage = newStorage(3);
  const ask = (from: NodeId): Message => {
    return { type: "RequestVote", from, to: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0, commit: 0, commitTerm: 0 };
  };
  const granted = (node: DemoNode, from: NodeId) => {
    node.step(ask(from));
    return node.drainReady().messages.map((m) => m.type === "RequestVoteResponse" && m.voteGranted);
  };
  deepStrictEqual(granted(start(1, storage), 2), [true]);
  deepStrictEqual(granted(start(1, storage), 3), [false]);
  deepStrictEqual(granted(start(1, storage), 2), [true]);
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

Deno.test("a number of entries to keep that makes no sense is refused, and nothing is lost", () => {
  for (const keep of [-1, 1.5, NaN]) {
    const { node, storage } = alone([put("x", "1")]);
    throws(() => node.compact(keep), { name: "RangeError", message: new RegExp(`keep ${keep}`) });
    throws(() => storage.snapshot());
  }
});

Deno.test("there is nothing to compact before anything is applied", () => {
  const storage = newStorage(3);
  strictEqual(start(1, storage).compact(0), null);
  strictEqual(storage.firstIndex(), 1);
});

Deno.test("a follower that lags no further than the entries that were kept needs no snapshot", () => {
  const { nodes, leader } = three();
  for (const value of ["1", "2"]) leader.propose(put("x", value));
  settle(nodes, 3);
  leader.compact(2);
  const types = heartbeat(nodes, leader).map(({ type }) => type);
  ok(types.includes("Append") && !types.includes("Snapshot"), types.join());
  strictEqual(nodes[2].store.get("x"), "2");
});

Deno.test("a follower that lags further gets the store as of the applied index, and the log behind it", () => {
  const { nodes, leader } = three();
  leader.propose(put("x", "1"));
  settle(nodes, 3);
  const metadata = leader.compact(0);
  leader.propose(put("x", "2"));
  settle(nodes, 3);
  const sent = heartbeat(nodes, leader).flatMap((m) => m.type === "Snapshot" ? [m] : []);
  deepStrictEqual(sent.map(({ to, snapshot }) => [to, snapshot.metadata]), [[3, metadata]]);
  deepStrictEqual([metadata?.index, KvStore.restore(sent[0].snapshot.data).pairs()], [2, [["x", "1"]]]);
  const { firstIndex, lastIndex } = nodes[2].status();
  deepStrictEqual([firstIndex, lastIndex, nodes[2].store.get("x")], [3, 3, "2"]);
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
