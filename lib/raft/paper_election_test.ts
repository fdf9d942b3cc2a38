/** The rules of paper §5.1, §5.2 and §5.4.1, one test a rule: terms, elections and votes. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Message, StateRole, Term } from "./mod.ts";
import {
  accepted,
  append,
  drain,
  elect,
  entry,
  install,
  logOf,
  newPeer,
  type Peer,
  requestVote,
  restart,
  role,
  snapshotAt,
  START,
} from "./paper_cases.ts";

/** One node of three in each role, in the same term. */
function oneOfEachRole(term = 1): Record<StateRole, Peer> {
  const follower = newPeer(1, { hs: { term } });
  const candidate = newPeer(1, { hs: { term: term - 1 } });
  candidate.node.campaign();
  drain(candidate);
  const leader = newPeer(1, { hs: { term: term - 1 } });
  elect(leader);
  return { follower, candidate, leader };
}

function answer(peer: Peer, from: number, granted: boolean): void {
  const { term } = peer.node.raft;
  const says = granted ? { voteGranted: true } as const : { voteGranted: false, commit: 0, commitTerm: 0 } as const;
  peer.node.step({ type: "RequestVoteResponse", from, to: 1, term, ...says });
}

/** How a peer answers a request for its vote. */
function vote(peer: Peer, from: number, term: Term, last = START): "granted" | "refused" | undefined {
  peer.node.step(requestVote(from, term, last));
  const answer = drain(peer).find(({ type }) => type === "RequestVoteResponse");
  if (answer?.type !== "RequestVoteResponse") return undefined;
  strictEqual(answer.term, term);
  strictEqual(answer.to, from);
  return answer.voteGranted ? "granted" : "refused";
}

for (const [name, peer] of Object.entries(oneOfEachRole())) {
  Deno.test(`§5.1 a ${name} that hears of a later term moves to it and follows its leader`, () => {
    peer.node.step(append(2, START, []));
    const { hs, ss } = peer.node.status();
    strictEqual(hs.term, 2);
    deepStrictEqual(ss, { raftState: "follower", leaderId: 2 });
  });
}

for (const [name, peer] of Object.entries(oneOfEachRole())) {
  Deno.test(`§5.1 a ${name} that hears of a later term from someone who does not lead it knows no leader yet`, () => {
    peer.node.step({ type: "HeartbeatResponse", from: 3, to: 1, term: 2, commit: 0 });
    const { hs, ss } = peer.node.status();
    deepStrictEqual(hs, { term: 2, vote: null, commit: 0 });
    deepStrictEqual(ss, { raftState: "follower", leaderId: null });
  });
}

Deno.test("§5.1 a message of an earlier term changes nothing and is not answered", () => {
  const letter = { from: 2, to: 1, term: 1 };
  const stale: Message[] = [
    append(1, START, [entry(1, 1)], 1),
    accepted(2, 1, 1),
    { type: "Heartbeat", ...letter, leaderCommit: 1 },
    { type: "HeartbeatResponse", ...letter, commit: 1 },
    requestVote(2, 1, { index: 9, term: 1 }),
    { type: "RequestVoteResponse", ...letter, voteGranted: true },
    install(snapshotAt(9, 1)),
  ];
  for (const [name, peer] of Object.entries(oneOfEachRole(2))) {
    peer.node.tick();
    const before = [peer.node.status(), peer.node.raft.electionElapsed];
    for (const message of stale) {
      peer.node.step(message);
      deepStrictEqual([peer.node.status(), peer.node.raft.electionElapsed], before, `${message.type} to a ${name}`);
      deepStrictEqual(drain(peer), [], `${message.type} to a ${name}`);
    }
  }
});

