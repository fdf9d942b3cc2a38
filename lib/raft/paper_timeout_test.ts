/** The rules of paper §5.2 about time: when an election starts, and why two seldom start at once. */
import { seededRandom } from "./random.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { CommitInfo, Message, Ticks } from "./mod.ts";
import { append, drain, newPeer, newPeers, type Peer, requestVote, role, START } from "./paper_cases.ts";

/** How many ticks pass until the peer campaigns. */
function ticksUntilCampaign(peer: Peer): Ticks {
  const { term } = peer.node.raft;
  let ticks = 0;
  while (peer.node.raft.term === term && ticks < 1000) {
    peer.node.tick();
    ticks++;
  }
  drain(peer);
  return ticks;
}

Deno.test("§5.2 a follower that hears nothing for an election timeout starts an election", () => {
  const peer = newPeer(1, { config: { fixedTimeout: 13 } });
  for (let tick = 1; tick < 13; tick++) strictEqual(peer.node.tick(), false);
  strictEqual(role(peer), "follower");
  strictEqual(peer.node.tick(), true);
  strictEqual(role(peer), "candidate");
  const requests = drain(peer);
  deepStrictEqual(peer.node.status().hs, { term: 1, vote: 1, commit: 0 });
  deepStrictEqual(requests.map(({ type, to }) => [type, to]), [["RequestVote", 2], ["RequestVote", 3]]);
});

Deno.test("§5.2 a candidate that neither wins nor loses starts a new election in a new term", () => {
  const candidate = newPeer(1);
  const answer = (from: number, says: { voteGranted: true } | { voteGranted: false } & CommitInfo) =>
    candidate.node.step({ type: "RequestVoteResponse", from, to: 1, term: candidate.node.raft.term, ...says });
  candidate.node.campaign();
  drain(candidate);
  answer(2, { voteGranted: false, commit: 0, commitTerm: 0 });
  strictEqual(ticksUntilCampaign(candidate), 10);
  strictEqual(role(candidate), "candidate");
  deepStrictEqual(candidate.node.status().hs, { term: 2, vote: 1, commit: 0 });
  answer(3, { voteGranted: true });
  strictEqual(role(candidate), "leader", "the refusal of term 1 no longer counts");
});

Deno.test("§5.2 a follower that hears from its leader or grants a vote waits anew", () => {
  const words: Message[] = [
    append(1, START, []),
    { type: "Heartbeat", from: 2, to: 1, term: 1, leaderCommit: 0 },
    requestVote(2, 1),
  ];
  for (const message of words) {
    const peer = newPeer(1, { hs: { term: 1 } });
    for (let tick = 1; tick < 10; tick++) peer.node.tick();
    peer.node.step(message);
    drain(peer);
    strictEqual(ticksUntilCampaign(peer), 10, message.type);
  }
});

Deno.test("§5.2 a follower that refuses a vote does not wait anew", () => {
  const peer = newPeer(1, { log: [1] });
  for (let tick = 1; tick < 10; tick++) peer.node.tick();
  peer.node.step(requestVote(2, 1));
  drain(peer);
  strictEqual(peer.node.status().hs.vote, null);
  strictEqual(ticksUntilCampaign(peer), 1);
});

Deno.test("§5.2 a follower's election timeout is chosen at random between one and two times the base", () => {
  const seen = new Set<Ticks>();
  for (let seed = 0; seed < 200; seed++) {
    const peer = newPeer(1, { config: { random: seededRandom(seed), fixedTimeout: null } });
    seen.add(ticksUntilCampaign(peer));
  }
  deepStrictEqual([...seen].sort(), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
});

for (const who of ["followers", "candidates"]) {
  Deno.test(`§5.2 election timeouts of ${who} mostly do not conflict`, () => {
    const peers = newPeers(5, { config: { fixedTimeout: null } });
    if (who === "candidates") { for (const peer of peers) ticksUntilCampaign(peer); }
    let conflicts = 0;
    for (let round = 0; round < 500; round++) {
      const timeouts = peers.map(ticksUntilCampaign).sort((a, b) => a - b);
      if (timeouts[0] === timeouts[1]) conflicts++;
      if (who === "followers") peers.forEach((peer) => peer.node.step(append(peer.node.raft.term + 1, START, [])));
      peers.forEach(drain);
    }
    ok(conflicts > 0, "chance is at work");
    ok(conflicts / 500 < 0.3, `${conflicts} of 500 rounds had no single first candidate`);
  });
}

Deno.test("§5.2 only a voter campaigns when its election timeout passes", () => {
  const peer = newPeer(4, { size: 3 });
  for (let tick = 0; tick < 100; tick++) strictEqual(peer.node.tick(), false);
  strictEqual(role(peer), "follower");
});
