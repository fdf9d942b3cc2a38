import { ok, strictEqual, throws } from "node:assert/strict";
import { figure8WithoutTheRule, scenarios } from "../scenario/mod.ts";
import { perform } from "../scenario/perform.ts";
import { stageFor } from "../scenario/perform.ts";
import { completeScenarioOptions, type Scenario, stepsOf } from "../scenario/scenario.ts";
import { play } from "../scenario/run.ts";
import { InvariantChecker, type Moments } from "./checker.ts";
import { watchedDisks } from "./ghost_cases.ts";
import { History } from "./history.ts";
import { stateMachineSafety } from "./row_rules.ts";

const SEEDS = 500;

/** Play `scenario` with every invariant checked after every step of every node. */
function check(scenario: Scenario, seed: number): Moments {
  const options = completeScenarioOptions(scenario, { seed });
  const checkers: InvariantChecker[] = [];
  const disks = scenario.disks === "files" ? watchedDisks() : null;
  const stage = stageFor(scenario, options, () => {}, {
    diskOf: disks?.diskOf ?? null,
    clusterOf(clusterOptions) {
      checkers.push(new InvariantChecker(clusterOptions, disks?.durableOf ?? null));
      return checkers[0].cluster;
    },
  });
  for (const _ of perform(stepsOf(scenario, options), stage)) {
    checkers[0].checkAll();
    stage.cluster.tick((id) => checkers[0].check(id));
  }
  checkers[0].checkAll();
  ok(!stage.failed, `seed ${seed}`);
  return checkers[0].moments;
}

for (const scenario of scenarios) {
  Deno.test(`the invariants hold in ${scenario.name}, with ${SEEDS} seeds`, () => {
    let elections = 0;
    for (let seed = 0; seed < SEEDS; seed++) elections += check(scenario, seed).elections;
    ok(elections >= SEEDS);
  });
}

Deno.test("the scenarios reach the moments that matter: logs truncated, entries committed in a later term, restarts", () => {
  const moments = scenarios.map((scenario) => check(scenario, 1));
  for (const moment of ["truncations", "laterCommits", "restarts"] as const) {
    ok(moments.some((seen) => seen[moment] > 0), moment);
  }
});

Deno.test("without the rule of Figure 8, the checker finds the leader that commits what it may not", () => {
  throws(() => check(figure8WithoutTheRule, 1), {
    name: "InvariantViolation",
    message: /^A leader commits only an entry of its current term by counting/,
  });
});

Deno.test("without the rule of Figure 8, two nodes apply different entries at one index; with it, none do", () => {
  const applied = (scenario: Scenario) => {
    const history = new History();
    for (const row of play(scenario).trace.of("apply")) stateMachineSafety(row, history);
  };
  throws(() => applied(figure8WithoutTheRule), { message: /^State Machine Safety/ });
  for (const scenario of scenarios) applied(scenario);
  strictEqual(scenarios.find(({ sequel }) => sequel === figure8WithoutTheRule)?.name, "figure-8");
});
