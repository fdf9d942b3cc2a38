import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { begin, divided, long, muddled } from "./chart_cases.ts";
import { cutsOf, divisionsOf, mutesOf } from "./divisions.ts";
import { labelsOf } from "./label_cases.ts";
import { roleLanes, termStaircase, timeline } from "./mod.ts";
import { marks } from "./svg_cases.ts";

const title = "Whoever is cut off learns nothing";
const window = { from: 1, to: 100 };

Deno.test("nodes are divided from the tick after the cut to the tick of the mending", () => {
  const { trace, cluster } = begin(5, 1);
  cluster.run(20);
  cluster.network.partition([1, 2], [3, 4, 5]);
  cluster.run(38);
  cluster.network.heal();
  cluster.run(2);
  deepStrictEqual(divisionsOf(trace, cluster.ids, window), [{ from: 21, to: 58, sides: [[1, 2], [3, 4, 5]] }]);
  deepStrictEqual(cutsOf(trace, cluster.ids, window), []);
  const { alt } = roleLanes(trace, { title });
  match(alt, /From tick 21 to 58 nodes 1 and 2 are cut off from nodes 3, 4 and 5\.$/);
  match(roleLanes(trace, { title, from: 30, to: 40 }).alt, /From tick 30 to 40 nodes 1 and 2 are cut off/);
  doesNotMatch(roleLanes(trace, { title, to: 20 }).alt, /cut off/);
});

Deno.test("a link that is cut one way, or that others go round, divides nobody", () => {
  const { trace, cluster } = begin(3, 1);
  cluster.network.cut(1, 3);
  cluster.run(10);
  cluster.network.cut(3, 1);
  cluster.run(10);
  cluster.network.cut(1, 2);
  cluster.run(10);
  cluster.network.cut(2, 1);
  cluster.run(10);
  deepStrictEqual(divisionsOf(trace, cluster.ids, window), [{ from: 31, to: 100, sides: [[1], [2, 3]] }]);
  const ways = cutsOf(trace, cluster.ids, window).map(({ from, to, links }) => [from, to, links.length]);
  deepStrictEqual(ways, [[1, 10, 1], [11, 20, 2], [21, 30, 3]]);
  match(
    roleLanes(trace, { title }).alt,
    new RegExp(
      "From tick 31 to 40 node 1 is cut off from nodes 2 and 3\\. From tick 1 to 10 nothing gets from node 1 to node 3; " +
        "from tick 11 to 20 nothing gets from node 1 to node 3, nor from node 3 to node 1; " +
        "from tick 21 to 30 nothing gets from node 1 to nodes 2 and 3, nor from node 3 to node 1\\.",
    ),
  );
});

Deno.test("the lanes of each side are shaded, and say who is on it", async () => {
  const { trace, cluster } = begin(5, 1);
  cluster.network.partition([1], [2, 3], [4, 5]);
  cluster.run(40);
  const { alt, svg } = roleLanes(trace, { title });
  const picture = await svg();
  strictEqual(marks(picture, "divided", "rect"), 5);
  const fills = [...(/aria-description="divided"[^>]*>(.*?)<\/g>/.exec(picture)?.[1] ?? "").matchAll(/fill="(#\w+)"/g)];
  strictEqual(new Set(fills.map(([, fill]) => fill)).size, 3);
  const labels = labelsOf(picture).map(({ text }) => text);
  for (
    const label of [
      "alone",
      "with 3",
      "with 2",
      "with 5",
      "with 4",
      "divided: one side",
      "another side",
      "a third side",
    ]
  ) {
    ok(labels.includes(label), label);
  }
  match(alt, /node 1, nodes 2 and 3 and nodes 4 and 5 are cut off from each other\./);
  ok(!labels.includes("messages lost, with whom"));
});

Deno.test("a message that is lost on purpose stays a loss beside a division", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(12);
  for (const { id } of cluster.network.inFlight()) cluster.network.dropMessage(id);
  cluster.network.partition([1], [2, 3]);
  cluster.run(20);
  const figure = roleLanes(trace, { title });
  match(figure.alt, /From tick 13 to 32 node 1 is cut off .* Messages to and from .* are lost at tick 12\./);
  ok(marks(await figure.svg(), "messages lost", "rect") > 0);
});

Deno.test("a clock that stands still is marked, and said", async () => {
  const { trace, cluster } = begin(3, 1);
  cluster.run(5);
  cluster.pauseClock(2);
  cluster.run(30);
  cluster.resumeClock(2);
  cluster.pauseClock(3);
  cluster.run(10);
  deepStrictEqual(mutesOf(trace, { from: 10, to: 45 }), [{ node: 2, from: 10, to: 35 }, { node: 3, from: 36, to: 45 }]);
  const figure = roleLanes(trace, { title });
  match(
    figure.alt,
    /The clock of node 2 stands still from tick 6 to 35; the clock of node 3 stands still from tick 36/,
  );
  strictEqual(marks(await figure.svg(), "clock stands still", "line"), 2);
  ok(labelsOf(await figure.svg()).filter(({ text }) => text === "clock stands still").length >= 2);
});

Deno.test("the staircase and the timeline shade where nodes are divided, and say so", async () => {
  for (const [chart, panels] of [[termStaircase, 1], [timeline, 5]] as const) {
    const figure = chart(divided(5, 1), { title });
    match(figure.alt, /From tick 13 to 58 nodes 4 and 5 are cut off from nodes 1, 2 and 3\.$/);
    const shaded = (await figure.svg()).match(/<g[^>]*fill-opacity="0.6"[^>]*><rect/g);
    strictEqual(shaded?.length, panels);
    ok(labelsOf(await figure.svg()).some(({ text }) => text === "nodes are divided"));
  }
});

Deno.test("what happens often is counted, and a division of every node from every other is told", () => {
  match(roleLanes(long(3, 1, 700), { title }).alt, /The nodes are divided 11 times; first, from tick 61 to 100 node 1/);
  match(roleLanes(muddled(4, 1), { title }).alt, /node 1, node 2, node 3 and node 4 are cut off from each other/);
});
