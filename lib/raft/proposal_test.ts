import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { RaftError } from "./mod.ts";
import { accepted, append, bytes, drain, elect, entry, newPeer, type Peer, START } from "./paper_cases.ts";

function isDropped({ node }: Peer, data: string, reason: RegExp): void {
  const before = node.status();
  throws(() => node.propose(bytes(data)), (error: unknown) => {
    ok(error instanceof RaftError && error.kind === "ProposalDropped");
    match(error.message, reason);
    return true;
  });
  deepStrictEqual(node.status(), before);
  strictEqual(node.hasReady(), false);
}

Deno.test("a follower forwards a proposal to its leader, and keeps nothing of it", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, []));
  drain(peer);
  peer.node.propose(bytes("some data"));
  deepStrictEqual(drain(peer), [{ type: "Propose", from: 1, to: 2, proposals: [bytes("some data")] }]);
  strictEqual(peer.node.status().lastIndex, 0);
});

Deno.test("who knows no leader drops a proposal, and says why", () => {
  const peer = newPeer(1);
  isDropped(peer, "some data", /knows no leader; try again when there is one/);
  peer.node.campaign();
  drain(peer);
  isDropped(peer, "some data", /is a candidate; try again when there is a leader/);
});

Deno.test("a leader appends what others forward to it, one entry a proposal, in order", () => {
  const peer = newPeer(1);
  elect(peer);
  peer.node.step(accepted(2, 1, 1));
  drain(peer);
  peer.node.step({ type: "Propose", from: 2, to: 1, proposals: [bytes("a"), bytes("b")] });
  peer.node.propose(bytes("c"));
  const ready = peer.node.ready();
  deepStrictEqual(ready.entries, [entry(1, 2, "a"), entry(1, 3, "b"), entry(1, 4, "c")]);
});

Deno.test("a leader with too many uncommitted bytes drops proposals until some are committed", () => {
  const peer = newPeer(1, { config: { maxUncommittedSize: 10 } });
  elect(peer);
  peer.node.propose(bytes("0123456"));
  peer.node.propose(bytes("789"));
  drain(peer);
  isDropped(peer, "x", /10 bytes are uncommitted already; try again later/);
  peer.node.step(accepted(2, 1, 2));
  drain(peer);
  isDropped(peer, "01234567", /3 bytes are uncommitted/);
  peer.node.propose(bytes("0123456"));
});

Deno.test("a leader takes one proposal however large it is", () => {
  const peer = newPeer(1, { config: { maxUncommittedSize: 10 } });
  elect(peer);
  peer.node.propose(bytes("more than ten bytes"));
  drain(peer);
  isDropped(peer, "x", /19 bytes/);
  peer.node.propose(bytes(""));
  strictEqual(peer.node.hasReady(), true, "an empty one counts for nothing");
});

Deno.test("what was in the log before the election does not count for what a leader has uncommitted", () => {
  const before = newPeer(1, { config: { maxUncommittedSize: 10 } });
  before.node.step(append(1, START, [entry(1, 1, "an old entry")]));
  drain(before);
  elect(before);
  before.node.propose(bytes("0123456789"));
  drain(before);
  before.node.step(accepted(2, 2, 2));
  drain(before);
  strictEqual(before.applied.length, 2, "the old entry is committed now, and freed nothing");
  isDropped(before, "x", /10 bytes/);
});
