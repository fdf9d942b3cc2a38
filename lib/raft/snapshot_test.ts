import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Message, type Snapshot, StorageError, type Term } from "./mod.ts";
import { accepted, alive, append, appendsTo2, bytes, commit, drain, install, logOf, matches } from "./paper_cases.ts";
import { newLeader, newPeer, type Peer, progressOf, propose, sent } from "./paper_cases.ts";
import { snapshotAt, START, terms } from "./paper_cases.ts";
import { Progress } from "./progress.ts";
import { maybeSendSnapshot } from "./snapshot.ts";

/** Snapshot what is applied, and compact all but the last entry. */
function compact({ storage, applied }: Peer): void {
  const index = applied[applied.length - 1].index;
  storage.createSnapshot(index, bytes(`the state at ${index}`));
  storage.compact(index);
}

/** A leader of three in term 1, with entries 1 … 4 applied and 1 … 3 compacted; node 2 has answered nothing yet. */
function compactedLeader(): Peer {
  const peer = newLeader({ heldBy: [] });
  propose(peer, "a", "b", "c");
  drain(peer);
  peer.node.step(accepted(3, 1, 4));
  drain(peer);
  compact(peer);
  strictEqual(peer.node.status().firstIndex, 4);
  return peer;
}

/** The same, with its snapshot on the way to node 2. */
function sendingLeader(): Peer {
  const peer = compactedLeader();
  peer.node.step(alive(2));
  deepStrictEqual(toNode2(peer), [{ type: "Snapshot", from: 1, to: 2, term: 1, snapshot: snapshotAt(4, 1) }]);
  strictEqual(progressOf(peer, 2)?.state, "snapshot");
  return peer;
}

function toNode2(peer: Peer): Message[] {
  return drain(peer).filter(({ to }) => to === 2);
}

/** The answer of node 1 to a snapshot: its log agrees with node 2's up to `index`. */
function answer(index: number, term = 1): Message {
  return { ...accepted(1, term, index), to: 2 };
}

Deno.test("a leader sends its snapshot where the next entry is compacted, as soon as it has one and hears of the follower", () => {
  const peer = compactedLeader();
  propose(peer, "data");
  deepStrictEqual(toNode2(peer), []);
  strictEqual(maybeSendSnapshot(peer.node.raft, new Progress(2, 1, 256)), false, "it may be down");
  const { snapshot } = peer.storage;
  peer.storage.snapshot = () => {
    throw new StorageError("SnapshotTemporarilyUnavailable", "Cannot give a snapshot now");
  };
  peer.node.step(alive(2));
  deepStrictEqual(toNode2(peer), []);
  peer.storage.snapshot = snapshot;
  peer.node.step(alive(2));
  deepStrictEqual(sent(toNode2(peer)), ["Snapshot to 2"]);
});

Deno.test("a leader goes on after a snapshot that is reported to have arrived", () => {
  const peer = sendingLeader();
  peer.node.reportSnapshot(2, "finish");
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "probe", matchIndex: 0, nextIndex: 5, paused: true });
  propose(peer, "data");
  deepStrictEqual(toNode2(peer), [], "it waits for word from the follower");
  peer.node.step(accepted(2, 1, 4));
  deepStrictEqual(appendsTo2(drain(peer)), [[4, [5]]]);
});

Deno.test("a leader sends its snapshot again when it is reported to have failed, but not before a sign of life", () => {
  const peer = sendingLeader();
  const before = progressOf(peer, 2);
  peer.node.reportSnapshot(2, "failure");
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "probe", matchIndex: 0, nextIndex: 1, paused: true });
  propose(peer, "data");
  deepStrictEqual(toNode2(peer), []);
  peer.node.step(alive(2));
  deepStrictEqual(sent(toNode2(peer)), ["Snapshot to 2"]);
  deepStrictEqual(progressOf(peer, 2), { ...before, nextIndex: 1 });
});

Deno.test("a leader goes on when the follower says that it has the snapshot, reported or not", () => {
  const peer = sendingLeader();
  propose(peer, "data");
  drain(peer);
  peer.node.step(accepted(2, 1, 3));
  strictEqual(progressOf(peer, 2)?.state, "snapshot", "3 is less than the snapshot stands for");
  peer.node.step(accepted(2, 1, 4));
  deepStrictEqual(appendsTo2(drain(peer)), [[4, [5]]]);
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
  deepStrictEqual(ready.persistedMessages, [answer(9, 2)]);
  peer.storage.applySnapshot(snapshot);
  peer.node.advance(ready);
  const { applied, firstIndex, lastIndex, persisted } = peer.node.status();
  deepStrictEqual([applied, firstIndex, lastIndex, persisted], [9, 10, 9, 9]);
  peer.node.campaign();
  deepStrictEqual(drain(peer).map(({ to }) => to), [2, 3, 4], "the snapshot says who belongs to the cluster");
});

Deno.test("a follower takes of a snapshot only what its log lacks", () => {
  const cases: [what: string, log: Term[], hs: number, snapshot: Snapshot, log: Term[], committed: number][] = [
    ["of what it has committed", [1, 1, 1], 3, snapshotAt(2, 1), [1, 1, 1], 3],
    ["of a cluster that it does not belong to", [1], 0, snapshotAt(9, 1, [2, 3, 4]), [1], 0],
    ["of entries that it has", [1, 1, 1, 1], 1, snapshotAt(3, 1), [1, 1, 1, 1], 3],
    ["that ends with a later term", [1, 1, 1, 1], 1, snapshotAt(3, 2), [], 3],
    ["that ends with an earlier term", [1, 2, 2, 2], 1, snapshotAt(3, 1), [], 3],
  ];
  for (const [what, log, before, snapshot, kept, committed] of cases) {
    const peer = newPeer(1, { log, hs: { commit: before } });
    peer.node.step(install(snapshot, 2));
    deepStrictEqual([drain(peer), terms(peer), commit(peer)], [[answer(committed, 2)], kept, committed], what);
  }
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 3 } });
  drain(peer);
  compact(peer);
  peer.node.step(install(snapshotAt(1, 1)));
  deepStrictEqual(drain(peer), [answer(3)], "it has committed that, and compacted it since");
});

Deno.test("a follower exactly one entry behind what is compacted needs no snapshot", () => {
  const peer = compactedLeader();
  peer.node.step(accepted(2, 1, 2));
  deepStrictEqual(sent(toNode2(peer)), ["Snapshot to 2"]);
  const other = compactedLeader();
  other.node.step(accepted(2, 1, 3));
  deepStrictEqual(toNode2(other).map((m) => m.type === "Append" && [m.prevLogIndex, m.prevLogTerm]), [[3, 1]]);
});

Deno.test("an Append from before a snapshot that is still to be stored is answered with the snapshot's index", () => {
  const peer = newPeer(1);
  peer.node.step(install(snapshotAt(5, 1)));
  peer.node.step(append(1, START, logOf([1])));
  deepStrictEqual(matches(drain(peer)), [5, 5]);
});
