/** `advanceAppendAsync` and `onPersistReady`: the node goes on while its writes are on their way to the disk. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Append, Index } from "./mod.ts";
import {
  accepted,
  append,
  bytes,
  commit,
  drain,
  entry,
  install,
  leaderOfThree,
  logOf,
  newPeer,
  type Peer,
  snapshotAt,
  START,
  store,
} from "./paper_cases.ts";

/** Write one Ready where the storage can read it, and go on before it is durable. Returns its number. */
function writeAsync(peer: Peer): number {
  const ready = peer.node.ready();
  store(peer, ready);
  peer.node.advanceAppendAsync(ready);
  return ready.number;
}

function persisted({ node }: Peer): Index {
  return node.status().persisted;
}

/** What the next Ready hands over to be applied. */
function applies(peer: Peer): Index[] {
  const ready = peer.node.ready();
  peer.node.advanceAppendAsync(ready);
  return ready.committedEntries.map(({ index }) => index);
}

Deno.test("a report of durable writes covers all Readys up to its number, and no later one", () => {
  const peer = newPeer(1);
  const numbers = [1, 2, 3].map((index) => {
    peer.node.step(append(1, { index: index - 1, term: index === 1 ? 0 : 1 }, [entry(1, index)]));
    return writeAsync(peer);
  });
  deepStrictEqual([numbers, persisted(peer)], [[1, 2, 3], 0]);
  peer.node.onPersistReady(2);
  strictEqual(persisted(peer), 2);
  peer.node.onPersistReady(1);
  peer.node.onPersistReady(2);
  strictEqual(persisted(peer), 2);
  peer.node.onPersistReady(3);
  strictEqual(persisted(peer), 3);
});

Deno.test("a new leader holds what it has stored before, but not yet the first entry of its term", () => {
  const peer = newPeer(1, { log: [1, 1] });
  peer.node.campaign();
  drain(peer);
  peer.node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 2, voteGranted: true });
  const own = () => peer.node.status().progress[0].matchIndex;
  const number = writeAsync(peer);
  strictEqual(own(), 2);
  peer.node.onPersistReady(number);
  strictEqual(own(), 3);
});

Deno.test("a leader may commit what is durable on its followers before its own write is, but applies it later", () => {
  const peer = leaderOfThree();
  peer.node.step(accepted(3, 1, 1));
  drain(peer);
  peer.node.propose(bytes("some data"));
  const number = writeAsync(peer);
  peer.node.step(accepted(2, 1, 2));
  peer.node.step(accepted(3, 1, 2));
  strictEqual(commit(peer), 2);
  deepStrictEqual(applies(peer), []);
  peer.node.onPersistReady(number);
  strictEqual(peer.node.hasReady(), true);
  deepStrictEqual(applies(peer), [2]);
});

Deno.test("a late report says nothing of a tail that another leader has overwritten since", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1, 1])));
  const first = writeAsync(peer);
  peer.node.step(append(2, START, [entry(2, 1), entry(2, 2)]));
  const second = writeAsync(peer);
  peer.node.onPersistReady(first);
  strictEqual(persisted(peer), 0);
  peer.node.onPersistReady(second);
  strictEqual(persisted(peer), 2);
});

Deno.test("a late report says nothing of a tail that was overwritten and then came back the same", () => {
  const old: Append = append(1, START, logOf([1, 1]));
  const peer = newPeer(1);
  peer.node.step(old);
  const first = writeAsync(peer);
  // Node 3 leads term 2 and overwrites the tail; node 2 is back in term 3, with the entries it had.
  peer.node.step({ ...append(2, START, [entry(2, 1)]), from: 3 });
  peer.node.step({ ...old, term: 3 });
  peer.node.onPersistReady(first);
  strictEqual(persisted(peer), 0, "index and term are the same, but what is unstable again is not durable");
  peer.node.onPersistReady(writeAsync(peer));
  strictEqual(persisted(peer), 2);
});

Deno.test("a report of a snapshot says nothing of entries that were written anew behind it", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1, 1, 1])));
  writeAsync(peer);
  peer.node.step({ ...append(2, START, [entry(2, 1)]), from: 3 });
  const snapshot = snapshotAt(2, 1);
  peer.node.step(install(snapshot, 3));
  const second = writeAsync(peer);
  peer.node.step(append(3, { index: 2, term: 1 }, [entry(1, 3)]));
  const third = writeAsync(peer);
  peer.node.onPersistReady(second);
  strictEqual(persisted(peer), 2, "3@1 was written first, but that write is gone");
  peer.node.onPersistReady(third);
  strictEqual(persisted(peer), 3);
});

Deno.test("a snapshot is durable with its Ready, and so are the entries behind it", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1, 1])));
  const first = writeAsync(peer);
  const snapshot = snapshotAt(5, 1);
  peer.node.step(install(snapshot, 1));
  peer.node.step(append(1, { index: 5, term: 1 }, [entry(1, 6)], 6));
  const second = writeAsync(peer);
  strictEqual(persisted(peer), 0);
  peer.node.onPersistReady(first);
  strictEqual(persisted(peer), 0, "the snapshot stands where those entries were");
  deepStrictEqual(applies(peer), []);
  peer.node.onPersistReady(second);
  strictEqual(persisted(peer), 6);
  deepStrictEqual(applies(peer), [6]);
});

Deno.test("a candidate may win before its vote is reported durable, for its requests waited for that", () => {
  const peer = newPeer(1);
  peer.node.campaign();
  const asked = writeAsync(peer);
  peer.node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 1, voteGranted: true });
  const first = writeAsync(peer);
  strictEqual(peer.node.status().ss.raftState, "leader");
  peer.node.onPersistReady(asked);
  strictEqual(persisted(peer), 0);
  peer.node.onPersistReady(first);
  strictEqual(persisted(peer), 1);
});
