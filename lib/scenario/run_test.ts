import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { basic, dropLeader, figure8, minorityPartition, type Scenario, scenarios, type Step } from "./mod.ts";
import type { Trace } from "../trace/trace.ts";
import { play, type Run } from "./run.ts";

/** Its rows until `tick` has passed, without what was done by hand then. */
function upTo({ rows }: Trace, tick: number): unknown[] {
  const end = rows.findIndex((row, i) =>
    row.tick > tick ||
    row.tick === tick && row.kind !== "node" && rows[i - 1]?.kind === "node" && rows[i - 1].tick === tick
  );
  return end < 0 ? [...rows] : rows.slice(0, end);
}

/** How many ticks a run has. */
const length = (run: Run) => run.trace.lastTick();

/** A leader, a write, and 20 ticks in which nothing is done. */
const QUIET: Scenario = {
  name: "quiet",
  steps: [
    { do: "runUntil", until: { is: "leader" } },
    { do: "name", as: "first leader", nodes: "leader" },
    { do: "mark", as: "led" },
    { do: "propose" },
    { do: "run", ticks: 20 },
    { do: "name", as: "later", nodes: "leader" },
    { do: "run", ticks: 5 },
  ],
};

Deno.test("a scenario played twice is the same to the byte; with another seed it is another", () => {
  for (const scenario of scenarios) {
    const [once, again] = [play(scenario, { seed: 3 }), play(scenario, { seed: 3 })];
    strictEqual(once.trace.toJsonLines(), again.trace.toJsonLines(), scenario.name);
    ok(once.asExpected && once.expectations.length > 0, scenario.name);
  }
  notStrictEqual(play(basic, { seed: 3 }).trace.toJsonLines(), play(basic, { seed: 4 }).trace.toJsonLines());
});

Deno.test("rewound to any tick, a run has exactly the rows up to the end of that tick, and a cluster that is there", () => {
  for (const scenario of [dropLeader, figure8]) {
    const run = play(scenario, { seed: 2 });
    for (let tick = 1; tick <= length(run); tick++) {
      const { trace, cluster } = run.at(tick);
      deepStrictEqual(trace.rows, upTo(run.trace, tick), `${scenario.name}, tick ${tick}`);
      strictEqual(cluster.now, tick);
    }
  }
});

Deno.test("at tick 0 nothing has been done yet; logs to start from are there", () => {
  const start = play({ ...QUIET, setting: { logs: [[1]] } }).at(0);
  deepStrictEqual([start.trace.rows.map(({ kind }) => kind), start.cluster.now], [["log", "node", "node", "node"], 0]);
  deepStrictEqual(play(dropLeader).at(0).trace.of("proposal"), []);
});

Deno.test("a run has no tick before 0, after its last, or between two, and the error names it", () => {
  const run = play(basic, { seed: 3 });
  const last = length(run);
  strictEqual(run.at(last).cluster.now, last);
  for (const tick of [-1, last + 1, 1.5, NaN, Infinity]) {
    const message = `Cannot rewind: the tick must be a whole number from 0 to ${last}, and is ${tick}`;
    throws(() => run.at(tick), { name: "RangeError", message });
    throws(() => run.fork(tick, []), { name: "RangeError", message });
  }
});

Deno.test("going on by hand from where nothing else is done gives the same rows", () => {
  const run = play(QUIET);
  const written = run.trace.of("proposal")[0].tick;
  for (let tick = written + 1; tick < written + 20; tick++) {
    const { cluster, trace } = run.at(tick);
    cluster.run(written + 20 - tick);
    deepStrictEqual(trace.rows, upTo(run.trace, written + 20));
  }
});

Deno.test("what is done by hand to a run's cluster is in its trace, and no part of the run when it is rewound", () => {
  const run = play(QUIET);
  const last = length(run);
  run.cluster.stop(1);
  run.cluster.run(3);
  strictEqual(length(run), last + 3);
  throws(() => run.at(last + 1), RangeError);
  deepStrictEqual(run.at(last).trace.of("nodeFault"), []);
  const other = run.at(5);
  other.cluster.stop(2);
  deepStrictEqual(run.at(6).trace.rows, upTo(play(QUIET).trace, 6));
});

