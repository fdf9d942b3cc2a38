import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { play, type Scenario } from "../scenario/mod.ts";
import type { Act } from "../scenario/perform.ts";
import { completeScenarioOptions } from "../scenario/scenario.ts";
import { randomInts } from "../raft/mod.ts";
import { Story } from "../trace/story.ts";
import { ruleOut } from "./doubles.ts";
import { PLAYABLE } from "./library.ts";
import { Branch, type Plan } from "./session.ts";

const SANDBOX: Scenario = { name: "sandbox", steps: [] };
const planOf = (scenario: Scenario, seed: number, more: Partial<Plan> = {}): Plan => ({
  scenario,
  options: completeScenarioOptions(scenario, { seed }),
  double: null,
  touches: [],
  ...more,
});

/** Something that can be done to a cluster of `nodes`, by chance. */
function someTouch(nodes: number, chance: (low: number, high: number) => number): Act {
  const [a, b] = [chance(1, nodes + 1), chance(1, nodes)];
  const other = b >= a ? b + 1 : b;
  const touches: Act[] = [
    { do: "stop", nodes: a },
    { do: "restart", nodes: a },
    { do: "pauseClock", nodes: a },
    { do: "resumeClock", nodes: a },
    { do: "campaign", nodes: a },
    { do: "propose", to: a },
    { do: "cut", from: a, to: other },
    { do: "hold", from: a, to: other, oneWay: true },
    { do: "heal" },
    { do: "delay", from: a, to: other, ticks: 3 },
    { do: "dropMessages", from: a },
    { do: "compact", nodes: a, keep: 0 },
    { do: "transfer", to: other, from: a },
    { do: "read", way: "store", to: a },
    { do: "read", way: "readIndex", to: a },
    { do: "request", client: 1 },
    { do: "request", client: 2, command: { kind: "Get", key: "x" }, way: "readIndex", to: a, timeout: 7 },
    { do: "request", client: 2, sessions: false, to: b },
    { do: "loseAnswer", client: 1, count: 1 },
    { do: "confChange", addLearners: a },
    { do: "confChange", addVoters: [a, other] },
    { do: "confChange", to: a, remove: other, transition: "explicit" },
    { do: "confChange" },
  ];
  return touches[chance(0, touches.length)];
}

Deno.test("a run in the page has the rows of the terminal, and its scenario file too, also after ten touches", () => {
  for (const scenario of PLAYABLE) {
    for (const seed of [1, 2, 3]) {
      const run = play(scenario, { seed });
      const branch = new Branch(planOf(scenario, seed), run.trace.lastTick());
      deepStrictEqual(branch.trace.rows, run.trace.rows, `${scenario.name}, seed ${seed}`);
      const chance = randomInts(seed);
      const middle = new Branch(planOf(scenario, seed), Math.floor(run.trace.lastTick() / 2));
      for (let i = 0; i < 10; i++) {
        middle.touch(someTouch(middle.cluster.ids.length, chance));
        for (let tick = chance(0, 6); tick > 0; tick--) middle.goOn();
      }
      const again = play({ ...scenario, steps: middle.stepsSoFar() }, { seed });
      deepStrictEqual(again.trace.rows, middle.trace.rows, `${scenario.name}, seed ${seed}, touched`);
      const fork = new Branch({ ...middle.plan, touches: middle.touches }, middle.now);
      deepStrictEqual(fork.trace.rows, middle.trace.rows, `${scenario.name}, seed ${seed}, played again`);
    }
  }
});

Deno.test("a broken rule stops the run, and names the invariant", () => {
  const branch = new Branch(planOf(SANDBOX, 1, { double: "votes-twice" }));
  for (const { step } of ruleOut("votes-twice").way.slice(0, -1)) branch.touch(step);
  branch.goOn();
  branch.touch({ do: "campaign", nodes: 2 });
  while (branch.goOn() && branch.now < 20);
  const { tick, violation } = branch.broken ?? {};
  strictEqual(tick, 3);
  match(`${violation?.message}`, /^Election Safety: at most one leader a term \(node 2, term 1, expected 1, found 2\)/);
  strictEqual(branch.goOn(), false);
  ok(branch.touch({ do: "heal" }) !== null);
});

Deno.test("what cannot be done changes nothing", () => {
  const branch = new Branch(planOf(SANDBOX, 1), 5);
  const rows = branch.trace.rows.length;
  match(`${branch.touch({ do: "restart", nodes: 9 })}`, /node 9/);
  deepStrictEqual([branch.touches, branch.trace.of("nodeFault")], [[], []]);
  ok(branch.trace.rows.length >= rows);
});

Deno.test("what is told of each tick is the story of the run, also where something more is done in the last one", () => {
  const branch = new Branch(planOf(SANDBOX, 1));
  for (let tick = 0; tick < 60; tick++) {
    branch.goOn();
    branch.sentences(branch.now);
    if (tick % 7 === 0) branch.touch({ do: "propose", to: 1 + tick % 3 });
    branch.sentences(branch.now);
    if (tick % 10 === 9) branch.touch({ do: "campaign", nodes: 1 + tick % 3 });
  }
  const story = new Story();
  const told = branch.scenes.map((scene) => story.hear(scene));
  deepStrictEqual(branch.scenes.map(({ tick }) => branch.sentences(tick)), told);
  ok(told.flat().some(({ about }) => about === "answer" || about === "apply"));
});

Deno.test("a leader hands over its lead, and clients read, by hand; the same plan gives the same rows", () => {
  const branch = new Branch(planOf(SANDBOX, 1), 20);
  const leader = branch.cluster.leader()?.id ?? 0;
  const to = leader === 2 ? 3 : 2;
  for (const way of ["store", "readIndex"] as const) strictEqual(branch.touch({ do: "read", way, to: leader }), null);
  strictEqual(branch.touch({ do: "transfer", to, from: leader }), null);
  for (let i = 0; i < 6; i++) branch.goOn();
  strictEqual(branch.cluster.leader()?.id, to);
  const again = new Branch({ ...branch.plan, touches: branch.touches }, branch.now);
  deepStrictEqual(again.trace.rows, branch.trace.rows);
});
