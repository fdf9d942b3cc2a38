import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import { fails, fates, leaderOf, led, put, spread } from "./cluster_cases.ts";
import type { NodeId, Ticks } from "./raft/mod.ts";
import { Trace } from "./trace/trace.ts";

/** What was sent from a node from this row on, by type. */
function sentBy(trace: Trace, id: NodeId, firstRow: number): string[] {
  return trace.rows.slice(firstRow).flatMap((row) =>
    row.kind === "message" && row.event === "sent" && row.from === id ? [row.type] : []
  );
}

/** The ticks at which a node began to campaign. */
function campaigns(trace: Trace, id: NodeId): Ticks[] {
  const own = trace.of("node").filter(({ node }) => node === id);
  return own.filter(({ role, term }, i) => role === "candidate" && term !== own.at(i - 1)?.term).map(({ tick }) =>
    tick
  );
}

Deno.test("a node whose clock is paused votes", () => {
  const trace = new Trace();
  const cluster = new Cluster({ observer: trace.record });
  for (const id of cluster.ids) cluster.pauseClock(id);
  cluster.campaign(2);
  cluster.run(3);
  strictEqual(cluster.leader()?.id, 2);
  deepStrictEqual(cluster.nodes().map((node) => node.status().hs.vote), [2, 2, 2]);
});

Deno.test("a leader whose clock is paused sends no heartbeats, though it still replicates", () => {
  const { cluster, leader, followers, trace } = led();
  for (const id of followers) cluster.fixTimeout(id, 19);
  cluster.run(3);
  cluster.pauseClock(leader);
  const before = trace.rows.length;
  cluster.run(9);
  deepStrictEqual(sentBy(trace, leader, before), []);
  cluster.propose(put("1"));
  spread(cluster, "1");
  deepStrictEqual([...new Set(sentBy(trace, leader, before))], ["Append"]);
  cluster.runUntil("the others lose patience", () => cluster.leader()?.id !== leader, 100);
});

Deno.test("a fixed timeout is the present one, every later one, and that after a restart; of a stopped node too", () => {
  const trace = new Trace();
  const cluster = new Cluster({ observer: trace.record });
  for (const id of [1, 3]) cluster.pauseClock(id);
  cluster.network.partition([1, 3], [2]);
  cluster.run(4);
  cluster.fixTimeout(2, 13);
  cluster.run(36);
  deepStrictEqual(campaigns(trace, 2), [13, 26, 39]);
  cluster.stop(2);
  cluster.fixTimeout(2, 11);
  cluster.restart(2);
  cluster.run(30);
  deepStrictEqual(campaigns(trace, 2).slice(3), [51, 62]);
});

Deno.test("a timeout that is no longer fixed is random again, from the next one on", () => {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 2, observer: trace.record });
  cluster.pauseClock(1);
  cluster.network.partition([1], [2]);
  cluster.fixTimeout(2, 10);
  cluster.run(15);
  cluster.fixTimeout(2, null);
  cluster.run(400);
  const starts = campaigns(trace, 2);
  deepStrictEqual(starts.slice(0, 2), [10, 20], "the timeout that runs stays as it is");
  const later = starts.slice(2).map((tick, i) => tick - starts[i + 1]);
  ok(later.every((ticks) => ticks >= 10 && ticks <= 19) && new Set(later).size > 3, later.join());
});

Deno.test("no timeout can be fixed that no random one could be, and the error names it", () => {
  const cluster = new Cluster({ electionTick: 10 });
  for (const ticks of [9, 20, 0, -10, 12.5, NaN, Infinity]) {
    fails(
      () => cluster.fixTimeout(1, ticks),
      new RegExp(`^Cannot fix the timeout of node 1: ticks must be .* from 10 to 19, and is ${ticks}$`),
    );
  }
  fails(() => cluster.fixTimeout(4, 10), /^Cannot find node 4/);
  fails(() => cluster.pauseClock(4), /^Cannot find node 4/);
});

Deno.test("a message that is taken in hand stands in the trace, when that was done", () => {
  const { cluster, trace } = led();
  cluster.propose(put("1"));
  const [{ id }] = cluster.network.inFlight().filter(({ message }) => message.type === "Append");
  for (const what of ["holdMessage", "duplicateMessage", "releaseMessage"] as const) cluster.network[what](id);
  const told = trace.of("messageFault");
  const { now: tick } = cluster;
  deepStrictEqual(told.map((row) => [row.tick, row.fault, row.id, row.type, row.from, row.to]), [
    [tick, "hold", id, "Append", 1, 2],
    [tick, "duplicate", id, "Append", 1, 2],
    [tick, "release", id, "Append", 1, 2],
  ]);
});

Deno.test("what is done to links stands in the trace, when it was done", () => {
  const { cluster, trace } = led();
  const start = cluster.now;
  cluster.network.cut(1, 2);
  cluster.run(2);
  cluster.network.delay(1, 3, 4);
  cluster.network.heal();
  deepStrictEqual(trace.of("linkFault"), [
    { kind: "linkFault", tick: start, from: 1, to: 2, fault: "cut", latency: 1 },
    { kind: "linkFault", tick: start + 2, from: 1, to: 3, fault: "delay", latency: 4 },
    { kind: "linkFault", tick: start + 2, from: 1, to: 2, fault: "mend", latency: 1 },
  ]);
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

Deno.test("a snapshot that was lost is sent again, for the leader is told", () => {
  const { cluster, leader, followers: [away], trace } = led();
  cluster.stop(away);
  for (const value of ["1", "2"]) cluster.propose(put(value));
  spread(cluster, "2");
  cluster.compact(leader, 0);
  cluster.restart(away);
  const progress = () => cluster.node(leader).status().progress.find(({ id }) => id === away);
  cluster.runUntil("a snapshot is on its way", () => fates(trace, "Snapshot", away).length === 1);
  strictEqual(progress()?.state, "snapshot");
  const inFlight = cluster.network.inFlight().find(({ message }) => message.type === "Snapshot");
  cluster.network.dropMessage(inFlight?.id ?? 0);
  const { state, nextIndex } = progress() ?? {};
  deepStrictEqual([state, nextIndex], ["probe", 2], "the leader does not think that it arrived");
  spread(cluster, "2");
  deepStrictEqual(fates(trace, "Snapshot", away), ["sent", "dropped", "sent", "delivered"]);
});

for (const step of [1, 2, 3, 4, 5, 6, 7] as const) {
  Deno.test(`a node that crashes after step ${step} has no entry of a term that it has not stored`, () => {
    const cluster = new Cluster({ seed: 1 });
    cluster.network.partition([1, 2], [3]);
    cluster.campaign(1);
    cluster.runUntil("node 1 leads", () => cluster.leader()?.id === 1);
    cluster.crashAfter(3, step);
    cluster.network.heal();
    cluster.runUntil("node 3 crashes", () => !cluster.isRunning(3));
    const { hs: { term }, lastIndex } = cluster.node(3).status();
    const storage = cluster.storage(3);
    const stored = storage.initialState().hardState.term;
    deepStrictEqual([stored, storage.lastIndex()], step < 5 ? [0, 0] : [term, lastIndex]);
    cluster.restart(3);
    cluster.runUntil("node 3 has caught up", () => cluster.node(3).status().applied === 1);
    deepStrictEqual(cluster.node(3).terms(), cluster.node(1).terms());
  });
}
