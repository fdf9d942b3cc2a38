import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import { randomInts } from "../raft/mod.ts";
import { play } from "../scenario/run.ts";
import { scenarios } from "../scenario/scenarios.ts";
import { type ClusterState, conditionOf, leaderOf, linkOf, LogState, MapState, scenesOf } from "./fold.ts";
import type { EntrySummary, TraceRow } from "./rows.ts";
import { Trace } from "./trace.ts";

const entries = (first: number, ...terms: number[]): EntrySummary[] =>
  terms.map((term, i) => ({ index: first + i, term, command: null }));

function traced(nodes = 3): { cluster: Cluster; state: () => ClusterState } {
  const trace = new Trace();
  const cluster = new Cluster({ nodes, seed: 1, observer: trace.record });
  cluster.runUntil("there is a leader", () => cluster.leader() !== null);
  cluster.run(5);
  return { cluster, state: () => [...scenesOf(trace.rows)].at(-1)?.state as ClusterState };
}

for (const scenario of scenarios) {
  Deno.test(`folded to its end, ${scenario.name} leaves what its cluster holds`, () => {
    const { cluster, trace } = play(scenario);
    const nodes = [...[...scenesOf(trace.rows)].at(-1)?.state.nodes.values() ?? []].filter(({ running }) => running);
    deepStrictEqual(
      nodes.map(({ node, role, term, commit, configuration, log, store }) => {
        return { node, role, term, commit, configuration, terms: log.terms(), x: store.get("x") ?? null };
      }),
      cluster.nodes().map((node) => {
        const { ss, hs: { term, commit } } = node.status();
        const { configuration } = node;
        const storage = cluster.storage(node.id);
        const terms = storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity).map((held) => held.term);
        return { node: node.id, role: ss.raftState, term, commit, configuration, terms, x: node.store.get("x") };
      }),
    );
  });
}

Deno.test("a partition cuts links; what is sent on them is not on its way, and what waits on a held link is", () => {
  const { cluster, state } = traced();
  cluster.network.partition([1], [2, 3]);
  deepStrictEqual([linkOf(state(), 1, 2).state, linkOf(state(), 2, 3).state], ["cut", "open"]);
  cluster.network.hold(3, 2);
  cluster.run(30);
  deepStrictEqual(linkOf(state(), 3, 2), { from: 3, to: 2, state: "held" });
  ok([...state().inFlight.values()].some(({ message }) => message.from === 3 && message.to === 2));
  ok([...state().inFlight.values()].every(({ message }) => message.from !== 1 && message.to !== 1));
  cluster.network.heal();
  deepStrictEqual([...state().links.values()].filter((link) => link.state !== "open"), []);
});

Deno.test("a stopped node keeps its role in the state, and neither leads nor is told to", () => {
  const { cluster, state } = traced();
  const leader = leaderOf(state())?.node ?? 0;
  cluster.stop(leader);
  cluster.pauseClock(leader === 1 ? 2 : 1);
  const node = state().nodes.get(leader);
  deepStrictEqual([node?.role, node?.running, node && conditionOf(node)], ["leader", false, "stopped"]);
  strictEqual(leaderOf(state()), null);
  strictEqual([...state().nodes.values()].filter(({ clockPaused }) => clockPaused).length, 1);
  cluster.restart(leader);
  strictEqual(state().nodes.get(leader)?.role, "follower");
});

Deno.test("what is applied later does not change the store of an earlier scene", () => {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 1, observer: trace.record });
  cluster.runUntil("there is a leader", () => cluster.leader() !== null);
  for (const value of ["1", "2"]) {
    cluster.propose({ kind: "Put", key: "x", value });
    cluster.run(2);
  }
  deepStrictEqual([...scenesOf(trace.rows)].slice(-3).map(({ state }) => state.nodes.get(1)?.store.get("x")), [
    "2",
    "2",
    "2",
  ]);
});

Deno.test("logs that share their entries do not see what is appended to each other later", () => {
  const log = LogState.empty().append(entries(1, 1, 1, 2));
  const [one, other] = [log.append(entries(4, 3)), log.append(entries(4, 4, 4))];
  deepStrictEqual([log, one, other].map((each) => each.terms()), [[1, 1, 2], [1, 1, 2, 3], [1, 1, 2, 4, 4]]);
  const truncated = one.append(entries(2, 5));
  deepStrictEqual([truncated.terms(), one.terms()], [[1, 5], [1, 1, 2, 3]]);
  const compacted = other.from(4);
  deepStrictEqual([compacted.firstIndex, compacted.terms(), compacted.entry(3)], [4, [4, 4], undefined]);
  deepStrictEqual([other.from(9).lastIndex, other.from(9).append(entries(9, 7)).terms()], [8, [7]]);
});

