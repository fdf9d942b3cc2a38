import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Client } from "./client.ts";
import { Cluster } from "./cluster.ts";
import { fails, leaderOf, led, put } from "./cluster_cases.ts";
import type { Command } from "./command.ts";
import { READ_WAYS } from "./trace/rows.ts";
import { Trace } from "./trace/trace.ts";

const GET: Command = { kind: "Get", key: "x" };

/** What clients did and came to know: `21 asked 1`, the tick, the event and the node. */
const eventsOf = (trace: Trace) => trace.of("request").map(({ tick, event, node }) => `${tick} ${event} ${node}`);

/** Let ticks pass until the client waits for nothing. */
const settle = (client: Client, cluster: Cluster) => cluster.runUntil("the client is answered", () => client.isIdle);

/** What applying each entry of a client did on `node`. */
const outcomesOn = (trace: Trace, node: number) =>
  trace.of("apply").filter((row) => row.node === node && row.outcome.kind !== "Empty").map(({ outcome }) =>
    outcome.kind
  );

Deno.test("a leader answers when it has applied the entry, and the client asks it first the next time", () => {
  const { cluster, leader, trace } = led();
  const client = new Client(cluster, 1);
  const start = cluster.now;
  strictEqual(client.ask(put("1"), { to: leader }), 1);
  ok(!client.isIdle);
  settle(client, cluster);
  strictEqual(client.ask(put("2")), 2);
  settle(client, cluster);
  deepStrictEqual(eventsOf(trace), [
    `${start} asked ${leader}`,
    `${start + 2} answered ${leader}`,
    `${start + 2} asked ${leader}`,
    `${start + 4} answered ${leader}`,
  ]);
  strictEqual(cluster.node(leader).store.get("x"), "2");
});

Deno.test("who refuses and names the leader sends the client there, a tick later", () => {
  const { cluster, leader, followers: [follower], trace } = led();
  const client = new Client(cluster, 1);
  const start = cluster.now;
  client.ask(put("1"), { to: follower });
  settle(client, cluster);
  deepStrictEqual(eventsOf(trace), [
    `${start} asked ${follower}`,
    `${start} refused ${follower}`,
    `${start + 1} asked ${leader}`,
    `${start + 3} answered ${leader}`,
  ]);
  deepStrictEqual(trace.of("request").map((row) => row.leader), [null, leader, null, null]);
});

Deno.test("where nobody knows a leader, the client asks one node after the other, with pauses", () => {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
  const client = new Client(cluster, 1);
  client.ask(put("1"), { to: 3 });
  settle(client, cluster);
  deepStrictEqual(eventsOf(trace).slice(0, 5), ["0 asked 3", "0 refused 3", "5 asked 1", "5 refused 1", "10 asked 2"]);
  strictEqual(client.last?.event, "answered");
});

Deno.test("who is silent for too long is given up, and the next node is asked", () => {
  const { cluster, leader, trace } = led();
  const client = new Client(cluster, 1);
  cluster.stop(leader);
  const start = cluster.now;
  const next = leader % 3 + 1;
  client.ask(put("1"), { to: leader, timeout: 4 });
  cluster.run(4);
  deepStrictEqual(eventsOf(trace).slice(0, 3), [
    `${start} asked ${leader}`,
    `${start + 4} timedOut ${leader}`,
    `${start + 4} asked ${next}`,
  ]);
  settle(client, cluster);
  strictEqual(cluster.leader()?.store.get("x"), "1");
});

Deno.test("a leader that stops before it has answered never does, even if it comes back and applies the entry", () => {
  const { cluster, leader, followers, trace } = led();
  const client = new Client(cluster, 1);
  client.ask(put("1"), { to: leader, timeout: 200 });
  cluster.run(1);
  cluster.stop(leader);
  cluster.restart(leader);
  cluster.runUntil("the entry is applied there", () => cluster.node(leader).store.get("x") === "1");
  cluster.run(5);
  deepStrictEqual(trace.of("request").map(({ event }) => event), ["asked"]);
  settle(client, cluster);
  cluster.run(5);
  for (const id of followers) deepStrictEqual(outcomesOn(trace, id), ["Put", "Repeated"]);
});

