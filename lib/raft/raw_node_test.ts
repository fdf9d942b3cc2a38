/** What a `Ready` carries, what `advance` takes for done, and how a node goes on while its writes are on their way to the disk. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Append, entrySize, type Index, InvariantViolation, type RawNode } from "./mod.ts";
import {
  accepted,
  append,
  bytes,
  commit,
  drain,
  elect,
  entry,
  fails,
  heartbeat,
  install,
  logOf,
} from "./paper_cases.ts";
import {
  matches,
  newLeader,
  newPeer,
  type Peer,
  propose,
  requestVote,
  sent,
  snapshotAt,
  START,
} from "./paper_cases.ts";
import { store, voted } from "./paper_cases.ts";

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
  propose(peer, "some data");
  peer.node.ping();
  const ready = peer.node.ready();
  deepStrictEqual(sent(ready.messages), ["Heartbeat to 2", "Heartbeat to 3"], "the first Append is still unanswered");
  deepStrictEqual(ready.persistedMessages, []);
  strictEqual(ready.entries.length, 1);
});

Deno.test("everybody else's messages wait until what they speak of is stored", () => {
  const cases: [step: (node: RawNode) => void, vote: number | null, term: number, log: number[], waiting: string[]][] =
    [
      [(node) => node.campaign(), 1, 1, [], ["RequestVote to 2", "RequestVote to 3"]],
      [(node) => node.step(requestVote(2, 1)), 2, 1, [], ["RequestVoteResponse to 2"]],
      [(node) => node.step(append(1, START, logOf([1]))), null, 1, [1], ["AppendResponse to 2"]],
    ];
  for (const [step, vote, term, log, waiting] of cases) {
    const { node } = newPeer(1);
    step(node);
    const ready = node.ready();
    deepStrictEqual([ready.messages, sent(ready.persistedMessages)], [[], waiting]);
    deepStrictEqual([ready.hs, ready.entries], [{ term, vote, commit: 0 }, logOf(log)]);
  }
});

Deno.test("a write must reach the disk unless at most the commit index has changed", () => {
  const cases: [what: string, step: (peer: Peer) => void, mustSync: boolean][] = [
    ["nothing", () => {}, false],
    ["a commit index", ({ node }) => node.step(heartbeat(1, 1)), false],
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
  deepStrictEqual(matches(ready.persistedMessages), [1, 2]);
  deepStrictEqual(ready.committedEntries, [], "committed, but not stored yet");
  store(peer, ready);
  deepStrictEqual(peer.node.advance(ready).committedEntries, logOf([1]));
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
  const peer = newLeader();
  propose(peer, "some data");
  writeAsync(peer);
  peer.node.step(accepted(2, 1, 2));
  const second = peer.node.ready();
  deepStrictEqual([second.hs, second.committedEntries], [null, []], "on two of three, but durable on one");
  const light = peer.node.advance(second);
  strictEqual(light.commitIndex, 2);
  deepStrictEqual(light.committedEntries, [entry(1, 2, "some data")]);
  deepStrictEqual(light.messages.map((m) => m.type === "Append" && [m.to, m.leaderCommit]), [[2, 2]]);
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
  peer.node.step(voted(2, 2));
  const own = () => peer.node.status().progress[0].matchIndex;
  const number = writeAsync(peer);
  strictEqual(own(), 2);
  peer.node.onPersistReady(number);
  strictEqual(own(), 3);
});

Deno.test("a leader may commit what is durable on its followers before its own write is, but applies it later", () => {
  const peer = newLeader({ heldBy: [2, 3] });
  propose(peer, "some data");
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
  peer.node.step(install(snapshotAt(2, 1), 3));
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
  peer.node.step(install(snapshotAt(5, 1)));
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
  peer.node.step(voted(2, 1));
  const first = writeAsync(peer);
  strictEqual(peer.node.status().ss.raftState, "leader");
  peer.node.onPersistReady(asked);
  strictEqual(persisted(peer), 0);
  peer.node.onPersistReady(first);
  strictEqual(persisted(peer), 1);
});
