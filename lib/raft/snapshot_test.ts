import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Message } from "./mod.ts";
import {
  accepted,
  append,
  bytes,
  commit,
  drain,
  elect,
  install,
  logOf,
  newPeer,
  newPeers,
  type Peer,
  progressOf,
  restart,
  settle,
  snapshotAt,
  START,
  terms,
} from "./paper_cases.ts";
import { Progress } from "./progress.ts";
import { maybeSendSnapshot } from "./snapshot.ts";

const alive: Message = { type: "HeartbeatResponse", from: 2, to: 1, term: 1, commit: 0 };

/** Snapshot what is applied, and compact all but the last entry. */
function compact({ storage, applied }: Peer): void {
  const index = applied[applied.length - 1].index;
  storage.createSnapshot(index, bytes(`the state at ${index}`));
  storage.compact(index);
}

/** A leader of three in term 1, with entries 1 … 4 applied and 1 … 3 compacted; node 2 has answered nothing yet. */
function compactedLeader(): Peer {
  const peer = newPeer(1);
  elect(peer);
  for (let i = 0; i < 3; i++) peer.node.propose(bytes("data"));
  drain(peer);
  peer.node.step(accepted(3, 1, 4));
  drain(peer);
  compact(peer);
  strictEqual(peer.node.status().firstIndex, 4);
  return peer;
}

function toNode2(peer: Peer): Message[] {
  return drain(peer).filter(({ to }) => to === 2);
}

Deno.test("a leader sends its snapshot where the next entry is compacted, as soon as the follower is heard of", () => {
  const peer = compactedLeader();
  peer.node.propose(bytes("data"));
  deepStrictEqual(toNode2(peer), []);
  peer.node.step(alive);
  deepStrictEqual(toNode2(peer), [{ type: "Snapshot", from: 1, to: 2, term: 1, snapshot: snapshotAt(4, 1) }]);
  strictEqual(progressOf(peer, 2)?.state, "snapshot");
});

Deno.test("a leader sends no snapshot to a follower that may be down", () => {
  const silent = new Progress(2, 1, 256);
  strictEqual(maybeSendSnapshot(compactedLeader().node.raft, silent), false);
});

Deno.test("a leader goes on behind a snapshot that is reported to have arrived", () => {
  const peer = compactedLeader();
  peer.node.step(alive);
  drain(peer);
  peer.node.reportSnapshot(2, "finish");
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "probe", matchIndex: 0, nextIndex: 5, paused: true });
  peer.node.propose(bytes("data"));
  deepStrictEqual(toNode2(peer), [], "it waits for word from the follower");
  peer.node.step(accepted(2, 1, 4));
  deepStrictEqual(toNode2(peer).map((m) => m.type === "Append" && [m.prevLogIndex, m.entries.length]), [[4, 1]]);
});

Deno.test("a leader sends its snapshot again when it is reported to have failed, but not before a sign of life", () => {
  const peer = compactedLeader();
  peer.node.step(alive);
  drain(peer);
  const before = progressOf(peer, 2);
  peer.node.reportSnapshot(2, "failure");
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "probe", matchIndex: 0, nextIndex: 1, paused: true });
  peer.node.propose(bytes("data"));
  deepStrictEqual(toNode2(peer), []);
  peer.node.step(alive);
  deepStrictEqual(toNode2(peer).map(({ type }) => type), ["Snapshot"]);
  deepStrictEqual(progressOf(peer, 2), { ...before, nextIndex: 1 });
});

Deno.test("a leader goes on when the follower says that it has the snapshot, reported or not", () => {
  const peer = compactedLeader();
  peer.node.step(alive);
  drain(peer);
  peer.node.propose(bytes("data"));
  drain(peer);
  peer.node.step(accepted(2, 1, 3));
  strictEqual(progressOf(peer, 2)?.state, "snapshot", "3 is less than the snapshot stands for");
  peer.node.step(accepted(2, 1, 4));
  deepStrictEqual(toNode2(peer).map((m) => m.type === "Append" && [m.prevLogIndex, m.entries.length]), [[4, 1]]);
  peer.node.step(accepted(2, 1, 5));
  strictEqual(progressOf(peer, 2)?.state, "replicate");
});