Deno.test("a deposed leader says that another entry took the place, and the client asks again", () => {
  const { cluster, leader, followers, trace } = led();
  const client = new Client(cluster, 1);
  cluster.network.partition([leader], followers);
  client.ask(put("1"), { to: leader, timeout: 500 });
  cluster.runUntil("another leads", () => followers.includes(leaderOf(cluster)));
  cluster.network.heal();
  settle(client, cluster);
  const told = trace.of("request").map(({ event, node }) => `${event} ${node}`);
  deepStrictEqual(told.slice(0, 2), [`asked ${leader}`, `refused ${leader}`]);
  strictEqual(told.at(-1), `answered ${leaderOf(cluster)}`);
  deepStrictEqual(outcomesOn(trace, followers[0]), ["Put"]);
});

Deno.test("a leader that has lost an entry, and fills its place, refuses nobody: another may hold it, and commit it yet", () => {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 5, seed: 1, observer: trace.record });
  /** Let these nodes alone reach each other. */
  const only = (...ids: number[]) => {
    cluster.network.heal();
    cluster.network.partition(ids, ...cluster.ids.filter((id) => !ids.includes(id)).map((id) => [id]));
  };
  /** Let a node campaign until these elect it; then nobody hears it. */
  const lead = (id: number, ...others: number[]) => {
    only(id, ...others);
    while (cluster.node(id).raft.role.kind !== "leader") {
      cluster.campaign(id);
      cluster.run(2);
    }
    only();
  };
  cluster.campaign(1);
  cluster.run(6);
  const client = new Client(cluster, 1);
  only(1, 2);
  for (const value of ["a", "b"]) cluster.propose(put(value), 1);
  client.ask(put("late"), { to: 1, timeout: 1000, sessions: false });
  cluster.propose(put("later"), 1);
  cluster.run(2);
  deepStrictEqual(cluster.node(2).terms(), [1, 1, 1, 1, 1], "node 2 holds all of it, up to index 5");
  lead(3, 4, 5);
  only(1, 3);
  cluster.run(8);
  deepStrictEqual(cluster.node(1).terms(), [1, 2], "node 1 has lost it");
  lead(1, 4, 5);
  new Client(cluster, 2).ask(put("other"), { to: 1, timeout: 1000 });
  cluster.propose(put("another"), 1);
  deepStrictEqual(cluster.node(1).terms(), [1, 2, 3, 3, 3], "and fills its place");
  strictEqual(client.last?.event, "asked");
  lead(2, 4, 5);
  cluster.network.heal();
  settle(client, cluster);
  const told = trace.of("request").filter((row) => row.client === 1).map(({ event }) => event);
  deepStrictEqual(told, ["asked", "answered"]);
  // Of who asks once, and not again, the trace says the same.
  const answers = trace.scenes().flatMap((scene) => scene.answers).map(({ index, outcome }) => `${index} ${outcome}`);
  deepStrictEqual(answers.sort(), ["2 applied", "3 applied", "5 applied", "5 replaced"]);
});

for (const [sessions, outcomes] of [[true, ["Put", "Put", "Repeated"]], [false, ["Put", "Put", "Put"]]] as const) {
  Deno.test(`a lost answer: the write is sent again, ${sessions ? "and applied once" : "and applied twice without sessions"}`, () => {
    const { cluster, leader, trace } = led();
    const [client, other] = [new Client(cluster, 1), new Client(cluster, 2)];
    client.loseAnswer(1);
    client.ask(put("1"), { to: leader, sessions, timeout: 6 });
    cluster.run(3);
    strictEqual(client.last?.event, "lost");
    other.ask(put("2"), { to: leader, sessions });
    settle(client, cluster);
    deepStrictEqual(outcomesOn(trace, leader), outcomes);
    strictEqual(cluster.node(leader).store.get("x"), sessions ? "2" : "1");
    const events = trace.of("request").filter((row) => row.client === 1).map(({ event }) => event);
    deepStrictEqual(events, ["asked", "lost", "timedOut", "asked", "refused", "asked", "answered"]);
  });
}

