/** Paper §5.4.2: entries of older terms are committed by what follows them. With the story of Figure 8. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { Append, Message } from "./mod.ts";
import {
  accepted,
  commit,
  drain,
  elect,
  newPeer,
  newPeers,
  type Peer,
  restart,
  role,
  settle,
  terms,
} from "./paper_cases.ts";

Deno.test("§5.4.2 a leader commits only entries of its own term by counting", () => {
  for (const [acknowledged, committed] of [[1, 0], [2, 0], [3, 3]]) {
    const peer = newPeer(1, { log: [1, 2] });
    elect(peer);
    deepStrictEqual(terms(peer), [1, 2, 3]);
    peer.node.step(accepted(2, 3, acknowledged));
    strictEqual(commit(peer), committed, `everything up to ${acknowledged} is on a majority`);
  }
});

/** S1 … S5 up to part (c) of the figure. Every leader's first entry is the one the figure shows. */
function figure8(): Peer[] {
  let [s1, s2, s3, s4, s5] = newPeers(5, { log: [1], hs: { commit: 1 } });

  // (a) S1 leads term 2, and its entry at index 2 reaches S2 alone.
  s1.node.campaign();
  settle([s1, s2, s3, s4, s5], (message) => message.type !== "Append" || message.to === 2);
  deepStrictEqual([s1, s2, s3, s4, s5].map(terms), [[1, 2], [1, 2], [1], [1], [1]]);

  // (b) S1 crashes. S5 leads term 3 with the votes of S3 and S4, and keeps another entry at index 2 to itself.
  s5.node.campaign();
  settle([s2, s3, s4, s5], ({ type }) => type !== "Append");
  deepStrictEqual([s2, s3, s4, s5].map(terms), [[1, 2], [1], [1], [1, 3]]);
  deepStrictEqual([s2, s3, s4, s5].map(role), ["follower", "follower", "follower", "leader"]);

  // (c) S5 crashes. S1 is back, leads term 4, and goes on replicating the entry of term 2. In the figure S3 gets
  // it; here S4 too, for S1 does not know of S2, and so counts the majority S1, S3, S4.
  s1 = restart(s1);
  const up = [s1, s2, s3, s4];
  const isAccepted = ({ to, prevLogIndex }: Append) => prevLogIndex <= terms(up[to - 1]).length;
  const bringsTerm4 = (message: Message) =>
    message.type === "Append" && message.entries.some(({ term }) => term === 4) && isAccepted(message);
  for (let election = 0; election < 2; election++) {
    s1.node.campaign();
    settle(up, (message) => !bringsTerm4(message));
  }
  deepStrictEqual([role(s1), s1.node.raft.term], ["leader", 4]);
  deepStrictEqual(up.map(terms), [[1, 2, 4], [1, 2], [1, 2], [1, 2]]);
  deepStrictEqual(s1.node.status().progress.map(({ matchIndex }) => matchIndex), [3, 0, 2, 2, 0]);
  deepStrictEqual(up.map(commit), [1, 1, 1, 1]);
  s5 = restart(s5);
  return [s1, s2, s3, s4, s5];
}

Deno.test("§5.4.2 Figure 8 (d): an entry of an older term on a majority can still be overwritten", () => {
  const [s1, s2, s3, s4, s5] = figure8();
  // S1 crashes. S5 wins as soon as its term is new, for its log ends with a later term.
  for (let election = 0; election < 2; election++) {
    s5.node.campaign();
    settle([s2, s3, s4, s5]);
  }
  deepStrictEqual([role(s5), s5.node.raft.term], ["leader", 5]);
  deepStrictEqual([s2, s3, s4, s5].map(terms), Array(4).fill([1, 3, 5]));
  const back = restart(s1);
  s5.node.ping();
  settle([back, s2, s3, s4, s5]);
  s5.node.ping();
  settle([back, s2, s3, s4, s5]);
  for (const peer of [back, s2, s3, s4, s5]) {
    deepStrictEqual(peer.applied.map(({ term }) => term), [1, 3, 5], "nobody ever applied the entry of term 2");
  }
});

Deno.test("§5.4.2 Figure 8 (e): an entry of the new term on a majority commits the older one with it", () => {
  const [s1, s2, s3, s4, s5] = figure8();
  s1.node.ping();
  settle([s1, s2, s3]);
  strictEqual(commit(s1), 3);
  deepStrictEqual(s1.applied.map(({ term }) => term), [1, 2, 4]);
  // S1 crashes. S5 cannot win any more, and whoever can has the entry.
  for (let election = 0; election < 3; election++) {
    s5.node.campaign();
    settle([s2, s3, s4, s5]);
    notStrictEqual(role(s5), "leader");
  }
  s3.node.campaign();
  settle([s2, s3, s4, s5]);
  strictEqual(role(s3), "leader");
  for (const peer of [s2, s3, s4, s5]) {
    deepStrictEqual(peer.applied.slice(0, 3).map(({ term }) => term), [1, 2, 4]);
  }
});

Deno.test("§5.4.2 a new leader starts its term with an empty entry, so that what came before can be committed", () => {
  const peer = newPeer(1, { log: [1, 1, 2] });
  const sent = elect(peer);
  const { term, index, data } = peer.storage.entries(4, 5, Infinity)[0];
  deepStrictEqual([term, index, data.length], [3, 4, 0]);
  deepStrictEqual(sent.map(({ type, to }) => [type, to]), [["Append", 2], ["Append", 3]]);
  peer.node.step(accepted(3, 3, 4));
  drain(peer);
  deepStrictEqual(peer.applied.map(({ index }) => index), [1, 2, 3, 4]);
});
