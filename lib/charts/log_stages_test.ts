import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import { figure7 } from "../scenario/figure_7.ts";
import { minorityPartition } from "../scenario/minority_partition.ts";
import { play } from "../scenario/run.ts";
import { Trace } from "../trace/trace.ts";
import { crashing, quiet } from "./chart_cases.ts";
import { logStages, stagesOf } from "./mod.ts";
import { marks, textsOf } from "./svg_cases.ts";

const title = "The logs become equal";

Deno.test("log stages show what each part of a scenario leaves: cells by term, filled if they are committed", async () => {
  const figure = logStages(stagesOf(play(figure7).trace), { title });
  match(
    figure.alt,
    /Node 1 campaigns, at tick \d+: node 1 leads term 8; node 1 has entries of the terms 1 1 1 4 4 5 5 6 6 6 8,/,
  );
  match(figure.alt, /node 5 has entries of the terms 1 1 1 4 4 5 5 6 6 6 7 7, nothing committed;/);
  match(
    figure.alt,
    /It repairs the logs, .*nodes 1 to 7 have entries of the terms 1 1 1 4 4 5 5 6 6 6 8, committed up to 11\.$/,
  );
  const svg = await figure.svg();
  deepStrictEqual(["not known to be committed", "known to be committed"].map((key) => marks(svg, key, "rect")), [
    65,
    7 * 11,
  ]);
  for (const text of ["L8", "F8", "tick 2", "leader", "follower"]) ok((await textsOf(figure)).includes(text), text);
});

Deno.test("a part ends before what opens the next is done", () => {
  const stages = stagesOf(play(minorityPartition).trace);
  deepStrictEqual(stages.map(({ label }) => label)[1], "The network splits");
  match(logStages(stages, { title }).alt, /The network splits, [^.]*node 3 leads term 3; node 4 leads term 1;/);
  match(logStages(stagesOf(quiet(3, 1)), { title }).alt, /In the end, at tick 22: node 1 leads term 1;/);
});

Deno.test("stages say who is stopped and what is in a snapshot, and can leave nodes out", async () => {
  const trace = crashing(3, 1);
  const figure = logStages([{ label: "a crash", trace, tick: 50 }, { label: "the end", trace, ids: [1] }], { title });
  match(
    figure.alt,
    /A crash, at tick 50: node 1 is stopped; .* node 2 has a snapshot up to index 7, committed up to 7;/,
  );
  match(
    figure.alt,
    /The end, at tick 84: node 1 has a snapshot up to index 6, entries of the terms 1 2, committed up to 8\.$/,
  );
  const labels = await textsOf(figure);
  deepStrictEqual(["node 1", "node 2"].map((name) => labels.filter((text) => text === name).length), [2, 1]);
  ok(!labels.includes("candidate"), "the legend names nobody who is not there");
});

Deno.test("stages with and without a rule can stand side by side", async () => {
  const stages = ["with", "without", "with again"].map((label) => ({ label, trace: quiet(3, 1) }));
  const height = async (columns?: number) =>
    Number(/ height="(\d+)"/.exec(await logStages(stages, { title, columns }).svg())?.[1]);
  const [one, two] = [await height(), await height(2)];
  ok(two > 1.5 * one, `${one} and ${two}`);
});

Deno.test("stages of nothing say so, and what cannot be shown is refused", () => {
  const stage = { label: "a", trace: quiet(1, 1) };
  match(logStages(stagesOf(new Trace()), { title }).alt, /^Nothing happened yet/);
  throws(() => logStages([], { title }), /^RangeError: Cannot make log stages of nothing/);
  throws(() => logStages([stage, { ...stage, label: " " }], { title }), /Cannot show stage 2 without a label/);
  throws(() => logStages([{ ...stage, tick: 999 }], { title }), /Cannot show the logs at tick 999: the last tick/);
});
