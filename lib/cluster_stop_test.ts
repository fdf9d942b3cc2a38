import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import { fates, leaderOf, led, put, spread } from "./cluster_cases.ts";
import type { NodeId } from "./raft/mod.ts";
import { Trace } from "./trace/trace.ts";

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
  deepStrictEqual(trace.of("nodeFault").map(({ fault, node }) => [fault, node]), [["stopped", away], [
    "restarted",
    away,
  ]]);
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
  cluster.network.dropMessage(inFlight?.id ?? 0);
  const progress = cluster.node(leader).status().progress.find(({ id }) => id === away);
  deepStrictEqual([progress?.state, progress?.nextIndex], ["probe", 2], "the leader does not think that it arrived");
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
