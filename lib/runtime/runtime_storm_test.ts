import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { InvariantViolation } from "../raft/mod.ts";
import type { TraceRow } from "../trace/rows.ts";
import { logsAt } from "../charts/logs.ts";
import { Trace } from "../trace/trace.ts";
import { sendBeforeTheWrite } from "./lost_vote.ts";
import { strictTest } from "./runtime_tools_cases.ts";
import { runtimeStorm, type RuntimeStormOptions, type StormMoments } from "./runtime_storm_cases.ts";
import { type Runtime, RuntimeError } from "./runtime.ts";

const SEEDS = 300;

strictTest(`${SEEDS} storms over tasks break no invariant, and what should be tested by them happens`, async () => {
  const total: Record<keyof StormMoments, number> = {
    elections: 0,
    applied: 0,
    lostWrites: 0,
    keptWrites: 0,
    failedDisks: 0,
    snapshots: 0,
  };
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      const moments = await runtimeStorm(seed);
      for (const [key, count] of Object.entries(moments)) total[key as keyof StormMoments] += count;
    } catch (error) {
      throw new Error(`The storm of seed ${seed} broke something`, { cause: error });
    }
  }
  for (const [key, count] of Object.entries(total)) ok(count > SEEDS / 20, `${key}: ${count}`);
});

strictTest("the same seed gives the same storm, to the byte", async () => {
  const run = async () => {
    const rows: TraceRow[] = [];
    await runtimeStorm(3, { observer: (row) => rows.push(row) });
    return JSON.stringify(rows);
  };
  strictEqual(await run(), await run());
});

strictTest(
  "the trace tells what every log holds, also after a crash in which the disk has lost some of it",
  async () => {
    for (let seed = 0; seed < SEEDS; seed++) {
      const trace = new Trace();
      const afterTick = (runtime: Runtime) => {
        const told = logsAt(trace, trace.lastTick());
        for (const node of runtime.nodes()) {
          const { entries } = told[node.id - 1];
          const terms = [...entries].sort(([a], [b]) => a - b).map(([, { term }]) => term);
          deepStrictEqual(terms, node.terms(), `seed ${seed}, tick ${runtime.now}, node ${node.id}`);
        }
      };
      await runtimeStorm(seed, { observer: trace.record, afterTick });
    }
  },
);

/** What breaks in `seeds` storms. */
async function broken(seeds: number, options: RuntimeStormOptions): Promise<Set<string>> {
  const names = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    try {
      await runtimeStorm(seed, options);
    } catch (error) {
      const cause = error instanceof RuntimeError && error.cause !== undefined ? error.cause : error;
      if (!(cause instanceof InvariantViolation)) throw error;
      names.add(cause.message);
    }
  }
  return names;
}

strictTest("nodes that send before they write are found out at once, by what they send", async () => {
  const names = await broken(10, { mutation: sendBeforeTheWrite });
  ok([...names].some((name) => name.startsWith("A vote, a vote request or an acknowledgement")), [...names].join("; "));
});

strictTest(
  "nodes that send before they write do harm: what was acknowledged is lost, or applied differently",
  async () => {
    const names = await broken(60, { mutation: sendBeforeTheWrite, checksDurability: false });
    const harm = /^(Election Safety|State Machine Safety|a node is never asked to commit entries it has lost)/;
    ok([...names].some((name) => harm.test(name)), [...names].join("; "));
  },
);
