import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { type Message, RaftError, type RaftErrorKind } from "./mod.ts";
import { accepted, append, drain, elect, entry, newPeer, START } from "./paper_cases.ts";

function fails(kind: RaftErrorKind, call: () => unknown): void {
  throws(call, (error: unknown) => error instanceof RaftError && error.kind === kind, kind);
}

Deno.test("a message of a type that does not travel between nodes is refused, and changes nothing", () => {
  const peer = newPeer(1);
  elect(peer);
  const before = peer.node.status();
  for (const type of ["Hup", "Beat", "CheckQuorum", "no such thing"]) {
    for (const term of [0, before.hs.term, 9]) {
      const message = { type, from: 2, to: 1, term } as unknown as Message;
      fails("StepLocalMsg", () => peer.node.step(message));
      deepStrictEqual(peer.node.status(), before);
    }
  }
  strictEqual(peer.node.hasReady(), false);
});

Deno.test("a proposal of nothing is refused, and changes nothing", () => {
  const peer = newPeer(1);
  elect(peer);
  const before = peer.node.status();
  fails("ProposalDropped", () => peer.node.step({ type: "Propose", from: 2, to: 1, proposals: [] }));
  deepStrictEqual(peer.node.status(), before);
});

Deno.test("a response from a node outside the cluster is refused, and changes nothing", () => {
  const letter = { from: 9, to: 1, term: 7 };
  const responses: Message[] = [
    accepted(9, 7, 1),
    { type: "HeartbeatResponse", ...letter, commit: 0 },
    { type: "RequestVoteResponse", ...letter, voteGranted: true },
  ];
  const peer = newPeer(1);
  elect(peer);
  const before = peer.node.status();
  for (const message of responses) fails("StepPeerNotFound", () => peer.node.step(message));
  deepStrictEqual(peer.node.status(), before);
});

Deno.test("a request from a node this one does not know yet is answered: it may be behind in the configuration", () => {
  const peer = newPeer(1);
  peer.node.step({ ...append(1, START, [entry(1, 1)]), from: 9 });
  deepStrictEqual(drain(peer).map(({ type, to }) => [type, to]), [["AppendResponse", 9]]);
  strictEqual(peer.node.status().ss.leaderId, 9);
});

Deno.test("a response to a role that the node no longer has is ignored", () => {
  const peer = newPeer(1, { log: [1] });
  const before = peer.node.status();
  peer.node.step(accepted(2, 1, 1));
  peer.node.step({ type: "HeartbeatResponse", from: 2, to: 1, term: 1, commit: 1 });
  for (const from of [2, 3]) peer.node.step({ type: "RequestVoteResponse", from, to: 1, term: 1, voteGranted: true });
  deepStrictEqual(peer.node.status(), before);
  strictEqual(peer.node.hasReady(), false);
});
