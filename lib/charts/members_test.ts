import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";
import { membership, quiet } from "./chart_cases.ts";
import { filmStrip } from "./film_strip.ts";
import { logStages, logTable, quorumBars, roleLanes, sideBySide, timeline } from "./mod.ts";
import { textsIn } from "./overlap_cases.ts";
import { marks, textsOf } from "./svg_cases.ts";

const title = "Who decides changes";
const trace = membership();

Deno.test("lanes of learners are hatched, those of nodes outside are dashed, and both say so", async () => {
  const figure = roleLanes(trace, { title });
  const svg = await figure.svg();
  deepStrictEqual(["learner", "outside the configuration"].map((key) => marks(svg, key, "rect")), [1, 4 + 3]);
  const labels = textsIn(svg);
  for (const label of ["F0, outside", "F1, outside", "learner", "outside the configuration"]) {
    ok(labels.includes(label), label);
  }
  const wide = roleLanes(trace, { title, from: 20, to: 35 });
  ok((await textsOf(wide)).includes("F1, learner"));
  match(
    wide.alt,
    /Node 4 is outside the configuration from tick 20 to 22; node 4 is a learner from tick 23 to 29; node 5 is outside/,
  );
});

Deno.test("below a leader's bar stands each configuration, from where it is in force, and the one with which it steps down", async () => {
  const figure = roleLanes(trace, { title });
  const labels = await textsOf(figure);
  const configurations = [
    "voters 1 2 3",
    "1 2 3 + 4", // where there is no room for more
    "voters 1 2 3 4",
    "joint: 1 2 3 4 and 1 2 5",
    "voters 1 2 5",
    "voters 2 5",
  ];
  for (const text of configurations) ok(labels.includes(text), text);
  match(
    figure.alt,
    /On node 1, a leader, the configuration is voters 1, 2 and 3 from tick 13 to 19; voters 1, 2 and 3, learner 4 from tick 20 to 28; .*; voters 2 and 5 from tick 56 to 103\. On node 5/,
  );
  match(figure.caption, /Below a leader's bar stands its configuration/);
});

Deno.test("where all nodes vote all the time, nothing is said of it", async () => {
  const figure = roleLanes(quiet(3, 1), { title });
  ok(!/configuration|learner|voter/.test(`${figure.alt} ${figure.caption} ${await figure.svg()}`));
  const [plain, configured] = [quiet(3, 1), trace].map((run) => ({ label: "run", trace: run }));
  const heights = await Promise.all([sideBySide(plain, plain, { title }), sideBySide(plain, configured, { title })].map(
    async (figure) => Number(/height="(\d+)"/.exec(await figure.svg())?.[1]),
  ));
  ok(heights[1] > heights[0]);
});

Deno.test("panels of a timeline show where a node is outside, and where it learns", async () => {
  const figure = timeline(trace, { title });
  const svg = await figure.svg();
  for (const key of ["learner", "outside the configuration"]) {
    match(svg, new RegExp(`aria-description="${key}"[^>]*><g[^>]*><rect`));
    ok(textsIn(svg).includes(key), key);
  }
  match(
    figure.alt,
    /nodes 3 and 4 are outside the configuration from tick 48 to 103; .* node 4 is a learner from tick 23 to 29; node 5 is/,
  );
});

Deno.test("a cell shows what an entry changes in the configuration, and a row whose node does not vote says so", async () => {
  const figure = logTable(trace, { title, tick: 40 });
  const labels = await textsOf(figure);
  for (const label of ["+4 learner", "+4", "–3 –4 +5", "outside (F1)", "follower (F1)"]) {
    ok(labels.includes(label), label);
  }
  match(figure.alt, /Index 3 of term 1 is to add node 4 as a learner; index 4 of term 1 is to add node 4 as a voter;/);
  const learning = logTable(trace, { title, tick: 25 });
  ok((await textsOf(learning)).includes("learner (F1)"));
  match(learning.alt, /node 4: follower in term 1, a learner, indices 1 to 3 of term 1/);
});

Deno.test("stages are wide enough for changes of the configuration, and hatch the badges of learners", async () => {
  const figure = logStages([14, 25, 40].map((tick) => ({ label: "then", trace, tick })), { title });
  const svg = await figure.svg();
  deepStrictEqual(["learner", "outside the configuration"].map((key) => marks(svg, key, "rect")), [1, 2 + 1 + 1]);
  ok(textsIn(svg).includes("+4"));
  match(figure.alt, /at tick 25: node 1 leads term 1; node 4 is a learner; node 5 is outside the configuration;/);
});

Deno.test("quorum bars count voters alone, and show what learners hold apart", async () => {
  const figure = quorumBars(trace, { title, tick: 25 });
  match(
    figure.alt,
    /a majority of 3 voters is 2\. Indices 1 to 3 of term 1 on every voter, a majority, on learner 4, committed/,
  );
  const labels = await textsOf(figure);
  for (const label of ["2 of 3 voters", "on voters", "learners", "majority of the voters"]) {
    ok(labels.includes(label), label);
  }
});

Deno.test("in a joint configuration each entry has two bars, and it takes two majorities", async () => {
  const halfway = new Trace();
  const cluster = new Cluster({ nodes: 5, spares: 2, seed: 1, observer: halfway.record });
  cluster.run(20);
  cluster.confChange({
    transition: "explicit",
    changes: [4, 5].flatMap((node) => [{ type: "addNode", node }, { type: "removeNode", node: node - 2 }] as const),
  });
  cluster.run(3);
  cluster.network.partition([1, 2, 3], [4, 5]);
  cluster.propose({ kind: "Put", key: "x", value: "1" });
  cluster.run(9);
  const figure = quorumBars(halfway, { title });
  match(figure.alt, /a majority of 3 old voters is 2, a majority of 3 new voters is 2\./);
  match(
    figure.alt,
    /index 3 of term 1 on every old voter, a majority of the old voters, on node 1, no majority of the new, not committed\.$/,
  );
  match(figure.caption, /it takes a majority of the old voters and one of the new/);
  const svg = await figure.svg();
  strictEqual(marks(svg, "not committed", "rect"), 2);
  for (const label of ["2 of 3 old", "2 of 3 new", "on old voters", "on new voters"]) {
    ok(textsIn(svg).includes(label), label);
  }
});

Deno.test("a film strip shows a change of the configuration, and says who does not vote", async () => {
  const strip = filmStrip(title, trace.scenes());
  match(strip.alt, /Tick 20: Node 1 applies index 3: node 4 is a learner now\./);
  match(strip.alt, /nodes 4 and 5: follower \(outside\), term 0, commit 0/);
  match(await strip.svg(), /stroke-dasharray="2,3"/);
});
