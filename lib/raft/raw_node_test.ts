/** What a `Ready` carries, what `advance` takes for done, and how a node goes on while its writes are on their way to the disk. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Entry, entrySize, type Index, InvariantViolation, type Message, type RawNode } from "./mod.ts";
import { accepted, append, bytes, commit, drain, elect, entry, fails, heartbeat, install } from "./paper_cases.ts";
import { logOf, matches, newLeader, newPeer, type Peer, progressOf, propose, requestVote } from "./paper_cases.ts";
import { role, sent, snapshotAt, START, store, voted } from "./paper_cases.ts";

/** Write one Ready where the storage can read it, and go on before it is durable. Returns its number. */
function writeAsync(peer: Peer): number {
  const ready = peer.node.ready();
  store(peer, ready);
  peer.node.advanceAppendAsync(ready);
  return ready.number;
}

const persisted = ({ node }: Peer): Index => node.status().persisted;

/** What the next Ready hands over to be applied. */
function applies({ node }: Peer): Index[] {
  const ready = node.ready();
  node.advanceAppendAsync(ready);
  return ready.committedEntries.map(({ index }) => index);
}

Deno.test("Readys are counted, and a Ready without news is empty", () => {
  const { node } = newPeer(1);
  const lists = { readStates: [], messages: [], entries: [], committedEntries: [], persistedMessages: [] };
  const nothing = { ss: null, hs: null, snapshot: null, mustSync: false, ...lists };
  for (let number = 1; number <= 3; number++) {
    const ready = node.ready();
    deepStrictEqual(ready, { number, ...nothing });
    deepStrictEqual(node.advance(ready), { commitIndex: null, messages: [], committedEntries: [] });
  }
});

Deno.test("a leader's messages may leave at once (thesis §10.2.1); everybody else's wait until their Ready is stored", () => {
  const leader = newPeer(1);
  elect(leader);
  propose(leader, "some data");
  leader.node.ping();
  const { messages, persistedMessages, entries } = leader.node.ready();
  deepStrictEqual(sent(messages), ["Heartbeat to 2", "Heartbeat to 3"], "the first Append is still unanswered");
  deepStrictEqual([persistedMessages, entries], [[], [entry(1, 2, "some data")]]);

  const cases: [step: (node: RawNode) => void, vote: number | null, log: number[], waiting: string[]][] = [
    [(node) => node.campaign(), 1, [], ["RequestVote to 2", "RequestVote to 3"]],
    [(node) => node.step(requestVote(2, 1)), 2, [], ["RequestVoteResponse to 2"]],
    [(node) => node.step(append(1, START, logOf([1]))), null, [1], ["AppendResponse to 2"]],
  ];
  for (const [step, vote, log, waiting] of cases) {
    const { node } = newPeer(1);
    step(node);
    const ready = node.ready();
    deepStrictEqual([ready.messages, sent(ready.persistedMessages)], [[], waiting]);
    deepStrictEqual([ready.hs, ready.entries], [{ term: 1, vote, commit: 0 }, logOf(log)]);
  }
});

Deno.test("a write must reach the disk unless at most the commit index has changed", () => {
  const cases: [what: string, message: Message | null, mustSync: boolean][] = [
    ["nothing", null, false],
    ["a commit index", heartbeat(1, 1), false],
    ["a term", append(2, START, []), true],
    ["an entry", append(1, { index: 1, term: 1 }, [entry(1, 2)]), true],
    ["a snapshot", install(snapshotAt(9, 1)), true],
    ["a vote", requestVote(2, 1, { index: 9, term: 1 }), true],
  ];
  for (const [what, message, mustSync] of cases) {
    const { node } = newPeer(1, { log: [1] });
    if (message !== null) node.step(message);
    const { hs, mustSync: must } = node.ready();
    deepStrictEqual([must, hs !== null], [mustSync, what !== "nothing" && what !== "an entry"], what);
  }
});

