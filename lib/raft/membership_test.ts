/** Changes of the configuration (paper §6, thesis §4), one test a rule. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ConfChangeSingle, Config, ConfStateOptions, Message, NodeId } from "./mod.ts";
import { majority, newConfState } from "./mod.ts";
import {
  accepted,
  alive,
  bytes,
  change,
  commit,
  drain,
  elect,
  entry,
  fails,
  heartbeat,
  install,
} from "./paper_cases.ts";
import {
  newLeader,
  newPeer,
  newPeers,
  type Peer,
  progressOf,
  propose,
  requestVote,
  restart,
  role,
} from "./paper_cases.ts";
import { append, run, sent, settle, snapshotAt, START, ticks, voted } from "./paper_cases.ts";

const add = (node: NodeId): ConfChangeSingle => ({ type: "addNode", node });
const learn = (node: NodeId): ConfChangeSingle => ({ type: "addLearnerNode", node });
const remove = (node: NodeId): ConfChangeSingle => ({ type: "removeNode", node });

const confOf = ({ node }: Peer) => node.raft.confState;
const typesOf = ({ node: { raft: { log } } }: Peer) => (log.entries(1, Infinity) ?? []).map(({ type }) => type);

/** A cluster of `size` that node 1 leads, and nodes that wait outside. */
function newCluster(size: number, outside = 0, config: Partial<Config> = {}): Peer[] {
  const peers = newPeers(size, { config });
  for (let i = 1; i <= outside; i++) peers.push(newPeer(size + i, { size, config }));
  peers[0].node.campaign();
  settle(peers);
  return peers;
}

/** Node 1 in a configuration that it leads, with its first entry committed. */
function leaderIn(conf: ConfStateOptions, from: readonly NodeId[], config: Partial<Config> = {}): Peer {
  const leader = newPeer(1, { conf, config });
  leader.node.campaign();
  drain(leader);
  for (const id of from) leader.node.step(voted(id, 1));
  drain(leader);
  for (const id of from) leader.node.step(accepted(id, 1, 1));
  drain(leader);
  deepStrictEqual([role(leader), commit(leader)], ["leader", 1]);
  return leader;
}

Deno.test("§4.2.1 a new node catches up as a learner, and then votes", () => {
  const peers = newCluster(3, 1);
  propose(peers[0], "a", "b", "c");
  settle(peers);
  change(peers[0], "auto", learn(4));
  run(peers, 4);
  for (const peer of peers) deepStrictEqual(confOf(peer), newConfState({ voters: [1, 2, 3], learners: [4] }));
  deepStrictEqual(peers[3].applied.map(({ index }) => index), [1, 2, 3, 4, 5]);
  change(peers[0], "auto", add(4));
  run(peers, 4);
  for (const peer of peers) deepStrictEqual(confOf(peer), newConfState({ voters: [1, 2, 3, 4] }));
  peers[3].node.campaign();
  settle(peers);
  strictEqual(role(peers[3]), "leader");
});

Deno.test("§4.2.1 a learner neither votes for itself nor is counted: what only it holds is not committed", () => {
  const leader = leaderIn({ voters: [1, 2, 3], learners: [4, 5] }, [2]);
  propose(leader, "a");
  drain(leader);
  for (const id of [4, 5]) leader.node.step(accepted(id, 1, 2));
  strictEqual(commit(leader), 1);
  const learner = newPeer(4, { conf: { voters: [1, 2, 3], learners: [4] } });
  ticks(learner, 50);
  strictEqual(role(learner), "follower");
});

Deno.test("a change is in force on a node once the node has applied it, and not before", () => {
  const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
  change(leader, "auto", add(4));
  drain(leader);
  deepStrictEqual(confOf(leader).voters, [1, 2, 3]);
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  deepStrictEqual(confOf(leader).voters, [1, 2, 3, 4]);
  deepStrictEqual(leader.storage.initialState().confState.voters, [1, 2, 3, 4]);
  deepStrictEqual(progressOf(leader, 4)?.matchIndex, 0);
});

Deno.test("§4.1 while a change is on its way, another is replaced by an empty entry", () => {
  const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
  change(leader, "auto", add(4));
  change(leader, "auto", add(5));
  deepStrictEqual(typesOf(leader), ["empty", "configuration", "empty"]);
  drain(leader);
  leader.node.step(accepted(2, 1, 3));
  drain(leader);
  deepStrictEqual(confOf(leader).voters, [1, 2, 3, 4]);
  change(leader, "auto", add(5));
  deepStrictEqual(typesOf(leader).at(-1), "configuration", "the first is applied");
});

