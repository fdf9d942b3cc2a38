/** A copy of a node, stepped alike, stays equal; stepped on its own, it leaves the original as it was. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import {
  accepted,
  alive,
  append,
  bytes,
  drain,
  elect,
  entry,
  install,
  newPeer,
  type Peer,
  propose,
} from "./paper_cases.ts";
import { snapshotAt, START, store, voted } from "./paper_cases.ts";
import { RawNode } from "./mod.ts";

function cloneOf({ options, storage: original, node, applied }: Peer): Peer {
  const storage = original.clone();
  return { options, storage, node: new RawNode(node, storage), applied: [...applied], reads: [] };
}

/** Peers in states that have something to copy. */
const STATES: Record<string, () => Peer> = {
  "a follower with unstable entries": () => {
    const peer = newPeer(1, { log: [1, 1], config: { fixedTimeout: null } });
    peer.node.step(append(1, { index: 2, term: 1 }, [entry(1, 3)], 2));
    return peer;
  },
  "a follower whose writes are on their way": () => {
    const peer = newPeer(1);
    peer.node.step(append(1, START, [entry(1, 1)]));
    const ready = peer.node.ready();
    store(peer, ready);
    peer.node.advanceAppendAsync(ready);
    return peer;
  },
  "a follower with a snapshot to store": () => {
    const peer = newPeer(1);
    peer.node.step(install(snapshotAt(5, 1)));
    return peer;
  },
  "a candidate": () => {
    const peer = newPeer(1, { size: 5, config: { fixedTimeout: null } });
    peer.node.campaign();
    peer.node.step(voted(2, 1));
    return peer;
  },
  "a leader with open windows": () => {
    const peer = newPeer(1, { config: { fixedTimeout: null } });
    elect(peer);
    peer.node.step(accepted(2, 1, 1));
    propose(peer, "some data");
    return peer;
  },
  "a pre-candidate": () => {
    const peer = newPeer(1, { size: 5, config: { fixedTimeout: null, preVote: true } });
    peer.node.campaign();
    return peer;
  },
  "a leader with a read that waits": () => {
    const peer = newPeer(1, { size: 5, config: { fixedTimeout: null } });
    elect(peer);
    for (const from of [2, 3]) peer.node.step(accepted(from, 1, 1));
    drain(peer);
    peer.node.readIndex(bytes("r"));
    return peer;
  },
};

/** Whatever happens to a node, in its role and out of it. */
const EVENTS: ((peer: Peer) => unknown)[] = [
  ({ node }) => node.step(voted(3, 1, false)),
  ({ node }) => node.step({ ...alive(3, node.raft.term), read: { round: 1, context: bytes("r") } }),
  (peer) => {
    if (peer.node.raft.role.kind === "leader") propose(peer, "more data");
    else peer.node.step(append(1, { index: 3, term: 1 }, [entry(1, 4)]));
  },
  drain,
  ({ node }) => Array.from({ length: 25 }, () => node.tick()),
  drain,
  ({ node }) => node.step(accepted(2, node.raft.term, node.raft.log.lastIndex())),
  ({ node }) => node.step(accepted(3, node.raft.term, 1)),
  drain,
  ({ node }) => node.step(append(node.raft.term + 3, START, [])),
  drain,
  ({ node }) => node.campaign(),
  drain,
];

for (const [name, make] of Object.entries(STATES)) {
  Deno.test(`a clone of ${name} is equal, stays equal when it is stepped alike, and alone leaves the original as it was`, () => {
    const peer = make();
    const before = peer.node.fingerprint();
    const alone = cloneOf(peer);
    for (const event of EVENTS) event(alone);
    strictEqual(peer.node.fingerprint(), before);
    notStrictEqual(alone.node.fingerprint(), before);

    const copy = cloneOf(peer);
    for (const event of EVENTS) {
      strictEqual(copy.node.fingerprint(), peer.node.fingerprint());
      deepStrictEqual({ ...copy.node.raft, log: null }, { ...peer.node.raft, log: null });
      deepStrictEqual(event(copy), event(peer));
    }
    strictEqual(copy.node.fingerprint(), peer.node.fingerprint());
  });
}
