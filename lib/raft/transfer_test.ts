/** Leadership transfer (thesis §3.10), one test a rule. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Message, TimeoutNow, TransferLeader } from "./mod.ts";
import { accepted, drain, elect, fails, heartbeat, newLeader, newPeer, newPeers, propose } from "./paper_cases.ts";
import { role, run, sent, settle, terms, ticks } from "./paper_cases.ts";

const timeoutNow = (term = 1): TimeoutNow => ({ type: "TimeoutNow", from: 2, to: 1, term });
const ofTransfer = (messages: readonly Message[]) => sent(messages.filter(({ type }) => type === "TimeoutNow"));

Deno.test("§3.10 a node that holds all entries is told to campaign at once, and leads in the next term", () => {
  for (const config of [{}, { preVote: true }, { checkQuorum: true }, { preVote: true, checkQuorum: true }]) {
    const peers = newPeers(3, { config });
    peers[0].node.campaign();
    settle(peers);
    propose(peers[0], "a");
    settle(peers);
    peers[0].node.transferLeader(3);
    settle(peers);
    deepStrictEqual(peers.map(role), ["follower", "follower", "leader"], JSON.stringify(config));
    deepStrictEqual(peers.map(({ node }) => node.raft.term), [2, 2, 2]);
    deepStrictEqual(peers.map(terms), [[1, 1, 2], [1, 1, 2], [1, 1, 2]]);
  }
});

Deno.test("§3.10 a node that lacks entries is brought up to date first", () => {
  const leader = newLeader({ heldBy: [2, 3] });
  propose(leader, "a", "b");
  drain(leader);
  leader.node.transferLeader(3);
  deepStrictEqual(ofTransfer(drain(leader)), []);
  leader.node.step(accepted(3, 1, 2));
  deepStrictEqual(ofTransfer(drain(leader)), [], "one is missing still");
  leader.node.step(accepted(3, 1, 3));
  deepStrictEqual(ofTransfer(drain(leader)), ["TimeoutNow to 3"]);
  leader.node.step(accepted(3, 1, 3));
  deepStrictEqual(ofTransfer(drain(leader)), [], "an answer that comes twice is no news");
});

Deno.test("§3.10 meanwhile the leader takes no proposals; after an election timeout it goes on as before", () => {
  const leader = newLeader({ heldBy: [2, 3] });
  ticks(leader, 7);
  leader.node.transferLeader(3);
  fails("ProposalDropped", () => propose(leader, "a"));
  ticks(leader, 9);
  fails("ProposalDropped", () => propose(leader, "a"));
  ticks(leader, 1);
  propose(leader, "a");
  deepStrictEqual([role(leader), terms(leader)], ["leader", [1, 1]]);
});

Deno.test("§3.10 a TimeoutNow that is lost leaves everything as it was", () => {
  const peers = newPeers(3);
  peers[0].node.campaign();
  settle(peers);
  peers[0].node.transferLeader(2);
  run(peers, 12, ({ type }) => type !== "TimeoutNow");
  propose(peers[0], "a");
  settle(peers);
  deepStrictEqual([role(peers[0]), ...peers.map(terms)], ["leader", [1, 1], [1, 1], [1, 1]]);
});

Deno.test("§3.10 only a follower that may lead obeys a TimeoutNow, and none of an older term", () => {
  const older = newPeer(1, { hs: { term: 2 } });
  older.node.step(timeoutNow(1));
  deepStrictEqual([role(older), older.node.raft.term], ["follower", 2]);
  const learner = newPeer(1, { conf: { voters: [2, 3], learners: [1] } });
  learner.node.step(timeoutNow());
  strictEqual(role(learner), "follower");
  const candidate = newPeer(1);
  candidate.node.campaign();
  drain(candidate);
  candidate.node.step(timeoutNow());
  deepStrictEqual([role(candidate), candidate.node.raft.term], ["candidate", 1]);
  const leader = newLeader();
  leader.node.step(timeoutNow());
  deepStrictEqual([role(leader), leader.node.raft.term], ["leader", 1]);
  const follower = newPeer(1, { hs: { term: 1 } });
  follower.node.step(timeoutNow());
  deepStrictEqual([role(follower), follower.node.raft.term], ["candidate", 2]);
});

Deno.test("§3.10 another transfer takes the place of the first, and one to the leader itself ends it", () => {
  const leader = newLeader({ heldBy: [2] });
  leader.node.transferLeader(3);
  leader.node.transferLeader(2);
  deepStrictEqual(ofTransfer(drain(leader)), ["TimeoutNow to 2"]);
  leader.node.transferLeader(2);
  deepStrictEqual(ofTransfer(drain(leader)), [], "it is under way already");
  leader.node.transferLeader(1);
  propose(leader, "a");
  strictEqual(terms(leader).length, 2);
});

Deno.test("§3.10 a learner or a stranger is never made leader", () => {
  const leader = newPeer(1, { conf: { voters: [1, 2], learners: [3] } });
  elect(leader);
  for (const id of [3, 4]) leader.node.transferLeader(id);
  propose(leader, "a");
  deepStrictEqual(ofTransfer(drain(leader)), []);
});

Deno.test("§3.10 a follower asks its leader for it; a node that knows none does nothing", () => {
  const peer = newPeer(1, { hs: { term: 1 } });
  peer.node.transferLeader(3);
  deepStrictEqual(drain(peer), []);
  peer.node.step(heartbeat(1));
  drain(peer);
  peer.node.transferLeader(3);
  const asked: TransferLeader = { type: "TransferLeader", from: 1, to: 2, term: 1, transferee: 3 };
  deepStrictEqual(drain(peer), [asked]);
  const leader = newLeader({ heldBy: [2, 3] });
  leader.node.step({ ...asked, from: 2, to: 1 });
  deepStrictEqual(ofTransfer(drain(leader)), ["TimeoutNow to 3"]);
});
