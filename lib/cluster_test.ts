import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster_options.ts";
import type { Command } from "./command.ts";
import type { TraceRow } from "./event.ts";
import type { NodeId } from "./raft/mod.ts";
import { Trace } from "./trace.ts";

const put = (value: string): Command => ({ kind: "Put", key: "x", value });
const fails = (call: () => unknown, message: RegExp) => throws(call, { name: "ClusterError", message });

/** A cluster with a leader, whose first entry everyone has applied. */
function led(options: ClusterOptions = {}): { cluster: Cluster; leader: NodeId; followers: NodeId[]; trace: Trace } {
  const trace = new Trace();
  const cluster = new Cluster({ ...options, observer: trace.record });
  cluster.runUntil("everyone has applied the leader's first entry", () => {
    return cluster.nodes().every((node) => node.status().applied === 1);
  });
  const leader = leaderOf(cluster);
  return { cluster, leader, followers: cluster.ids.filter((id) => id !== leader), trace };
}

function leaderOf(cluster: Cluster): NodeId {
  return cluster.leader()?.id ?? 0;
}

/** Run until every running node has `value`. */
function spread(cluster: Cluster, value: string): void {
  cluster.runUntil(`x is ${value}`, () => cluster.nodes().every((node) => node.store.get("x") === value));
}

/** What became of the messages of one type that went to `to`, in order. */
function fates(trace: Trace, type: string, to: NodeId): string[] {
  return trace.of("message").filter((row) => row.type === type && row.to === to).map(({ event }) => event);
}

const BAD: [option: string, options: ClusterOptions][] = [
  ["nodes", { nodes: 0 }],
  ["nodes", { nodes: 10 }],
  ["nodes", { nodes: 1.5 }],
  ["seed", { seed: NaN }],
  ["latency", { latency: 0 }],
  ["electionTick", { electionTick: 1 }],
  ["electionTick", { electionTick: 3, heartbeatTick: 3 }],
  ["heartbeatTick", { heartbeatTick: 0 }],
  ["maxSizePerMsg", { maxSizePerMsg: -1 }],
  ["maxInflightMsgs", { maxInflightMsgs: 0 }],
  ["observer", JSON.parse('{"observer":"me"}')],
  ["colour", JSON.parse('{"colour":"red"}')],
];

for (const [option, options] of BAD) {
  Deno.test(`a cluster is not made with ${JSON.stringify(options)}, and the error names ${option}`, () => {
    throws(() => new Cluster(options), new RegExp(`^(Cluster|Raft)Error: Cannot .*\\b${option}\\b`));
  });
}

Deno.test("a cluster has three nodes, nobody leads, and no time has passed, if nothing else is said", () => {
  const cluster = new Cluster();
  deepStrictEqual([cluster.ids, cluster.nodes().length, cluster.leader(), cluster.now], [[1, 2, 3], 3, null, 0]);
});

Deno.test("a leader is elected, and everybody follows it in its term", () => {
  for (let nodes = 1; nodes <= 9; nodes++) {
    const { cluster, leader } = led({ nodes });
    const terms = cluster.nodes().map((node) => node.status().hs.term);
    deepStrictEqual(terms, Array(nodes).fill(terms[0]));
    for (const node of cluster.nodes()) strictEqual(node.status().ss.leaderId, leader);
  }
});

Deno.test("a command that the leader is asked for is appended, and everybody carries it out", () => {
  const { cluster, leader, trace } = led();
  deepStrictEqual(cluster.propose(put("1")), { index: 2, term: 1 });
  spread(cluster, "1");
  const [row, ...more] = trace.of("proposal");
  deepStrictEqual([row.node, row.result, row.index, row.term, more.length], [leader, "appended", 2, 1, 0]);
});

Deno.test("a command that a follower is asked for is passed on to the leader", () => {
  const { cluster, followers, leader, trace } = led();
  strictEqual(cluster.propose(put("1"), followers[0]), null);
  spread(cluster, "1");
  deepStrictEqual(trace.of("proposal").map(({ result, index }) => [result, index]), [["forwarded", null]]);
  deepStrictEqual(fates(trace, "Propose", leader), ["sent", "delivered"]);
});

Deno.test("without a leader nothing can be proposed, and the error says so", () => {
  const trace = new Trace();
  const cluster = new Cluster({ observer: trace.record });
  fails(() => cluster.propose(put("1")), /^Cannot propose: there is no leader/);
  throws(() => cluster.propose(put("1"), 2), { name: "RaftError", kind: "ProposalDropped" });
  deepStrictEqual(trace.of("proposal").map(({ node, result }) => [node, result]), [[2, "dropped"]]);
});

Deno.test("runUntil gives the tick at which it held, and says what never happened", () => {
  const cluster = new Cluster();
  strictEqual(cluster.runUntil("four ticks have passed", () => cluster.now === 4), 4);
  fails(() => cluster.runUntil("the sea is dry", () => false, 20), /never in 20 ticks: the sea is dry$/);
  strictEqual(cluster.now, 24);
});

Deno.test("a node that does not exist, or does not run, cannot be used, and the error names it", () => {
  const cluster = new Cluster();
  fails(() => cluster.node(4), /^Cannot find node 4: there are nodes 1, 2, 3$/);
  cluster.stop(2);
  for (const call of [() => cluster.stop(2), () => cluster.campaign(2), () => cluster.propose(put("1"), 2)]) {
    fails(call, /^Cannot use node 2: it is stopped/);
  }
});