const SILENCE: readonly Step[] = [{ do: "cut", from: "leader", to: "followers" }, { do: "run", ticks: 12 }];

Deno.test("a fork is the same run up to its tick, and what is done otherwise from there on", () => {
  const run = play(dropLeader, { seed: 2 });
  const tick = run.trace.of("proposal")[0].tick;
  const fork = run.fork(tick, SILENCE);
  deepStrictEqual(upTo(fork.trace, tick), upTo(run.trace, tick));
  strictEqual(length(fork), tick + 12);
  deepStrictEqual(fork.trace.of("linkFault").map((row) => row.tick), Array(4).fill(tick));
  notStrictEqual(JSON.stringify(upTo(fork.trace, tick + 2)), JSON.stringify(upTo(run.trace, tick + 2)));
  deepStrictEqual(run.trace.rows, play(dropLeader, { seed: 2 }).trace.rows, "the run itself is as it was");
  deepStrictEqual(run.fork(tick, SILENCE).trace.rows, fork.trace.rows, "and so is another fork");
});

Deno.test("a fork can be rewound, to before it and after, and forked again", () => {
  const run = play(QUIET);
  const fork = run.fork(15, SILENCE);
  const second = fork.fork(20, [{ do: "heal" }, { do: "run", ticks: 30 }]);
  for (let tick = 1; tick <= 50; tick++) deepStrictEqual(second.at(tick).trace.rows, upTo(second.trace, tick));
  deepStrictEqual(second.at(40).at(18).trace.rows, upTo(fork.trace, 18));
  deepStrictEqual(second.fork(15, [{ do: "run", ticks: 4 }]).trace.rows, upTo(run.trace, 19), "before its steps");
});

Deno.test("names and marks that were set before its tick are known in a fork; those of later are not", () => {
  const run = play(QUIET);
  const led = run.trace.of("proposal")[0].tick;
  const known: Step[] = [
    { do: "stop", nodes: "first leader" },
    { do: "run", ticks: 1 },
    { do: "expect", that: { is: "unchanged", nodes: "first leader", what: "term", since: "led" } },
  ];
  ok(run.fork(led + 1, known).asExpected);
  const set = "that no step before has set";
  refused(() => run.fork(led, known), [
    `steps[0].nodes is "first leader", a name ${set}; known here: all, leader, followers`,
    `steps[2].that.nodes is "first leader", a name ${set}; known here: all, leader, followers`,
    `steps[2].that.since is "led", a mark ${set}; there is none yet`,
  ]);
  refused(() => run.fork(led + 5, [{ do: "stop", nodes: "later" }]), [
    `steps[0].nodes is "later", a name ${set}; known here: all, leader, followers, first leader`,
  ]);
  ok(run.fork(led + 21, [{ do: "stop", nodes: "later" }]).asExpected);
});

/** It throws a ScenarioError with these lines. */
function refused(call: () => unknown, problems: readonly string[]): void {
  throws(call, (error) => {
    ok(error instanceof Error && error.name === "ScenarioError", `${error}`);
    deepStrictEqual(error.message.split("\n  ").slice(1), problems);
    return true;
  });
}

Deno.test("a fork with bad steps is refused, with every problem and its place in the steps that were given", () => {
  const steps = JSON.parse('[{"do":"heal"},{"do":"fly"},{"do":"stop","nodes":[1,4]},{"do":"run","ticks":0}]');
  const run = play(QUIET);
  throws(() => run.fork(9, steps), /^ScenarioError: Cannot go on with quiet from tick 9:\n {2}steps\[1\]\.do must be /);
  refused(() => run.fork(9, steps.slice(2)), [
    "steps[1].ticks must be a whole number of ticks from 1 to 100000",
    "steps[0].nodes[1] is node 4, which a cluster of 3 does not have",
  ]);
  refused(() => run.fork(9, JSON.parse("{}")), ["steps must be a list"]);
  deepStrictEqual(run.fork(9, []).trace.rows, run.at(9).trace.rows, "no steps are no problem");
});

