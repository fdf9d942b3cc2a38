import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";
import { begin, divided, quiet } from "./chart_cases.ts";
import { quorumBars } from "./mod.ts";
import { marks, textsOf } from "./svg_cases.ts";

const title = "A majority holds it";

/** Figure 8 (c): the leader of term 4 copies its entry of term 2, one entry a message, to one node more. */
function figure8(): Trace {
  const trace = new Trace();
  const logs = [[1, 2], [1, 2], [1], [1], [1, 3]];
  const cluster = new Cluster({ nodes: 5, seed: 1, logs, maxSizePerMsg: 1, observer: trace.record });
  cluster.network.partition([1, 2, 3, 4], [5]);
  cluster.fixTimeout(1, 10);
  for (const id of [2, 3, 4]) cluster.fixTimeout(id, 19);
  cluster.run(12);
  cluster.network.partition([1, 2, 3], [4, 5]);
  cluster.run(3);
  return trace;
}

Deno.test("Figure 8: an entry of an older term is on a majority, hatched, and not committed", async () => {
  const figure = quorumBars(figure8(), { title });
  strictEqual(
    figure.alt,
    "The log of node 1, leader of term 4, at the end of tick 15, and on which nodes its entries are; a majority of 5 nodes " +
      "is 3. Index 1 of term 1, which is older than the leader's, on every node, a majority, not committed; " +
      "index 2 of term 2, which is older than the leader's, on nodes 1, 2 and 3, a majority, not committed; " +
      "index 3 of term 4 on nodes 1 and 2, no majority, not committed. " +
      "Indices 1 and 2 are on a majority and not committed: their terms are older than 4, the leader's.",
  );
  const svg = await figure.svg();
  deepStrictEqual(
    ["committed by the leader", "not committed", "of an older term than the leader's"].map((what) =>
      marks(svg, what, "rect")
    ),
    [0, 3, 2],
  );
  const labels = await textsOf(figure);
  for (const label of ["term 1", "term 2", "term 4", "1, 2, 3", "majority:", "3 of 5 nodes"]) {
    ok(labels.includes(label), label);
  }
});

Deno.test("a majority is one of all nodes, and stopped nodes hold what they have stored", () => {
  const { trace, cluster } = begin(5, 1);
  cluster.runUntil("a leader has committed", () => cluster.nodes().every((node) => node.status().hs.commit === 1));
  const others = cluster.ids.filter((id) => id !== cluster.leader()?.id);
  for (const id of others.slice(0, 3)) cluster.stop(id);
  cluster.propose({ kind: "Put", key: "x", value: "1" });
  cluster.run(10);
  const { alt } = quorumBars(trace, { title });
  match(
    alt,
    /a majority of 5 nodes is 3\. Index 1 of term 1 on every node, a majority, committed; index 2 .* no majority/,
  );
  doesNotMatch(alt, /older/);
});

Deno.test("a leader that is cut off can be shown beside the one of a later term", () => {
  const trace = divided(5, 1);
  match(
    quorumBars(trace, { title, tick: 50 }).alt,
    /node 1, leader of term 2.* on nodes 1, 2 and 3, a majority, committed/,
  );
  match(
    quorumBars(trace, { title, tick: 50, leader: 4 }).alt,
    /node 4, leader of term 1.*on nodes 4 and 5, no majority, not committed\.$/,
  );
  throws(
    () => quorumBars(trace, { title, tick: 50, leader: 2 }),
    /^RangeError: Cannot use leader: 2; leading at the end of tick 50: nodes 1 and 4$/,
  );
  throws(
    () => quorumBars(trace, { title, tick: 3, leader: 7 }),
    /Cannot use leader: 7; .* at the end of tick 3: no node/,
  );
});

Deno.test("an entry that a node has compacted is on it only if it was the one that was committed", () => {
  const { trace, cluster } = begin(3, 1);
  cluster.runUntil("everybody has committed", () => cluster.nodes().every((node) => node.status().hs.commit === 1));
  const first = cluster.leader()?.id ?? 0;
  const others = cluster.ids.filter((id) => id !== first);
  cluster.network.partition([first], others);
  for (const value of ["1", "2", "3"]) cluster.propose({ kind: "Put", key: "x", value }, first);
  cluster.runUntil("there is another leader", () => cluster.leader()?.id !== first);
  for (const value of ["4", "5"]) cluster.propose({ kind: "Put", key: "x", value });
  cluster.run(8);
  for (const id of others) cluster.node(id).compact(1);
  cluster.run(1);
  const { alt } = quorumBars(trace, { title, leader: first });
  match(
    alt,
    /Index 1 of term 1 on every node, a majority, committed; indices 2 to 4 of term 1 on node \d, no majority/,
  );
});

Deno.test("only the last twelve indices are drawn, and those in a snapshot are not", async () => {
  const figure = quorumBars(quiet(3, 1, 25), { title });
  match(figure.alt, /Only the indices from 15 to 26 are drawn\. Indices 15 to 26 of term 1 on every node/);
  strictEqual(marks(await figure.svg(), "committed by the leader", "rect"), 12);
  const { trace, cluster } = begin(3, 1);
  cluster.runUntil("everybody has committed", () => cluster.nodes().every((node) => node.status().hs.commit === 1));
  cluster.leader()?.compact(0);
  cluster.run(1);
  match(quorumBars(trace, { title }).alt, /^Node 1's log is a snapshot up to index 1: there is nothing to show/);
  match(quorumBars(quiet(3, 1), { title, tick: 2 }).alt, /^Nobody leads at the end of tick 2: there is nothing to/);
});
