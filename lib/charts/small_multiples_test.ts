import { match, ok, strictEqual, throws } from "node:assert/strict";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, long, muddled, quiet } from "./chart_cases.ts";
import type { LabelledRun } from "./figure.ts";
import { labelsOf } from "./label_cases.ts";
import { smallMultiples } from "./mod.ts";
import { isAlone, isReadable, isWellFormed, marks } from "./svg_cases.ts";

const title = "Who is elected is chance";

function seeds(amount: number, run: (seed: number) => Trace): LabelledRun[] {
  return Array.from({ length: amount }, (_, i) => ({ label: `seed ${i + 1}`, trace: run(i + 1) }));
}

for (const nodes of [1, 3, 5, 9]) {
  Deno.test(`small multiples are readable and stand alone with ${nodes} nodes, in any number of columns`, async () => {
    const kinds = [quiet, divided, crashing, muddled];
    for (
      const [amount, columns] of [[1, undefined], [2, undefined], [5, 1], [7, undefined], [12, 6], [12, 4]] as const
    ) {
      const runs = seeds(amount, (seed) => kinds[seed % kinds.length](nodes, seed));
      const svg = await smallMultiples(runs, columns === undefined ? { title } : { title, columns }).svg();
      isAlone(svg);
      isWellFormed(svg);
      isReadable(svg, `${nodes} nodes, ${amount} runs, ${columns} columns`);
      for (const { label } of runs) ok(labelsOf(svg).some(({ text }) => text === label), label);
    }
  });
}

Deno.test("small multiples say of each run who leads first and in the end, and what was broken", async () => {
  const runs = [quiet(3, 1), divided(3, 2), crashing(3, 1), new Trace()];
  const figure = smallMultiples(runs.map((trace, i) => ({ label: `run ${i + 1}`, trace })), { title });
  strictEqual(
    figure.alt,
    "The roles of every node in 4 runs, from tick 1 to 85. The first leader is seen at tick 13 at the earliest, " +
      "at tick 14 at the latest. Run 1: node 1 leads term 1 from tick 13 to the end; " +
      "run 2: node 1 leads first, from tick 14, and node 3, in term 4, in the end, 1 division; " +
      "run 3: node 1 leads first, from tick 13, and node 3, in term 2, in the end, 2 stops; " +
      "run 4: nothing happened yet.",
  );
  const svg = await figure.svg();
  strictEqual(marks(svg, "divided", "rect"), 3);
  strictEqual(marks(svg, "stopped", "rect"), 2);
  match(svg, /<g(?=[^>]* aria-description="stopped")[^>]* stroke-dasharray="4,2"/);
  ok(labelsOf(svg).some(({ text }) => text === "run 4 (nothing happened yet)"));
  const { trace, cluster } = begin(3, 1);
  cluster.run(5);
  match(smallMultiples([{ label: "a", trace }], { title }).alt, /in 1 run, from tick 1 to 5\. A: nobody leads\.$/);
});

Deno.test("small multiples are the same at every call, and small for long runs", async () => {
  const draw = () => smallMultiples(seeds(12, (seed) => long(5, seed, 2000)), { title });
  const svg = await draw().svg();
  strictEqual(await draw().svg(), svg);
  isReadable(svg, "long");
  ok(svg.length < 600_000, `${svg.length} bytes`);
  match(draw().caption, /each step of the drawing stands for \d+ ticks/);
});

Deno.test("small multiples of nothing say so, and refuse what they cannot show", () => {
  match(smallMultiples([{ label: "a", trace: new Trace() }], { title }).alt, /^Nothing happened yet/);
  const runs = seeds(13, (seed) => quiet(1, seed));
  throws(() => smallMultiples([], { title }), /^RangeError: Cannot show 0 runs: one figure shows 1 to 12$/);
  throws(() => smallMultiples(runs, { title }), /^RangeError: Cannot show 13 runs/);
  for (const columns of [0, 1.5, 7]) {
    throws(() => smallMultiples(runs.slice(1), { title, columns }), new RegExp(`Cannot use columns: ${columns};`));
  }
  throws(() => smallMultiples([{ label: " ", trace: new Trace() }], { title }), /Cannot show run 1 without a label/);
  throws(() => smallMultiples(runs.slice(1), { title: "" }), /Cannot make a figure without a title/);
});

Deno.test("a long label is cut, and what cannot be seen in it is shown by its code", async () => {
  const runs = seeds(6, (seed) => quiet(3, seed)).map((run) => ({
    ...run,
    label: `<${run.label}>\u0007 ${"& so on ".repeat(20)}`,
  }));
  const svg = await smallMultiples(runs, { title, columns: 6 }).svg();
  isWellFormed(svg);
  isReadable(svg, "long labels");
});
