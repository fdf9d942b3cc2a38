import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { History } from "../check/history.ts";
import { stateMachineSafety } from "../check/row_rules.ts";
import { crashRestart, figure8, figure8WithoutTheRule, type Scenario, scenarios, splitVote } from "../scenario/mod.ts";
import { playOut } from "../scenario/play_out.ts";
import { completeScenarioOptions } from "../scenario/scenario.ts";
import { disksFor } from "../scenario/disks.ts";
import { Trace } from "../trace/trace.ts";
import { realClock, VirtualClock } from "./clock.ts";
import { playIn } from "./play_on.ts";
import { strictTest } from "./runtime_tools_cases.ts";
import type { RuntimeKind, RuntimeOptions } from "./runtime.ts";

const SEEDS = 20;
const ALL = [...scenarios, figure8WithoutTheRule];

/** Which scenarios hang on exact ticks. */
const EXACT: readonly Scenario[] = [splitVote, figure8, figure8WithoutTheRule];

/** Those that do not look inside a node. */
const OUTSIDE = ALL.filter((scenario) => scenario !== crashRestart);

/** Play it, and say what was not as expected; one leader a term, and no two nodes apply different things. */
async function wrongIn(kind: RuntimeKind, scenario: Scenario, seed: number, more: RuntimeOptions): Promise<string[]> {
  const wrong: string[] = [];
  const [history, leaders] = [new History(), new Map<number, number>()];
  const asExpected = await playIn(kind, scenario, { seed }, (row) => {
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
  strictTest(`${scenario.name} comes out as expected on tasks with a virtual clock, ${SEEDS} seeds`, async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const wrong = await wrongIn("tasks", scenario, seed, { clock: new VirtualClock() });
      deepStrictEqual(wrong, [], `seed ${seed}`);
    }
  });
}

for (const kind of ["tasks", "workers"] as const) {
  for (const scenario of OUTSIDE.filter((scenario) => !EXACT.includes(scenario))) {
    strictTest(`${scenario.name} comes out as expected on ${kind} in real time`, async () => {
      deepStrictEqual(await wrongIn(kind, scenario, 1, { tickMs: 3 }), []);
    });
  }

  strictTest(`what hangs on exact ticks is refused by ${kind} in real time, with the reason`, async () => {
    for (const scenario of EXACT) {
      await rejects(playIn(kind, scenario, {}, () => {}), {
        name: "RuntimeError",
        message: new RegExp(
          `^Cannot play ${scenario.name} in ${kind}.*(and there that is chance; take|takes a rule out)`,
        ),
      });
    }
  });
}

strictTest("what crashes inside the ready loop is refused by tasks and workers, whatever the clock", async () => {
  for (const [kind, more] of [["tasks", { clock: new VirtualClock() }], ["workers", {}]] as const) {
    await rejects(playIn(kind, crashRestart, {}, () => {}, more), {
      name: "RuntimeError",
      message: new RegExp(`^Cannot play crash-restart in ${kind}: its step crashAfter .*; take loop$`),
    });
  }
});

strictTest("in the loop a scenario gives the same rows as ever", async () => {
  for (const scenario of ALL) {
    const [trace, expected] = [new Trace(), new Trace()];
    strictEqual(await playIn("loop", scenario, { seed: 5 }, trace.record), true);
    playOut(scenario, completeScenarioOptions(scenario, { seed: 5 }), expected.record, {
      diskOf: disksFor(scenario),
    });
    strictEqual(trace.toJsonLines(), expected.toJsonLines(), scenario.name);
  }
});

strictTest("a scenario that goes wrong says so, and names the step by its number in the scenario", async () => {
  const steps: Scenario["steps"] = [
    { do: "runUntil", until: { is: "leader" } },
    { do: "propose" },
    { do: "expect", that: { is: "leaders", count: 7 } },
    { do: "stop", nodes: 1 },
    { do: "stop", nodes: 1 },
    { do: "run", ticks: 10_000 },
  ];
  for (const kind of ["loop", "tasks"] as const) {
    const trace = new Trace();
    const more = kind === "tasks" ? { clock: new VirtualClock() } : {};
    strictEqual(await playIn(kind, { name: "wrong", steps }, {}, trace.record, more), false);
    const wrong = trace.of("expectation").filter(({ holds }) => !holds);
    deepStrictEqual(wrong.map(({ text }) => text), [
      "7 nodes take themselves for the leader",
      "step 5 (stop) can be taken",
    ]);
  }
});

strictTest("what cannot be played is refused before anything runs", async () => {
  await rejects(playIn("tasks", figure8, { nodes: 3 }, () => {}), {
    name: "ScenarioError",
    message: /has 5 nodes, not 3/,
  });
});

strictTest("a signal ends a scenario in the middle, within a second", async () => {
  const clock = realClock();
  for (const kind of ["loop", "tasks", "workers"] as const) {
    const ending = new AbortController();
    let [rows, aborted] = [0, 0];
    const steps: Scenario["steps"] = [{ do: "run", ticks: 100_000 }];
    const playing = playIn(kind, { name: "for-ever", steps }, {}, (row) => {
      if (row.kind !== "node" || ++rows !== 15) return;
      aborted = clock.now();
      ending.abort();
    }, { signal: ending.signal, tickMs: 2 });
    await rejects(playing, { name: "RuntimeError", message: /^Cannot go on: the run was ended/ });
    ok(rows < 30 && clock.now() - aborted < 1000, `${rows} rows, ${clock.now() - aborted} ms`);
  }
});