Deno.test("§4.1 a change that is committed and not yet applied is still on its way", () => {
  const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
  change(leader, "auto", add(4));
  drain(leader);
  leader.node.step(accepted(2, 1, 2));
  strictEqual(commit(leader), 2);
  change(leader, "auto", add(5));
  strictEqual(typesOf(leader).at(-1), "empty");
});

Deno.test("a leader takes no change before it has committed an entry of its term", () => {
  const leader = newPeer(1, { size: 4, log: [1], hs: { commit: 1, term: 1 } });
  elect(leader);
  fails("ProposalDropped", () => change(leader, "auto", remove(1)));
  deepStrictEqual(typesOf(leader), ["empty", "empty"]);
  for (const id of [2, 3]) leader.node.step(accepted(id, 2, 2));
  drain(leader);
  change(leader, "auto", remove(1));
  strictEqual(typesOf(leader).at(-1), "configuration");
});

Deno.test("otherwise two changes that know nothing of each other are on their way, and majorities of both may agree without a common node", () => {
  const peers = newCluster(4, 0, { crateFlaws: true });
  const [first, second, third, fourth] = peers;
  change(first, "auto", add(5));
  drain(first);
  const others = [second, third, fourth];
  second.node.campaign();
  settle(others, ({ type }) => type === "RequestVote" || type === "RequestVoteResponse");
  deepStrictEqual([role(first), role(second)], ["leader", "leader"]);
  change(second, "auto", remove(1));
  deepStrictEqual([typesOf(first).at(-1), typesOf(second).at(-1)], ["configuration", "configuration"]);
  const [ofFive, ofThree] = [[1, 2, 5], [3, 4]];
  deepStrictEqual([ofFive.length, ofThree.length], [majority(5), majority(3)]);
  ok(ofFive.every((id) => !ofThree.includes(id)));
});

Deno.test("a change that would leave no voter, or that is none, is refused at once", () => {
  const leader = leaderIn({ voters: [1] }, []);
  fails("ConfChangeInvalid", () => change(leader, "auto", remove(1)));
  fails("ConfChangeInvalid", () => change(leader, "explicit"));
  fails("ConfChangeInvalid", () => change(leader, "auto", add(0)));
  deepStrictEqual(typesOf(leader), ["empty"]);
});

Deno.test("a node that knows no voters takes no change for its first one; the crate makes it the only voter", () => {
  for (const crateFlaws of [false, true]) {
    const { node } = newPeer(4, { conf: { voters: [] }, config: { crateFlaws } });
    const apply = () => node.applyConfChange({ transition: "auto", changes: [add(4)] });
    if (crateFlaws) deepStrictEqual(apply().voters, [4]);
    else fails("ConfChangeInvalid", apply);
    strictEqual(node.raft.confState.voters.length, crateFlaws ? 1 : 0);
  }
});

Deno.test("a follower passes a change on to its leader, and one that knows no leader refuses", () => {
  const peers = newCluster(3, 1);
  change(peers[2], "auto", learn(4));
  run(peers, 2);
  deepStrictEqual(peers.map((peer) => confOf(peer).learners), [[4], [4], [4], [4]]);
  fails("ProposalDropped", () => change(newPeer(1), "auto", add(4)));
});

Deno.test("§6 a joint configuration commits and elects with a majority of each half", () => {
  const conf = { voters: [1, 4, 5], votersOutgoing: [1, 2, 3] };
  for (const [from, expected] of [[[2, 3], 1], [[4, 5], 1], [[2, 4], 2], [[3, 5], 2]] as const) {
    const leader = leaderIn(conf, [2, 4]);
    propose(leader, "a");
    drain(leader);
    for (const id of from) leader.node.step(accepted(id, 1, 2));
    strictEqual(commit(leader), expected, `held by 1, ${from}`);
    const candidate = newPeer(1, { conf });
    candidate.node.campaign();
    deepStrictEqual(sent(drain(candidate)), [2, 3, 4, 5].map((id) => `RequestVote to ${id}`));
    for (const id of from) candidate.node.step(voted(id, 1));
    strictEqual(role(candidate), expected === 2 ? "leader" : "candidate", `voted for by 1, ${from}`);
  }
});

