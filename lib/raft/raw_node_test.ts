/** What a `Ready` carries, and when there is one. What comes after it is in `raw_node_advance_test.ts`. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Ready } from "./mod.ts";
import {
  accepted,
  append,
  bytes,
  drain,
  elect,
  entry,
  logOf,
  newPeer,
  type Peer,
  snapshotAt,
  START,
} from "./paper_cases.ts";

/** Store what `ready` asks for; nothing else. */
function store({ storage }: Peer, ready: Ready): void {
  if (ready.snapshot !== null) storage.applySnapshot(ready.snapshot);
  storage.append(ready.entries);
  if (ready.hs !== null) storage.setHardState(ready.hs);
}

function typesOf(messages: readonly { readonly type: string }[]): string[] {
  return messages.map(({ type }) => type);
}

Deno.test("a RawNode has nothing ready until something has changed", () => {
  const peer = newPeer(1);
  strictEqual(peer.node.hasReady(), false);
  for (let tick = 1; tick < 10; tick++) strictEqual(peer.node.tick(), false);
  strictEqual(peer.node.hasReady(), false);
  strictEqual(peer.node.tick(), true);
  strictEqual(peer.node.hasReady(), true);
  drain(peer);
  strictEqual(peer.node.hasReady(), false);
});

Deno.test("a RawNode has something ready for each thing that a Ready can carry", () => {
  const snapshot = snapshotAt(9, 1);
  const changes: ((peer: Peer) => void)[] = [
    ({ node }) => node.ping(),
    ({ node }) => node.step(append(1, START, logOf([1]))),
    ({ node }) => node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: 0 }),
    ({ node }) => node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot }),
    ({ node }) => node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 9, voteGranted: true }),
  ];
  for (const [i, change] of changes.entries()) {
    const peer = newPeer(1);
    if (i === 0) elect(peer);
    change(peer);
    strictEqual(peer.node.hasReady(), true, `change ${i}`);
    drain(peer);
    strictEqual(peer.node.hasReady(), false, `change ${i}`);
  }
});

Deno.test("Readys are counted, and a Ready without news is empty", () => {
  const { node } = newPeer(1);
  const nothing = {
    ss: null,
    hs: null,
    snapshot: null,
    mustSync: false,
    messages: [],
    entries: [],
    committedEntries: [],
    persistedMessages: [],
  };
  for (let number = 1; number <= 3; number++) {
    const ready = node.ready();
    deepStrictEqual(ready, { number, ...nothing });
    deepStrictEqual(node.advance(ready), { commitIndex: null, messages: [], committedEntries: [] });
  }
});

Deno.test("a Ready says who leads and what to store only if that has changed", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, []));
  const first = peer.node.ready();
  deepStrictEqual(first.ss, { raftState: "follower", leaderId: 2 });
  deepStrictEqual(first.hs, { term: 1, vote: null, commit: 0 });
  peer.node.advance(first);
  peer.node.step(append(1, START, logOf([1])));
  const second = peer.node.ready();
  deepStrictEqual([second.ss, second.hs], [null, null]);
  peer.node.advance(second);
});

Deno.test("a leader's messages may leave at once, for its followers can store while it stores (thesis §10.2.1)", () => {
  const peer = newPeer(1);
  elect(peer);
  peer.node.propose(bytes("some data"));
  peer.node.ping();
  const ready = peer.node.ready();
  deepStrictEqual(typesOf(ready.messages), ["Heartbeat", "Heartbeat"], "the first Append is still unanswered");
  deepStrictEqual(ready.persistedMessages, []);
  strictEqual(ready.entries.length, 1);
});