Deno.test("messages to a stopped node are lost, and it does nothing", () => {
  const { cluster, leader, followers: [away], trace } = led();
  cluster.run(2);
  cluster.stop(away);
  const before = [cluster.node(away).status(), trace.rows.length] as const;
  cluster.propose(put("1"));
  cluster.run(20);
  deepStrictEqual(cluster.node(away).status(), before[0]);
  const since = trace.rows.slice(before[1]).filter((row) => row.kind === "message");
  ok(since.some(({ to, event }) => to === away && event === "dropped"));
  ok(since.every(({ from, to, event }) => from !== away && (to !== away || event !== "delivered")));
  deepStrictEqual([cluster.isRunning(away), cluster.nodes().length, leaderOf(cluster)], [false, 2, leader]);
});

Deno.test("a node that stops before it could write or send says nothing, and has forgotten it when it comes back", () => {
  const trace = new Trace();
  const cluster = new Cluster({ observer: trace.record });
  cluster.node(2).campaign();
  cluster.stop(2);
  cluster.run(3);
  deepStrictEqual(trace.of("message"), []);
  cluster.restart(2);
  deepStrictEqual(cluster.node(2).status().hs, { term: 0, vote: null, commit: 0 });
});

Deno.test("a node that comes back catches up by the log, and goes on in its term", () => {
  const { cluster, followers: [away], trace } = led();
  cluster.stop(away);
  cluster.propose(put("1"));
  spread(cluster, "1");
  cluster.restart(away);
  strictEqual(cluster.node(away).status().hs.term, 1);
  spread(cluster, "1");
  deepStrictEqual(trace.of("fault").map(({ fault, node }) => [fault, node]), [["stopped", away], ["restarted", away]]);
});

Deno.test("when the leader stops, another is elected in a later term, and the old one follows it", () => {
  const { cluster, leader } = led({ nodes: 5 });
  cluster.stop(leader);
  strictEqual(cluster.leader(), null);
  cluster.runUntil("there is another leader", () => cluster.leader() !== null);
  const next = cluster.leader()?.status();
  ok(next !== undefined && next.hs.term > 1 && next.id !== leader);
  cluster.restart(leader);
  cluster.runUntil("the old leader follows", () => cluster.node(leader).status().ss.leaderId === next.id);
});

/** A cluster with a follower that has missed what its leader has compacted. */
function lagging(): ReturnType<typeof led> & { away: NodeId } {
  const world = led();
  const { cluster, leader, followers: [away] } = world;
  cluster.stop(away);
  for (const value of ["1", "2"]) cluster.propose(put(value));
  spread(cluster, "2");
  cluster.node(leader).compact(0);
  cluster.restart(away);
  return { ...world, away };
}

Deno.test("a node that missed a compacted log catches up by a snapshot, and the leader is told that it arrived", () => {
  const { cluster, leader, away, trace } = lagging();
  const progress = () => cluster.node(leader).status().progress.find(({ id }) => id === away)?.state;
  cluster.runUntil("a snapshot is on its way", () => fates(trace, "Snapshot", away).length === 1);
  strictEqual(progress(), "snapshot");
  cluster.runUntil("it has arrived", () => fates(trace, "Snapshot", away).includes("delivered"));
  strictEqual(progress(), "probe");
  spread(cluster, "2");
  cluster.propose(put("3"));
  spread(cluster, "3");
  deepStrictEqual(fates(trace, "Snapshot", away), ["sent", "delivered"]);
  deepStrictEqual(trace.of("ready").filter(({ snapshot }) => snapshot === 3).map(({ node }) => node), [away]);
});

Deno.test("a snapshot that was lost is sent again, for the leader is told", () => {
  const { cluster, leader, away, trace } = lagging();
  cluster.runUntil("a snapshot is on its way", () => fates(trace, "Snapshot", away).length === 1);
  const inFlight = cluster.network.inFlight().find(({ message }) => message.type === "Snapshot");
  cluster.network.drop(inFlight?.id ?? 0);
  const progress = cluster.node(leader).status().progress.find(({ id }) => id === away);
  deepStrictEqual([progress?.state, progress?.nextIdx], ["probe", 2], "the leader does not think that it arrived");
  spread(cluster, "2");
  deepStrictEqual(fates(trace, "Snapshot", away), ["sent", "dropped", "sent", "delivered"]);
});

Deno.test("a minority cannot commit; once the partition is healed, its entry gives way", () => {
  const { cluster, leader, followers } = led({ nodes: 5 });
  cluster.network.partition([leader, followers[0]], followers.slice(1));
  cluster.propose(put("lost"), leader);
  cluster.run(100);
  strictEqual(cluster.node(leader).status().hs.commit, 1);
  const other = cluster.leader();
  ok(other !== null && followers.slice(1).includes(other.id), "the leader of the latest term is the majority's");
  cluster.propose(put("kept"));
  cluster.network.heal();
  spread(cluster, "kept");
});

/** All rows of a run in which everything happens. */
function rowsOf(seed: number): TraceRow[] {
  const { cluster, followers, trace } = led({ nodes: 5, seed });
  cluster.propose(put("1"));
  cluster.stop(followers[0]);
  cluster.run(20);
  cluster.restart(followers[0]);
  cluster.run(20);
  return [...trace.rows];
}

Deno.test("the same seed gives the same rows, other seeds others", () => {
  const runs = [1, 2, 3, 4].map(rowsOf);
  deepStrictEqual(runs, [1, 2, 3, 4].map(rowsOf));
  for (const other of runs.slice(1)) notDeepStrictEqual(other, runs[0]);
  ok(new Set([1, 2, 3, 4, 5, 6].map((seed) => led({ seed }).leader)).size > 1, "the seed decides who leads");
});
