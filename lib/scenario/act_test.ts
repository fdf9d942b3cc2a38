import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Link } from "../network.ts";
import { fatesIn, goOn, inFlight, LED, tell, tellLed, values } from "./stage_cases.ts";
import type { Action, Step } from "./step.ts";

/** The links of a cluster that are not as they were at first: `1>2 cut 1`. */
function changed({ cluster }: ReturnType<typeof tell>): string[] {
  const links: Link[] = cluster.ids.flatMap((from) => cluster.ids.map((to) => cluster.network.link(from, to)));
  return links.filter(({ state, latency }) => state !== "open" || latency !== 1)
    .map(({ from, to, state, latency }) => `${from}>${to} ${state} ${latency}`);
}

Deno.test("propose asks the leader to put the key and the value of the options, if nothing else is said", () => {
  const { cluster, trace } = tellLed([{ do: "propose" }, { do: "run", ticks: 4 }], { key: "colour", value: "red" });
  deepStrictEqual(values(cluster, "colour"), ["red", "red", "red"]);
  deepStrictEqual(trace.of("proposal").map(({ node, result }) => [node, result]), [[1, "appended"]]);
});

Deno.test("propose asks whom it names for what it names", () => {
  const { cluster, trace } = tellLed([
    { do: "propose", to: "follower 1", command: { kind: "Put", key: "y", value: "2" } },
    { do: "run", ticks: 6 },
  ]);
  deepStrictEqual([values(cluster, "x"), values(cluster, "y")], [[null, null, null], ["2", "2", "2"]]);
  deepStrictEqual(trace.of("proposal").map(({ node, result }) => [node, result]), [[2, "forwarded"]]);
});

Deno.test("where nobody takes a proposal the client is out of luck, and the story goes on", () => {
  const { trace, cluster, stage } = tell([{ do: "propose", to: 2 }, { do: "run", ticks: 3 }]);
  deepStrictEqual(trace.of("proposal").map(({ node, result }) => [node, result]), [[2, "dropped"]]);
  deepStrictEqual([cluster.now, stage.failed], [3, false]);
});

Deno.test("campaign starts an election, on each node it names", () => {
  const { cluster } = tell([{ do: "pauseClock", nodes: "all" }, { do: "campaign", nodes: [2, 3] }]);
  deepStrictEqual(cluster.nodes().map((node) => node.status().ss.raftState), ["follower", "candidate", "candidate"]);
});

Deno.test("stop and restart do so to each node they name; what was stored is still there", () => {
  const played = tellLed([{ do: "stop", nodes: "followers" }]);
  deepStrictEqual(played.cluster.ids.map((id) => played.cluster.isRunning(id)), [true, false, false]);
  goOn(played.stage, [{ do: "restart", nodes: 3 }]);
  deepStrictEqual(played.cluster.ids.map((id) => played.cluster.isRunning(id)), [true, false, true]);
  deepStrictEqual(played.cluster.node(3).terms(), [1]);
});

Deno.test("pauseClock stops a node's clock, and resumeClock lets it go on", () => {
  const { cluster, trace } = tell([
    { do: "pauseClock", nodes: "all" },
    { do: "run", ticks: 100 },
    { do: "resumeClock", nodes: 2 },
    { do: "run", ticks: 25 },
  ]);
  strictEqual(trace.at(100).every(({ term }) => term === 0), true);
  strictEqual(cluster.leader()?.id, 2);
});

Deno.test("fixTimeout fixes the timeout, and null makes it random again", () => {
  const fixed: Step[] = [
    { do: "fixTimeout", nodes: "all", ticks: 12 },
    { do: "run", ticks: 12 },
    { do: "expect", that: { is: "role", nodes: "all", role: "candidate" } },
    { do: "fixTimeout", nodes: "all", ticks: null },
    { do: "runUntil", until: { is: "leader" }, within: 200 },
  ];
  deepStrictEqual(tell(fixed).expectations.map(({ holds }) => holds), [true]);
  const forever = fixed.filter((step) => step.do !== "fixTimeout" || step.ticks !== null);
  deepStrictEqual(tell(forever).expectations.map(({ holds }) => holds), [true, false], "else nobody is ever elected");
});

