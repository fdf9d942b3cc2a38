/**
 * Fuzz runs: a cluster under faults that a seed decides, with every invariant checked after every step.
 *
 * A run is a scenario that is written while it is played, so that it can be played again, shortened, and kept. In the end
 * liveness is checked.
 *
 * @module
 */
import type { Client } from "../client.ts";
import type { Cluster } from "../cluster.ts";
import { ClusterError } from "../cluster_options.ts";
import { NetworkError } from "../network.ts";
import type { DemoNode } from "../node.ts";
import { type ConfState, InvariantViolation, type RandomInt, randomInts } from "../raft/mod.ts";
import { act, clusterOptionsFor } from "../scenario/perform.ts";
import { type Scenario, ScenarioError } from "../scenario/scenario.ts";
import type { Setting, Step } from "../scenario/schema.ts";
import { Stage } from "../scenario/stage.ts";
import type { Observer } from "../trace/rows.ts";
import { InvariantChecker } from "./checker.ts";
import type { Coverage } from "./coverage.ts";
import { type Demand, Demands } from "./demands.ts";
import { checkLiveness, type Run } from "./liveness.ts";
import { watchedDisks } from "./watched_disks.ts";
import { FAULT_PROFILES, FaultInjector, type FaultProfile } from "./fault_injector.ts";

/** What a run is made of. */
export type Mix = "everything" | "fundamentals";

/** Rounds with faults; a round is a tick, and whatever breaks before it. */
const ROUNDS: Readonly<Record<Mix, number>> = { everything: 60, fundamentals: 150 };

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
  /**
   * Everything (the default); or the fundamentals alone: elections, replication and snapshots among nodes that all vote, without
   * PreVote and CheckQuorum, reads and transfers.
   */
  readonly mix?: Mix;
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
  const profile = oneOf(FAULT_PROFILES);
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
  const { mix = "everything" } = options;
  const { leaderFaults, demand, ...more } = mix === "everything"
    ? withMore(beginning, random)
    : { ...beginning, leaderFaults: {}, demand: null };
  const run = new FuzzRun(more, options);
  return run.play(() => {
    const injector = run.injector({ ...profile, ...leaderFaults }, random, demand);
    injector.slowLinks();
    for (let round = 0; round < ROUNDS[mix]; round++) {
      if (random(0, 1000) < 400) injector.write(run.running());
      injector.round();
    }
    if (random(0, 1000) < 500) injector.strandLeader();
  });
}

/** What the thesis adds, on or off, and what is asked for. */
function withMore(beginning: Beginning, random: RandomInt) {
  const often = (inAHundred: number) => random(0, 100) < inAHundred;
  const [preVote, checkQuorum] = [often(30), often(35)];
  const readOnlyOption = checkQuorum && often(60) ? "leaseBased" : "safe";
  const spares = often(50) ? random(0, 3) : 0;
  const snapshots = often(30) ? { snapshotEvery: random(1, 8) } : {};
  const setting = { ...beginning.setting, spares, preVote, checkQuorum, readOnlyOption, ...snapshots } as const;
  const change = spares > 0 || often(20) ? 70 : 0;
  const demand: Demand = { read: 300, transfer: 25, change, request: 100, loseAnswer: 20 };
  const leaderFaults: Pick<FaultProfile, "handOver" | "dismiss"> = {
    handOver: 20,
    ...(change > 0 ? { dismiss: 15 } : {}),
  };
  return { ...beginning, nodes: beginning.nodes + spares, setting, leaderFaults, demand };
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

/** Steps that make a node act, though they do not break it. */
const ASKING: ReadonlySet<Step["do"]> = new Set(["propose", "read", "request", "transfer", "confChange"]);

class FuzzRun implements Run {
  readonly #beginning: Beginning;
  readonly #checker: InvariantChecker;
  readonly stage: Stage<Cluster>;
  readonly #taken: Step[] = [];
  /** Whether a client that tries again has done something in this tick. */
  #clientActs = false;

  constructor(beginning: Beginning, { observer = () => {}, mutation = () => {}, onStart = () => {} }: FuzzOptions) {
    this.#beginning = beginning;
    const options = { nodes: beginning.nodes, seed: beginning.seed, key: "k0", value: "0" };
    const disks = beginning.disks === "files" ? watchedDisks() : null;
    const scenario = { name: "fuzz", setting: beginning.setting, steps: [], mutation: onStart };
    const hear: Observer = (row) => {
      this.#clientActs ||= row.kind === "request";
      observer(row);
    };
    const clusterOptions = clusterOptionsFor(scenario, options, hear, disks?.diskOf ?? null);
    this.#checker = new InvariantChecker(clusterOptions, disks?.durableOf ?? null);
    this.#checker.checkLeases();
    this.stage = new Stage(this.#checker.cluster, options, observer);
    mutation(this.#checker.cluster);
  }

  /** The nodes that run. */
  running(): number[] {
    return this.#checker.cluster.nodes().map(({ id }) => id);
  }

  get setting(): Setting {
    return this.#beginning.setting;
  }

  /** The clients that try again, and have asked for something. */
  get clients(): readonly Client[] {
    const asked = this.#taken.flatMap((step) => step.do === "request" ? [step.client] : []);
    return [...new Set(asked)].map((id) => this.stage.client(id));
  }

  get latestConfiguration(): ConfState {
    return this.#checker.latestConfiguration;
  }

  /** No lease holds back who campaigns by hand. */
  injector(profile: FaultProfile, random: RandomInt, demand: Demand | null = null): FaultInjector {
    const { cluster } = this.#checker;
    const { campaign } = this.setting.readOnlyOption === "leaseBased" ? { campaign: 0 } : profile;
    const demands = demand === null ? null : new Demands(cluster, demand, random, this.take);
    return new FaultInjector(cluster, { ...profile, campaign }, random, this.take, () => demands?.round());
  }

  /** Do what `act` does, and check liveness. */
  play(act: () => void, checksLiveness = true): Coverage {
    let end: number | null = null;
    try {
      act();
      end = this.#taken.length;
      if (checksLiveness) checkLiveness(this, this.#beginning.seed);
      return this.#checker.coverage;
    } catch (cause) {
      const [steps, epilogue] = [this.#taken.slice(0, end ?? undefined), end === null ? [] : this.#taken.slice(end)];
      throw new FuzzFailure({ ...this.#beginning, steps, epilogue }, cause);
    }
  }

  /** Take a step, if it can be taken as things are, and check what it may have broken. */
  readonly take = (step: Step): void => {
    this.#taken.push(step);
    try {
      if (step.do === "run") {
        for (let i = 0; i < step.ticks; i++) this.#tick();
      } else if (step.do !== "runUntil" && step.do !== "expect") {
        act(step, this.stage);
      }
    } catch (error) {
      const cannot = error instanceof ClusterError || error instanceof NetworkError || error instanceof ScenarioError;
      if (!cannot) throw error;
      this.#taken.pop();
    }
    if ("nodes" in step || ASKING.has(step.do)) this.#checker.checkAll();
  };

  /** At the end of a tick clients that try again act. */
  #tick(): void {
    this.#clientActs = false;
    this.#checker.cluster.tick((id) => this.#checker.check(id));
    if (this.#clientActs) this.#checker.checkAll();
  }
}