Deno.test("a run says whether all was as expected; a fork only of what it did itself", () => {
  const run = play({ ...QUIET, steps: [...SILENCE, { do: "expect", that: { is: "leaders", count: 9 } }] });
  deepStrictEqual([run.asExpected, run.expectations.length], [false, 1]);
  const good = play(QUIET);
  const fork = good.fork(15, [{ do: "expect", that: { is: "leaders", count: 9 } }]);
  deepStrictEqual([good.asExpected, fork.asExpected, fork.at(15).asExpected], [true, false, true]);
});

Deno.test("a scenario that refuses its options is not played, and the error says why", () => {
  throws(() => play(minorityPartition, { nodes: 2 }), {
    name: "ScenarioError",
    message: "Cannot play minority-partition: it takes a larger and a smaller side; take 3 or more nodes, not 2",
  });
});

Deno.test("options that no cluster can have are refused, every one of them by name, before the scenario sees them", () => {
  const options = JSON.parse('{"nodes":10,"seed":1.5,"key":"","value":1,"node":5}');
  const scenario: Scenario = { ...QUIET, refuse: () => "it has seen them" };
  refused(() => play(scenario, options), [
    "options.nodes must be a whole number from 1 to 9",
    "options.seed must be a whole number",
    "options.key must not be empty",
    "options.value must be text",
    "options has node, which means nothing here",
  ]);
  refused(() => play(QUIET, { nodes: NaN }), ["options.nodes must be a whole number from 1 to 9"]);
});

/** What may stand in a scenario's place, and what is said of it. */
const NO_SCENARIOS: [scenario: unknown, ...problems: string[]][] = [
  [null, "it must be an object"],
  [undefined, "it is missing"],
  [
    { ...QUIET, name: "", refuse: 3, mutation: "x", sequel: "basic", nodes: 10, colour: "red" },
    "name must be words of small letters and digits, joined by hyphens",
    "nodes must be a whole number from 1 to 9",
    "refuse must be a function that gives the reason as text, or null if it can be played",
    "mutation must be a function that is given every node when it starts",
    "sequel must be an object",
    "it has colour, which means nothing here",
  ],
  [{ ...QUIET, refuse: () => true }, "refuse must give the reason as text, or null if it can be played"],
  [{ ...QUIET, steps: () => 5 }, "steps must be a list"],
  [
    { ...QUIET, disks: "files", setting: { logs: [[1]] } },
    "disks must be memory, where setting.logs are kept, or those must be left out",
  ],
];

for (const [i, [scenario, ...problems]] of NO_SCENARIOS.entries()) {
  Deno.test(`what is no scenario is not played, and the error says what is wrong with it: ${i + 1}`, () => {
    refused(() => play(scenario as Scenario), problems);
    throws(() => play(scenario as Scenario), /^ScenarioError: Cannot play (the scenario|quiet):\n/);
  });
}

Deno.test("options that are none are refused, and what is wrong with the scenario is said as well", () => {
  for (const options of [5, "ab", null, [5]]) {
    refused(() => play(QUIET, JSON.parse(JSON.stringify(options))), ["options must be an object"]);
  }
  refused(() => play({ ...QUIET, steps: [{ do: "stop", nodes: 4 }] }, { seed: 0.5 }), [
    "options.seed must be a whole number",
    "steps[0].nodes is node 4, which a cluster of 3 does not have",
  ]);
});

Deno.test("a fork's steps are checked against the setting of its scenario", () => {
  const fix: Step[] = [{ do: "fixTimeout", nodes: 1, ticks: 25 }];
  ok(play({ ...QUIET, setting: { electionTick: 20 } }).fork(3, fix).asExpected);
  refused(() => play(QUIET).fork(3, fix), [
    "steps[0].ticks must be from 10 to 19, as every timeout is if electionTick is 10",
  ]);
});
