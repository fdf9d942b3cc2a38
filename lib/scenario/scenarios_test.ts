import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { disksFor } from "./run.ts";
import { figure8WithoutTheRule, scenarios } from "./mod.ts";
import { playOut } from "./perform.ts";
import { completeScenarioOptions, type Scenario } from "./scenario.ts";
import { scenarioProblems } from "./validate.ts";
import { stepsOf } from "./scenario.ts";

const SEEDS = 25;
const ALL = [...scenarios, figure8WithoutTheRule];

/** How many nodes a scenario can be played with. */
function sizesOf(scenario: Scenario): number[] {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return sizes.filter((nodes) => !scenario.refuse?.(completeScenarioOptions(scenario, { nodes })));
}

for (const scenario of ALL) {
  Deno.test(`${scenario.name} shows what it says, with every number of nodes and many seeds`, () => {
    for (const nodes of sizesOf(scenario)) {
      for (let seed = 0; seed < SEEDS; seed++) {
        const wrong: string[] = [];
        const asExpected = playOut(scenario, completeScenarioOptions(scenario, { nodes, seed }), (row) => {
          if (row.kind === "expectation" && !row.holds) wrong.push(`${row.text}: ${row.found}`);
        }, disksFor(scenario));
        deepStrictEqual([asExpected, wrong], [true, []], `${nodes} nodes, seed ${seed}`);
      }
    }
  });
}

Deno.test("every scenario is data that a reader could have written, and expects something", () => {
  for (const scenario of ALL) {
    const options = completeScenarioOptions(scenario, {});
    const { refuse: _refuse, mutation: _mutation, sequel: _sequel, ...data } = scenario;
    const steps = stepsOf(scenario, options);
    deepStrictEqual(scenarioProblems({ ...data, steps }, options), [], scenario.name);
    deepStrictEqual(JSON.parse(JSON.stringify(steps)), steps, scenario.name);
    ok(steps.some((step) => step.do === "expect"), scenario.name);
  }
});

Deno.test("a scenario refuses the sizes that make no sense, and says why; its own default it takes", () => {
  deepStrictEqual(ALL.map((scenario) => [scenario.name, sizesOf(scenario).join("")]), [
    ["basic", "123456789"],
    ["lagging-follower", "3456789"],
    ["drop-leader", "3456789"],
    ["split-vote", "23456789"],
    ["minority-partition", "3456789"],
    ["no-quorum", "23456789"],
    ["crash-restart", "3456789"],
    ["figure-7", "7"],
    ["figure-8", "5"],
    ["figure-8-without-the-rule", "5"],
  ]);
  for (const scenario of ALL) ok(sizesOf(scenario).includes(scenario.nodes ?? 3), scenario.name);
});

Deno.test("every scenario has a name of its own, and says in a line what it shows, what will be broken, and what to try", () => {
  strictEqual(new Set(ALL.map(({ name }) => name)).size, ALL.length);
  for (const { name, summary = "", premise = [], shows = [], finding = "" } of ALL) {
    ok(/^[a-z]+(-[a-z0-9]+)*$/.test(name) && /^[^\n]{20,59}$/.test(summary) && finding.length > 20, name);
    ok(name === "basic" || (premise.length > 0 && shows.length > 0), name);
  }
  for (const { name, next = [] } of scenarios) ok(next.length > 0, name);
});