Deno.test("an answer to an earlier attempt counts, and names the node and the attempt that it belongs to", () => {
  const { cluster, leader, followers, trace } = led();
  const client = new Client(cluster, 1);
  for (const id of followers) cluster.network.hold(leader, id);
  client.ask(put("1"), { to: leader, timeout: 4 });
  cluster.run(6);
  strictEqual(client.last?.event, "asked");
  strictEqual(client.last?.attempt, 3);
  for (const id of followers) cluster.network.mend(leader, id);
  settle(client, cluster);
  deepStrictEqual([client.last?.event, client.last?.attempt, client.last?.node], ["answered", 1, leader]);
  cluster.run(5);
  strictEqual(trace.of("request").filter(({ event }) => event === "answered").length, 1);
  deepStrictEqual(outcomesOn(trace, leader), ["Put", "Repeated"]);
});

Deno.test("a client asks for one thing after the other, in order; two clients do not wait for each other", () => {
  const { cluster, leader, trace } = led();
  const [client, other] = [new Client(cluster, 1), new Client(cluster, 2)];
  deepStrictEqual(["1", "2", "3"].map((value) => client.ask(put(value), { to: leader })), [1, 2, 3]);
  strictEqual(other.ask({ kind: "Put", key: "y", value: "1" }, { to: leader }), 1);
  settle(client, cluster);
  const mine = trace.of("request").filter((row) => row.client === 1);
  deepStrictEqual(mine.map(({ event, request }) => `${event} ${request}`), [
    "asked 1",
    "answered 1",
    "asked 2",
    "answered 2",
    "asked 3",
    "answered 3",
  ]);
  const [[first], [others]] = [mine, trace.of("request").filter((row) => row.client === 2)];
  strictEqual(others.tick, first.tick);
  strictEqual(cluster.node(leader).store.get("x"), "3");
});

for (const way of READ_WAYS) {
  Deno.test(`a client reads by ${way}`, () => {
    const { cluster, leader, trace } = led({
      checkQuorum: true,
      readOnlyOption: way === "lease" ? "leaseBased" : "safe",
    });
    const client = new Client(cluster, 1);
    client.ask(put("1"), { to: leader });
    settle(client, cluster);
    const { lastIndex } = cluster.node(leader).status();
    const start = cluster.now;
    client.ask(GET, { way });
    settle(client, cluster);
    deepStrictEqual([client.last?.event, client.last?.value, client.last?.way], ["answered", "1", way]);
    strictEqual(cluster.node(leader).status().lastIndex, way === "log" ? lastIndex + 1 : lastIndex);
    // A round of messages, unless nobody is asked.
    strictEqual(cluster.now - start, way === "log" || way === "readIndex" ? 2 : 0);
    const reads = trace.of("read").map(({ way, event, by }) => [way, event, by]);
    const by = { client: 1, request: 2 };
    const asked = way === "log" || way === "store" ? [] : [[way, "asked", by]];
    deepStrictEqual(reads, way === "log" ? [] : [...asked, [way, "answered", by]]);
  });
}

Deno.test("a follower answers from its store, however old that is, and sends any other read to the leader", () => {
  const { cluster, leader, followers: [follower], trace } = led();
  const client = new Client(cluster, 1);
  cluster.network.cut(leader, follower);
  cluster.propose(put("1"));
  cluster.run(3);
  client.ask(GET, { to: follower, way: "store" });
  settle(client, cluster);
  deepStrictEqual([client.last?.value, client.last?.node], [null, follower]);
  client.ask(GET, { to: follower, way: "readIndex" });
  settle(client, cluster);
  deepStrictEqual([client.last?.value, client.last?.node], ["1", leader]);
  deepStrictEqual(trace.of("read").map(({ node }) => node), [follower, leader, leader]);
});

