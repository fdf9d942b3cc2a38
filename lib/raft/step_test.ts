import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Message } from "./mod.ts";
import { accepted, alive, append, drain, elect, entry, fails, newPeer, sent, START, voted } from "./paper_cases.ts";

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

Deno.test("a response from a node outside the cluster is refused; a request is answered, for this node may be behind", () => {
  const leader = newPeer(1);
  elect(leader);
  const before = leader.node.status();
  for (const message of [accepted(9, 7, 1), alive(9, 7), voted(9, 7)]) {
    fails("StepPeerNotFound", () => leader.node.step(message));
  }
  deepStrictEqual(leader.node.status(), before);

  const follower = newPeer(1);
  follower.node.step({ ...append(1, START, [entry(1, 1)]), from: 9 });
  deepStrictEqual(sent(drain(follower)), ["AppendResponse to 9"]);
  strictEqual(follower.node.status().ss.leaderId, 9);
});

Deno.test("a response to a role that the node no longer has is ignored", () => {
  const peer = newPeer(1, { log: [1] });
  const before = peer.node.status();
  for (const message of [accepted(2, 1, 1), alive(2), voted(2, 1), voted(3, 1)]) peer.node.step(message);
  deepStrictEqual(peer.node.status(), before);
  strictEqual(peer.node.hasReady(), false);
});
