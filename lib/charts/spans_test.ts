import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { begin, crashing, divided, long, muddled, quiet } from "./chart_cases.ts";
import { roleLanes, termStaircase, timeline } from "./mod.ts";
import { marks, textsOf } from "./svg_cases.ts";

const title = "Whoever is cut off learns nothing";

Deno.test("what is said of role lanes has the numbers of the run, and of the ticks that are shown", () => {
  const alt = (trace = quiet(3, 1), window = {}) => roleLanes(trace, { title, ...window }).alt;
  strictEqual(alt(), "The roles of 3 nodes, tick 1 to 22. Node 1 leads term 1 from tick 13 to 22.");
  match(alt(quiet(3, 1), { from: 14, to: 15 }), /tick 14 to 15\. Node 1 leads term 1 from tick 14 to 15\.$/);
  strictEqual(
    alt(crashing(3, 1)),
    "The roles of 3 nodes, tick 1 to 84. Node 1 leads term 1 from tick 13 to 42; node 3 leads term 2 from tick 59 to 84. " +
      "Node 2 is stopped from tick 14 to 27; node 1 is stopped from tick 43 to 72.",
  );
  match(alt(long(3, 1, 700)), /The nodes are divided 11 times; first, from tick 61 to 100 node 1 .*; last, from tick/);
  match(roleLanes(long(3, 1, 1000), { title }).caption, /each step of the drawing stands for \d+ ticks/);
});

Deno.test("role lanes have a bar for each role in each term, with letter and term; stopped nodes have dashes", async () => {
  const figure = roleLanes(quiet(3, 1), { title });
  const svg = await figure.svg();
  deepStrictEqual(["follower", "candidate", "leader"].map((role) => marks(svg, role, "rect")), [3 + 2, 1, 1]);
  strictEqual(marks(svg, "new term", "line"), 1);
  const labels = await textsOf(figure);
  for (const label of ["F0", "C1", "L1", "F1", "term 1"]) ok(labels.includes(label), label);
  const stopped = await roleLanes(crashing(3, 1), { title }).svg();
  strictEqual(marks(stopped, "stopped", "rect"), 2);
  match(stopped, /<g(?=[^>]* aria-description="stopped")[^>]* stroke-dasharray="4,2"/);
});

Deno.test("nodes are divided from the tick after the cut to the tick of the mending", () => {
  const { trace, cluster } = begin(5, 1);
  cluster.run(20);
  cluster.network.partition([1, 2], [3, 4, 5]);
  cluster.run(38);
  cluster.network.heal();
  cluster.run(2);
  match(roleLanes(trace, { title }).alt, /From tick 21 to 58 nodes 1 and 2 are cut off from nodes 3, 4 and 5\.$/);
  match(roleLanes(trace, { title, from: 30, to: 40 }).alt, /From tick 30 to 40 nodes 1 and 2 are cut off/);
  doesNotMatch(roleLanes(trace, { title, to: 20 }).alt, /cut off/);
});

Deno.test("a link that is cut one way, or that others go round, divides nobody", () => {
  const { trace, cluster } = begin(3, 1);
  for (const [from, to] of [[1, 3], [3, 1], [1, 2], [2, 1]]) {
    cluster.network.cut(from, to);
    cluster.run(10);
  }
  match(roleLanes(trace, { title }).alt, /\. From tick 31 to 40 node 1 is cut off from nodes 2 and 3\. M/);
});

Deno.test("the lanes of each side are shaded, and say who is on it", async () => {
  const { trace, cluster } = begin(5, 1);
  cluster.network.partition([1], [2, 3], [4, 5]);
  cluster.run(40);
  const figure = roleLanes(trace, { title });
  const svg = await figure.svg();
  const sides = ["divided: one side", "another side", "a third side"];
  deepStrictEqual(sides.map((side) => marks(svg, side, "rect")), [1, 2, 2]);
  const labels = await textsOf(figure);
  for (const label of ["alone", "with 3", "with 2", "with 5", "with 4", ...sides]) {
    ok(labels.includes(label), label);
  }
  match(figure.alt, /node 1, nodes 2 and 3 and nodes 4 and 5 are cut off from each other\./);
  match(roleLanes(muddled(4, 1), { title }).alt, /node 1, node 2, node 3 and node 4 are cut off from each other/);
  for (const label of ["stopped", "messages lost, with whom", "clock paused"]) ok(!labels.includes(label), label);
});

Deno.test("the staircase and the timeline shade where nodes are divided, and say so", async () => {
  for (const [chart, panels] of [[termStaircase, 1], [timeline, 5]] as const) {
    const figure = chart(divided(5, 1), { title });
    match(figure.alt, /From tick 13 to 58 nodes 4 and 5 are cut off from nodes 1, 2 and 3\.$/);
    strictEqual((await figure.svg()).match(/<g[^>]*fill-opacity="0.6"[^>]*><rect/g)?.length, panels);
    ok((await textsOf(figure)).includes("nodes are divided"));
  }
});

Deno.test("lost messages are shaded with whom they were for, beside a division and before a crash too", async () => {
  const lossy = begin(3, 1);
  lossy.cluster.run(13);
  lossy.cluster.network.intercept(({ from }) => (from === 1 ? "drop" : "carry"));
  lossy.cluster.run(9);
  const figure = roleLanes(lossy.trace, { title });
  match(figure.alt, /Messages to and from every node are lost from tick 15 to 21\.$/);
  strictEqual(marks(await figure.svg(), "messages lost, with whom", "rect"), 3);
  ok((await textsOf(figure)).includes("lost: 2, 3"));
  for (const end of ["divided", "stopped"]) {
    const { trace, cluster } = begin(3, 1);
    cluster.run(12);
    for (const { id } of cluster.network.inFlight()) cluster.network.dropMessage(id);
    if (end === "divided") cluster.network.partition([1], [2, 3]);
    else cluster.stop(1);
    cluster.run(20);
    match(roleLanes(trace, { title }).alt, /Messages to and from .* are lost at tick 12\./, end);
  }
});

Deno.test("a paused clock is marked, and said", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(5);
  cluster.pauseClock(2);
  cluster.run(30);
  cluster.resumeClock(2);
  cluster.pauseClock(3);
  cluster.run(10);
  const figure = roleLanes(trace, { title });
  match(
    figure.alt,
    /The clock of node 2 is paused from tick 6 to 35; the clock of node 3 is paused from tick 36 to 45/,
  );
  strictEqual(marks(await figure.svg(), "clock paused", "line"), 2);
});