Deno.test("compact discards what was applied, but for the last entries, on the nodes it names", () => {
  const write: Step[] = [{ do: "propose" }, { do: "run", ticks: 4 }];
  const { cluster } = tellLed([...write, ...write, { do: "compact", nodes: [1, 2], keep: 1 }]);
  deepStrictEqual(cluster.nodes().map((node) => [node.status().firstIndex, node.terms()]), [
    [3, [1]],
    [3, [1]],
    [1, [1, 1, 1]],
  ]);
  const more = tellLed([...write, { do: "compact", nodes: 1, keep: 100 }]);
  deepStrictEqual(more.cluster.node(1).terms(), [1, 1], "it cannot keep more than there is");
});

const LINKS: [action: Action, links: string[]][] = [
  [{ do: "cut", from: 1, to: 2 }, ["1>2 cut 1", "2>1 cut 1"]],
  [{ do: "cut", from: 1, to: 2, oneWay: true }, ["1>2 cut 1"]],
  [{ do: "hold", from: "leader", to: "followers", oneWay: true }, ["1>2 held 1", "1>3 held 1"]],
  [{ do: "hold", from: [1, 2], to: "all" }, ["1>2", "1>3", "2>1", "2>3", "3>1", "3>2"].map((link) => `${link} held 1`)],
  [{ do: "delay", from: 2, to: 3, ticks: 5 }, ["2>3 open 5", "3>2 open 5"]],
  [{ do: "delay", from: 2, to: 3, ticks: 5, oneWay: true }, ["2>3 open 5"]],
  [{ do: "partition", groups: [1, ["followers"]] }, ["1>2 cut 1", "1>3 cut 1", "2>1 cut 1", "3>1 cut 1"]],
];

for (const [action, links] of LINKS) {
  Deno.test(`${JSON.stringify(action)} makes the links ${links.join(", ")}`, () => {
    deepStrictEqual(changed(tellLed([action])), links);
  });
}

Deno.test("mend opens the links it names, both ways or one, and heal all", () => {
  const cut: Step = { do: "cut", from: "all", to: "all" };
  deepStrictEqual(changed(tellLed([cut, { do: "mend", from: 1, to: 2 }])).length, 4);
  deepStrictEqual(changed(tellLed([cut, { do: "mend", from: 1, to: 2, oneWay: true }])).length, 5);
  deepStrictEqual(changed(tellLed([cut, { do: "heal" }])), []);
});

Deno.test("what is sent on a cut link is lost, and what is sent on a held one goes on once it is mended", () => {
  const cut = tellLed([{ do: "cut", from: 1, to: 2, oneWay: true }, { do: "propose" }]);
  deepStrictEqual(inFlight(cut.cluster), ["Append 1>3"]);
  const held = tellLed([{ do: "hold", from: 1, to: 2, oneWay: true }, { do: "propose" }, { do: "run", ticks: 9 }]);
  deepStrictEqual([values(held.cluster), inFlight(held.cluster)[0]], [["1", null, "1"], "Append 1>2"]);
  goOn(held.stage, [{ do: "mend", from: 1, to: 2, oneWay: true }, { do: "run", ticks: 3 }]);
  deepStrictEqual(values(held.cluster), ["1", "1", "1"]);
});

Deno.test("a step with a title begins a part of the story; an expectation that holds is told of, and is no failure", () => {
  const steps: Step[] = [
    ...LED,
    { do: "heal", title: "A part" },
    { do: "mark", as: "here" },
    { do: "expect", that: { is: "unchanged", nodes: "all", what: "term", since: "here" } },
  ];
  const { trace, stage } = tell(steps);
  deepStrictEqual(trace.of("part").map(({ title, tick }) => [title, tick]), [["A part", stage.cluster.now]]);
  deepStrictEqual([trace.of("expectation").length, stage.failed], [1, false]);
});

Deno.test("run lets as many ticks pass as it says, with nothing else done", () => {
  const played = tellLed([{ do: "run", ticks: 17 }]);
  strictEqual(played.cluster.now, tellLed([]).cluster.now + 17);
  deepStrictEqual(fatesIn(played, 5), []);
});
