/** ReadIndex and lease-based reads (thesis §6.4), one test a rule. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Heartbeat, HeartbeatResponse, Index, Message, NodeId } from "./mod.ts";
import { accepted, alive, bytes, commit, drain, elect, fails, heartbeat, newLeader, newPeer } from "./paper_cases.ts";
import { newPeers, type Peer, propose, requestVote, role, run, sent, settle, ticks } from "./paper_cases.ts";

const read = ({ node }: Peer, context: string): void => node.readIndex(bytes(context));

/** What was said of reads so far: `a at 3`. */
const readsOf = ({ reads }: Peer): string[] =>
  reads.map(({ context, index }) => `${new TextDecoder().decode(context)} at ${index}`);

/** How node `from` answers the heartbeat to it among `messages`. */
function answer(messages: readonly Message[], from: NodeId): HeartbeatResponse {
  const beat = messages.find((m): m is Heartbeat => m.type === "Heartbeat" && m.to === from);
  return { ...alive(from, beat?.term), read: beat?.read, lease: beat?.lease };
}

/** A leader whose entry 1 is committed and whose entry 2 is not. */
function leaderWithMore(options: Parameters<typeof newLeader>[0] = {}): Peer {
  const leader = newLeader(options);
  propose(leader, "a");
  drain(leader);
  return leader;
}

Deno.test("§6.4 a read is answered when a majority has answered the heartbeats that it sent, at the commit index", () => {
  const leader = leaderWithMore({ size: 5, heldBy: [2, 3] });
  read(leader, "r");
  const beats = drain(leader);
  deepStrictEqual(sent(beats), [2, 3, 4, 5].map((id) => `Heartbeat to ${id}`));
  leader.node.step(answer(beats, 4));
  leader.node.step(answer(beats, 4));
  drain(leader);
  deepStrictEqual(readsOf(leader), [], "itself and node 4 are no majority of five");
  leader.node.step(answer(beats, 5));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["r at 1"], "not at its last index, 2");
});

Deno.test("§6.4 what is committed after a read was asked for is not waited for", () => {
  const leader = leaderWithMore();
  read(leader, "r");
  const beats = drain(leader);
  leader.node.step(accepted(2, 1, 2));
  leader.node.step(answer(beats, 2));
  drain(leader);
  deepStrictEqual([readsOf(leader), commit(leader)], [["r at 1"], 2]);
});

Deno.test("§6.4 a new leader answers no read before it has committed an entry of its term", () => {
  const lease = { checkQuorum: true, readOnlyOption: "leaseBased" } as const;
  for (const config of [{}, lease]) {
    const leader = newPeer(1, { log: [1], hs: { commit: 1 }, config });
    elect(leader);
    read(leader, "early");
    leader.node.step({ type: "ReadIndex", from: 3, to: 1, context: bytes("early, too") });
    deepStrictEqual(drain(leader).filter(({ type }) => type === "Heartbeat" || type === "ReadIndexResp"), []);
    leader.node.step(accepted(2, leader.node.raft.term, 2));
    drain(leader);
    read(leader, "late");
    leader.node.step(answer(drain(leader), 2));
    drain(leader);
    deepStrictEqual(readsOf(leader), ["late at 2"]);
  }
});

Deno.test("§6.4 a follower asks its leader, and may answer once it has applied the index", () => {
  const peers = newPeers(3);
  peers[0].node.campaign();
  settle(peers);
  propose(peers[0], "a");
  settle(peers);
  read(peers[2], "r");
  settle(peers);
  deepStrictEqual(peers.map(readsOf), [[], [], ["r at 2"]]);
});

Deno.test("§6.4 the leader's answer tells a follower what is committed", () => {
  const peer = newPeer(1, { log: [1, 1], hs: { term: 1 } });
  peer.node.step(heartbeat(1));
  peer.node.step({ type: "ReadIndexResp", from: 2, to: 1, term: 1, index: 2, context: bytes("r") });
  drain(peer);
  deepStrictEqual([readsOf(peer), commit(peer)], [["r at 2"], 2]);
  const other = newPeer(1, { log: [1, 1], hs: { term: 2 } });
  other.node.step(heartbeat(2));
  other.node.step({ type: "ReadIndexResp", from: 2, to: 1, term: 2, index: 2, context: bytes("r") });
  drain(other);
  strictEqual(commit(other), 0, "its entry at index 2 is not the leader's");
});

