import { match, ok, strictEqual, throws } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, handedOver, long, membership, muddled, quiet, retried } from "./chart_cases.ts";
import type { ChartOptions, Figure } from "./figure.ts";
import * as charts from "./mod.ts";
import { isReadable, textsOf } from "./svg_cases.ts";

const title = "Node 1 is elected, and what it says holds";

const { logTable, operations, quorumBars, roleLanes, spaceTime, termStaircase, timeline } = charts;
const OF_ONE_RUN = { logTable, operations, quorumBars, roleLanes, spaceTime, termStaircase, timeline };
const CHARTS: Record<string, (trace: Trace, options: ChartOptions) => Figure> = {
  ...OF_ONE_RUN,
  sideBySide: (trace, options) =>
    charts.sideBySide({ label: "as it is", trace }, { label: "with <faults>", trace: divided(3, 2) }, options),
  logStages: (trace, options) =>
    charts.logStages([2, trace.lastTick()].map((tick) => ({ label: `at tick ${tick}`, trace, tick })), options),
  smallMultiples: (trace, options) =>
    charts.smallMultiples([trace, quiet(3, 1), new Trace()].map((run, i) => ({ label: `${i}`, trace: run })), options),
};

for (const [name, chart] of Object.entries(CHARTS)) {
  Deno.test(`${name} is readable and stands alone, whatever happens to however many nodes`, async () => {
    for (const nodes of [1, 2, 3, 5, 9]) {
      for (const seed of [1, 2, 3]) {
        const runs = [quiet(nodes, seed), quiet(nodes, seed, 25), divided(nodes, seed), crashing(nodes, seed)];
        runs.push(muddled(nodes, seed), long(nodes, seed, 700), handedOver(nodes, seed), retried(nodes, seed));
        if (nodes === 5) runs.push(membership(seed));
        for (const [i, trace] of runs.entries()) {
          isReadable(await chart(trace, { title }).svg(), `${name}, ${nodes} nodes, seed ${seed}, run ${i}`);
        }
      }
    }
  });

  Deno.test(`${name} of 5,000 ticks stays small and readable, and is the same at every call`, async () => {
    const trace = long(5, 1, 5000);
    const svg = await chart(trace, { title }).svg();
    isReadable(svg, name);
    ok(svg.length < 600_000, `${svg.length} bytes`);
    strictEqual(await chart(trace, { title }).svg(), svg);
  });

  Deno.test(`${name} shows its title, wrapped if it is long, and refuses to be without one`, async () => {
    const figure = chart(quiet(3, 1), { title: `<script> & "quotes" ${"and so on ".repeat(30)}\u0007end` });
    isReadable(await figure.svg(), name);
    match((await textsOf(figure)).join(" "), /and so on and so on.*\\u0007end/);
    for (const bad of ["", " \n"]) {
      throws(() => chart(quiet(3, 1), { title: bad }), /^RangeError: Cannot make a figure without a title/);
    }
  });
}

for (const [name, chart] of Object.entries(OF_ONE_RUN)) {
  Deno.test(`${name} of nothing says so, one of a single tick is drawn, and impossible ticks are refused`, async () => {
    const empty = chart(new Trace(), { title });
    match(empty.alt, /^Nothing happened yet/);
    ok((await textsOf(empty)).includes("Nothing happened yet"));
    const { trace, cluster } = begin(3, 1);
    cluster.tick();
    isReadable(await chart(trace, { title }).svg(), name);
    throws(() => chart(trace, { title, from: 9, to: 3 }), /Cannot show ticks 9 to 3: from must not/);
    throws(() => chart(trace, { title, from: 1.5 }), /from must be a whole number from 0, and is 1.5$/);
    throws(() => chart(trace, JSON.parse("null")), /^RangeError: Cannot make a figure without a title/);
  });
}

Deno.test("what draws is loaded by the first picture, and by nothing else", () => {
  const modules = readdirSync(new URL("./", import.meta.url)).filter((file) => /(?<!_test)\.ts$/.test(file));
  const heavy = /^(import (?!type )|\} from ).*"(@observablehq|linkedom|@resvg|fflate)/m;
  const loading = modules.filter((file) => heavy.test(readFileSync(new URL(file, import.meta.url), "utf8")));
  strictEqual(loading.join(), "");
  match(readFileSync(new URL("figure.ts", import.meta.url), "utf8"), /^ +.*import\("@observablehq/m);
});
