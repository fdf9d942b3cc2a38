/**
 * A scenario, played: what happened, and the way back to any tick, to go on from there otherwise.
 *
 * A run is a function of its scenario and options, so going back is playing again up to that tick.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { requireWhole } from "../arguments.ts";
import type { Ticks } from "../raft/mod.ts";
import { type DiskOf, losingDisks } from "../storage/disk.ts";
import type { ExpectationRow } from "../trace/rows.ts";
import { Trace } from "../trace/trace.ts";
import { clusterOptionsFor, perform } from "./perform.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioOptions, Step } from "./schema.ts";
import { Stage } from "./stage.ts";
import { refuse, requireScenario, scenarioProblems } from "./validate.ts";

/** Disks for one run of a scenario that wants files: its own machines, which nothing else uses. */
export function disksFor({ disks = "memory" }: Scenario): DiskOf | null {
  return disks === "files" ? losingDisks() : null;
}

/** A part of the way to a run. */
export interface Leg {
  /** What is played … */
  readonly steps: readonly Step[];
  /** … as far as to the end of this tick. */
  readonly to: Ticks;
}

/** A scenario, played. */
export class Run {
  /** What happened. */
  readonly trace: Trace;
  readonly #stage: Stage<Cluster>;
  readonly #end: Ticks;

  /** Use {@link play}. */
  constructor(readonly scenario: Scenario, readonly options: ScenarioOptions, readonly legs: readonly Leg[]) {
    this.trace = new Trace();
    const { record } = this.trace;
    const cluster = new Cluster(clusterOptionsFor(scenario, options, record, disksFor(scenario)));
    this.#stage = new Stage(cluster, options, record);
    for (const leg of legs) this.#play(leg);
    this.#end = this.cluster.now;
  }

  /** The cluster as it is at the end: go on with it as you like; the trace goes on as well. */
  get cluster(): Cluster {
    return this.#stage.cluster;
  }

  /** Whether all was as the scenario expects. */
  get asExpected(): boolean {
    return !this.#stage.failed;
  }

  /** What the scenario expected, and what it found. */
  get expectations(): ExpectationRow[] {
    return this.trace.of("expectation");
  }

  /**
   * The same run, rewound to the end of `tick`: nothing that was done after it has been done. What was done by hand to its
   * cluster is not part of it.
   *
   * @throws {RangeError} if the run has no such tick.
   */
  at(tick: Ticks): Run {
    requireWhole(RangeError, "Cannot rewind: the tick", tick, 0, this.#end);
    const legs = this.legs.map(({ steps, to }) => ({ steps, to: Math.min(to, tick) }));
    return new Run(this.scenario, this.options, legs);
  }

  /**
   * What would have been: the same run up to the end of `tick`, and `steps` from there on.
   *
   * @throws {RangeError} if the run has no such tick.
   * @throws {ScenarioError} naming every step that is none.
   */
  fork(tick: Ticks, steps: readonly Step[]): Run {
    const rewound = this.at(tick);
    const { scenario, scenario: { name, setting }, options, legs } = rewound;
    if (Array.isArray(steps) && steps.length === 0) return rewound;
    const problems = scenarioProblems({ name, setting, steps }, options, rewound.#stage.known);
    refuse(`Cannot go on with ${name} from tick ${tick}`, problems);
    return new Run(scenario, options, [...legs, { steps, to: Infinity }]);
  }

  #play({ steps, to }: Leg): void {
    const { cluster } = this.#stage;
    const performance = perform(steps, this.#stage);
    while (cluster.now < to && !performance.next().done) cluster.tick();
  }
}

/**
 * Play a scenario.
 *
 * @throws {ScenarioError} naming everything that is wrong with it or with the options, or why it cannot be played with them.
 *
 * @example The leader falls silent; what if it had been another node?
 * ```ts
 * import { dropLeader, play } from "hello-raft";
 * import { ok } from "node:assert/strict";
 *
 * const run = play(dropLeader, { nodes: 5, seed: 3 });
 * ok(run.asExpected);
 * const [{ tick }] = run.trace.of("linkFault"); // the leader's first link is cut
 * const other = run.fork(tick, [{ do: "stop", nodes: "follower 1" }, { do: "run", ticks: 30 }]);
 * ok(other.cluster.leader()?.id === run.at(tick).cluster.leader()?.id);
 * ```
 */
export function play(scenario: Scenario, options: Partial<ScenarioOptions> = {}): Run {
  const { options: complete, steps } = requireScenario(scenario, options);
  return new Run(scenario, complete, [{ steps, to: Infinity }]);
}
