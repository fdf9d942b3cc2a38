/** PreVote (thesis §9.6), one test a rule. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { LogPosition, NodeId, RequestPreVote, RequestPreVoteResponse, Term } from "./mod.ts";
import {
  alive,
  append,
  commit,
  drain,
  entry,
  heartbeat,
  newPeer,
  newPeers,
  type Peer,
  requestVote,
} from "./paper_cases.ts";
import { role, run, sent, settle, START, ticks, voted } from "./paper_cases.ts";

const config = { preVote: true };

/** Node `from` asks node 1 whether it would get its vote in `term`. */
const ask = (from: NodeId, term: Term, last: LogPosition = START): RequestPreVote => (
  { ...requestVote(from, term, last), type: "RequestPreVote" }
);

/** Node `from` would vote for node 1 in `term`. */
const would = (from: NodeId, term: Term): RequestPreVoteResponse => (
  { type: "RequestPreVoteResponse", from, to: 1, term, voteGranted: true }
);

/** Node `from`, of this term, would not. */
const wouldNot = (from: NodeId, term: Term): RequestPreVoteResponse => (
  { type: "RequestPreVoteResponse", from, to: 1, term, voteGranted: false, commit: 0, commitTerm: 0 }
);

const stateOf = ({ node: { raft } }: Peer) => [raft.term, raft.vote, raft.electionElapsed];

/** How node 1 answers, and in which term. */
function answerOf(peer: Peer, question: RequestPreVote): [Term, boolean] | null {
  peer.node.step(question);
  const answer = drain(peer).find((message) => message.type === "RequestPreVoteResponse");
  return answer === undefined ? null : [answer.term, answer.voteGranted];
}

Deno.test("§9.6 a node asks before it campaigns, and takes a new term only when a majority would vote for it", () => {
  const peer = newPeer(1, { size: 5, config });
  deepStrictEqual(sent(ticks(peer, 10)), [2, 3, 4, 5].map((id) => `RequestPreVote to ${id}`));
  deepStrictEqual([role(peer), ...stateOf(peer)], ["preCandidate", 0, null, 0]);
  peer.node.step(would(2, 1));
  deepStrictEqual([role(peer), ...stateOf(peer)], ["preCandidate", 0, null, 0]);
  peer.node.step(would(3, 1));
  deepStrictEqual([role(peer), ...stateOf(peer)], ["candidate", 1, 1, 0]);
  deepStrictEqual(sent(drain(peer)), [2, 3, 4, 5].map((id) => `RequestVote to ${id}`));
});

Deno.test("§9.6 a node that a majority would not vote for waits, in its old term", () => {
  const peer = newPeer(1, { config, hs: { term: 3 } });
  ticks(peer, 10);
  peer.node.step(wouldNot(2, 3));
  peer.node.step(wouldNot(3, 3));
  deepStrictEqual([role(peer), peer.node.raft.term], ["follower", 3]);
});

Deno.test("§9.6 an only voter needs to ask nobody", () => {
  const peer = newPeer(1, { size: 1, config });
  ticks(peer, 10);
  strictEqual(role(peer), "leader");
});

Deno.test("§9.6 to say that it would vote changes nothing in a node: neither term nor vote nor timer", () => {
  const peer = newPeer(1, { hs: { term: 4 } });
  ticks(peer, 7);
  for (const from of [2, 3]) deepStrictEqual(answerOf(peer, ask(from, 5)), [5, true]);
  deepStrictEqual(stateOf(peer), [4, null, 7]);
});

Deno.test("§9.6 an answer to the question is no vote, and a vote is no answer to it", () => {
  const candidate = newPeer(1);
  candidate.node.campaign();
  candidate.node.step(would(2, 1));
  strictEqual(role(candidate), "candidate");
  const preCandidate = newPeer(1, { config, hs: { term: 1 } });
  preCandidate.node.campaign();
  preCandidate.node.step(voted(2, 1));
  strictEqual(role(preCandidate), "preCandidate");
});

Deno.test("§9.6 the first answer of a node counts, whatever it says later", () => {
  const peer = newPeer(1, { size: 5, config, hs: { term: 1 } });
  peer.node.campaign();
  for (const answer of [wouldNot(2, 1), would(2, 2), would(3, 2)]) peer.node.step(answer);
  strictEqual(role(peer), "preCandidate", "nodes 1 and 3 are two of five");
  peer.node.step(would(4, 2));
  strictEqual(role(peer), "candidate");
});

Deno.test("§5.4.1 the question checks the log as a vote does", () => {
  const cases: [last: LogPosition, granted: boolean][] = [
    [{ index: 2, term: 2 }, true],
    [{ index: 3, term: 2 }, true],
    [{ index: 1, term: 3 }, true],
    [{ index: 1, term: 2 }, false],
    [{ index: 9, term: 1 }, false],
  ];
  for (const [last, granted] of cases) {
    const peer = newPeer(1, { log: [1, 2], hs: { term: 3 } });
    deepStrictEqual(answerOf(peer, ask(2, 4, last)), [granted ? 4 : 3, granted], JSON.stringify(last));
  }
});

