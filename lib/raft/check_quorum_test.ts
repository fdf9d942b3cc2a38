/** CheckQuorum and the lease of the voters (thesis §6.2, §4.2.3), one test a rule. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ConfStateOptions, NodeId } from "./mod.ts";
import { alive, append, drain, elect, heartbeat, newLeader, newPeer, newPeers, requestVote } from "./paper_cases.ts";
import { role, run, sent, settle, START, ticks } from "./paper_cases.ts";

const config = { checkQuorum: true };

Deno.test("§6.2 a leader that hears from no majority for an election timeout steps down, in its own term", () => {
  for (const checkQuorum of [true, false]) {
    const leader = newLeader({ heldBy: [], config: { checkQuorum } });
    ticks(leader, 10);
    // Since its election it has heard from nobody; the votes do not count.
    deepStrictEqual([role(leader), leader.node.raft.term], [checkQuorum ? "follower" : "leader", 1]);
    deepStrictEqual(leader.node.status().ss.leaderId, checkQuorum ? null : 1);
  }
});

Deno.test("§6.2 a leader that hears from a majority within every election timeout stays", () => {
  const leader = newLeader({ config, size: 5 });
  for (let round = 0; round < 5; round++) {
    for (const from of [2, 4]) leader.node.step(alive(from));
    ticks(leader, 10);
    strictEqual(role(leader), "leader");
  }
  leader.node.step(alive(2));
  ticks(leader, 10);
  strictEqual(role(leader), "follower", "itself and node 2 are no majority of five");
});

Deno.test("§6.2 answers of a learner do not count", () => {
  const leader = newPeer(1, { conf: { voters: [1, 2], learners: [3, 4] }, config });
  elect(leader);
  for (const from of [3, 4]) leader.node.step(alive(from));
  ticks(leader, 10);
  strictEqual(role(leader), "follower");
});

Deno.test("§6.2 in a joint configuration a leader needs a majority of both halves", () => {
  for (const [heard, expected] of [[[2, 3], "follower"], [[4, 5], "follower"], [[3, 4, 5], "leader"]] as const) {
    const leader = newPeer(1, { conf: { voters: [1, 4, 5], votersOutgoing: [1, 2, 3] }, config });
    elect(leader);
    ticks(leader, 9);
    for (const from of heard) leader.node.step(alive(from));
    ticks(leader, 1);
    strictEqual(role(leader), expected, `heard from ${heard}`);
  }
});

Deno.test("§4.2.3 a node that hears from its leader votes for nobody, and keeps its term", () => {
  for (const type of ["RequestVote", "RequestPreVote"] as const) {
    const peer = newPeer(1, { config, hs: { term: 1 } });
    peer.node.step(heartbeat(1));
    drain(peer);
    ticks(peer, 9);
    peer.node.step({ ...requestVote(3, 2), type });
    deepStrictEqual([drain(peer), peer.node.raft.term], [[], 1], "not even an answer");
  }
});

Deno.test("§4.2.3 what is asked about its own term or an older one it answers as ever", () => {
  const peer = newPeer(1, { config, hs: { term: 2 } });
  peer.node.step(heartbeat(2));
  drain(peer);
  peer.node.step(requestVote(3, 2));
  peer.node.step({ ...requestVote(3, 1), type: "RequestPreVote" });
  deepStrictEqual(sent(drain(peer)), ["RequestVoteResponse to 3", "RequestPreVoteResponse to 3"]);
});

Deno.test("§4.2.3 once its leader was silent for an election timeout, it votes", () => {
  const peer = newPeer(1, { config: { ...config, fixedTimeout: 15 }, hs: { term: 1 } });
  peer.node.step(heartbeat(1));
  drain(peer);
  ticks(peer, 10);
  peer.node.step(requestVote(3, 2));
  deepStrictEqual([sent(drain(peer)), peer.node.raft.vote], [["RequestVoteResponse to 3"], 3]);
});

Deno.test("§4.2.3 a leader keeps its term while it may still lead", () => {
  const leader = newLeader({ config });
  leader.node.step(requestVote(3, 7));
  deepStrictEqual([role(leader), leader.node.raft.term, drain(leader)], ["leader", 1, []]);
});

Deno.test("§3.10 an election that the leader has asked for is not held back", () => {
  const peer = newPeer(1, { config, hs: { term: 1 } });
  peer.node.step(heartbeat(1));
  drain(peer);
  peer.node.step({ ...requestVote(3, 2), transfer: true });
  deepStrictEqual([sent(drain(peer)), peer.node.raft.vote], [["RequestVoteResponse to 3"], 3]);
});

Deno.test("a node of a greater term answers the leader that it ignores, or it would be stuck for ever", () => {
  const stale = [heartbeat(1), append(1, START, [])];
  for (const features of [{ checkQuorum: true }, { preVote: true }]) {
    const peer = newPeer(1, { config: features, hs: { term: 3 } });
    for (const message of stale) {
      peer.node.step(message);
      const [answer] = drain(peer);
      deepStrictEqual([answer.type, answer.to, "term" in answer && answer.term], ["AppendResponse", 2, 3]);
    }
  }
  const plain = newPeer(1, { hs: { term: 3 } });
  for (const message of stale) plain.node.step(message);
  deepStrictEqual(drain(plain), [], "without them a request for a vote will do it");
});

Deno.test("a node that will not ask the leader for its vote answers it, too; the crate's does not", () => {
  const cases: [conf: ConfStateOptions, asks: boolean][] = [
    [{ voters: [1, 2, 3] }, true],
    [{ voters: [2, 3], learners: [1] }, false],
    [{ voters: [1, 3] }, false],
  ];
  for (const [conf, asks] of cases) {
    for (const crateFlaws of [false, true]) {
      const peer = newPeer(1, { conf, hs: { term: 3 }, config: { crateFlaws } });
      peer.node.step(heartbeat(1));
      deepStrictEqual(sent(drain(peer)), asks || crateFlaws ? [] : ["AppendResponse to 2"], JSON.stringify(conf));
    }
  }
});

Deno.test("a node that was cut off and has a greater term gets its leader back, and keeps it", () => {
  const peers = newPeers(3, { config });
  peers[0].node.campaign();
  settle(peers);
  const alone: NodeId = 3;
  run(peers, 50, ({ from, to }) => from !== alone && to !== alone);
  run(peers, 60);
  const terms = peers.map(({ node }) => node.raft.term);
  strictEqual(new Set(terms).size, 1, "all are in one term");
  strictEqual(new Set(peers.map(({ node }) => node.status().ss.leaderId)).size, 1, "and know one leader");
});
