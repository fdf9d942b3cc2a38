import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { History } from "../check/history.ts";
import { stateMachineSafety } from "../check/invariants.ts";
import { realClock, VirtualClock } from "../runtime/clock.ts";
import type { RuntimeOptions } from "../runtime/runtime.ts";
import { Trace } from "../trace/trace.ts";
import { strictTest } from "../world_cases.ts";
import { crashRestart, figure8, figure8WithoutTheRule, type Scenario, scenarios, splitVote } from "./mod.ts";
import { playInTasks } from "./play_in_tasks.ts";

const SEEDS = 20;

/** Which scenarios hang on exact ticks. */
const EXACT: readonly Scenario[] = [splitVote, figure8, figure8WithoutTheRule];

/** Those that do not look inside a node. */
const OUTSIDE = [...scenarios, figure8WithoutTheRule].filter((scenario) => scenario !== crashRestart);

/** Play it, and say what was not as expected; one leader a term, and no two nodes apply different things. */
async function wrongIn(scenario: Scenario, seed: number, more: RuntimeOptions): Promise<string[]> {
  const wrong: string[] = [];
  const [history, leaders] = [new History(), new Map<number, number>()];
  const asExpected = await playInTasks(scenario, { seed }, (row) => {
    if (row.kind === "expectation" && !row.holds) wrong.push(`${row.text}: ${row.found}`);
    if (row.kind === "apply" && scenario.mutation === undefined) stateMachineSafety(row, history);
    if (row.kind !== "node" || row.role !== "leader") return;
    const leader = leaders.get(row.term) ?? row.node;
    leaders.set(row.term, leader);
    if (leader !== row.node) wrong.push(`nodes ${leader} and ${row.node} lead term ${row.term}`);
  }, more);
  return asExpected ? wrong : [...wrong, "not as expected"];
}

for (const scenario of OUTSIDE) {
  strictTest(`${scenario.name} comes out as expected in tasks on a virtual clock, ${SEEDS} seeds`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      deepStrictEqual(await wrongIn(scenario, seed, { clock: new VirtualClock() }), [], `seed ${seed}`);
    }
  });

  if (EXACT.includes(scenario)) continue;
  strictTest(`${scenario.name} comes out as expected in tasks in real time`, async () => {
    deepStrictEqual(await wrongIn(scenario, 1, { tickMs: 3 }), []);
  });
}

strictTest("what cannot be played in tasks is refused before anything runs, with the reason", async () => {
  const refused: [scenario: Scenario, more: RuntimeOptions, says: RegExp][] = [
    [crashRestart, { clock: new VirtualClock() }, /^Cannot play crash-restart in tasks: its step crashAfter stops/],
  ];
  for (const scenario of EXACT) {
    refused.push([
      scenario,
      {},
      RegExp(`^Cannot play ${scenario.name} in tasks with real time: .* that is chance; play`),
    ]);
  }
  const noRow = () => ok(false, "something runs");
  for (const [scenario, more, message] of refused) {
    await rejects(playInTasks(scenario, {}, noRow, more), { name: "RuntimeError", message });
  }
  await rejects(playInTasks(figure8, { nodes: 3 }, noRow), { name: "ScenarioError", message: /has 5 nodes, not 3/ });
});

strictTest("a scenario that goes wrong says so, and names the step by its number", async () => {
  const steps: Scenario["steps"] = [
    { do: "runUntil", until: { is: "leader" } },
    { do: "propose" },
    { do: "expect", that: { is: "leaders", count: 7 } },
    { do: "stop", nodes: 1 },
    { do: "stop", nodes: 1 },
    { do: "run", ticks: 10_000 },
  ];
  const trace = new Trace();
  ok(!await playInTasks({ name: "wrong", steps }, {}, trace.record, { clock: new VirtualClock() }));
  deepStrictEqual(trace.of("expectation").filter(({ holds }) => !holds).map(({ text }) => text), [
    "7 nodes take themselves for the leader",
    "step 5 (stop) can be taken",
  ]);
});

strictTest("a signal ends a scenario in the middle, within a second", async () => {
  const clock = realClock();
  const ending = new AbortController();
  let [rows, aborted] = [0, 0];
  const steps: Scenario["steps"] = [{ do: "run", ticks: 100_000 }];
  const playing = playInTasks({ name: "for-ever", steps }, {}, (row) => {
    if (row.kind !== "node" || ++rows !== 15) return;
    aborted = clock.now();
    ending.abort();
  }, { signal: ending.signal, tickMs: 2 });
  await rejects(playing, { name: "RuntimeError", message: /^Cannot go on: the run was ended/ });
  ok(rows < 30 && clock.now() - aborted < 1000, `${rows} rows, ${clock.now() - aborted} ms`);
});
