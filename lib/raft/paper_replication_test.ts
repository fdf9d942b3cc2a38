/** The rules of paper §5.3, one test a rule: what a leader replicates and commits, and what a follower accepts. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Index, Message, Term } from "./mod.ts";
import {
  accepted,
  append,
  bytes,
  commit,
  drain,
  elect,
  entry,
  logOf,
  newPeer,
  type Peer,
  role,
  settle,
  START,
  terms,
} from "./paper_cases.ts";

/** A leader of term 1 whose first, empty entry is everywhere. */
function leaderOf(size: number): Peer {
  const peer = newPeer(1, { size });
  elect(peer);
  for (let from = 2; from <= size; from++) peer.node.step(accepted(from, 1, 1));
  drain(peer);
  strictEqual(commit(peer), 1);
  return peer;
}

Deno.test("§5.3 a leader appends a proposal to its log and sends it to everybody at once", () => {
  const { node } = leaderOf(3);
  node.propose(bytes("some data"));
  const ready = node.ready();
  const entries = [entry(1, 2, "some data")];
  deepStrictEqual(ready.entries, entries);
  const message = { type: "Append", from: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries, leaderCommit: 1 };
  deepStrictEqual(ready.messages, [{ ...message, to: 2 }, { ...message, to: 3 }]);
  strictEqual(node.raft.log.committed, 1);
});

Deno.test("§5.3 a leader commits an entry when it is on a majority, applies it and tells everybody", () => {
  const peer = leaderOf(3);
  peer.node.propose(bytes("some data"));
  drain(peer);
  strictEqual(commit(peer), 1);
  peer.node.step(accepted(2, 1, 2));
  const told = drain(peer);
  strictEqual(commit(peer), 2);
  deepStrictEqual(peer.applied.at(-1), entry(1, 2, "some data"));
  deepStrictEqual(told.map((m) => [m.type, m.to, m.type === "Append" && m.leaderCommit]), [["Append", 2, 2], [
    "Append",
    3,
    2,
  ]]);
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
    peer.node.propose(bytes("some data"));
    drain(peer);
    for (const from of acknowledgedBy) peer.node.step(accepted(from, 1, 2));
    strictEqual(commit(peer) === 2, committed, `${size} nodes, acknowledged by [${acknowledgedBy}]`);
  }
});

Deno.test("§5.3 a leader commits with an entry everything before it, earlier leaders' entries too", () => {
  for (const log of [[], [2], [1, 2], [1], [1, 1, 2, 2]]) {
    const peer = newPeer(1, { log, hs: { term: 2 } });
    elect(peer);
    peer.node.propose(bytes("some data"));
    drain(peer);
    strictEqual(commit(peer), 0);
    peer.node.step(accepted(2, 3, log.length + 2));
    drain(peer);
    deepStrictEqual(peer.applied.map(({ term }) => term), [...log, 3, 3]);
    deepStrictEqual(peer.applied.map(({ index }) => index), peer.applied.map((_, i) => i + 1));
  }
});

Deno.test("§5.3 a follower commits and applies in log order what the leader has committed", () => {
  const entries = [entry(1, 1, "some data"), entry(1, 2, "more data"), entry(1, 3, "even more")];
  for (let committed = 0; committed <= 3; committed++) {
    const peer = newPeer(1);
    peer.node.step(append(1, START, entries, committed));
    drain(peer);
    strictEqual(commit(peer), committed);
    deepStrictEqual(peer.applied, entries.slice(0, committed));
  }
});

Deno.test("§5.3 a follower commits no further than the last entry the leader vouched for", () => {
  const peer = newPeer(1, { log: [1, 1, 1, 1] });
  peer.node.step(append(2, { index: 1, term: 1 }, [entry(1, 2)], 4));
  strictEqual(commit(peer), 2, "3 and 4 may be leftovers of another leader");
});

Deno.test("§5.3 a follower accepts an Append only if it has the entry just before it", () => {
  const cases: [before: { index: Index; term: Term }, expected: "accept" | { index: Index; term: Term }][] = [
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
  const cases: [before: { index: Index; term: Term }, sent: Term[], log: Term[], toStore: Term[]][] = [
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
    const [answer] = drain(peer);
    strictEqual(answer.type === "AppendResponse" && answer.success && answer.matchIndex, before.index + sent.length);
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

Deno.test("§5.3 a leader brings the logs of all six followers of Figure 7 into agreement with its own", () => {
  const peers = Object.values(FIGURE_7).map((log, i) => newPeer(i + 1, { size: 7, log, hs: { term: 7 } }));
  const [leader] = peers;
  leader.node.campaign();
  settle(peers);
  strictEqual(role(leader), "leader");
  leader.node.propose(bytes("some data"));
  settle(peers);
  for (const [i, name] of Object.keys(FIGURE_7).entries()) {
    deepStrictEqual(terms(peers[i]), [...FIGURE_7.leader, 8, 8], name);
    deepStrictEqual(peers[i].applied.map(({ term }) => term), [...FIGURE_7.leader, 8, 8], name);
  }
});

for (const name of ["a", "b", "c", "d", "e", "f"] as const) {
  Deno.test(`§5.3 finding where follower (${name}) of Figure 7 agrees costs the leader a probe a term at most`, () => {
    const leader = newPeer(1, { log: FIGURE_7.leader, hs: { term: 7 } });
    const follower = newPeer(2, { log: FIGURE_7[name], hs: { term: 7 } });
    let rejections = 0;
    const count = (message: Message) => {
      if (message.type === "AppendResponse" && !message.success) rejections++;
      return true;
    };
    elect(leader).filter(({ to }) => to === 2).forEach((message) => follower.node.step(message));
    settle([leader, follower], count);
    deepStrictEqual(terms(follower), [...FIGURE_7.leader, 8]);
    const expected = { a: 1, b: 1, c: 0, d: 0, e: 1, f: 1 };
    strictEqual(rejections, expected[name]);
  });
}
