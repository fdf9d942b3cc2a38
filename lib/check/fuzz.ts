/**
 * Fuzz runs: a cluster under faults that a seed decides, with every invariant checked after every step.
 *
 * A run is a scenario that is written while it is played, so that it can be played again, shortened, and kept. In the end
 * liveness (20) is checked twice: while messages are lost and late, clients go on writing and a bare majority runs; and
 * with everything mended.
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import { ClusterError } from "../cluster_options.ts";
import { NetworkError } from "../network.ts";
import type { DemoNode } from "../node.ts";
import { assert, InvariantViolation, majority, type NodeId, type RandomInt, randomInts } from "../raft/mod.ts";
import { judge } from "../scenario/condition.ts";
import { act, clusterOptionsFor } from "../scenario/perform.ts";
import { type Scenario, ScenarioError } from "../scenario/scenario.ts";
import type { Setting, Step } from "../scenario/schema.ts";
import { Stage } from "../scenario/stage.ts";
import type { Observer } from "../trace/rows.ts";
import { type Coverage, InvariantChecker } from "./checker.ts";
import { watchedDisks } from "./watched_disks.ts";
import { DRIZZLE, type Faults, Weather, WEATHERS } from "./weather.ts";

/** Rounds with faults; a round is a tick, and whatever breaks before it. */
const ROUNDS = 150;

/** Ticks within which a majority must commit something new, and a mended cluster apply something more, or agree. */
const PATIENCE = 600;

/** Where a run begins. */
export interface Beginning {
  /** Decides the election timeouts, and how liveness is checked. */
  readonly seed: number;
  /** How many nodes. */
  readonly nodes: number;
  /** The cluster's other options. */
  readonly setting: Setting;
  /** Where the logs are; in files a crash loses what was not synced. */
  readonly disks: "memory" | "files";
}

/** A run, written down. */
export interface Schedule extends Beginning {
  /** What was done. */
  readonly steps: readonly Step[];
  /** What was done to check liveness; it follows from all the rest. */
  readonly epilogue: readonly Step[];
}

/** Something broke in a run. */
export class FuzzFailure extends Error {
  /** Which error it is. */
  override readonly name = "FuzzFailure";

  /** `cause` broke the run; `schedule` is the run up to there. */
  constructor(readonly schedule: Schedule, override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }

  /** What broke, wherever it was: the invariant, or the message of another error. */
  get what(): string {
    return this.cause instanceof InvariantViolation ? this.cause.invariant : this.message;
  }
}

/** What may be added to a run. */
export interface FuzzOptions {
  /** Told of everything that happens. */
  readonly observer?: Observer;
  /** Called before anything happens: breaks something, to see whether the checker finds it. */
  readonly mutation?: (cluster: Cluster) => void;
  /** Called with every node that starts, at first and again: another way to break something. */
  readonly onStart?: (node: DemoNode) => void;
}

/**
 * Run a cluster under the faults that `seed` decides.
 *
 * @returns What was seen.
 * @throws {FuzzFailure} with what broke, and the run.
 *
 * @example
 * ```ts
 * import { fuzz } from "hello-raft";
 *
 * console.log(fuzz(1).elections > 0);
 * ```
 */
export function fuzz(seed: number, options: FuzzOptions = {}): Coverage {
  const random = randomInts(seed);
  const oneOf = <T>(choices: readonly T[]): T => choices[random(0, choices.length)];
  const faults = oneOf(WEATHERS);
  const beginning: Beginning = {
    seed,
    nodes: oneOf([1, 2, 3, 3, 3, 4, 5, 5]),
    setting: {
      latency: oneOf([1, 1, 2]),
      maxSizePerMsg: oneOf([0, 0, 60, 1 << 20]),
      maxInflightMsgs: oneOf([1, 2, 256]),
    },
    disks: oneOf(["memory", "memory", "files"] as const),
  };
  const run = new FuzzRun(beginning, options);
  return run.play(() => {
    const weather = run.weather(faults, random);
    weather.slowLinks();
    for (let round = 0; round < ROUNDS; round++) {
      if (random(0, 1000) < 400) weather.write(run.running());
      weather.round();
    }
    if (random(0, 1000) < 500) weather.strandLeader();
  });
}

/**
 * Play `schedule` again, without the steps that cannot be taken. Liveness is checked if it was before.
 *
 * @returns What was seen.
 * @throws {FuzzFailure} with what broke, and the run.
 */
export function replay({ steps, epilogue, ...beginning }: Schedule, options: FuzzOptions = {}): Coverage {
  const run = new FuzzRun(beginning, options);
  return run.play(() => steps.forEach((step) => run.take(step)), epilogue.length > 0);
}

/** A run as a scenario. */
export function scenarioOf({ schedule: { seed, steps, epilogue, ...more }, what }: FuzzFailure): Scenario {
  const joined: Step[] = [];
  for (const step of [...steps, ...epilogue]) {
    const last = joined.at(-1);
    if (last?.do === "run" && step.do === "run") {
      joined[joined.length - 1] = { do: "run", ticks: last.ticks + step.ticks };
    } else joined.push(step);
  }
  return { name: `fuzz-${seed}`, summary: what, ...more, steps: joined };
}