Deno.test("a follower replaces its log by a snapshot, stores it before all else, and then answers", () => {
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 1 } });
  drain(peer);
  const snapshot = snapshotAt(9, 2, [1, 2, 3, 4]);
  peer.node.step(install(snapshot, 2));
  const ready = peer.node.ready();
  strictEqual(ready.snapshot, snapshot);
  deepStrictEqual([ready.committedEntries, ready.entries, ready.mustSync], [[], [], true]);
  deepStrictEqual(ready.hs, { term: 2, vote: null, commit: 9 });
  deepStrictEqual(ready.messages, []);
  const answer = { type: "AppendResponse", from: 1, to: 2, term: 2, success: true, matchIndex: 9, commit: 0 };
  deepStrictEqual(ready.persistedMessages, [answer]);
  peer.storage.applySnapshot(snapshot);
  peer.node.advance(ready);
  const { applied, firstIndex, lastIndex, persisted } = peer.node.status();
  deepStrictEqual([applied, firstIndex, lastIndex, persisted], [9, 10, 9, 9]);
  peer.node.campaign();
  deepStrictEqual(drain(peer).map(({ to }) => to), [2, 3, 4], "the snapshot says who belongs to the cluster");
});

Deno.test("a follower ignores a snapshot of what it has committed, and answers how far it is", () => {
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 3 } });
  drain(peer);
  peer.node.step(install(snapshotAt(2, 1)));
  const answer = { type: "AppendResponse", from: 1, to: 2, term: 1, success: true, matchIndex: 3, commit: 0 };
  deepStrictEqual(drain(peer), [answer]);
  deepStrictEqual(terms(peer), [1, 1, 1]);
  compact(peer);
  peer.node.step(install(snapshotAt(1, 1)));
  deepStrictEqual(drain(peer), [answer], "not even where it has compacted since");
});

Deno.test("a follower that has the entries of a snapshot keeps them and commits them", () => {
  const peer = newPeer(1, { log: [1, 1, 1, 1], hs: { commit: 1 } });
  drain(peer);
  peer.node.step(install(snapshotAt(3, 1)));
  const answer = { type: "AppendResponse", from: 1, to: 2, term: 1, success: true, matchIndex: 3, commit: 0 };
  deepStrictEqual(drain(peer), [answer]);
  deepStrictEqual([terms(peer), commit(peer)], [[1, 1, 1, 1], 3]);
  deepStrictEqual(peer.applied, logOf([1, 1, 1]));
});

Deno.test("a follower ignores a snapshot of a cluster that it does not belong to", () => {
  const peer = newPeer(1, { log: [1] });
  peer.node.step(install(snapshotAt(9, 1, [2, 3, 4])));
  deepStrictEqual(drain(peer).map((m) => m.type === "AppendResponse" && m.success && m.matchIndex), [0]);
  deepStrictEqual([terms(peer), commit(peer)], [[1], 0]);
});

Deno.test("a follower that missed what is compacted catches up by snapshot, and goes on with the others", () => {
  const [one, two, three] = newPeers(3);
  one.node.campaign();
  settle([one, two, three]);
  for (let i = 0; i < 5; i++) {
    one.node.propose(bytes("data"));
    settle([one, two]);
  }
  [one, two].forEach(compact);
  const back = restart(three);
  one.node.ping();
  settle([one, two, back]);
  strictEqual(back.storage.snapshot().metadata.index, 6);
  one.node.propose(bytes("more data"));
  settle([one, two, back]);
  deepStrictEqual([one, two, back].map(commit), [7, 7, 7]);
  deepStrictEqual(back.applied.map(({ index }) => index), [1, 7], "the snapshot stands for the rest");
});

Deno.test("a follower exactly one entry behind what is compacted needs no snapshot", () => {
  const peer = compactedLeader();
  const hint = START;
  peer.node.step({ type: "AppendResponse", from: 2, to: 1, term: 1, success: false, prevLogIndex: 0, hint, commit: 0 });
  deepStrictEqual(toNode2(peer).map(({ type }) => type), ["Snapshot"]);
  const other = compactedLeader();
  other.node.step(accepted(2, 1, 3));
  deepStrictEqual(toNode2(other).map((m) => m.type === "Append" && [m.prevLogIndex, m.prevLogTerm]), [[3, 1]]);
});

Deno.test("an Append from before a snapshot that is still to be stored is answered with the snapshot's index", () => {
  const peer = newPeer(1);
  peer.node.step(install(snapshotAt(5, 1)));
  peer.node.step(append(1, START, logOf([1])));
  deepStrictEqual(drain(peer).map((m) => m.type === "AppendResponse" && m.success && m.matchIndex), [5, 5]);
});
