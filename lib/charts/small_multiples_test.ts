import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, quiet } from "./chart_cases.ts";
import { smallMultiples } from "./mod.ts";
import { isReadable, marks, textsOf } from "./svg_cases.ts";

const title = "Who is elected is chance";

function drawn(traces: readonly Trace[], name = "run") {
  return smallMultiples(traces.map((trace, i) => ({ label: `${name} ${i + 1}`, trace })), { title });
}

Deno.test("small multiples say of each run who leads first and in the end, and what was broken", async () => {
  const figure = drawn([quiet(3, 1), divided(3, 2), crashing(3, 1), new Trace()]);
  strictEqual(
    figure.alt,
    "The roles of every node in 4 runs, from tick 1 to 85. The first leader is seen at tick 13 at the earliest, " +
      "at tick 14 at the latest. Run 1: node 1 leads term 1 from tick 13 to the end; " +
      "run 2: node 1 leads first, from tick 14, and node 3, in term 4, in the end, 1 division; " +
      "run 3: node 1 leads first, from tick 13, and node 3, in term 2, in the end, 2 stops; " +
      "run 4: nothing happened yet.",
  );
  const svg = await figure.svg();
  deepStrictEqual(["divided: one side", "another side"].map((side) => marks(svg, side, "rect")), [1, 2]);
  strictEqual(marks(svg, "stopped", "rect"), 2);
  match(svg, /<g(?=[^>]* aria-description="stopped")[^>]* stroke-dasharray="4,2"/);
  ok((await textsOf(figure)).includes("run 4 (nothing happened yet)"));
  const { trace, cluster } = begin(3, 1);
  cluster.run(5);
  match(drawn([trace]).alt, /in 1 run, from tick 1 to 5\. Run 1: nobody leads\.$/);
});

Deno.test("twelve runs have room, long labels are cut, and what cannot be seen in them is shown by its code", async () => {
  const traces = Array.from({ length: 12 }, (_, seed) => divided(9, seed));
  isReadable(await drawn(traces, `<a>\u0007 ${"& so on ".repeat(20)}`).svg(), "long labels");
  const labels = await textsOf(drawn(traces));
  ok(traces.every((_, i) => labels.includes(`run ${i + 1}`)));
});

Deno.test("small multiples of nothing say so, and refuse what they cannot show", () => {
  match(drawn([new Trace()]).alt, /^Nothing happened yet/);
  throws(() => drawn([]), /^RangeError: Cannot show 0 runs: one figure shows 1 to 12$/);
  throws(() => drawn(Array(13).fill(quiet(1, 1))), /^RangeError: Cannot show 13 runs/);
});