Deno.test("§5.2 a node starts as a follower that knows no leader", () => {
  for (const peer of [newPeer(1), newPeer(1, { log: [1, 2], hs: { vote: 1 } })]) {
    deepStrictEqual(peer.node.status().ss, { raftState: "follower", leaderId: null });
    strictEqual(peer.node.hasReady(), false);
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

Deno.test("§5.2 an election is decided as soon as a majority has granted or refused", () => {
  const elections: [size: number, answers: string, outcome: StateRole][] = [
    [1, "", "leader"],
    [2, "y", "leader"],
    [2, "n", "follower"],
    [3, "y", "leader"],
    [3, "n", "candidate"],
    [3, "ny", "leader"],
    [3, "nn", "follower"],
    [4, "yn", "candidate"],
    [4, "nn", "follower"],
    [4, "yy", "leader"],
    [5, "ynn", "candidate"],
    [5, "ynny", "leader"],
    [5, "nnn", "follower"],
  ];
  for (const [size, answers, outcome] of elections) {
    const peer = newPeer(1, { size });
    peer.node.campaign();
    drain(peer);
    [...answers].forEach((letter, i) => answer(peer, i + 2, letter === "y"));
    strictEqual(role(peer), outcome, `${size} nodes, answers "${answers}"`);
    strictEqual(peer.node.raft.term, 1);
  }
});

Deno.test("§5.2 a voter counts once, whatever it says later and however often", () => {
  const peer = newPeer(1, { size: 5 });
  peer.node.campaign();
  drain(peer);
  for (const granted of [false, true]) answer(peer, 2, granted);
  for (const granted of [true, true, false]) answer(peer, 3, granted);
  strictEqual(role(peer), "candidate", "2 has refused, 3 has granted");
  answer(peer, 4, true);
  strictEqual(role(peer), "leader");
});

Deno.test("§5.2 a follower votes for at most one candidate in a term", () => {
  const first = newPeer(1);
  strictEqual(vote(first, 2, 1), "granted");
  strictEqual(vote(first, 3, 1), "refused");
  strictEqual(vote(first, 2, 1), "granted", "the answer may have been lost: the same vote is given again");
  strictEqual(vote(first, 3, 2), "granted", "a new term is a new vote");
});

Deno.test("§5.2 a follower remembers its vote through a crash", () => {
  const before = newPeer(1);
  strictEqual(vote(before, 2, 1), "granted");
  const after = restart(before);
  strictEqual(vote(after, 3, 1), "refused");
  strictEqual(vote(after, 2, 1), "granted");
});

Deno.test("§5.2 candidates and leaders have voted for themselves, and who knows a leader votes for nobody else", () => {
  const { candidate, leader, follower } = oneOfEachRole();
  strictEqual(vote(candidate, 2, 1), "refused");
  strictEqual(vote(leader, 2, 1, { index: 9, term: 1 }), "refused");
  follower.node.step(append(1, START, []));
  strictEqual(follower.node.status().hs.vote, null);
  strictEqual(vote(follower, 3, 1), "refused");
});

Deno.test("§5.2 a candidate that hears from a leader of its term or a later one follows it", () => {
  for (const term of [1, 2]) {
    const words: Message[] = [
      append(term, START, []),
      { type: "Heartbeat", from: 2, to: 1, term, leaderCommit: 0 },
      install(snapshotAt(1, 1), term),
    ];
    for (const message of words) {
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
  const requests: [own: Term[], candidate: Term[], answer: "granted" | "refused"][] = [
    [[], [], "granted"],
    [[1], [1], "granted"],
    [[1], [1, 1], "granted"],
    [[1, 1], [1], "refused"],
    [[1], [2], "granted"],
    [[1], [1, 2], "granted"],
    [[1, 1], [2], "granted"],
    [[2], [1], "refused"],
    [[2], [1, 1], "refused"],
    [[1, 2], [1, 1, 1], "refused"],
    [[1], [], "refused"],
  ];
  for (const [own, candidate, expected] of requests) {
    const voter = newPeer(1, { log: own });
    const last = logOf(candidate).at(-1) ?? START;
    strictEqual(vote(voter, 2, 3, last), expected, `[${own}] is asked by [${candidate}]`);
  }
});
