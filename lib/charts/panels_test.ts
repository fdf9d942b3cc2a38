import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import type { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, quiet } from "./chart_cases.ts";
import { sideBySide, smallMultiples } from "./mod.ts";
import { isReadable, marks, textsOf } from "./svg_cases.ts";

const title = "One fault makes the difference";

/** Three nodes, to which something is done at tick 22. */
function played(act: (cluster: Cluster) => void): Trace {
  const { trace, cluster } = begin(3, 1);
  cluster.run(22);
  act(cluster);
  cluster.run(30);
  return trace;
}

function compared(left: Trace, right: Trace, window = {}) {
  return sideBySide({ label: "as it is", trace: left }, { label: "with a fault", trace: right }, { title, ...window });
}

Deno.test("the first difference is a labelled rule through both runs, and told in words", async () => {
  const figure = compared(played(() => {}), played((cluster) => cluster.stop(1)));
  strictEqual(
    figure.alt,
    "The roles of every node in two runs, from tick 0 to 52. As it is: Node 1 leads term 1 from tick 13 to 52. " +
      "With a fault: Node 1 leads term 1 from tick 13 to 21; node 2 leads term 2 from tick 37 to 52. " +
      "Node 1 is stopped from tick 22 to 52. " +
      'The first difference is at tick 22: in "as it is" node 1 ends the tick as leader in term 1; ' +
      'in "with a fault" node 1 is stopped.',
  );
  ok(figure.caption.includes("The first difference is at tick 22"));
  const svg = await figure.svg();
  strictEqual(marks(svg, "first difference", "line"), 1);
  const order = [/aria-description="leader"/g, /aria-description="first difference"/g, />L1</g];
  const [[, bars], [rule], [label]] = order.map((pattern) => [...svg.matchAll(pattern)].map(({ index }) => index));
  ok(bars < rule && rule < label, "the rule is drawn upon all bars, and below their labels");
  const labels = await textsOf(figure);
  for (const text of ["first difference, tick 22", "as it is", "with a fault"]) ok(labels.includes(text), text);
  strictEqual(labels.filter((text) => text === "node 3").length, 2);
});

Deno.test("runs that do not differ have no rule, and one that is beyond the ticks shown is only told", async () => {
  const same = compared(quiet(3, 1), quiet(3, 1));
  match(same.alt, /The two runs do not differ in anything\.$/);
  const early = compared(quiet(3, 1), quiet(3, 1, 2), { to: 10 });
  match(early.alt, /from tick 0 to 10\..*The first difference is at tick 15/);
  for (const figure of [same, early]) {
    ok(!(await textsOf(figure)).some((text) => text.startsWith("first difference, ")));
  }
});

Deno.test("faults, links, clocks and logs are told as differences", () => {
  const text = (act: (cluster: Cluster) => void) => compared(played(() => {}), played(act)).alt;
  match(text((cluster) => cluster.network.cut(1, 2)), /in "with a fault" the link from node 1 to node 2 is cut\.$/);
  match(text((cluster) => cluster.network.delay(1, 2, 3)), /node 1 to node 2 is slowed down: a message takes 3 ticks/);
  match(text((cluster) => cluster.pauseClock(1)), /node 1 has its clock paused\.$/);
  match(
    text((cluster) => cluster.campaign(2)),
    /node 2 stores term 2 and its vote for itself and sends RequestVote to/,
  );
  match(text((cluster) => cluster.propose({ kind: "Put", key: "x", value: "1" })), /is asked for a Put of x: appended/);
});

Deno.test("rows of which the same is said are told apart by what is not the same in them", () => {
  const [left, right] = [4, 5].map((index) => {
    const trace = quiet(3, 1);
    trace.record({ kind: "log", tick: 30, node: 1, entries: [{ index, term: 1, command: null }] });
    return trace;
  });
  match(compared(left, right).alt, /node 1 begins with a log of 1 entry \(not the same: entries\)\.$/);
});

function drawn(traces: readonly Trace[], name = "run") {
  return smallMultiples(traces.map((trace, i) => ({ label: `${name} ${i + 1}`, trace })), { title });
}

Deno.test("small multiples say of each run who leads, and what was broken", async () => {
  const figure = drawn([quiet(3, 1), divided(3, 2), crashing(3, 1), new Trace()]);
  strictEqual(
    figure.alt,
    "The roles of every node in 4 runs, from tick 0 to 85. Run 1: Node 1 leads term 1 from tick 13 to 22. " +
      "Run 2: Node 1 leads term 1 from tick 14 to 63; node 3 leads term 4 from tick 58 to 85. " +
      "From tick 14 to 59 node 1 is cut off from nodes 2 and 3. " +
      "Run 3: Node 1 leads term 1 from tick 13 to 41; node 3 leads term 2 from tick 59 to 84. " +
      "Node 2 is stopped from tick 13 to 26; node 1 is stopped from tick 42 to 71. Run 4: nothing happened yet.",
  );
  const svg = await figure.svg();
  deepStrictEqual(["divided: one side", "another side"].map((side) => marks(svg, side, "rect")), [1, 2]);
  strictEqual(marks(svg, "stopped", "rect"), 2);
  ok((await textsOf(figure)).includes("run 4 (nothing happened yet)"));
});

Deno.test("twelve runs have room, long labels are cut, and what cannot be seen in them is shown by its code", async () => {
  const traces = Array.from({ length: 12 }, (_, seed) => divided(9, seed));
  isReadable(await drawn(traces, `<a>\u0007 ${"& so on ".repeat(20)}`).svg(), "long labels");
  const labels = await textsOf(drawn(traces));
  ok(traces.every((_, i) => labels.includes(`run ${i + 1}`)));
});

Deno.test("runs of nothing say so, and what cannot be shown is refused", () => {
  const run = { label: "a", trace: quiet(1, 1) };
  for (const { alt } of [compared(new Trace(), new Trace()), drawn([new Trace()])]) match(alt, /^Nothing happened yet/);
  throws(() => sideBySide(run, { ...run, label: "" }, { title }), /^RangeError: Cannot show run 2 without a label/);
  throws(() => smallMultiples([], { title }), /^RangeError: Cannot show 0 runs: one figure shows 1 to 12$/);
  throws(() => smallMultiples(Array(13).fill(run), { title }), /^RangeError: Cannot show 13 runs/);
});