Deno.test("§6 two of three nodes are replaced at once: through a joint configuration, which the leader ends once", () => {
  const peers = newCluster(3, 2);
  change(peers[0], "auto", remove(2), remove(3), add(4), add(5));
  run(peers, 8);
  deepStrictEqual(confOf(peers[0]), newConfState({ voters: [1, 4, 5] }));
  for (const { applied } of [peers[0], peers[3], peers[4]]) {
    deepStrictEqual(applied.filter(({ type }) => type === "configuration").length, 2);
  }
  propose(peers[0], "a");
  settle([peers[0], peers[4]]);
  strictEqual(peers[4].applied.at(-1)?.data.length, 1, "1 and 5 decide alone");
});

Deno.test("§6 an explicit joint configuration is ended by hand, and takes no other change before", () => {
  const peers = newCluster(3, 1);
  change(peers[0], "explicit", add(4));
  run(peers, 4);
  deepStrictEqual(confOf(peers[0]), newConfState({ voters: [1, 2, 3, 4], votersOutgoing: [1, 2, 3] }));
  change(peers[0], "auto", remove(2));
  strictEqual(typesOf(peers[0]).at(-1), "empty");
  settle(peers);
  change(peers[0], "auto");
  run(peers, 4);
  for (const peer of peers) deepStrictEqual(confOf(peer), newConfState({ voters: [1, 2, 3, 4] }));
  change(peers[0], "auto");
  strictEqual(typesOf(peers[0]).at(-1), "empty", "there is nothing to end");
});

Deno.test("§6 a joint configuration whose leader is gone is ended by the next leader", () => {
  const peers = newCluster(3, 1);
  change(peers[0], "implicit", add(4));
  // The joint configuration is committed and applied, and the entry that would end it reaches nobody.
  const isEnd = (message: Message) =>
    message.type === "Append" &&
    message.entries.some(({ type, data }) => type === "configuration" && data.length === 0);
  run(peers, 4, (message) => !isEnd(message));
  for (const peer of peers) strictEqual(confOf(peer).autoLeave, true);
  const others = peers.slice(1);
  others[0].node.campaign();
  run(others, 6);
  for (const peer of others) {
    deepStrictEqual(confOf(peer), newConfState({ voters: [1, 2, 3, 4] }));
    strictEqual(peer.applied.filter(({ type }) => type === "configuration").length, 2, "it is proposed once");
  }
});

Deno.test("a restart in a joint configuration brings all of it back", () => {
  const conf = { voters: [1, 4], votersOutgoing: [1, 2, 3], learners: [5], learnersNext: [3], autoLeave: true };
  const leader = leaderIn({ voters: [1, 2, 3], learners: [5] }, [2]);
  change(leader, "auto", add(4), remove(2), learn(3));
  drain(leader);
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  deepStrictEqual(confOf(leader), newConfState(conf));
  deepStrictEqual(confOf(restart(leader)), newConfState(conf));
});

Deno.test("a majority that has become smaller may have entries and answers already: they are committed and reads answered", () => {
  const leader = leaderIn({ voters: [1, 2, 3, 4] }, [2, 3]);
  change(leader, "auto", remove(4));
  propose(leader, "a");
  drain(leader);
  leader.node.step(accepted(2, 1, 3));
  leader.node.step(accepted(3, 1, 1));
  leader.node.readIndex(bytes("r"));
  const beat = drain(leader).find(({ type, to }) => type === "Heartbeat" && to === 2);
  leader.node.step({ ...alive(2), read: beat?.type === "Heartbeat" ? beat.read : undefined });
  drain(leader);
  deepStrictEqual([commit(leader), leader.reads.length], [1, 0], "1 and 2 are half of four");
  leader.node.step(accepted(3, 1, 2));
  const told = drain(leader).flatMap((m) => m.type === "Append" ? [[m.to, m.leaderCommit]] : []);
  deepStrictEqual(confOf(leader).voters, [1, 2, 3]);
  deepStrictEqual([commit(leader), leader.reads.length], [3, 1], "and a majority of three");
  deepStrictEqual(told.filter(([, known]) => known === 3), [[2, 3], [3, 3]], "all hear of it at once");
});

Deno.test("a read that a smaller majority answers is in the next Ready, once, and not in the one that is being applied", () => {
  const leader = leaderIn({ voters: [1, 2, 3, 4] }, [2, 3]);
  const { node } = leader;
  change(leader, "auto", remove(4));
  drain(leader);
  node.readIndex(bytes("r"));
  const beat = drain(leader).find(({ type, to }) => type === "Heartbeat" && to === 2);
  node.step({ ...alive(2), read: beat?.type === "Heartbeat" ? beat.read : undefined });
  for (const id of [2, 3]) node.step(accepted(id, 1, 2));
  const ready = node.ready();
  strictEqual(ready.committedEntries.at(-1)?.type, "configuration");
  node.applyConfChange({ transition: "auto", changes: [remove(4)] });
  node.advance(ready);
  const next = node.ready();
  deepStrictEqual([ready, next].map(({ readStates }) => readStates.length), [0, 1]);
});