Deno.test("§9.6 about its own term a node says what it would do: its vote is given, or its leader known", () => {
  const voter = () => newPeer(1, { hs: { term: 3, vote: 3 } });
  deepStrictEqual(answerOf(voter(), ask(2, 3)), [3, false]);
  deepStrictEqual(answerOf(voter(), ask(3, 3)), [3, true]);
  const follower = newPeer(1, { hs: { term: 3 } });
  deepStrictEqual(answerOf(follower, ask(2, 3)), [3, true]);
  follower.node.step(heartbeat(3));
  deepStrictEqual(answerOf(follower, ask(3, 3)), [3, false]);
});

Deno.test("§9.6 an answer to an earlier question does not count, unless as in the crate", () => {
  for (const crateFlaws of [false, true]) {
    const peer = newPeer(1, { config: { ...config, crateFlaws }, hs: { term: 5 } });
    peer.node.campaign();
    peer.node.step(would(2, 5));
    strictEqual(role(peer), crateFlaws ? "candidate" : "preCandidate");
  }
});

/** A cluster of three led by node 1, whose node 3 comes back after it was alone for a while; how often the term grew. */
function termsAfterReturn(preVote: boolean): number {
  const peers = newPeers(3, { config: { preVote } });
  const [first, , third] = peers;
  first.node.campaign();
  settle(peers);
  run(peers, 50, ({ from, to }) => from !== 3 && to !== 3);
  strictEqual(role(third), preVote ? "preCandidate" : "candidate");
  run(peers, 30);
  return third.node.raft.term - 1;
}

Deno.test("§9.6 a node that was cut off comes back without a new term; without PreVote the leader must step down", () => {
  strictEqual(termsAfterReturn(true), 0);
  strictEqual(termsAfterReturn(false) > 0, true);
});

Deno.test("§9.6 a node of an older term that asks is answered with the newer term, so that it can win the next time", () => {
  const peer = newPeer(1, { log: [1], hs: { term: 9 } });
  deepStrictEqual(answerOf(peer, ask(2, 3, { index: 5, term: 2 })), [9, false]);
  const asking = newPeer(1, { config, hs: { term: 2 } });
  asking.node.campaign();
  asking.node.step(wouldNot(2, 9));
  deepStrictEqual([role(asking), asking.node.raft.term], ["follower", 9]);
});

Deno.test("§9.6 a greater term with a shorter log and a smaller term with a longer log: one of them is elected", () => {
  const shorter = newPeer(1, { log: [1], hs: { term: 9 }, config });
  const longer = newPeer(2, { log: [1, 2, 2], hs: { term: 2 }, config: { ...config, fixedTimeout: 13 } });
  run([shorter, longer], 60);
  deepStrictEqual([role(shorter), role(longer)], ["follower", "leader"]);
});

Deno.test("§9.6 a node that lags in term comes back as the leader dies, and a leader is found", () => {
  const back = newPeer(1, { log: [1], hs: { term: 1 }, config });
  const other = newPeer(2, { log: [1, 4], hs: { term: 4 }, config: { ...config, fixedTimeout: 13 } });
  run([back, other], 60);
  deepStrictEqual([role(back), role(other)], ["follower", "leader"]);
});

Deno.test("§9.6 who refuses learns from the question, and who is refused from the answer, what is committed", () => {
  const refusing = newPeer(1, { log: [1, 2], hs: { term: 2 } });
  answerOf(refusing, { ...ask(2, 3, { index: 1, term: 1 }), commit: 1, commitTerm: 1 });
  const refused = newPeer(1, { log: [1, 2], config });
  refused.node.campaign();
  refused.node.step({ ...wouldNot(2, 2), voteGranted: false, commit: 2, commitTerm: 2 });
  deepStrictEqual([commit(refusing), commit(refused)], [1, 2]);
});

Deno.test("§9.6 a pre-candidate follows a leader of its own term", () => {
  const peer = newPeer(1, { config, hs: { term: 1 } });
  peer.node.campaign();
  peer.node.step(append(1, START, [entry(1, 1)]));
  deepStrictEqual([role(peer), peer.node.status().ss.leaderId], ["follower", 2]);
});

Deno.test("§9.6 while a node asks it takes no proposals and knows no leader", () => {
  const peer = newPeer(1, { config, hs: { term: 1 } });
  peer.node.step(heartbeat(1));
  peer.node.campaign();
  strictEqual(peer.node.status().ss.leaderId, null);
  strictEqual(sent(drain(peer)).includes("RequestPreVote to 2"), true);
  peer.node.step(alive(2, 1));
  strictEqual(role(peer), "preCandidate");
});
