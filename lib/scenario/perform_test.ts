import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { LED, tell, tellLed } from "./stage_cases.ts";
import type { Step } from "./schema.ts";

/** Steps of which the last cannot be taken, and why. Node 1 leads, and all clocks are paused. */
const CANNOT: [steps: readonly Step[], found: RegExp][] = [
  [[{ do: "stop", nodes: 1 }, { do: "propose" }], /^there is no "leader" at tick \d+$/],
  [[{ do: "propose", to: "followers" }], /^it takes one node, not 2$/],
  [[{ do: "stop", nodes: 2 }, { do: "stop", nodes: 2 }], /^Cannot use node 2: it is stopped; restart it first$/],
  [[{ do: "stop", nodes: 2 }, { do: "campaign", nodes: 2 }], /^Cannot use node 2: it is stopped/],
  [[{ do: "stop", nodes: 2 }, { do: "propose", to: 2 }], /^Cannot use node 2: it is stopped/],
  [[{ do: "stop", nodes: [2, 3] }, { do: "restart", nodes: "follower 1" }], /^there is no "follower 1" at tick \d+$/],
  [[{ do: "fixTimeout", nodes: "all", ticks: 9 }], /ticks must be a whole number from 10 to 19, and is 9$/],
  [[{ do: "partition", groups: [1, "all"] }], /^Cannot part the nodes: node 1 is in two groups$/],
  [[{ do: "stop", nodes: "all" }, { do: "expect", that: { is: "agreed" } }], /^it speaks of no node at tick \d+$/],
  [
    [{ do: "runUntil", until: { is: "role", nodes: "follower 3", role: "leader" } }],
    /^there is no "follower 3" at tick/,
  ],
];

for (const [steps, found] of CANNOT) {
  Deno.test(`a story ends where a step cannot be taken: ${JSON.stringify(steps)}`, () => {
    const { expectations, stage, cluster } = tellLed([...steps, { do: "run", ticks: 50 }]);
    strictEqual(expectations.length, 1);
    const [{ text, holds, tick }] = expectations;
    const number = LED.length + steps.length;
    deepStrictEqual([text, holds], [`step ${number} (${steps[steps.length - 1].do}) can be taken`, false]);
    strictEqual(found.test(expectations[0].found), true, expectations[0].found);
    deepStrictEqual([stage.failed, tick], [true, cluster.now], "nothing was done after it");
  });
}

Deno.test("a story ends where something awaited does not happen in the time it is given", () => {
  const { expectations, stage, cluster } = tellLed([
    { do: "runUntil", until: { is: "value", nodes: "all" }, within: 7 },
    { do: "propose" },
  ]);
  const tick = tellLed([]).cluster.now + 7;
  deepStrictEqual(expectations, [{
    kind: "expectation",
    tick,
    text: "within 7 ticks, nodes 1, 2 and 3 have x = a",
    holds: false,
    found: "node 1: no x; node 2: no x; node 3: no x",
  }]);
  deepStrictEqual([stage.failed, cluster.now, cluster.network.inFlight()], [true, tick, []]);
});

Deno.test("what is awaited may come with the last tick of its time, and nobody is told", () => {
  const steps = (within: number): Step[] => [
    { do: "propose" },
    { do: "runUntil", until: { is: "value", nodes: "leader" }, within },
  ];
  const [inTime, late] = [tellLed(steps(2)), tellLed(steps(1))];
  deepStrictEqual([inTime.expectations, inTime.stage.failed], [[], false]);
  deepStrictEqual(late.expectations.map(({ text }) => text), ["within 1 tick, node 1 has x = a"]);
});

Deno.test("what holds already is not waited for; what never comes is waited for 400 ticks, if nothing is said", () => {
  const start = tellLed([]).cluster.now;
  strictEqual(tellLed([{ do: "runUntil", until: { is: "leader", by: 1 } }]).cluster.now, start);
  strictEqual(tellLed([{ do: "runUntil", until: { is: "leader", by: 2 } }]).cluster.now, start + 400);
});

Deno.test("an expectation that fails does not end the story, but the story has failed", () => {
  const { expectations, stage, cluster } = tellLed([
    { do: "expect", that: { is: "leader", by: 2 }, text: "node 2 leads, of course" },
    { do: "propose" },
    { do: "run", ticks: 4 },
    { do: "expect", that: { is: "value", nodes: "all" } },
  ]);
  deepStrictEqual(expectations.map(({ text, holds, found }) => [text, holds, found]), [
    ["node 2 leads, of course", false, "node 1 leads term 1"],
    ["nodes 1, 2 and 3 have x = a", true, ""],
  ]);
  deepStrictEqual([stage.failed, cluster.node(3).store.get("x")], [true, "a"]);
});

Deno.test("no more is asked of the cluster than steps say: without any, nothing happens", () => {
  const { trace, cluster } = tell([]);
  deepStrictEqual([new Set(trace.rows.map(({ kind }) => kind)), cluster.now], [new Set(["node"]), 0]);
});

Deno.test("an error that is no refusal is not hidden in the story", () => {
  const command = JSON.parse('{"kind":"Put","key":"","value":""}');
  throws(() => tellLed([{ do: "propose", command }]), { name: "CommandError" });
});
