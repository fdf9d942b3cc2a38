import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { figure8 } from "../scenario/figure_8.ts";
import { play } from "../scenario/run.ts";
import { begin, divided, quiet } from "./chart_cases.ts";
import { quorumBars } from "./mod.ts";
import { marks, textsOf } from "./svg_cases.ts";

const title = "A majority holds it";

Deno.test("Figure 8: an entry of an older term is on a majority, hatched, and not committed", async () => {
  const figure = quorumBars(play(figure8).trace, { title, tick: 21 });
  strictEqual(
    figure.alt,
    "The log of node 1, leader of term 4, at tick 21, and on which nodes its entries are; a majority of 5 nodes " +
      "is 3. Index 1 of term 1, which is older than the leader's, on every node, a majority, committed; " +
      "index 2 of term 2, which is older than the leader's, on every node, a majority, committed; " +
      "index 3 of term 2, which is older than the leader's, on nodes 1, 2 and 3, a majority, not committed; " +
      "index 4 of term 4 on nodes 1 and 2, no majority, not committed. " +
      "Index 3 is on a majority and not committed: its term is older than 4, the leader's.",
  );
  const svg = await figure.svg();
  const keys = ["committed by the leader", "not committed", "of an older term than the leader's"];
  deepStrictEqual(keys.map((key) => marks(svg, key, "rect")), [2, 2, 3]);
  const labels = await textsOf(figure);
  for (const label of ["term 1", "term 2", "term 4", "1, 2, 3", "3 of 5 nodes"]) ok(labels.includes(label), label);
  match(quorumBars(play(figure8).trace, { title, tick: 31 }).alt, /Indices 3 and 4 are on a majority .* older than 5/);
});

Deno.test("a majority is one of all nodes, and stopped nodes hold what they have stored", () => {
  const { trace, cluster } = begin(5, 1);
  cluster.runUntil("a leader has committed", () => cluster.nodes().every((node) => node.status().hs.commit === 1));
  const others = cluster.ids.filter((id) => id !== cluster.leader()?.id);
  for (const id of others.slice(0, 3)) cluster.stop(id);
  cluster.propose({ kind: "Put", key: "x", value: "1" });
  cluster.run(10);
  const { alt } = quorumBars(trace, { title });
  match(alt, /of 5 nodes is 3\. Index 1 of term 1 on every node, a majority, committed; index 2 .* no majority/);
  doesNotMatch(alt, /older/);
});

Deno.test("a leader that is cut off can be shown beside the one of a later term", () => {
  const at = (tick: number, leader?: number) => quorumBars(divided(5, 1), { title, tick, leader }).alt;
  match(at(50), /node 1, leader of term 2.* on nodes 1, 2 and 3, a majority, committed/);
  match(at(50, 4), /node 4, leader of term 1.*on nodes 4 and 5, no majority, not committed\.$/);
  throws(() => at(50, 2), /^RangeError: Cannot use leader: 2; leading at tick 50: nodes 1 and 4$/);
  throws(() => at(3, 7), /Cannot use leader: 7; .* at tick 3: no node/);
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
  match(quorumBars(quiet(3, 1), { title, tick: 2 }).alt, /^Nobody leads at tick 2: there is nothing to/);
});