Deno.test("a leader without a majority answers no read by ReadIndex, and the client finds the one that can", () => {
  const { cluster, leader, followers, trace } = led({ nodes: 5 });
  const client = new Client(cluster, 1);
  cluster.network.partition([leader], followers);
  cluster.runUntil("another leads", () => followers.includes(leaderOf(cluster)));
  cluster.propose(put("1"));
  client.ask(GET, { to: leader, way: "readIndex" });
  settle(client, cluster);
  deepStrictEqual([client.last?.value, client.last?.node], ["1", leaderOf(cluster)]);
  deepStrictEqual(trace.of("request").slice(0, 2).map(({ event, node }) => [event, node]), [
    ["asked", leader],
    ["timedOut", leader],
  ]);
});

Deno.test("what cannot be asked for is refused when it is asked for, and takes no number", () => {
  const { cluster } = led();
  const client = new Client(cluster, 1);
  fails(
    () => client.ask(GET, { way: "lease" }),
    /^Cannot read by lease: leaders have none here; make .* "leaseBased"$/,
  );
  fails(() => client.ask(put("1"), { way: "store" }), /^Cannot ask for Put x by store: a write goes through the log$/);
  fails(
    () => client.ask(GET, JSON.parse('{"way":"cache"}')),
    /^Cannot read: the way must be log, readIndex, lease or store, and is "cache"$/,
  );
  fails(() => client.ask(GET, { to: 4 }), /^Cannot find node 4/);
  fails(() => client.ask(GET, { timeout: 0 }), /^Cannot ask for Get x: timeout must be/);
  fails(() => client.loseAnswer(0), /^Cannot lose answers: count must be/);
  fails(() => new Client(cluster, 0), /^Cannot make a client: id must be/);
  throws(() => client.ask({ kind: "Get", key: "" }), { name: "CommandError" });
  ok(client.isIdle);
  strictEqual(client.last, null);
  strictEqual(client.ask(GET), 1);
});

Deno.test("a client of a world that goes on after a restart of every node is answered in the end, once", () => {
  const { cluster, leader, trace } = led();
  const client = new Client(cluster, 1);
  client.loseAnswer(1);
  client.ask(put("1"), { to: leader, timeout: 5 });
  cluster.run(4);
  for (const id of cluster.ids) cluster.compact(id, 0);
  for (const id of cluster.ids) cluster.restart(id);
  settle(client, cluster);
  strictEqual(outcomesOn(trace, leaderOf(cluster)).at(-1), "Repeated");
});

Deno.test("a client that begins where its requests are in logs or in snapshots goes on behind their numbers", () => {
  for (const keep of [null, 0]) {
    const { cluster, leader, followers, trace } = led();
    const first = new Client(cluster, 1);
    for (const value of ["1", "2"]) first.ask(put(value), { to: leader });
    settle(first, cluster);
    cluster.run(5);
    if (keep !== null) { for (const id of cluster.ids) cluster.compact(id, keep); }
    cluster.stop(leader);
    for (const id of followers) cluster.restart(id);
    const again = new Client(cluster, 1);
    strictEqual(again.ask(put("3"), { to: followers[0] }), 3);
    strictEqual(new Client(cluster, 2).ask(put("3"), { to: leader }), 1);
    settle(again, cluster);
    strictEqual(trace.of("apply").at(-1)?.outcome.kind, "Put");
    strictEqual(cluster.leader()?.store.get("x"), "3");
  }
});

Deno.test("a removed node that still names the removed leader does not keep a client from the new one", () => {
  const cluster = new Cluster({ nodes: 3, spares: 1, preVote: true, checkQuorum: true });
  cluster.campaign(1);
  cluster.run(10);
  const changes = [{ type: "addNode", node: 3 }, { type: "removeNode", node: 1 }, {
    type: "removeNode",
    node: 2,
  }] as const;
  cluster.confChange({ transition: "auto", changes }, 1);
  cluster.runUntil("node 3 leads", () => cluster.leader()?.id === 3);
  deepStrictEqual([1, 2].map((id) => cluster.node(id).status().ss.leaderId), [null, 1]);
  const client = new Client(cluster, 1);
  client.ask({ kind: "Put", key: "x", value: "1" });
  cluster.runUntil("the client is answered", () => client.isIdle, 100);
  deepStrictEqual([client.last?.event, client.last?.node], ["answered", 3]);
});
