import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { scenarios, survey, withSequels } from "./mod.ts";
import { completeScenarioOptions, type Scenario, valueAfter } from "./scenario.ts";

const SEEDS = 25;
const ALL = scenarios.flatMap(withSequels);

/** How many nodes a scenario can be played with. */
function sizesOf(scenario: Scenario): number[] {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return sizes.filter((nodes) => !scenario.refuse?.(completeScenarioOptions(scenario, { nodes })));
}

for (const scenario of ALL) {
  Deno.test(`${scenario.name} shows what it says, with every number of nodes and many seeds`, () => {
    for (const nodes of sizesOf(scenario)) {
      for (const { seed, asExpected, differences } of survey(scenario, { nodes }, SEEDS)) {
        deepStrictEqual([asExpected, differences], [true, []], `${nodes} nodes, seed ${seed}`);
      }
    }
  });
}

Deno.test("a scenario refuses the sizes that make no sense, and says why; its own default it takes", () => {
  deepStrictEqual(ALL.map((scenario) => [scenario.name, sizesOf(scenario).join("")]), [
    ["basic", "123456789"],
    ["lagging-follower", "3456789"],
    ["far-behind", "3456789"],
    ["drop-leader", "3456789"],
    ["split-vote", "23456789"],
    ["minority-partition", "3456789"],
    ["retry", "123456789"],
    ["retry-once", "123456789"],
    ["stale-read", "3456789"],
    ["stale-read-index", "3456789"],
    ["stale-read-lease", "3456789"],
    ["one-way-link", "3456789"],
    ["check-quorum", "3456789"],
    ["check-quorum-on", "3456789"],
    ["prevote", "3456789"],
    ["prevote-on", "3456789"],
    ["transfer", "23456789"],
    ["add-node", "3456789"],
    ["remove-leader", "3579"],
    ["joint", "5"],
    ["joint-consensus", "5"],
    ["no-quorum", "23456789"],
    ["crash-restart", "3456789"],
    ["power-cut", "23456789"],
    ["missing-sync", "3"],
    ["missing-sync-two-leaders", "3"],
    ["figure-7", "7"],
    ["figure-8", "5"],
    ["figure-8-without-the-rule", "5"],
    ["figure-8-e", "5"],
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

Deno.test("a client's values are letters after the first one, or named after what is no letter", () => {
  const values = (first: string) => [1, 2].map((writes) => valueAfter(first, writes));
  deepStrictEqual(["a", "y", "red", "1", ""].map(values), [
    ["b", "c"],
    ["z", "y-3"],
    ["red-2", "red-3"],
    ["1-2", "1-3"],
    ["-2", "-3"],
  ]);
});
