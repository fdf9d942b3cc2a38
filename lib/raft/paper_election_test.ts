/** The rules of paper §5.1, §5.2 and §5.4.1, one test a rule: terms, election timeouts, elections and votes. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Message, StateRole, Term, Ticks } from "./mod.ts";
import { accepted, alive, append, drain, elect, entry, heartbeat, install, logOf, newPeer } from "./paper_cases.ts";
import { newPeers, type Peer, requestVote, restart, role, sent, snapshotAt, START, voted } from "./paper_cases.ts";
import { seededRandom } from "./random.ts";

/** One node of three in each role, in the same term. */
function oneOfEachRole(term = 1): Record<Exclude<StateRole, "preCandidate">, Peer> {
  const follower = newPeer(1, { hs: { term } });
  const candidate = newPeer(1, { hs: { term: term - 1 } });
  candidate.node.campaign();
  drain(candidate);
  const leader = newPeer(1, { hs: { term: term - 1 } });
  elect(leader);
  return { follower, candidate, leader };
}

/** How a peer answers a request for its vote. */
function vote(peer: Peer, from: number, term: Term, last = START): "granted" | "refused" {
  peer.node.step(requestVote(from, term, last));
  const answer = drain(peer).find((message) => message.type === "RequestVoteResponse");
  deepStrictEqual([answer?.term, answer?.to], [term, from]);
  return answer?.voteGranted ? "granted" : "refused";
}

/** How many ticks pass until the peer campaigns. */
function ticksUntilCampaign(peer: Peer): Ticks {
  const { term } = peer.node.raft;
  let ticks = 0;
  for (; peer.node.raft.term === term && ticks < 1000; ticks++) peer.node.tick();
  drain(peer);
  return ticks;
}

Deno.test("§5.1 a node in any role that hears of a later term moves to it and follows its leader, if it knows it", () => {
  for (const [message, leaderId] of [[append(2, START, []), 2], [alive(3, 2), null]] as const) {
    for (const [name, { node }] of Object.entries(oneOfEachRole())) {
      node.step(message);
      const { hs, ss } = node.status();
      deepStrictEqual(hs, { term: 2, vote: null, commit: 0 }, name);
      deepStrictEqual(ss, { raftState: "follower", leaderId }, name);
    }
  }
});

Deno.test("§5.1 a message of an earlier term changes nothing and is not answered", () => {
  const ofLeaders = [append(1, START, [entry(1, 1)], 1), heartbeat(1, 1), install(snapshotAt(9, 1))];
  const ofOthers = [requestVote(2, 1, { index: 9, term: 1 }), accepted(2, 1, 1), alive(2), voted(2, 1)];
  for (const [name, peer] of Object.entries(oneOfEachRole(2))) {
    peer.node.tick();
    const before = [peer.node.status(), peer.node.raft.electionElapsed];
    for (const message of [...ofLeaders, ...ofOthers]) {
      peer.node.step(message);
      deepStrictEqual([peer.node.status(), peer.node.raft.electionElapsed], before, `${message.type} to a ${name}`);
      deepStrictEqual(drain(peer), [], `${message.type} to a ${name}`);
    }
  }
});

Deno.test("§5.2 a leader sends heartbeats to everybody each time its heartbeat timeout passes", () => {
  const peer = newPeer(1, { config: { heartbeatTick: 3 } });
  elect(peer);
  for (let round = 0; round < 10; round++) {
    deepStrictEqual([peer.node.tick(), peer.node.tick(), drain(peer)], [false, false, []]);
    strictEqual(peer.node.tick(), true);
    deepStrictEqual(drain(peer), [2, 3].map((to) => ({ type: "Heartbeat", from: 1, to, term: 1, leaderCommit: 0 })));
  }
});

Deno.test("§5.2 a follower that hears nothing for an election timeout starts an election, if it is a voter", () => {
  const peer = newPeer(1, { config: { fixedTimeout: 13 } });
  for (let tick = 1; tick < 13; tick++) strictEqual(peer.node.tick(), false);
  deepStrictEqual([role(peer), peer.node.tick(), role(peer)], ["follower", true, "candidate"]);
  deepStrictEqual(sent(drain(peer)), ["RequestVote to 2", "RequestVote to 3"]);
  deepStrictEqual(peer.node.status().hs, { term: 1, vote: 1, commit: 0 });
  strictEqual(ticksUntilCampaign(newPeer(4, { size: 3 })), 1000, "never: it is no voter");
});

Deno.test("§5.2 a candidate that neither wins nor loses starts a new election in a new term", () => {
  const candidate = newPeer(1);
  candidate.node.campaign();
  drain(candidate);
  candidate.node.step(voted(2, 1, false));
  deepStrictEqual([ticksUntilCampaign(candidate), role(candidate)], [10, "candidate"]);
  deepStrictEqual(candidate.node.status().hs, { term: 2, vote: 1, commit: 0 });
  candidate.node.step(voted(3, 2));
  strictEqual(role(candidate), "leader", "the refusal of term 1 no longer counts");
});

