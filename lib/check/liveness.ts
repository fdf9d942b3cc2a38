/**
 * 20, liveness: at the end of a fuzz run. While messages are lost and late, clients go on writing and a bare majority runs, it
 * commits something new; and with everything mended, all nodes apply the same.
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import { assert, majority, type NodeId, type RandomInt, randomInts } from "../raft/mod.ts";
import { judge } from "../scenario/condition.ts";
import type { Setting, Step } from "../scenario/schema.ts";
import type { Stage } from "../scenario/stage.ts";
import { DRIZZLE, type Faults, type Weather } from "./weather.ts";

/** Ticks within which a majority must commit something new, and a mended cluster apply something more, or agree. */
const PATIENCE = 600;

/** A run that has come to its end. */
export interface Run {
  readonly stage: Stage<Cluster>;
  readonly setting: Setting;
  /** Take a step, if it can be taken. */
  take(step: Step): void;
  /** A weather over the run's cluster. */
  weather(faults: Faults, random: RandomInt): Weather;
}

/**
 * Check it: what is done follows from the run and the seed.
 *
 * @throws {InvariantViolation} naming what was awaited in vain.
 */
export function checkLiveness(run: Run, seed: number): void {
  const { stage: { cluster } } = run;
  const random = randomInts(seed);
  run.take({ do: "heal" });
  run.take({ do: "delay", from: "all", to: "all", ticks: 1 });
  // Whoever leads is rather among those that do not run.
  const leader = cluster.leader()?.id;
  const rank = (id: NodeId) => random(0, 1000) + (id === leader ? 500 : 0);
  const order = cluster.ids.map((id) => ({ id, at: rank(id) })).sort((a, b) => a.at - b.at || a.id - b.id);
  for (const [i, { id }] of order.entries()) {
    const isNeeded = i < majority(cluster.ids.length);
    if (cluster.isRunning(id) !== isNeeded) run.take({ do: isNeeded ? "restart" : "stop", nodes: id });
  }
  majorityCommits(run, random);
  run.take({ do: "heal" });
  for (const id of cluster.ids) if (!cluster.isRunning(id)) run.take({ do: "restart", nodes: id });
  allAgree(run);
}

function majorityCommits(run: Run, random: RandomInt): void {
  const { stage: { cluster }, setting: { maxInflightMsgs = 256, maxSizePerMsg = 1 << 20 } } = run;
  const weather = run.weather(DRIZZLE, random);
  // An entry a message and few messages at once: more writes would only pile up.
  const often = maxInflightMsgs < 256 && maxSizePerMsg < 1000 ? 100 : 1000;
  const expected = 1 + Math.max(...cluster.nodes().map((node) => node.status().lastIndex));
  for (let tick = 0;; tick++) {
    // Somebody may still be about to crash.
    for (const id of cluster.ids) {
      const isMissing = cluster.nodes().length < majority(cluster.ids.length);
      if (isMissing && !cluster.isRunning(id)) run.take({ do: "restart", nodes: id });
    }
    const found = Math.max(...cluster.nodes().map((node) => node.status().hs.commit));
    if (found > expected) return;
    const invariant = "Liveness: a majority that runs commits what is new, though messages are lost and late";
    assert(tick < PATIENCE, invariant, `a commit index over ${expected} in ${PATIENCE} ticks`, found);
    const leader = cluster.leader();
    if (leader !== null && random(0, 1000) < often) weather.write([leader.id]);
    weather.round();
  }
}

function allAgree({ stage, stage: { cluster }, take }: Run): void {
  let [most, stalled] = [0, 0];
  for (;;) {
    for (const id of cluster.ids) if (!cluster.isRunning(id)) take({ do: "restart", nodes: id });
    const { holds, found } = judge({ is: "agreed", nodes: "all" }, stage);
    if (holds) return;
    const now = cluster.nodes().reduce((sum, node) => sum + node.status().applied, 0);
    stalled = now > most ? 0 : stalled + 1;
    most = Math.max(most, now);
    const invariant = "Liveness: a mended cluster goes on until all nodes have applied the same";
    assert(stalled < PATIENCE, invariant, `something new in ${PATIENCE} ticks`, found);
    take({ do: "run", ticks: 1 });
  }
}
