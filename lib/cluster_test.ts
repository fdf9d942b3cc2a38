import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import { fails, led, put } from "./cluster_cases.ts";
import type { ClusterOptions } from "./cluster_options.ts";
import type { TraceRow } from "./trace/rows.ts";

const BAD: [option: string, options: ClusterOptions][] = [
  ["nodes", { nodes: 0 }],
  ["nodes", { nodes: 10 }],
  ["nodes", { nodes: 1.5 }],
  ["spares", { spares: 3 }],
  ["spares", { nodes: 9, spares: -1 }],
  ["logs", { spares: 1, logs: [[1], [1], [1]] }],
  ["seed", { seed: NaN }],
  ["latency", { latency: 0 }],
  ["electionTick", { electionTick: 1 }],
  ["electionTick", { electionTick: 3, heartbeatTick: 3 }],
  ["heartbeatTick", { heartbeatTick: 0 }],
  ["maxSizePerMsg", { maxSizePerMsg: -1 }],
  ["maxInflightMsgs", { maxInflightMsgs: 0 }],
  ["latency", { latency: 2 ** 52 }],
  ["electionTick", { electionTick: 2 ** 52 }],
  ["electionTick", JSON.parse('{"electionTick":null}')],
  ["maxInflightMsgs", { maxInflightMsgs: NaN }],
  ["readOnlyOption", { readOnlyOption: "leaseBased" }],
  ["preVote", { preVote: 1 as unknown as boolean }],
  ["options", JSON.parse("null")],
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

Deno.test("runUntil gives the tick at which it held, and says what never happened", () => {
  const cluster = new Cluster();
  strictEqual(cluster.runUntil("four ticks have passed", () => cluster.now === 4), 4);
  fails(() => cluster.runUntil("the sea is dry", () => false, 20), /never in 20 ticks: the sea is dry$/);
  strictEqual(cluster.now, 24);
});

Deno.test("time passes by whole ticks that come to an end, and the error names others", () => {
  const cluster = new Cluster();
  for (const ticks of [NaN, -1, 1.5, Infinity, 1e15, JSON.parse("null"), JSON.parse('"3"')]) {
    const is = new RegExp(`icks must be a whole number from 0 to 1000000, and is "?${ticks}"?$`);
    fails(() => cluster.run(ticks), is);
    fails(() => cluster.runUntil("nothing", () => false, ticks), is);
    fails(() => cluster.crashAfter(1, ticks), /step must be a whole number from 1 to 7, and is/);
  }
  strictEqual(cluster.now, 0);
});

Deno.test("a link to a node that is not there is not cut", () => {
  throws(() => new Cluster().network.cut(1, 4), /^NetworkError: .* a node must be .* from 1 to 3, and is 4$/);
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
