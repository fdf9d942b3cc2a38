/** The contract of `hasReady`, `ready` and `advance`. The asynchronous half is in `raw_node_async_test.ts`. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  entrySize,
  InvariantViolation,
  MemStorage,
  RaftError,
  type RaftErrorKind,
  RawNode,
  type Ready,
} from "./mod.ts";
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
  restart,
  START,
  voters,
} from "./paper_cases.ts";

function fails(kind: RaftErrorKind, call: () => unknown): void {
  throws(call, (error: unknown) => error instanceof RaftError && error.kind === kind, kind);
}

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
  const snapshot = { metadata: { index: 9, term: 1, confState: { voters: voters(3) } }, data: bytes("state") };
  const changes: ((peer: Peer) => void)[] = [
    ({ node }) => node.ping(),
    ({ node }) => node.step(append(1, START, logOf([1]))),
    ({ node }) => node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, commit: 0 }),
    ({ node }) => node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot }),
    ({ node }) => node.step({ type: "RequestVoteResponse", from: 2, to: 1, term: 9, reject: null }),
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
  voter.node.step({ type: "RequestVote", from: 2, to: 1, term: 1, index: 0, logTerm: 0, commit: 0, commitTerm: 0 });
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
  const snapshot = { metadata: { index: 9, term: 1, confState: { voters: voters(3) } }, data: bytes("state") };
  const cases: [what: string, step: (peer: Peer) => void, mustSync: boolean][] = [
    ["nothing", () => {}, false],
    ["a commit index", ({ node }) => node.step({ type: "Heartbeat", from: 2, to: 1, term: 1, commit: 1 }), false],
    ["a term", ({ node }) => node.step(append(2, START, [])), true],
    ["an entry", ({ node }) => node.step(append(1, { index: 1, term: 1 }, [entry(1, 2)])), true],
    ["a snapshot", ({ node }) => node.step({ type: "Snapshot", from: 2, to: 1, term: 1, snapshot }), true],
    [
      "a vote",
      ({ node }) =>
        node.step({ type: "RequestVote", from: 2, to: 1, term: 1, index: 9, logTerm: 1, commit: 0, commitTerm: 0 }),
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

Deno.test("a single voter commits only what it has stored itself", () => {
  const peer = newPeer(1, { size: 1 });
  peer.node.campaign();
  const ready = peer.node.ready();
  deepStrictEqual(ready.hs, { term: 1, vote: 1, commit: 0 });
  deepStrictEqual([ready.entries, ready.committedEntries], [[entry(1, 1)], []]);
  store(peer, ready);
  const light = peer.node.advance(ready);
  deepStrictEqual(light, { commitIndex: 1, messages: [], committedEntries: [entry(1, 1)] });
  peer.node.advanceApply();
  strictEqual(peer.node.hasReady(), false, "the commit index that a LightReady tells is not told again");
});

Deno.test("a LightReady carries what a leader commits because its own write is durable", () => {
  const peer = newPeer(1);
  elect(peer);
  drain(peer);
  peer.node.step(accepted(2, 1, 1));
  drain(peer);
  peer.node.propose(bytes("some data"));
  const first = peer.node.ready();
  store(peer, first);
  peer.node.advanceAppendAsync(first);
  peer.node.step(accepted(2, 1, 2));
  const second = peer.node.ready();
  deepStrictEqual([second.hs, second.committedEntries], [null, []], "on two of three, but durable on one");
  const light = peer.node.advance(second);
  strictEqual(light.commitIndex, 2);
  deepStrictEqual(light.committedEntries, [entry(1, 2, "some data")]);
  deepStrictEqual(light.messages.map((m) => [m.type, m.to, m.type === "Append" && m.commit]), [["Append", 2, 2]]);
});

Deno.test("entries are handed over to be applied once, in order, across Readys and LightReadys", () => {
  const peer = newPeer(1, { size: 1 });
  peer.node.campaign();
  for (let i = 0; i < 5; i++) {
    peer.node.propose(bytes(`${i}`));
    if (i % 2 === 0) drain(peer);
  }
  drain(peer);
  deepStrictEqual(peer.applied.map(({ index }) => index), [1, 2, 3, 4, 5, 6]);
});

Deno.test("a Ready hands over to be applied as many bytes as maxCommittedSizePerReady, but at least one entry", () => {
  const size = entrySize(entry(1, 1));
  for (const [maxCommittedSizePerReady, pages] of [[0, [1, 1, 1, 1, 1]], [2 * size, [2, 2, 1]]] as const) {
    const peer = newPeer(1, { log: [1, 1, 1, 1, 1], hs: { commit: 5 }, config: { maxCommittedSizePerReady } });
    const seen: number[][] = [];
    while (peer.node.hasReady()) {
      const ready = peer.node.ready();
      const light = peer.node.advance(ready);
      for (const { committedEntries } of [ready, light]) seen.push(committedEntries.map(({ index }) => index));
      peer.node.advanceApply();
    }
    deepStrictEqual(seen.filter(({ length }) => length > 0).map(({ length }) => length), pages);
    deepStrictEqual(seen.flat(), [1, 2, 3, 4, 5]);
  }
});

Deno.test("advance takes the entries of its Ready for applied, and advanceApply those of the LightReady", () => {
  const peer = newPeer(1, { size: 1, log: [1, 1], hs: { commit: 2 } });
  peer.node.campaign();
  const ready = peer.node.ready();
  deepStrictEqual(ready.committedEntries, logOf([1, 1]));
  store(peer, ready);
  const light = peer.node.advance(ready);
  deepStrictEqual(light.committedEntries, [entry(2, 3)]);
  strictEqual(peer.node.status().applied, 2);
  peer.node.advanceApply();
  strictEqual(peer.node.status().applied, 3);
});

Deno.test("advanceAppend leaves it to the application to say how far it has applied", () => {
  const peer = newPeer(1, { log: [1, 1, 1], hs: { commit: 2 } });
  peer.node.advanceAppend(peer.node.ready());
  strictEqual(peer.node.status().applied, 0);
  peer.node.advanceApplyTo(1);
  strictEqual(peer.node.status().applied, 1);
  throws(() => peer.node.advanceApplyTo(3), InvariantViolation, "3 is not committed");
  peer.node.advanceApply();
  strictEqual(peer.node.status().applied, 2);
});

Deno.test("between ready and advance a RawNode takes in nothing", () => {
  const peer = newPeer(1);
  elect(peer);
  peer.node.ping();
  const ready = peer.node.ready();
  const calls: ((node: RawNode) => unknown)[] = [
    (node) => node.tick(),
    (node) => node.campaign(),
    (node) => node.propose(bytes("some data")),
    (node) => node.step(accepted(2, 1, 1)),
    (node) => node.ping(),
    (node) => node.reportUnreachable(2),
    (node) => node.reportSnapshot(2, "finish"),
    (node) => node.ready(),
    (node) => node.onPersistReady(ready.number),
    (node) => node.advanceApply(),
    (node) => node.advanceApplyTo(1),
  ];
  const before = peer.node.status();
  for (const call of calls) fails("ReadyOutstanding", () => call(peer.node));
  deepStrictEqual(peer.node.status(), before);
  peer.node.advance(ready);
  strictEqual(peer.node.hasReady(), false);
});

Deno.test("only the last Ready can be advanced, and only once", () => {
  const { node } = newPeer(1);
  fails("NotTheLastReady", () => node.advance(newPeer(1).node.ready()));
  const first = node.ready();
  node.advance(first);
  fails("NotTheLastReady", () => node.advance(first));
  const second = node.ready();
  fails("NotTheLastReady", () => node.advance(first));
  fails("NotTheLastReady", () => node.advanceAppendAsync({ ...second }));
  node.advance(second);
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
  deepStrictEqual(ready.persistedMessages.map((m) => m.type === "AppendResponse" && m.index), [1, 2]);
  deepStrictEqual(ready.committedEntries, [], "committed, but not stored yet");
  store(peer, ready);
  deepStrictEqual(peer.node.advance(ready).committedEntries, logOf([1]));
});

Deno.test("a node that restarts finds its term, vote, commit index and log again", () => {
  const peer = newPeer(1, { log: [1, 2, 2], hs: { term: 5, vote: 3, commit: 2 } });
  const { hs, ss, applied, lastIndex, persisted } = peer.node.status();
  deepStrictEqual(hs, { term: 5, vote: 3, commit: 2 });
  deepStrictEqual(ss, { raftState: "follower", leaderId: null });
  deepStrictEqual([applied, lastIndex, persisted], [0, 3, 3]);
});

Deno.test("a node that restarts hands over every committed entry, or those behind what was applied", () => {
  const start = { log: [1, 1, 1, 1], hs: { commit: 3 } };
  const all = newPeer(1, start);
  strictEqual(all.node.hasReady(), true);
  drain(all);
  deepStrictEqual(all.applied, logOf([1, 1, 1]));

  const some = newPeer(1, { ...start, config: { applied: 2 } });
  strictEqual(some.node.status().applied, 2);
  drain(some);
  deepStrictEqual(some.applied, [entry(1, 3)]);

  const none = restart(all);
  strictEqual(none.node.hasReady(), false);
});

Deno.test("a node that restarts behind a snapshot takes what it stands for as applied", () => {
  const peer = newPeer(1, { log: [1, 1, 1, 1], hs: { commit: 3 } });
  peer.storage.createSnapshot(2, bytes("state"));
  peer.storage.compact(3);
  const node = new RawNode(peer.options, peer.storage);
  const { applied, firstIndex } = node.status();
  deepStrictEqual([applied, firstIndex], [2, 3]);
  deepStrictEqual(node.ready().committedEntries, [entry(1, 3)]);
});

Deno.test("a node does not start on a storage that contradicts itself or the application", () => {
  const storage = MemStorage.newWithConfState({ voters: [1] });
  storage.append(logOf([1]));
  storage.setHardState({ term: 1, vote: null, commit: 2 });
  const options = { id: 1, random: (low: number) => low };
  throws(() => new RawNode(options, storage), InvariantViolation, "entries it had stored are lost");
  storage.setCommit(0);
  throws(() => new RawNode({ ...options, applied: 1 }, storage), InvariantViolation, "applied, but not committed");
});

Deno.test("a status is a copy: it does not change with the node", () => {
  const peer = newPeer(1);
  elect(peer);
  const before = peer.node.status();
  const known = { state: "probe", matched: 0, nextIdx: 1, paused: true };
  deepStrictEqual(before.progress.slice(1), [{ id: 2, ...known }, { id: 3, ...known }]);
  peer.node.step(accepted(2, 1, 1));
  deepStrictEqual(before.progress[1], { id: 2, ...known });
  deepStrictEqual(peer.node.status().progress[1], { id: 2, state: "replicate", matched: 1, nextIdx: 2, paused: false });
  peer.node.step(append(2, START, []));
  deepStrictEqual(peer.node.status().progress, []);
});
