import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { accepted, append, bytes, drain, elect, entry, fails, newLeader, newPeer, type Peer } from "./paper_cases.ts";
import { propose, START } from "./paper_cases.ts";

function isDropped({ node }: Peer, data: string, message: RegExp): void {
  const before = node.status();
  throws(() => node.propose(bytes(data)), { name: "RaftError", kind: "ProposalDropped", message });
  deepStrictEqual(node.status(), before);
  strictEqual(node.hasReady(), false);
}

Deno.test("a follower forwards a proposal to its leader, and keeps nothing of it", () => {
  const peer = newPeer(1);
  peer.node.step(append(1, START, []));
  drain(peer);
  propose(peer, "some data");
  deepStrictEqual(drain(peer), [{ type: "Propose", from: 1, to: 2, proposals: [bytes("some data")] }]);
  strictEqual(peer.node.status().lastIndex, 0);
});

Deno.test("a node that knows no leader drops a proposal, and says why", () => {
  const peer = newPeer(1);
  isDropped(peer, "some data", /knows no leader; try again when there is one/);
  peer.node.campaign();
  drain(peer);
  isDropped(peer, "some data", /is a candidate; try again when there is a leader/);
});

Deno.test("a leader appends what others forward to it, one entry a proposal, in order, and refuses a message of none", () => {
  const peer = newLeader();
  fails("ProposalDropped", () => peer.node.step({ type: "Propose", from: 2, to: 1, proposals: [] }));
  strictEqual(peer.node.hasReady(), false);
  peer.node.step({ type: "Propose", from: 2, to: 1, proposals: [bytes("a"), bytes("b")] });
  propose(peer, "c");
  deepStrictEqual(peer.node.ready().entries, [entry(1, 2, "a"), entry(1, 3, "b"), entry(1, 4, "c")]);
});

Deno.test("a leader with too many uncommitted bytes drops proposals until some are committed, but takes one of any size", () => {
  const peer = newPeer(1, { config: { maxUncommittedSize: 10 } });
  elect(peer);
  propose(peer, "0123456", "789");
  drain(peer);
  isDropped(peer, "x", /10 bytes are uncommitted already; try again later/);
  peer.node.step(accepted(2, 1, 2));
  drain(peer);
  isDropped(peer, "01234567", /3 bytes are uncommitted/);
  propose(peer, "0123456");
  drain(peer);
  peer.node.step(accepted(2, 1, 4));
  drain(peer);
  propose(peer, "more than ten bytes");
  drain(peer);
  isDropped(peer, "x", /19 bytes/);
  propose(peer, "");
  strictEqual(peer.node.hasReady(), true, "an empty one counts for nothing");
});

Deno.test("what was in the log before the election does not count for what a leader has uncommitted", () => {
  const peer = newPeer(1, { config: { maxUncommittedSize: 10 } });
  peer.node.step(append(1, START, [entry(1, 1, "an old entry")]));
  drain(peer);
  elect(peer);
  propose(peer, "0123456789");
  drain(peer);
  peer.node.step(accepted(2, 2, 2));
  drain(peer);
  strictEqual(peer.applied.length, 2, "the old entry is committed now, and freed nothing");
  isDropped(peer, "x", /10 bytes/);
});
