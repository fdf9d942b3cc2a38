import { ok, throws } from "node:assert/strict";
import { figure8WithoutTheRule, joint, missingSyncTwoLeaders, type Scenario, scenarios } from "../scenario/mod.ts";
import { clusterOptionsFor, perform } from "../scenario/perform.ts";
import { play } from "../scenario/run.ts";
import { completeScenarioOptions, stepsOf, withSequels } from "../scenario/scenario.ts";
import { Stage } from "../scenario/stage.ts";
import { InvariantChecker } from "./checker.ts";
import type { Coverage } from "./coverage.ts";
import { watchedDisks } from "./watched_disks.ts";
import { History } from "./history.ts";
import { stateMachineSafety } from "./invariants.ts";

const SEEDS = 500;

/** Play `scenario` with every invariant checked after every step of every node. */
function check(scenario: Scenario, seed: number): Coverage {
  const options = completeScenarioOptions(scenario, { seed });
  const disks = scenario.disks === "files" ? watchedDisks() : null;
  const clusterOptions = clusterOptionsFor(scenario, options, () => {}, disks?.diskOf ?? null);
  const checker = new InvariantChecker(clusterOptions, disks?.durableOf ?? null);
  const stage = new Stage(checker.cluster, options, () => {});
  for (const _ of perform(stepsOf(scenario, options), stage)) {
    checker.checkAll();
    checker.cluster.tick((id) => checker.check(id));
  }
  checker.checkAll();
  ok(!stage.failed, `seed ${seed}`);
  return checker.coverage;
}

const sound = scenarios.flatMap(withSequels).filter(({ mutation }) => mutation === undefined);

for (const scenario of sound) {
  Deno.test(`the invariants hold in ${scenario.name}, with ${SEEDS} seeds`, () => {
    let elections = 0;
    for (let seed = 0; seed < SEEDS; seed++) elections += check(scenario, seed).elections;
    ok(elections >= SEEDS);
  });
}

Deno.test("the scenarios truncate logs, commit entries in a later term, and restart nodes", () => {
  const coverages = sound.map((scenario) => check(scenario, 1));
  for (const what of ["truncations", "laterCommits", "restarts"] as const) {
    ok(coverages.some((coverage) => coverage[what] > 0), what);
  }
});

Deno.test("without the rule of Figure 8, the checker finds the leader that commits what it may not", () => {
  throws(() => check(figure8WithoutTheRule, 1), {
    name: "InvariantViolation",
    message: /^A leader commits only an entry of its current term by counting/,
  });
});

Deno.test("without the old half of a joint configuration, the checker finds two disjoint majorities", () => {
  throws(() => check(joint, 1), {
    name: "InvariantViolation",
    message: /^Majorities of two configurations that follow on each other have a node in common/,
  });
});

Deno.test("without it, two nodes apply different entries at one index", () => {
  const history = new History();
  const applied = play(joint).trace.of("apply");
  throws(() => applied.forEach((row) => stateMachineSafety(row, history)), { message: /^State Machine Safety/ });
});

Deno.test("a disk that does not sync is found out by what it holds after a crash", () => {
  throws(() => check(missingSyncTwoLeaders, 1), {
    message: /^what was synced is there after a crash, and nothing else/,
  });
});

Deno.test("without the rule of Figure 8, two nodes apply different entries at one index", () => {
  const history = new History();
  const applied = play(figure8WithoutTheRule).trace.of("apply");
  throws(() => applied.forEach((row) => stateMachineSafety(row, history)), { message: /^State Machine Safety/ });
});
