/**
 * How many entries a second a cluster and tasks commit and apply on every node, side by side, in the same run.
 *
 * A round is a number of proposals to the leader, and is over when every node has applied all of them; no tick pauses, for
 * tasks have a virtual clock. The two take turns, round by round. Run with: deno run lib/runtime/runtime_bench.ts
 *
 * @module
 */
import process from "node:process";
import { median } from "../scenario/survey.ts";
import { DrivenCluster, elect } from "../world_cases.ts";
import { VirtualClock } from "./clock.ts";
import { type Runtime, runUntil } from "./runtime.ts";
import { startRuntime } from "./start.ts";

const PROPOSALS_A_ROUND = 256;
const ROUNDS_A_RUN = 12;
const RUNS = 9;

/** Ask the leader for so many commands, and wait until every node has applied them. */
async function playRound(runtime: Runtime, first: number): Promise<void> {
  const submitted = Array.from({ length: PROPOSALS_A_ROUND }, (_, i) => {
    return runtime.submit({ kind: "Put", key: `k${(first + i) % 1024}`, value: `${first + i}` });
  });
  const end = (await Promise.all(submitted)).at(-1)?.index ?? 0;
  const isOver = () => runtime.nodes().every((node) => node.status().applied >= end);
  await runUntil(runtime, "all is applied", isOver, 100_000);
}

/** Entries a second of each world; they take turns. */
async function race(nodes: number): Promise<number[]> {
  const tasks = await startRuntime({ nodes, seed: 1, inboxSize: 4096, clock: new VirtualClock() });
  const worlds = [new DrivenCluster({ nodes, seed: 1 }), tasks];
  for (const world of worlds) await elect(world);
  const times = worlds.map(() => 0);
  for (let round = 0; round < ROUNDS_A_RUN; round++) {
    for (const [i, world] of worlds.entries()) {
      const start = performance.now();
      await playRound(world, round * PROPOSALS_A_ROUND);
      times[i] += performance.now() - start;
    }
  }
  for (const world of worlds) await world.close();
  return times.map((ms) => ROUNDS_A_RUN * PROPOSALS_A_ROUND * 1000 / ms);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

if (import.meta.main) {
  const { deno, v8 } = process.versions;
  const machine = `${navigator.hardwareConcurrency} processors, Deno ${deno}, V8 ${v8}`;
  console.log(`${machine}; medians of ${RUNS} runs, entries a second.\n`);
  console.log("| Nodes | Proposals a round | cluster | tasks | tasks / cluster |");
  console.log("| ---: | ---: | ---: | ---: | ---: |");
  for (const nodes of [3, 5]) {
    await race(nodes);
    const runs: number[][] = [];
    for (let run = 0; run < RUNS; run++) {
      runs.push(await race(nodes));
      console.error(`${nodes} nodes, run ${run + 1} of ${RUNS}: ${runs[run].map(whole).join(", ")}`);
    }
    const [cluster, tasks] = [0, 1].map((i) => median(runs.map((rates) => rates[i])));
    const ratio = median(runs.map((rates) => rates[1] / rates[0])).toFixed(2);
    console.log(`| ${[nodes, PROPOSALS_A_ROUND, whole(cluster), whole(tasks), ratio].join(" | ")} |`);
  }
}
