/** The rules of paper §5.3 and §5.4.2, one test a rule: what a leader replicates and commits, and what a follower accepts. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { Append, LogPosition, Message, NodeId, Term } from "./mod.ts";
import { accepted, append, commit, drain, elect, entry, logOf, matches, newLeader, newPeer } from "./paper_cases.ts";
import { newPeers, type Peer, propose, restart, role, settle, START, terms, voters } from "./paper_cases.ts";

/** A leader of term 1 whose first, empty entry is everywhere and committed. */
function leaderOf(size: number): Peer {
  const peer = newLeader({ size, heldBy: voters(size).slice(1) });
  strictEqual(commit(peer), 1);
  return peer;
}

Deno.test("§5.3 a leader sends a proposal to everybody; it commits, applies and tells it when a majority has it", () => {
  const peer = leaderOf(3);
  propose(peer, "some data");
  const entries = [entry(1, 2, "some data")];
  const message = { type: "Append", from: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries, leaderCommit: 1 };
  deepStrictEqual(drain(peer), [{ ...message, to: 2 }, { ...message, to: 3 }]);
  strictEqual(commit(peer), 1);
  peer.node.step(accepted(2, 1, 2));
  const told = drain(peer);
  deepStrictEqual([commit(peer), peer.applied.at(-1)], [2, entries[0]]);
  deepStrictEqual(told.map((m) => m.type === "Append" && [m.to, m.leaderCommit]), [[2, 2], [3, 2]]);
});

Deno.test("§5.3 a leader commits with the acknowledgements of a majority, its own among them", () => {
  const cases: [size: number, acknowledgedBy: number[], committed: boolean][] = [
    [1, [], true],
    [2, [2], true],
    [3, [], false],
    [3, [2], true],
    [4, [2], false],
    [4, [2, 4], true],
    [5, [2], false],
    [5, [2, 2, 2], false],
    [5, [2, 3], true],
  ];
  for (const [size, acknowledgedBy, committed] of cases) {
    const peer = leaderOf(size);
    propose(peer, "some data");
    drain(peer);
    for (const from of acknowledgedBy) peer.node.step(accepted(from, 1, 2));
    strictEqual(commit(peer) === 2, committed, `${size} nodes, acknowledged by [${acknowledgedBy}]`);
  }
});

Deno.test("§5.3 a leader commits with an entry everything before it, earlier leaders' entries too", () => {
  for (const log of [[], [2], [1, 2], [1], [1, 1, 2, 2]]) {
    const peer = newPeer(1, { log, hs: { term: 2 } });
    elect(peer);
    propose(peer, "some data");
    drain(peer);
    strictEqual(commit(peer), 0);
    peer.node.step(accepted(2, 3, log.length + 2));
    drain(peer);
    deepStrictEqual(peer.applied.map(({ term }) => term), [...log, 3, 3]);
    deepStrictEqual(peer.applied.map(({ index }) => index), peer.applied.map((_, i) => i + 1));
  }
});

Deno.test("§5.3 a follower commits and applies what the leader has committed, up to the last entry it vouched for", () => {
  const entries = [entry(1, 1, "some data"), entry(1, 2, "more data"), entry(1, 3, "even more")];
  for (let committed = 0; committed <= 3; committed++) {
    const peer = newPeer(1);
    peer.node.step(append(1, START, entries, committed));
    drain(peer);
    strictEqual(commit(peer), committed);
    deepStrictEqual(peer.applied, entries.slice(0, committed));
  }
  const peer = newPeer(1, { log: [1, 1, 1, 1] });
  peer.node.step(append(2, { index: 1, term: 1 }, [entry(1, 2)], 4));
  strictEqual(commit(peer), 2, "3 and 4 may be leftovers of another leader");
});