Deno.test("a Ready carries the sum of what was stepped before, and stays what it was when the node goes on", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1])));
  peer.node.step(append(1, { index: 1, term: 1 }, [entry(1, 2)], 1));
  const ready = peer.node.ready();
  const copy = structuredClone(ready);
  deepStrictEqual(ready.entries, logOf([1, 1]));
  deepStrictEqual(ready.hs, { term: 1, vote: null, commit: 1 });
  deepStrictEqual(matches(ready.persistedMessages), [1, 2]);
  deepStrictEqual(ready.committedEntries, [], "committed, but not stored yet");
  store(peer, ready);
  deepStrictEqual(peer.node.advance(ready).committedEntries, logOf([1]));
  peer.node.step(append(2, { index: 1, term: 1 }, [entry(2, 2), entry(2, 3)]));
  drain(peer);
  deepStrictEqual(ready, copy);
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
  strictEqual(peer.node.status().applied, 0, "what a LightReady hands over is still to be applied");
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
  const cases = [[0, [[1], [2], [3], [4], [5]]], [2 * size, [[1, 2], [3, 4], [5]]]] as const;
  for (const [maxCommittedSizePerReady, pages] of cases) {
    const peer = newPeer(1, { log: [1, 1, 1, 1, 1], hs: { commit: 5 }, config: { maxCommittedSizePerReady } });
    const seen: Index[][] = [];
    while (peer.node.hasReady()) {
      const ready = peer.node.ready();
      for (const { committedEntries } of [ready, peer.node.advance(ready)]) {
        if (committedEntries.length > 0) seen.push(committedEntries.map(({ index }) => index));
      }
      peer.node.advanceApply();
    }
    deepStrictEqual(seen, pages);
  }
});

Deno.test("advanceAppend leaves it to the application to say how far it has applied", () => {
  const { node } = newPeer(1, { log: [1, 1, 1], hs: { commit: 2 } });
  node.advanceAppend(node.ready());
  strictEqual(node.status().applied, 0);
  node.advanceApplyTo(1);
  strictEqual(node.status().applied, 1);
  throws(() => node.advanceApplyTo(3), InvariantViolation, "3 is not committed");
  node.advanceApply();
  strictEqual(node.status().applied, 2);
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
  for (const [number, index] of [[2, 2], [1, 2], [2, 2], [3, 3]]) {
    peer.node.onPersistReady(number);
    strictEqual(persisted(peer), index);
  }
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

Deno.test("a late report says nothing of a tail that was overwritten since, even if it then came back the same", () => {
  const old = append(1, START, logOf([1, 1]));
  const overwriting = { ...append(2, START, [entry(2, 1), entry(2, 2)]), from: 3 };
  for (const [isWritten, ...since] of [[true, overwriting], [false, overwriting, { ...old, term: 3 }]] as const) {
    const peer = newPeer(1);
    peer.node.step(old);
    const first = writeAsync(peer);
    for (const message of since) peer.node.step(message);
    const second = isWritten ? writeAsync(peer) : null;
    peer.node.onPersistReady(first);
    strictEqual(persisted(peer), 0);
    peer.node.onPersistReady(second ?? writeAsync(peer));
    strictEqual(persisted(peer), 2);
  }
});

Deno.test("a late report says nothing of entries that two later writes replaced, the second by the same entries", () => {
  const [a, b] = [entry(2, 2), entry(3, 2)];
  const peer = newPeer(1, { log: [1] });
  const numbers = [[2, a], [3, b], [4, a]].map(([term, each]) => {
    peer.node.step(append(term as number, { index: 1, term: 1 }, [each as Entry]));
    return writeAsync(peer);
  });
  for (const [i, number] of numbers.entries()) {
    peer.node.onPersistReady(number);
    strictEqual(persisted(peer), i < 2 ? 1 : 2, "until the last write is durable, b may be what is on the disk");
  }
});

Deno.test("a late report says nothing of entries that a snapshot replaced, even if the same are written after it", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, logOf([1, 1, 1])));
  const first = writeAsync(peer);
  peer.node.step({ ...append(2, START, [entry(2, 1)]), from: 3 });
  peer.node.step(install(snapshotAt(2, 1), 3));
  peer.node.step(append(3, { index: 2, term: 1 }, [entry(1, 3)]));
  const second = writeAsync(peer);
  peer.node.onPersistReady(first);
  strictEqual(persisted(peer), 0);
  peer.node.onPersistReady(second);
  strictEqual(persisted(peer), 3);
});

Deno.test("a report of a snapshot says nothing of entries that were written anew after it", () => {
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

Deno.test("a snapshot is durable with its Ready, and so are the entries after it", () => {
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

Deno.test("a candidate may win before its vote is reported durable; it counts its first entry when that is durable", () => {
  const peer = newPeer(1, { log: [1, 1] });
  peer.node.campaign();
  const asked = writeAsync(peer);
  peer.node.step(voted(2, 2));
  const first = writeAsync(peer);
  strictEqual(role(peer), "leader", "its requests waited until the vote was durable");
  for (const [number, index] of [[asked, 2], [first, 3]]) {
    peer.node.onPersistReady(number);
    deepStrictEqual([persisted(peer), progressOf(peer, 1)?.matchIndex], [index, index]);
  }
});