Deno.test("a run is folded in time proportional to it, however many keys there are and messages on their way", () => {
  const rows: TraceRow[] = [];
  const [at, hint] = [{ node: 1, term: 1 }, { from: 1, to: 2, term: 1, type: "Heartbeat", leaderCommit: 0 } as const];
  const node = {
    kind: "node",
    running: true,
    role: "leader",
    vote: 1,
    leader: 1,
    firstIndex: 1,
    progress: [],
    timer: null,
  } as const;
  for (let tick = 1; tick <= 20_000; tick++) {
    rows.push({ ...hint, kind: "message", event: "sent", tick, id: tick });
    const outcome = { kind: "Put", key: `${tick}`, value: "1", previous: null } as const;
    rows.push({ ...at, kind: "apply", tick, index: tick, outcome });
    rows.push({ ...node, ...at, tick, lastIndex: tick, commit: tick, applied: tick });
  }
  const start = performance.now();
  const scenes = [...scenesOf(rows)];
  ok(performance.now() - start < 10_000);
  deepStrictEqual([scenes.length, scenes[9].state.inFlight.values().length], [20_000, 10]);
  const stores = [scenes[9], scenes[19_999]].map(({ state }) => state.nodes.get(1)?.store.values().length);
  deepStrictEqual(stores, [10, 20_000]);
});

Deno.test("a map does not see what becomes of the maps that grow from it", () => {
  const maps = [MapState.of([["x", 1]])];
  const changes: [string, number | undefined][] = [["y", 2], ["x", 3], ["y", undefined], ["y", 4], ["x", undefined]];
  for (const [key, value] of changes) maps.push(maps[maps.length - 1].set(key, value));
  const seen = maps.map((map) => [map.get("x"), map.get("y"), map.values().sort()]);
  deepStrictEqual(seen, [
    [1, undefined, [1]],
    [1, 2, [1, 2]],
    [3, 2, [2, 3]],
    [3, undefined, [3]],
    [3, 4, [3, 4]],
    [undefined, 4, [4]],
  ]);
  throws(() => maps[0].set("z", 5), /only the last of the maps that share their values grows/);
  strictEqual(maps[0].get("z"), undefined);
});

Deno.test("each of many maps that grow from each other holds what it held", () => {
  const chance = randomInts(1);
  const copy = new Map<string, number>();
  const all = [{ map: MapState.of<string, number>(), values: [...copy] }];
  for (let i = 0; i < 1500; i++) {
    const [key, value] = [`${chance(0, 400)}`, chance(0, 4) === 0 ? undefined : i];
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
    all.push({ map: all[i].map.set(key, value), values: [...copy] });
  }
  for (const { map, values } of all.filter((_, i) => i % 37 === 0)) {
    deepStrictEqual(map.values().sort((a, b) => a - b), values.map(([, value]) => value).sort((a, b) => a - b));
    for (const [key, value] of values.slice(0, 20)) strictEqual(map.get(key), value);
    strictEqual(map.get("none"), undefined);
  }
});

Deno.test("what is done by hand at a tick belongs to it, after what time brought in it", () => {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
  cluster.campaign(2);
  cluster.run(5);
  cluster.propose({ kind: "Put", key: "x", value: "1" });
  cluster.stop(3);
  const [start, last] = [trace.scenes()[0], trace.scenes().at(-1)];
  deepStrictEqual([start.tick, start.passing.state.nodes.get(2)?.role], [0, "follower"]);
  deepStrictEqual(start.state.nodes.get(2)?.role, "candidate");
  deepStrictEqual([last?.tick, last?.passing.state.nodes.get(2)?.lastIndex, last?.state.nodes.get(2)?.lastIndex], [
    5,
    1,
    2,
  ]);
  deepStrictEqual(last?.byHand.rows.filter(({ kind }) => kind === "proposal" || kind === "nodeFault").length, 2);
  deepStrictEqual(trace.at(5).map(({ running, lastIndex }) => [running, lastIndex]), [[true, 1], [true, 2], [
    false,
    1,
  ]]);
});

Deno.test("a client's answer: its entry is applied, another takes its index, or the node stops first", () => {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
  cluster.runUntil("there is a leader", () => cluster.leader() !== null);
  const put = (value: string) => cluster.propose({ kind: "Put", key: "x", value }, 1);
  put("a");
  cluster.run(4);
  cluster.network.partition([1], [2, 3]);
  put("b");
  cluster.runUntil("another leads", () => cluster.leader()?.id !== 1);
  cluster.network.heal();
  cluster.run(10);
  cluster.campaign(1);
  cluster.run(2);
  put("c");
  cluster.stop(1);
  const answers = trace.scenes().flatMap(({ answers }) => answers);
  deepStrictEqual(
    answers.map(({ node, index, term, outcome }) => `${node}: ${index}@${term} ${outcome}`),
    ["1: 2@1 applied", "1: 3@1 replaced", "1: 5@3 none"],
  );
});