for (const [what, single] of [["removes", remove(1)], ["demotes", learn(1)]] as const) {
  Deno.test(`§4.2.2 a leader that ${what} itself steps down once that is committed; the others go on`, () => {
    const peers = newCluster(3, 0, { fixedTimeout: null });
    propose(peers[0], "a");
    settle(peers);
    change(peers[0], "auto", single);
    settle(peers);
    strictEqual(role(peers[0]), "follower");
    for (const peer of peers) deepStrictEqual(confOf(peer).voters, [2, 3]);
    run(peers, 40);
    strictEqual(role(peers[0]), "follower");
    const leader = peers.find((peer) => role(peer) === "leader");
    ok(leader !== undefined);
    propose(leader, "b");
    settle(peers);
    for (const { applied } of peers.slice(1)) strictEqual(applied.at(-1)?.data.length, 1);
  });

  Deno.test(`§4.2.2 a leader that ${what} itself does not count itself: the change, and what follows, takes a majority of the others`, () => {
    const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
    propose(leader, "a");
    change(leader, "auto", single);
    propose(leader, "b");
    drain(leader);
    leader.node.step(accepted(2, 1, 4));
    drain(leader);
    deepStrictEqual([commit(leader), role(leader)], [2, "leader"], "what was before counts as ever");
    leader.node.step(accepted(3, 1, 3));
    drain(leader);
    deepStrictEqual([commit(leader), role(leader)], [3, "follower"]);
  });

  Deno.test(`§4.2.2 a leader that ${what} itself through a joint configuration does not count itself among the new voters`, () => {
    const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
    change(leader, "implicit", single);
    drain(leader);
    leader.node.step(accepted(2, 1, 2));
    drain(leader);
    deepStrictEqual([confOf(leader).voters, role(leader)], [[2, 3], "leader"]);
    deepStrictEqual(typesOf(leader), ["empty", "configuration", "configuration"]);
    leader.node.step(accepted(2, 1, 3));
    drain(leader);
    strictEqual(commit(leader), 2, "1 and 2 are a majority of the old voters, but 2 alone is none of the new");
    leader.node.step(accepted(3, 1, 3));
    drain(leader);
    deepStrictEqual([commit(leader), role(leader), confOf(leader).votersOutgoing], [3, "follower", []]);
  });
}

Deno.test("what a leader has said while it applied its own removal waits until that is durable", () => {
  const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
  change(leader, "auto", learn(4));
  drain(leader);
  const { node } = leader;
  node.step(accepted(2, 1, 2));
  const ready = node.ready();
  deepStrictEqual(ready.committedEntries.length, 1);
  node.applyConfChange({ transition: "auto", changes: [learn(4)] });
  node.applyConfChange({ transition: "auto", changes: [remove(1)] });
  const light = node.advance(ready);
  deepStrictEqual([light.messages, role(leader)], [[], "follower"]);
});

Deno.test("a node that is no voter refuses to campaign, and says why", () => {
  for (const conf of [{ voters: [] }, { voters: [2, 3] }, { voters: [2, 3], learners: [1] }]) {
    const peer = newPeer(1, { conf });
    fails("NotPromotable", () => peer.node.campaign());
    deepStrictEqual([role(peer), peer.node.raft.term, drain(peer)], ["follower", 0, []]);
  }
});

Deno.test("a node with a committed change to apply does not campaign, for it does not know yet whose votes it needs", () => {
  const peer = newPeer(1);
  const { node } = peer;
  node.step(append(1, START, [{ ...entry(1, 1), type: "configuration" }], 1));
  for (let tick = 0; tick < 30; tick++) node.tick();
  node.campaign();
  node.step({ type: "TimeoutNow", from: 2, to: 1, term: 1 });
  deepStrictEqual([role(peer), node.raft.term], ["follower", 1]);
});

Deno.test("an election does not go on across a change of the configuration", () => {
  for (const change of [false, true]) {
    const type = change ? "configuration" : "command";
    const peer = newPeer(1, { size: 5 });
    peer.node.step(append(1, START, [{ ...entry(1, 1, "{}"), type }]));
    drain(peer);
    peer.node.campaign();
    drain(peer);
    peer.node.step({ ...voted(2, 2), voteGranted: false, commit: 1, commitTerm: 1 });
    strictEqual(role(peer), change ? "follower" : "candidate");
  }
});

