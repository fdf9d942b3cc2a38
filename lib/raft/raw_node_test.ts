/** What a `Ready` carries, and when there is one. What comes after it is in `raw_node_advance_test.ts`. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  append,
  bytes,
  drain,
  elect,
  entry,
  install,
  logOf,
  newPeer,
  type Peer,
  requestVote,
  snapshotAt,
  START,
  store,
} from "./paper_cases.ts";

function typesOf(messages: readonly { readonly type: string }[]): string[] {
  return messages.map(({ type }) => type);
}

Deno.test("Readys are counted, and a Ready without news is empty", () => {
  const { node } = newPeer(1);
  const lists = { messages: [], entries: [], committedEntries: [], persistedMessages: [] };
  const nothing = { ss: null, hs: null, snapshot: null, mustSync: false, ...lists };
  for (let number = 1; number <= 3; number++) {
    const ready = node.ready();
    deepStrictEqual(ready, { number, ...nothing });
    deepStrictEqual(node.advance(ready), { commitIndex: null, messages: [], committedEntries: [] });
  }
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
  voter.node.step(requestVote(2, 1));
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
  const cases: [what: string, step: (peer: Peer) => void, mustSync: boolean][] = [
    ["nothing", () => {}, false],
    ["a commit index", ({ node }) => node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: 1 }), false],
    ["a term", ({ node }) => node.step(append(2, START, [])), true],
    ["an entry", ({ node }) => node.step(append(1, { index: 1, term: 1 }, [entry(1, 2)])), true],
    ["a snapshot", ({ node }) => node.step(install(snapshotAt(9, 1))), true],
    ["a vote", ({ node }) => node.step(requestVote(2, 1, { index: 9, term: 1 })), true],
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