Deno.test("everybody else's messages wait until what they speak of is stored", () => {
  const candidate = newPeer(1);
  candidate.node.campaign();
  const asks = candidate.node.ready();
  deepStrictEqual([typesOf(asks.messages), typesOf(asks.persistedMessages)], [[], ["RequestVote", "RequestVote"]]);
  deepStrictEqual(asks.hs, { term: 1, vote: 1, commit: 0 });

  const voter = newPeer(1);
  voter.node.step({
    type: "RequestVote",
    from: 2,
    to: 1,
    term: 1,
    lastLogIndex: 0,
    lastLogTerm: 0,
    commit: 0,
    commitTerm: 0,
  });
  const votes = voter.node.ready();
  deepStrictEqual([typesOf(votes.messages), typesOf(votes.persistedMessages)], [[], ["RequestVoteResponse"]]);
  deepStrictEqual(votes.hs, { term: 1, vote: 2, commit: 0 });

  const follower = newPeer(1);
  follower.node.step(append(1, START, logOf([1])));
  const accepts = follower.node.ready();
  deepStrictEqual([typesOf(accepts.messages), typesOf(accepts.persistedMessages)], [[], ["AppendResponse"]]);
  deepStrictEqual(accepts.entries, logOf([1]));
});

Deno.test("a write must reach the disk unless at most the commit index has changed", () => {
  const snapshot = snapshotAt(9, 1);
  const cases: [what: string, step: (peer: Peer) => void, mustSync: boolean][] = [
    ["nothing", () => {}, false],
    ["a commit index", ({ node }) => node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: 1 }), false],
    ["a term", ({ node }) => node.step(append(2, START, [])), true],
    ["an entry", ({ node }) => node.step(append(1, { index: 1, term: 1 }, [entry(1, 2)])), true],
    ["a snapshot", ({ node }) => node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot }), true],
    [
      "a vote",
      ({ node }) =>
        node.step({
          type: "RequestVote",
          from: 2,
          to: 1,
          term: 1,
          lastLogIndex: 9,
          lastLogTerm: 1,
          commit: 0,
          commitTerm: 0,
        }),
      true,
    ],
  ];
  for (const [what, step, mustSync] of cases) {
    const peer = newPeer(1, { log: [1] });
    step(peer);
    const ready = peer.node.ready();
    strictEqual(ready.mustSync, mustSync, what);
    strictEqual(ready.hs !== null, what !== "nothing" && what !== "an entry", what);
  }
});

Deno.test("a Ready stays what it was when the node goes on", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1, 1])));
  const ready = peer.node.ready();
  const copy = structuredClone(ready);
  store(peer, ready);
  peer.node.advance(ready);
  peer.node.step(append(2, { index: 1, term: 1 }, [entry(2, 2), entry(2, 3)]));
  drain(peer);
  deepStrictEqual(ready, copy);
});

Deno.test("several messages may be stepped before a Ready is fetched: it carries the sum", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1])));
  peer.node.step(append(1, { index: 1, term: 1 }, [entry(1, 2)], 1));
  const ready = peer.node.ready();
  deepStrictEqual(ready.entries, logOf([1, 1]));
  deepStrictEqual(ready.hs, { term: 1, vote: null, commit: 1 });
  deepStrictEqual(ready.persistedMessages.map((m) => m.type === "AppendResponse" && m.success && m.matchIndex), [1, 2]);
  deepStrictEqual(ready.committedEntries, [], "committed, but not stored yet");
  store(peer, ready);
  deepStrictEqual(peer.node.advance(ready).committedEntries, logOf([1]));
});

Deno.test("a status is a copy: it does not change with the node", () => {
  const peer = newPeer(1);
  elect(peer);
  const before = peer.node.status();
  const known = { state: "probe", matchIndex: 0, nextIndex: 1, paused: true };
  deepStrictEqual(before.progress.slice(1), [{ id: 2, ...known }, { id: 3, ...known }]);
  peer.node.step(accepted(2, 1, 1));
  deepStrictEqual(before.progress[1], { id: 2, ...known });
  deepStrictEqual(peer.node.status().progress[1], {
    id: 2,
    state: "replicate",
    matchIndex: 1,
    nextIndex: 2,
    paused: false,
  });
  peer.node.step(append(2, START, []));
  deepStrictEqual(peer.node.status().progress, []);
});