Deno.test("§5.3 a follower accepts an Append only if it has the entry just before it", () => {
  const cases: [before: LogPosition, expected: "accept" | LogPosition][] = [
    [{ index: 0, term: 0 }, "accept"],
    [{ index: 1, term: 1 }, "accept"],
    [{ index: 2, term: 2 }, "accept"],
    [{ index: 1, term: 2 }, { index: 1, term: 1 }],
    [{ index: 2, term: 1 }, { index: 1, term: 1 }],
    [{ index: 2, term: 3 }, { index: 2, term: 2 }],
    [{ index: 3, term: 3 }, { index: 2, term: 2 }],
    [{ index: 9, term: 1 }, { index: 1, term: 1 }],
  ];
  for (const [before, expected] of cases) {
    const peer = newPeer(1, { log: [1, 2], hs: { term: 3 } });
    peer.node.step(append(3, before, []));
    const answer = { type: "AppendResponse", from: 1, to: 2, term: 3, commit: 0 };
    const accepts = { success: true, matchIndex: before.index };
    const rejects = { success: false, prevLogIndex: before.index, hint: expected };
    deepStrictEqual(drain(peer), [{ ...answer, ...(expected === "accept" ? accepts : rejects) }]);
  }
});

Deno.test("§5.3 a follower drops what conflicts with the leader, and appends what is new", () => {
  const cases: [before: LogPosition, sent: Term[], log: Term[], toStore: Term[]][] = [
    [{ index: 2, term: 2 }, [3], [1, 2, 3], [3]],
    [{ index: 1, term: 1 }, [3, 4], [1, 3, 4], [3, 4]],
    [{ index: 0, term: 0 }, [1], [1, 2], []],
    [{ index: 0, term: 0 }, [1, 2], [1, 2], []],
    [{ index: 0, term: 0 }, [1, 2, 2], [1, 2, 2], [2]],
    [{ index: 0, term: 0 }, [3], [3], [3]],
    [{ index: 1, term: 1 }, [], [1, 2], []],
  ];
  for (const [before, sent, log, toStore] of cases) {
    const peer = newPeer(1, { log: [1, 2] });
    peer.node.step(append(4, before, sent.map((term, i) => entry(term, before.index + 1 + i))));
    deepStrictEqual(peer.node.raft.log.unstable.entries.map(({ term }) => term), toStore);
    deepStrictEqual(matches(drain(peer)), [before.index + sent.length]);
    deepStrictEqual(terms(peer), log);
    deepStrictEqual(peer.storage.entries(1, log.length + 1, Infinity), logOf(log));
  }
});

/** Figure 7: the logs of some followers when the leader at the top comes to power. */
const FIGURE_7 = {
  leader: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
  a: [1, 1, 1, 4, 4, 5, 5, 6, 6],
  b: [1, 1, 1, 4],
  c: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  d: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  e: [1, 1, 1, 4, 4, 4, 4],
  f: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
};

Deno.test("§5.3 a leader brings the logs of all six followers of Figure 7 into agreement, with a probe a term at most", () => {
  const peers = Object.values(FIGURE_7).map((log, i) => newPeer(i + 1, { size: 7, log, hs: { term: 7 } }));
  const [leader] = peers;
  const rejectedBy: NodeId[] = [];
  leader.node.campaign();
  settle(peers, (message) => {
    if (message.type === "AppendResponse" && !message.success) rejectedBy.push(message.from);
    return true;
  });
  strictEqual(role(leader), "leader");
  deepStrictEqual(rejectedBy, [2, 3, 6, 7], "(a), (b), (e) and (f) reject the first probe and accept the second");
  propose(leader, "some data");
  settle(peers);
  for (const [i, name] of Object.keys(FIGURE_7).entries()) {
    deepStrictEqual(terms(peers[i]), [...FIGURE_7.leader, 8, 8], name);
    deepStrictEqual(peers[i].applied.map(({ term }) => term), [...FIGURE_7.leader, 8, 8], name);
  }
});

Deno.test("§5.4.2 a new leader appends an empty entry, and commits only entries of its own term by counting", () => {
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
  const all = [restart(s1), s2, s3, s4, s5];
  for (let round = 0; round < 2; round++) {
    s5.node.ping();
    settle(all);
  }
  for (const peer of all) {
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
