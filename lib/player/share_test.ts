import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { play, readScenario } from "../scenario/mod.ts";
import { completeScenarioOptions } from "../scenario/scenario.ts";
import { PLAYABLE } from "./library.ts";
import { Branch, type Plan } from "./session.ts";
import { hashOf, notebookLine, readHash, readPlan, sandboxOf, scenarioFile } from "./share.ts";

const SANDBOX_PLAN: Plan = {
  scenario: sandboxOf({ latency: 2, electionTick: 12 }),
  options: { nodes: 5, seed: 7, key: "x", value: "a" },
  double: "old-terms",
  touches: [
    { tick: 3, step: { do: "cut", from: 1, to: [2, 3] } },
    { tick: 3, step: { do: "propose", to: 2, command: { kind: "Put", key: "</script>", value: "\u2028 é 🙂" } } },
    { tick: 9, step: { do: "heal" } },
  ],
};

const hash = (data: unknown) => `#${btoa(JSON.stringify(data))}`;

Deno.test("an address leads back to the same plan and tick, of a sandbox and of every scenario", () => {
  deepStrictEqual(readHash(hashOf(SANDBOX_PLAN, 17)), { plan: SANDBOX_PLAN, tick: 17 });
  match(hashOf(SANDBOX_PLAN, 17), /^#[\w-]+$/);
  for (const scenario of PLAYABLE) {
    const plan = { scenario, options: completeScenarioOptions(scenario, { seed: 3 }), double: null, touches: [] };
    deepStrictEqual(readHash(hashOf(plan, 5, scenario), scenario), { plan, tick: 5 });
    const { plan: read, tick } = readHash(hashOf(plan, 5));
    deepStrictEqual([tick, new Branch(read, 60).trace.rows], [5, new Branch(plan, 60).trace.rows], scenario.name);
  }
});

/** An address as pages made it before they knew of configurations and numbered requests: a write, a read, a transfer. */
const OLD_ADDRESS =
  "#eyJzY2VuYXJpbyI6InNhbmRib3giLCJzZXR0aW5nIjp7ImxhdGVuY3kiOjIsImVsZWN0aW9uVGljayI6MTIsImhlYXJ0YmVhdFRpY2siOjN" +
  "9LCJvcHRpb25zIjp7Im5vZGVzIjo1LCJzZWVkIjo3LCJrZXkiOiJ4IiwidmFsdWUiOiJhIn0sImRvdWJsZSI6Im9sZC10ZXJtcyIsInRpY2s" +
  "iOjMwLCJ0b3VjaGVzIjpbWzIwLHsiZG8iOiJwcm9wb3NlIiwidG8iOjMsImNvbW1hbmQiOnsia2luZCI6IlB1dCIsImtleSI6IngiLCJ2YWx" +
  "1ZSI6ImEifX1dLFsyMSx7ImRvIjoicmVhZCIsIndheSI6InJlYWRJbmRleCIsInRvIjozLCJrZXkiOiJ4In1dLFsyNCx7ImRvIjoidHJhbnN" +
  "mZXIiLCJ0byI6MSwiZnJvbSI6M31dXX0";

Deno.test("an old address still opens, and leads to the same run", () => {
  const { plan, tick } = readHash(OLD_ADDRESS);
  const branch = new Branch(plan, tick);
  deepStrictEqual([branch.touches.length, branch.now, branch.cluster.leader()?.id], [3, 30, 1]);
});

Deno.test("a scenario file of what was done plays the same rows", () => {
  const plan = { ...SANDBOX_PLAN, double: null };
  const branch = new Branch(plan, 30);
  const { file, command } = scenarioFile(branch);
  strictEqual(command, "deno task demo --scenario sandbox.json --seed 7");
  deepStrictEqual(play(readScenario(JSON.parse(file)), { seed: 7 }).trace.rows, branch.trace.rows);
  const [, text, options] = /play\(([^]*), (\{"seed":7\})\)/.exec(notebookLine(branch)) ?? [];
  deepStrictEqual(play(JSON.parse(text), JSON.parse(options)).trace.rows, branch.trace.rows);
});

Deno.test("an address that leads to no run is refused with a sentence that says why", () => {
  const plan = { scenario: "sandbox", options: { nodes: 3, seed: 1 }, touches: [] };
  const wrong: [unknown, RegExp][] = [
    [null, /it is missing/],
    [{ ...plan, scenario: "constructor" }, /must be an object|Cannot read the scenario/],
    [{ ...plan, scenario: { name: "x", steps: "all" } }, /steps/],
    [{ ...plan, options: { nodes: 99 } }, /nodes/],
    [{ ...plan, setting: { latency: 0 } }, /latency/],
    [{ ...plan, touches: [[4, { do: "explode" }]] }, /steps\[0\]\.do must be/],
    [{ ...plan, touches: [[4, { do: "stop", nodes: 9 }]] }, /node 9/],
    [{ ...plan, touches: [[4, { do: "run", ticks: 1000 }]] }, /takes no time/],
    [{ ...plan, touches: [[4, { do: "heal" }], [2, { do: "heal" }]] }, /go back/],
    [{ ...plan, touches: [["</b>", { do: "heal" }]] }, /go back/],
    [{ ...plan, touches: 7 }, /steps\[0\] is missing/],
  ];
  for (const [data, why] of wrong) throws(() => readPlan(data), why, JSON.stringify(data));
  for (const text of ["#", "#!", "#%00", `${hash(plan)}x`, "#eyJ"]) {
    throws(() => readHash(text), /is not whole|it is missing/, text);
  }
  // What is not known is nothing: no double, no tick.
  const read = readHash(hash({ ...plan, double: "toString", tick: 1e99, "__proto__": { x: 1 } }));
  deepStrictEqual([read.plan.double, read.tick], [null, 0]);
  ok(new Branch(read.plan, 20).now === 20);
});