Deno.test("§6.4 an old leader that is cut off answers no read", () => {
  const peers = newPeers(3);
  peers[0].node.campaign();
  settle(peers);
  const divided = ({ from, to }: Message) => from !== 1 && to !== 1;
  peers[1].node.campaign();
  settle(peers, divided);
  propose(peers[1], "a");
  settle(peers, divided);
  read(peers[0], "r");
  run(peers, 5, divided);
  deepStrictEqual([role(peers[0]), readsOf(peers[0])], ["leader", []]);
  run(peers, 5);
  deepStrictEqual([role(peers[0]), readsOf(peers[0])], ["follower", []], "and none once it leads no more");
});

Deno.test("§6.4 who answers a later read answers the earlier ones, too", () => {
  const leader = newLeader();
  read(leader, "a");
  drain(leader);
  read(leader, "b");
  leader.node.step(answer(drain(leader), 3));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["a at 1", "b at 1"]);
});

Deno.test("§6.4 answers of learners and of strangers do not count", () => {
  const leader = newPeer(1, { conf: { voters: [1, 2, 3], learners: [4] } });
  elect(leader);
  leader.node.step(accepted(2, 1, 1));
  drain(leader);
  read(leader, "r");
  const beats = drain(leader);
  leader.node.step(answer(beats, 4));
  fails("StepPeerNotFound", () => leader.node.step({ ...answer(beats, 2), from: 9 }));
  drain(leader);
  deepStrictEqual(readsOf(leader), []);
});

Deno.test("§6.4 a context used twice: a late answer to the first read does not count for the second", () => {
  const leader = leaderWithMore();
  read(leader, "r");
  const early = drain(leader);
  leader.node.step(answer(early, 2));
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  read(leader, "r");
  drain(leader);
  leader.node.step(answer(early, 3));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["r at 1"]);
});

Deno.test("§6.4 two nodes that use the same context each get an answer to their own read", () => {
  const leader = leaderWithMore();
  leader.node.step({ type: "ReadIndex", from: 3, to: 1, context: bytes("r") });
  const early = drain(leader);
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  read(leader, "r");
  const late = drain(leader);
  const answersTo3 = (messages: Message[]): Index[] =>
    messages.flatMap((m) => m.type === "ReadIndexResp" && m.to === 3 ? [m.index] : []);
  leader.node.step(answer(early, 2));
  deepStrictEqual([answersTo3(drain(leader)), readsOf(leader)], [[1], []]);
  leader.node.step(answer(late, 2));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["r at 2"]);
});

Deno.test("§6.4 a request that arrives twice is answered once, and reads that nobody answers are asked for again", () => {
  const leader = newLeader();
  const request: Message = { type: "ReadIndex", from: 3, to: 1, context: bytes("r") };
  leader.node.step(request);
  leader.node.step(request);
  drain(leader);
  for (let tick = 0; tick < 2; tick++) leader.node.tick();
  const beats = drain(leader);
  leader.node.step(answer(beats, 2));
  deepStrictEqual(sent(drain(leader)), ["ReadIndexResp to 3"]);
});

Deno.test("§6.4 an only voter answers at once", () => {
  const leader = newPeer(1, { size: 1 });
  leader.node.campaign();
  drain(leader);
  read(leader, "r");
  drain(leader);
  deepStrictEqual(readsOf(leader), ["r at 1"]);
});

Deno.test("a read without a context is refused, and one without a leader gets no answer", () => {
  const peer = newPeer(1);
  fails("ReadInvalid", () => read(peer, ""));
  read(peer, "r");
  deepStrictEqual([drain(peer), readsOf(peer)], [[], []]);
});

