import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { retry, retryOnce } from "../scenario/retry.ts";
import { play } from "../scenario/run.ts";
import { transfer } from "../scenario/transfer.ts";
import { crashing, handedOver, quiet, retried } from "./chart_cases.ts";
import { operations, roleLanes, spaceTime, timeline } from "./mod.ts";
import { textsIn } from "./overlap_cases.ts";
import { marks, textsOf } from "./svg_cases.ts";

const title = "What is asked for, and what comes of it";
const trace = handedOver(3, 1);

Deno.test("a lead that is handed over is an arrow to the next leader, one that is not ends in ×", async () => {
  const figure = roleLanes(play(transfer).trace, { title });
  const svg = await figure.svg();
  strictEqual(marks(svg, "hands over its lead", "line"), 2);
  strictEqual(svg.match(/aria-label="arrow"[^>]*><path/g)?.length, 1);
  const labels = textsIn(svg);
  deepStrictEqual(["transfer", "transfer given up"].map((text) => labels.filter((label) => label === text).length), [
    1,
    1,
  ]);
  match(
    figure.alt,
    /From tick 19 to 22 node 1 hands over its lead to node 2, which campaigns at tick 22; from tick 30 to 39 node 2 hands over its lead to node 1, which does not campaign\./,
  );
  doesNotMatch(roleLanes(quiet(3, 1), { title }).alt, /hands over/);
});

Deno.test("a request that is refused has another sign than one that is taken", async () => {
  for (const chart of [roleLanes, timeline]) {
    const labels = await textsOf(chart(play(transfer).trace, { title, from: 24 }));
    // One of each in the legend, and at tick 30 and 42.
    deepStrictEqual(["×", "▼"].map((sign) => labels.filter((label) => label === sign).length), [1 + 1, 1 + 1]);
    ok(labels.includes("request refused"));
  }
});

Deno.test("a read has a mark, and beside it its answer, which is named stale if it is", async () => {
  for (const chart of [roleLanes, timeline]) {
    const figure = chart(trace, { title });
    const labels = await textsOf(figure);
    ok(labels.includes("store: x = old, stale; ReadIndex: no answer"), labels.join());
    strictEqual(labels.filter((label) => label === "●").length, 1 + 2);
    match(figure.alt, /reads x at node 2 from its store; the answer at tick 93 is old, which is stale;/);
    match(figure.alt, /reads x at node 3 by ReadIndex; the answer at tick 95 is new\./);
  }
  ok((await textsOf(roleLanes(trace, { title }))).includes("x = new"), "a short label where there is no room for more");
});

Deno.test("a timeline shades what is in a snapshot, from the tick of the compaction on", async () => {
  const svg = await timeline(crashing(3, 1), { title }).svg();
  match(svg, /aria-description="in a snapshot"/);
  ok(textsIn(svg).includes("in a snapshot"));
  ok(!(await textsOf(timeline(quiet(3, 1), { title }))).includes("in a snapshot"));
});

Deno.test("a space-time diagram shows reads and their answers, and names the messages that reads and transfers need", async () => {
  const labels = await textsOf(spaceTime(trace, { title, from: 92, to: 97 }));
  for (const text of ["client", "2 requests", "x = new", "x = old, stale", "Heartbeat (read)"]) {
    ok(labels.includes(text), text);
  }
  const lost = await textsOf(spaceTime(trace, { title, from: 26, to: 32 }));
  for (const text of ["TimeoutNow", "transfer of the lead"]) ok(lost.includes(text), text);
});

Deno.test("each client that tries again has a lane, on which it waits, times out and asks again", async () => {
  const figure = spaceTime(play(retryOnce).trace, { title, from: 18 });
  const svg = await figure.svg();
  strictEqual(marks(svg, "client waits", "line"), 1 + 3);
  const labels = textsIn(svg);
  for (const text of ["client 1", "client 2", "answer lost", "time-out", "again", "Put x = b", "done"]) {
    ok(labels.includes(text), text);
  }
  match(figure.alt, /At tick 19 client 1 asks for Put x = b, 3 times, of nodes 1 and 2, an answer is lost,/);
});

Deno.test("operations are intervals, with every attempt, and each place where they take effect", async () => {
  const figure = operations(play(retry).trace, { title });
  const svg = await figure.svg();
  deepStrictEqual(
    ["from the call to the answer", "no answer", "in the newest store"].map((key) => marks(svg, key, "rect")),
    [1 + 3, 0, 4],
  );
  deepStrictEqual([marks(svg, "attempt", "line"), marks(svg, "takes effect", "circle")], [3 + 3, 2 + 3]);
  const labels = textsIn(svg);
  for (const text of ["Put x = b", "Put x = c", "answer lost", "time-out → node 2", "refused → node 1", "again"]) {
    ok(labels.includes(text), text);
  }
  match(figure.alt, /it takes effect 2 times, at ticks 21 and 34, it is answered at tick 34;/);
  match(
    figure.alt,
    /In the newest store: x = a from tick 18 to 20; .* x = c from tick 26 to 33; x = b from tick 34 to 40\.$/,
  );
  const once = operations(play(retryOnce).trace, { title });
  match(once.alt, /an answer is lost, it takes effect at tick 21, it is answered at tick 34/);
  ok(!(await textsOf(once)).includes("again"));
});

Deno.test("an operation without an answer has an open end, and a read says how it is made", async () => {
  const figure = operations(retried(3, 1), { title });
  strictEqual(marks(await figure.svg(), "no answer", "rect"), 1);
  match(figure.alt, /client 3 asks for Get x by ReadIndex, of node 1, it is not answered\./);
  match(figure.alt, /client 3 asks for Get x from its store, .* it is answered at tick 20: 1;/);
  match(
    operations(quiet(3, 1), { title }).alt,
    /^No client that tries again asks for anything: there is nothing to show/,
  );
});