class FuzzRun {
  readonly #beginning: Beginning;
  readonly #checker: InvariantChecker;
  readonly #stage: Stage<Cluster>;
  readonly #taken: Step[] = [];

  constructor(beginning: Beginning, { observer = () => {}, mutation = () => {}, onStart = () => {} }: FuzzOptions) {
    this.#beginning = beginning;
    const options = { nodes: beginning.nodes, seed: beginning.seed, key: "k0", value: "0" };
    const disks = beginning.disks === "files" ? watchedDisks() : null;
    const scenario = { name: "fuzz", setting: beginning.setting, steps: [], mutation: onStart };
    const clusterOptions = clusterOptionsFor(scenario, options, observer, disks?.diskOf ?? null);
    this.#checker = new InvariantChecker(clusterOptions, disks?.durableOf ?? null);
    this.#stage = new Stage(this.#checker.cluster, options, observer);
    mutation(this.#checker.cluster);
  }

  /** The nodes that run. */
  running(): number[] {
    return this.#checker.cluster.nodes().map(({ id }) => id);
  }

  weather(faults: Faults, random: RandomInt): Weather {
    return new Weather(this.#checker.cluster, faults, random, (step) => this.take(step));
  }

  /** Do what `act` does, and check liveness. */
  play(act: () => void, checksLiveness = true): Coverage {
    let end: number | null = null;
    try {
      act();
      end = this.#taken.length;
      if (checksLiveness) this.#checkLiveness();
      return this.#checker.coverage;
    } catch (cause) {
      const [steps, epilogue] = [this.#taken.slice(0, end ?? undefined), end === null ? [] : this.#taken.slice(end)];
      throw new FuzzFailure({ ...this.#beginning, steps, epilogue }, cause);
    }
  }

  /** Take a step, if it can be taken as things are, and check what it may have broken. */
  take(step: Step): void {
    const { cluster } = this.#checker;
    this.#taken.push(step);
    try {
      if (step.do === "run") {
        for (let i = 0; i < step.ticks; i++) cluster.tick((id) => this.#checker.check(id));
      } else if (step.do !== "runUntil" && step.do !== "expect") {
        act(step, this.#stage);
      }
    } catch (error) {
      const cannot = error instanceof ClusterError || error instanceof NetworkError || error instanceof ScenarioError;
      if (!cannot) throw error;
      this.#taken.pop();
    }
    if ("nodes" in step || step.do === "propose") this.#checker.checkAll();
  }

  #checkLiveness(): void {
    const { cluster } = this.#checker;
    const random = randomInts(this.#beginning.seed);
    this.take({ do: "heal" });
    this.take({ do: "delay", from: "all", to: "all", ticks: 1 });
    // Whoever leads is rather among those that do not run.
    const leader = cluster.leader()?.id;
    const rank = (id: NodeId) => random(0, 1000) + (id === leader ? 500 : 0);
    const order = cluster.ids.map((id) => ({ id, at: rank(id) })).sort((a, b) => a.at - b.at || a.id - b.id);
    for (const [i, { id }] of order.entries()) {
      const isNeeded = i < majority(cluster.ids.length);
      if (cluster.isRunning(id) !== isNeeded) this.take({ do: isNeeded ? "restart" : "stop", nodes: id });
    }
    this.#majorityCommits(random);
    this.take({ do: "heal" });
    for (const id of cluster.ids) if (!cluster.isRunning(id)) this.take({ do: "restart", nodes: id });
    this.#allAgree();
  }

  #majorityCommits(random: RandomInt): void {
    const { cluster } = this.#checker;
    const weather = this.weather(DRIZZLE, random);
    const { maxInflightMsgs = 256, maxSizePerMsg = 1 << 20 } = this.#beginning.setting;
    // An entry a message and few messages at once: more writes would only pile up.
    const often = maxInflightMsgs < 256 && maxSizePerMsg < 1000 ? 100 : 1000;
    const expected = 1 + Math.max(...cluster.nodes().map((node) => node.status().lastIndex));
    for (let tick = 0;; tick++) {
      // Somebody may still be about to crash.
      for (const id of cluster.ids) {
        const isMissing = cluster.nodes().length < majority(cluster.ids.length);
        if (isMissing && !cluster.isRunning(id)) this.take({ do: "restart", nodes: id });
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

  #allAgree(): void {
    const { cluster } = this.#checker;
    let [most, stalled] = [0, 0];
    for (;;) {
      for (const id of cluster.ids) if (!cluster.isRunning(id)) this.take({ do: "restart", nodes: id });
      const { holds, found } = judge({ is: "agreed", nodes: "all" }, this.#stage);
      if (holds) return;
      const now = cluster.nodes().reduce((sum, node) => sum + node.status().applied, 0);
      stalled = now > most ? 0 : stalled + 1;
      most = Math.max(most, now);
      const invariant = "Liveness: a mended cluster goes on until all nodes have applied the same";
      assert(stalled < PATIENCE, invariant, `something new in ${PATIENCE} ticks`, found);
      this.take({ do: "run", ticks: 1 });
    }
  }
}