Deno.test("§5.2 a follower waits anew if it hears from its leader or grants a vote, but not if it refuses one", () => {
  const cases: [message: Message, ticks: Ticks][] = [
    [append(1, START, []), 10],
    [heartbeat(1), 10],
    [requestVote(2, 1, { index: 1, term: 1 }), 10],
    [requestVote(2, 1), 1],
  ];
  for (const [message, ticks] of cases) {
    const peer = newPeer(1, { log: [1] });
    for (let tick = 1; tick < 10; tick++) peer.node.tick();
    peer.node.step(message);
    drain(peer);
    strictEqual(ticksUntilCampaign(peer), ticks, message.type);
  }
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
      if (who === "followers") {
        for (const { node } of peers) node.step({ ...append(node.raft.term + 1, START, []), from: 6 });
      }
      peers.forEach(drain);
    }
    ok(conflicts > 0, "chance is at work");
    ok(conflicts / 500 < 0.3, `${conflicts} of 500 rounds had no single first candidate`);
  });
}

Deno.test("§5.2 an election is decided as soon as a majority has granted or refused", () => {
  const elections: Record<string, [size: number, answers: string][]> = {
    leader: [[1, ""], [2, "y"], [3, "y"], [3, "ny"], [4, "yy"], [5, "ynny"]],
    candidate: [[3, "n"], [4, "yn"], [5, "ynn"]],
    follower: [[2, "n"], [3, "nn"], [4, "nn"], [5, "nnn"]],
  };
  for (const [outcome, cases] of Object.entries(elections)) {
    for (const [size, answers] of cases) {
      const peer = newPeer(1, { size });
      peer.node.campaign();
      drain(peer);
      [...answers].forEach((letter, i) => peer.node.step(voted(i + 2, 1, letter === "y")));
      deepStrictEqual([role(peer), peer.node.raft.term], [outcome, 1], `${size} nodes, answers "${answers}"`);
    }
  }
});

Deno.test("§5.2 a voter counts once, whatever it says later and however often", () => {
  const peer = newPeer(1, { size: 5 });
  peer.node.campaign();
  drain(peer);
  for (const granted of [false, true]) peer.node.step(voted(2, 1, granted));
  for (const granted of [true, true, false]) peer.node.step(voted(3, 1, granted));
  strictEqual(role(peer), "candidate", "2 has refused, 3 has granted");
  peer.node.step(voted(4, 1));
  strictEqual(role(peer), "leader");
});

Deno.test("§5.2 a follower votes for at most one candidate in a term, through crashes and elections it does not win", () => {
  const first = newPeer(1);
  strictEqual(vote(first, 2, 1), "granted");
  for (const peer of [first, restart(first)]) {
    strictEqual(vote(peer, 3, 1), "refused");
    strictEqual(vote(peer, 2, 1), "granted", "the answer may have been lost: the same vote is given again");
  }
  strictEqual(vote(first, 3, 2), "granted", "a new term is a new vote");
  const { candidate } = oneOfEachRole();
  for (const from of [2, 3]) candidate.node.step(voted(from, 1, false));
  deepStrictEqual([role(candidate), vote(candidate, 2, 1)], ["follower", "refused"], "it voted for itself");
});

Deno.test("§5.2 candidates and leaders have voted for themselves, and a node that knows a leader elects nobody else", () => {
  const { candidate, leader, follower } = oneOfEachRole();
  strictEqual(vote(candidate, 2, 1), "refused");
  strictEqual(vote(leader, 2, 1, { index: 9, term: 1 }), "refused");
  follower.node.step(append(1, START, []));
  strictEqual(follower.node.status().hs.vote, null);
  strictEqual(vote(follower, 3, 1), "refused");
});

Deno.test("§5.2 a candidate that hears from a leader of its term or a later one follows it", () => {
  for (const term of [1, 2]) {
    for (const message of [append(term, START, []), heartbeat(term), install(snapshotAt(1, 1), term)]) {
      const { candidate } = oneOfEachRole();
      candidate.node.step(message);
      deepStrictEqual(candidate.node.status().ss, { raftState: "follower", leaderId: 2 }, message.type);
      strictEqual(candidate.node.raft.term, term);
      strictEqual(drain(candidate).length, 1, "the leader gets its answer");
    }
  }
});

Deno.test("§5.4.1 a request for a vote goes to everybody else and says where the candidate's log ends", () => {
  for (const log of [[1], [1, 2], [1, 2, 2]]) {
    const peer = newPeer(1, { log, hs: { commit: 1 } });
    peer.node.campaign();
    const last = { lastLogIndex: log.length, lastLogTerm: log[log.length - 1] };
    const request = { type: "RequestVote", from: 1, term: last.lastLogTerm + 1, ...last, commit: 1, commitTerm: 1 };
    deepStrictEqual(drain(peer), [{ ...request, to: 2 }, { ...request, to: 3 }]);
  }
});

Deno.test("§5.4.1 a voter refuses a candidate whose log is less up-to-date than its own", () => {
  const logs: Record<"granted" | "refused", [own: Term[], candidate: Term[]][]> = {
    granted: [[[], []], [[1], [1]], [[1], [1, 1]], [[1], [2]], [[1], [1, 2]], [[1, 1], [2]]],
    refused: [[[1, 1], [1]], [[2], [1]], [[2], [1, 1]], [[1, 2], [1, 1, 1]], [[1], []]],
  };
  for (const [answer, cases] of Object.entries(logs)) {
    for (const [own, candidate] of cases) {
      const last = logOf(candidate).at(-1) ?? START;
      strictEqual(vote(newPeer(1, { log: own }), 2, 3, last), answer, `[${own}] is asked by [${candidate}]`);
    }
  }
});
