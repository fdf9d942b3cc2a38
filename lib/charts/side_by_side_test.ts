import { match, ok, strictEqual, throws } from "node:assert/strict";
import type { Cluster } from "../cluster.ts";
import { Trace } from "../trace/trace.ts";
import { begin, crashing, divided, long, muddled, quiet } from "./chart_cases.ts";
import { labelsOf } from "./label_cases.ts";
import { sideBySide } from "./mod.ts";
import { isAlone, isReadable, isWellFormed, marks } from "./svg_cases.ts";

const title = "One fault makes the difference";

/** Three nodes, to which something is done at tick 22. */
function played(act: (cluster: Cluster) => void): Trace {
  const { trace, cluster } = begin(3, 1);
  cluster.run(22);
  act(cluster);
  cluster.run(30);
  return trace;
}

function compared(left: Trace, right: Trace) {
  return sideBySide({ label: "as it is", trace: left }, { label: "with a fault", trace: right }, { title });
}

for (const nodes of [1, 3, 5, 9]) {
  Deno.test(`two runs of ${nodes} nodes side by side are readable and stand alone`, async () => {
    const runs = [
      quiet(nodes, 1),
      divided(nodes, 2),
      crashing(nodes, 3),
      muddled(nodes, 1),
      long(nodes, 1, 700),
      quiet(3, 1),
    ];
    for (const left of runs) {
      for (const right of [runs[0], runs[3], runs[4], new Trace()]) {
        const svg = await compared(left, right).svg();
        isAlone(svg);
        isWellFormed(svg);
        isReadable(svg, `${nodes} nodes, ${runs.indexOf(left)} and ${runs.indexOf(right)}`);
      }
    }
  });
}

Deno.test("the first difference is a labelled rule through both runs, and told in words", async () => {
  const figure = compared(played(() => {}), played((cluster) => cluster.stop(1)));
  strictEqual(
    figure.alt,
    "The roles of every node in two runs, from tick 1 to 52. As it is: Node 1 leads term 1 from tick 13 to 52. " +
      "With a fault: Node 1 leads term 1 from tick 13 to 22; node 2 leads term 2 from tick 37 to 52. " +
      "Node 1 is stopped from tick 23 to 52. " +
      'The first difference is at tick 22: in "as it is" at tick 23 HeartbeatResponse from node 2 reaches node 1; ' +
      'in "with a fault" node 1 is stopped.',
  );
  ok(figure.caption.includes("The first difference is at tick 22"));
  const svg = await figure.svg();
  strictEqual(marks(svg, "first difference", "line"), 1);
  const order = [/aria-description="roles"/g, /aria-description="first difference"/g, />L1</g];
  const [[, bars], [rule], [label]] = order.map((pattern) => [...svg.matchAll(pattern)].map(({ index }) => index));
  ok(bars < rule && rule < label, "the rule is drawn upon all bars, and below their labels");
  const labels = labelsOf(svg).map(({ text }) => text);
  for (const label of ["first difference, tick 22", "as it is", "with a fault"]) ok(labels.includes(label), label);
  strictEqual(labels.filter((label) => label === "node 3").length, 2);
  strictEqual(await figure.svg(), svg);
});

Deno.test("runs that do not differ have no rule, and one that is beyond the ticks shown is only told", async () => {
  const same = compared(quiet(3, 1), quiet(3, 1));
  match(same.alt, /The two runs do not differ in anything\.$/);
  ok(!labelsOf(await same.svg()).some(({ text }) => text.startsWith("first difference, ")));
  const [left, right] = [quiet(3, 1), quiet(3, 1, 2)].map((trace, i) => ({ label: `${i}`, trace }));
  const early = sideBySide(left, right, { title, to: 10 });
  match(early.alt, /from tick 1 to 10\..*The first difference is at tick 15/);
  ok(!labelsOf(await early.svg()).some(({ text }) => text.startsWith("first difference, ")));
});

Deno.test("faults, links, clocks and logs are told as differences", () => {
  const text = (act: (cluster: Cluster) => void) => compared(played(() => {}), played(act)).alt;
  match(text((cluster) => cluster.network.cut(1, 2)), /in "with a fault" the link from node 1 to node 2 is cut\.$/);
  match(
    text((cluster) => cluster.network.delay(1, 2, 3)),
    /the link from node 1 to node 2 is open and takes 3 ticks/,
  );
  match(text((cluster) => cluster.pauseClock(1)), /the clock of node 1 is made to stand still\.$/);
  match(
    text((cluster) => cluster.campaign(2)),
    /node 2 stores term 2 and its vote for itself and sends RequestVote to nodes/,
  );
  match(
    text((cluster) => cluster.propose({ kind: "Put", key: "x", value: "1" })),
    /in "with a fault" node 1 is asked for a Put of x: appended\.$/,
  );
});

Deno.test("rows of which the same is said are told apart by what is not the same in them", () => {
  const [left, right] = [4, 5].map((index) => {
    const trace = quiet(3, 1);
    trace.record({ kind: "log", tick: 30, node: 1, entries: [{ index, term: 1, command: null }] });
    return trace;
  });
  match(
    compared(left, right).alt,
    /in "with a fault" node 1 begins with a log of 1 entry \(not the same: entries\)\.$/,
  );
});

Deno.test("two runs of nothing say so, and what cannot be shown is refused", () => {
  match(compared(new Trace(), new Trace()).alt, /^Nothing happened yet/);
  match(compared(new Trace(), quiet(3, 1)).alt, /As it is: nothing happened yet\./);
  const run = { label: "a", trace: quiet(3, 1) };
  throws(() => sideBySide(run, { ...run, label: "" }, { title }), /^RangeError: Cannot show run 2 without a label/);
  throws(() => sideBySide(run, run, { title: "" }), /Cannot make a figure without a title/);
  throws(() => sideBySide(run, run, { title, from: -1 }), /Cannot use from: -1/);
});