Deno.test("§4.2.3 a removed node that campaigns does not disrupt a cluster that checks its quorum", () => {
  for (const checkQuorum of [true, false]) {
    const peers = newCluster(4, 0, { checkQuorum });
    run(peers, 4);
    change(peers[0], "auto", remove(4));
    // Node 4 does not learn that it is removed.
    run(peers, 2, ({ to }) => to !== 4);
    run(peers, 60);
    deepStrictEqual(confOf(peers[3]).voters, [1, 2, 3, 4]);
    const disrupted = peers[0].node.raft.term > 1;
    strictEqual(disrupted, !checkQuorum);
  }
});

Deno.test("a transfer to a node that is removed ends", () => {
  const leader = leaderIn({ voters: [1, 2, 3] }, [2]);
  change(leader, "auto", remove(3));
  drain(leader);
  leader.node.transferLeader(3);
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  propose(leader, "a");
  strictEqual(typesOf(leader).length, 3);
});

Deno.test("a snapshot is taken by a node that is in it only as an old voter, and by none that is in no part of it", () => {
  for (
    const [conf, isTaken] of [
      [{ voters: [2, 3], votersOutgoing: [1, 2, 3] }, true],
      [{ voters: [2, 3], learners: [1] }, true],
      [{ voters: [2, 3] }, false],
    ] as [ConfStateOptions, boolean][]
  ) {
    const peer = newPeer(1, { conf: { voters: [] } });
    const snapshot = snapshotAt(5, 1);
    peer.node.step(install({ ...snapshot, metadata: { ...snapshot.metadata, confState: newConfState(conf) } }));
    drain(peer);
    deepStrictEqual([commit(peer), confOf(peer).voters], isTaken ? [5, [2, 3]] : [0, []]);
  }
});

Deno.test("of a node that leaves and joins in one change the leader knows nothing any more, unless it still votes", () => {
  const leader = leaderIn({ voters: [1, 2, 3], learners: [4] }, [2]);
  leader.node.step(accepted(4, 1, 1));
  change(leader, "implicit", remove(2), add(2), remove(4), add(4));
  drain(leader);
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  deepStrictEqual([2, 4].map((id) => progressOf(leader, id)?.matchIndex), [2, 0]);
});

Deno.test("a node that joins counts as heard from, so that CheckQuorum gives it time", () => {
  const leader = leaderIn({ voters: [1] }, [], { checkQuorum: true });
  change(leader, "auto", add(2));
  drain(leader);
  ticks(leader, 10);
  strictEqual(role(leader), "leader");
  ticks(leader, 10);
  strictEqual(role(leader), "follower", "it has never answered");
});

Deno.test("the messages of an only voter that elects itself wait until its vote is durable; the crate's do not", () => {
  for (const crateFlaws of [false, true]) {
    const { node } = newPeer(1, { conf: { voters: [1], learners: [2] }, config: { crateFlaws } });
    node.campaign();
    const { messages, persistedMessages } = node.ready();
    deepStrictEqual(
      [sent(messages), sent(persistedMessages)],
      crateFlaws ? [["Append to 2"], []] : [[], ["Append to 2"]],
    );
  }
});

Deno.test("an only voter does not elect itself before its log is durable", () => {
  const peer = newPeer(1, { conf: { voters: [1], learners: [2] }, hs: { term: 1 } });
  const { node } = peer;
  node.step(append(1, START, [entry(1, 1)]));
  node.campaign();
  strictEqual(role(peer), "follower");
  drain(peer);
  node.campaign();
  strictEqual(role(peer), "leader");
});

Deno.test("where data is scarce an end of a joint configuration is never refused", () => {
  const leader = leaderIn({ voters: [1, 2, 3] }, [2], { maxUncommittedSize: 80, maxSizePerMsg: 0 });
  change(leader, "implicit", add(4));
  fails("ProposalDropped", () => propose(leader, "a".repeat(80)));
  drain(leader);
  leader.node.step(accepted(2, 1, 2));
  drain(leader);
  strictEqual(typesOf(leader).at(-1), "configuration");
  strictEqual(typesOf(leader).length, 3);
});

Deno.test("a vote request of a leader's own term does not end its leadership, whoever sends it", () => {
  const leader = newLeader();
  leader.node.step(requestVote(9, 1));
  strictEqual(role(leader), "leader");
  leader.node.step(heartbeat(2));
  strictEqual(role(leader), "follower");
});