Deno.test("§6.4 a leader that is to be the only voter asks the outgoing ones while they vote, too", () => {
  const leader = newPeer(1, { conf: { voters: [1], votersOutgoing: [1, 2, 3] } });
  elect(leader);
  leader.node.step(accepted(2, 1, 1));
  drain(leader);
  read(leader, "r");
  const beats = drain(leader);
  deepStrictEqual([commit(leader), readsOf(leader)], [1, []]);
  leader.node.step(answer(beats, 2));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["r at 1"]);
});

const LEASE = { checkQuorum: true, readOnlyOption: "leaseBased" } as const;

Deno.test("§6.4.1 a leader answers at once while a majority has answered heartbeats of the last election timeout", () => {
  const leader = newLeader({ config: LEASE });
  const beats = ticks(leader, 2);
  leader.node.step(answer(beats, 2));
  ticks(leader, 8);
  read(leader, "in time");
  drain(leader);
  deepStrictEqual(readsOf(leader), ["in time at 1"]);
  ticks(leader, 1);
  read(leader, "too late");
  const more = drain(leader);
  deepStrictEqual(readsOf(leader), ["in time at 1"], "now it asks");
  leader.node.step(answer(more, 3));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["in time at 1", "too late at 1"]);
});

Deno.test("§6.4.1 an answer to an earlier heartbeat that comes late does not shorten the lease", () => {
  const leader = newLeader({ config: LEASE });
  const [early, later] = [ticks(leader, 2), ticks(leader, 2)];
  for (const beats of [later, early]) leader.node.step(answer(beats, 2));
  ticks(leader, 8);
  read(leader, "r");
  deepStrictEqual([drain(leader), readsOf(leader)], [[], ["r at 1"]]);
});

Deno.test("§6.4.1 a new leader has no lease before a majority has answered its heartbeats, though it has committed", () => {
  const leader = newLeader({ config: LEASE });
  read(leader, "early");
  const beats = drain(leader);
  deepStrictEqual([commit(leader), readsOf(leader)], [1, []]);
  leader.node.step(answer(beats, 2));
  drain(leader);
  deepStrictEqual(readsOf(leader), ["early at 1"]);
});

Deno.test("§6.4.1 the lease begins when the heartbeat was sent, however late its answer comes; the crate goes by CheckQuorum", () => {
  for (const crateFlaws of [false, true]) {
    const leader = newLeader({ config: { ...LEASE, crateFlaws } });
    const beats = ticks(leader, 2);
    ticks(leader, 7);
    leader.node.step(answer(beats, 2));
    ticks(leader, 2);
    read(leader, "r");
    drain(leader);
    deepStrictEqual([role(leader), readsOf(leader)], ["leader", crateFlaws ? ["r at 1"] : []]);
  }
});

Deno.test("§6.4.1 a node that starts again votes for nobody for an election timeout, for what it may have promised", () => {
  for (const crateFlaws of [false, true]) {
    const peer = newPeer(1, { hs: { term: 1 }, config: { ...LEASE, fixedTimeout: 15, crateFlaws } });
    ticks(peer, 9);
    peer.node.step(requestVote(3, 2));
    strictEqual(drain(peer).length, crateFlaws ? 1 : 0);
    ticks(peer, 1);
    peer.node.step(requestVote(3, 3));
    strictEqual(peer.node.raft.vote, 3);
  }
});

Deno.test("§6.4.1 there is no lease once a node was told to campaign, whatever becomes of it; the crate thinks there is", () => {
  for (const crateFlaws of [false, true]) {
    const leader = newLeader({ config: { ...LEASE, crateFlaws } });
    leader.node.step(answer(ticks(leader, 2), 3));
    drain(leader);
    leader.node.transferLeader(2);
    drain(leader);
    leader.node.transferLeader(1);
    read(leader, "r");
    const beats = drain(leader);
    deepStrictEqual(readsOf(leader), crateFlaws ? ["r at 1"] : []);
    leader.node.step(answer(beats, 3));
    drain(leader);
    deepStrictEqual(readsOf(leader), ["r at 1"]);
  }
});
