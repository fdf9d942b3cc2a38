/**
 * How long a simulated cluster takes, with everything recorded; run by `deno task bench`.
 *
 * Five nodes over more and more ticks, with a proposal every third of them: is the cost of a tick always the same? And many
 * seeds of a scenario, as `demo --seeds` plays them. Every run is checked for having done what it was to do.
 *
 * @module
 */
import process from "node:process";
import { Cluster } from "../cluster.ts";
import { dropLeader } from "./mod.ts";
import { Trace } from "../trace/trace.ts";
import { play } from "./run.ts";

const NODES = 5;
const TICKS = [1_000, 3_000, 10_000, 30_000];
const TICKS_A_PROPOSAL = 3;
const SEEDS = 300;
const RUNS = 5;

/** A cluster over this many ticks: how many rows it makes. */
function grow(ticks: number): number {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: NODES, observer: trace.record });
  let proposals = 0;
  for (let tick = 1; tick <= ticks; tick++) {
    cluster.tick();
    if (tick % TICKS_A_PROPOSAL !== 0 || cluster.leader() === null) continue;
    cluster.propose({ kind: "Put", key: "x", value: `${++proposals}` });
  }
  const settled = proposals - NODES;
  if (settled < ticks / TICKS_A_PROPOSAL / 2 || cluster.nodes().some(({ store }) => Number(store.get("x")) < settled)) {
    throw new Error("Cannot count a run in which the cluster did not keep up");
  }
  return trace.rows.length;
}

/** The same story with many seeds: how many rows they make. */
function playSeeds(): number {
  let rows = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const run = play(dropLeader, { nodes: NODES, seed });
    if (!run.asExpected) throw new Error(`Cannot count a run that failed: seed ${seed}`);
    rows += run.trace.rows.length;
  }
  return rows;
}

/** The seconds that `work` takes, the median of several runs, and how many rows it makes. */
function time(name: string, work: () => number): { readonly seconds: number; readonly rows: number } {
  let rows = 0;
  const seconds = Array.from({ length: RUNS }, (_, i) => {
    const start = performance.now();
    rows = work();
    const elapsed = (performance.now() - start) / 1000;
    console.error(`${name}, run ${i + 1} of ${RUNS}: ${elapsed.toFixed(2)} s`);
    return elapsed;
  });
  return { seconds: seconds.toSorted((a, b) => a - b)[RUNS >> 1], rows };
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

function printRow(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

if (import.meta.main) {
  const { deno, v8 } = process.versions;
  console.log(`${navigator.hardwareConcurrency} processors, Deno ${deno}, V8 ${v8}; medians of ${RUNS} runs.\n`);
  console.log(`${NODES} nodes, a proposal every ${TICKS_A_PROPOSAL} ticks, everything recorded.\n`);
  grow(TICKS[1]);
  printRow("Ticks", "Rows", "Seconds", "Microseconds a tick");
  printRow("---:", "---:", "---:", "---:");
  for (const ticks of TICKS) {
    const { seconds, rows } = time(`${whole(ticks)} ticks`, () => grow(ticks));
    printRow(whole(ticks), whole(rows), seconds.toFixed(2), whole(seconds * 1e6 / ticks));
  }

  console.log(`\n${dropLeader.name} on ${NODES} nodes, played.\n`);
  printRow("Seeds", "Rows", "Seconds", "Milliseconds a seed");
  printRow("---:", "---:", "---:", "---:");
  const { seconds, rows } = time(`${SEEDS} seeds`, playSeeds);
  printRow(SEEDS, whole(rows), seconds.toFixed(2), (seconds * 1000 / SEEDS).toFixed(2));
}
