/** `advance` and its family: what it takes for done, and what a `LightReady` brings. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { entrySize, InvariantViolation, RaftError, type RaftErrorKind, type RawNode } from "./mod.ts";
import { accepted, bytes, drain, elect, entry, newPeer, store } from "./paper_cases.ts";

function fails(kind: RaftErrorKind, call: () => unknown): void {
  throws(call, (error: unknown) => error instanceof RaftError && error.kind === kind, kind);
}

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
  deepStrictEqual(light.messages.map((m) => [m.type, m.to, m.type === "Append" && m.leaderCommit]), [["Append", 2, 2]]);
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
