/** Old messages, windows and probes. The rules of §5.3 are in `paper_replication_test.ts`. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { entrySize, type Index } from "./mod.ts";
import { accepted, append, appendsTo2, bytes, commit, drain, elect, entry, logOf, matches } from "./paper_cases.ts";
import { newLeader } from "./paper_cases.ts";
import { newPeer, type Peer, progressOf, propose, rejected, sent, START, terms } from "./paper_cases.ts";

/** What the peer sends to node 2: the index before, and the indices of the entries. */
function appends(peer: Peer): [Index, Index[]][] {
  return appendsTo2(drain(peer));
}

/** A leader that has proposed these data and sent them ahead to node 2, which holds the entry before them. */
function sentAhead(...data: readonly string[]): Peer {
  const peer = newLeader();
  propose(peer, ...data);
  deepStrictEqual(appends(peer), data.map((_, i) => [i + 1, [i + 2]]));
  return peer;
}

Deno.test("an old Append that matches does not truncate a log that has grown since", () => {
  const peer = newPeer(1, { log: [1, 1, 1, 1] });
  peer.node.step(append(1, { index: 1, term: 1 }, logOf([1, 1]).slice(1)));
  peer.node.step(append(1, START, []));
  deepStrictEqual(terms(peer), [1, 1, 1, 1]);
  strictEqual(peer.node.status().persisted, 4);
  deepStrictEqual(matches(drain(peer)), [2, 0]);
});

Deno.test("an Append from before the commit index is answered with the commit index", () => {
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 2 } });
  peer.node.step(append(1, START, logOf([1]), 3));
  deepStrictEqual(drain(peer), [{ ...accepted(1, 1, 2), to: 2, commit: 2 }]);
});

Deno.test("an answer that comes late or twice takes nothing back of what a follower is known to hold", () => {
  const peer = sentAhead("a", "b");
  for (const index of [3, 2, 3, 1]) peer.node.step(accepted(2, 1, index));
  strictEqual(commit(peer), 3);
  drain(peer);
  for (const index of [0, 1, 2, 3]) peer.node.step(rejected(1, index, START));
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "replicate", matchIndex: 3, nextIndex: 4, paused: false });
  deepStrictEqual(appends(peer), []);
});

Deno.test("a rejection of what was sent ahead makes the leader probe from what it knows the follower to hold", () => {
  const peer = sentAhead("a", "b", "c");
  peer.node.step(rejected(1, 3, { index: 1, term: 1 }));
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "probe", matchIndex: 1, nextIndex: 2, paused: true });
  deepStrictEqual(appends(peer), [[1, [2]]]);
});

Deno.test("leader and follower skip the entries of later terms than the other's: these cannot agree", () => {
  // Node 2 has [1, 1, 1, 1, 2, 2], and says where its log ends.
  const leader = newPeer(1, { log: [1, 3, 3, 3, 5, 5, 5, 5, 5] });
  elect(leader);
  leader.node.step(rejected(6, 9, { index: 6, term: 2 }));
  deepStrictEqual(appends(leader), [[1, [2]]]);

  const follower = newPeer(1, { log: [1, 3, 3, 4, 4, 5, 5, 5, 6] });
  follower.node.step(append(7, { index: 8, term: 3 }, []));
  deepStrictEqual(drain(follower), [{ ...rejected(7, 8, { index: 3, term: 3 }), from: 1, to: 2 }]);
});

Deno.test("a leader probes with one Append at a time, and sends ahead once the logs agree", () => {
  const peer = newPeer(1, { log: [1, 1] });
  deepStrictEqual(sent(elect(peer)), ["Append to 2", "Append to 3"]);
  propose(peer, "a", "b");
  deepStrictEqual(appends(peer), [], "the probe is unanswered");
  peer.node.step(accepted(2, 2, 2));
  deepStrictEqual(appends(peer), [[2, [3]], [3, [4]], [4, [5]]]);
  propose(peer, "c");
  deepStrictEqual(appends(peer), [[5, [6]]]);
});

Deno.test("a leader sends no more Appends with entries than the window has room for", () => {
  const peer = newLeader({ config: { maxInflightMsgs: 3 } });
  propose(peer, ..."123456789");
  deepStrictEqual(appends(peer), [[1, [2]], [2, [3]], [3, [4]]]);
  strictEqual(progressOf(peer, 2)?.paused, true);
  peer.node.step(accepted(2, 1, 3));
  // The acknowledgement commits, so the commit index goes out with the first of them.
  deepStrictEqual(appends(peer), [[4, [5]], [5, [6]]]);
  peer.node.step(accepted(2, 1, 6));
  deepStrictEqual(appends(peer), [[6, [7]], [7, [8]], [8, [9]]]);
});

Deno.test("an Append carries as many bytes of entries as maxSizePerMsg, but at least one entry", () => {
  const size = entrySize(entry(1, 1, "data"));
  const cases = [[0, [1, 1, 1, 1]], [2 * size, [2, 2]], [3 * size, [3, 1]], [Infinity, [4]]] as const;
  for (const [maxSizePerMsg, sizes] of cases) {
    const peer = newPeer(1, { config: { maxSizePerMsg } });
    elect(peer);
    propose(peer, "data", "data", "data", "data");
    drain(peer);
    peer.node.step(accepted(2, 1, 1));
    deepStrictEqual(appends(peer).map(([, indices]) => indices.length), sizes);
  }
});

Deno.test("a leader that hears it could not reach a follower probes again from what that is known to hold", () => {
  const peer = sentAhead("a", "b");
  peer.node.reportUnreachable(2);
  deepStrictEqual(progressOf(peer, 2), { id: 2, state: "probe", matchIndex: 1, nextIndex: 2, paused: false });
  propose(peer, "c");
  deepStrictEqual(appends(peer), [[1, [2]]]);
});

Deno.test("a rejection that comes late never moves nextIndex below what the follower is known to hold; the crate's may", () => {
  for (const crateFlaws of [false, true]) {
    const peer = newPeer(1, { log: [1, 1, 1, 1, 1], config: { crateFlaws } });
    elect(peer);
    const late = rejected(2, 5, { index: 2, term: 1 });
    peer.node.step(late);
    peer.node.step(accepted(2, 2, 5));
    peer.node.reportUnreachable(2);
    drain(peer);
    peer.node.step(late);
    deepStrictEqual([progressOf(peer, 2)?.matchIndex, progressOf(peer, 2)?.nextIndex], [5, crateFlaws ? 3 : 6]);
  }
});

Deno.test("a late rejection after a snapshot takes the leader back no further than what the follower is known to hold", () => {
  const peer = newPeer(1, { log: [1, 1, 1, 1, 1, 1] });
  elect(peer);
  const late = rejected(2, 6, { index: 1, term: 1 });
  for (const answer of [late, accepted(2, 2, 3), accepted(3, 2, 7)]) peer.node.step(answer);
  drain(peer);
  peer.storage.createSnapshot(6, bytes("state"));
  peer.storage.compact(7);
  peer.node.reportUnreachable(2);
  propose(peer, "a");
  drain(peer);
  peer.node.reportSnapshot(2, "finish");
  deepStrictEqual([progressOf(peer, 2)?.matchIndex, progressOf(peer, 2)?.nextIndex], [3, 7]);
  peer.node.step(late);
  deepStrictEqual(progressOf(peer, 2)?.nextIndex, 4);
});
