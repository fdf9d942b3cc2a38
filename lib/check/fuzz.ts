/**
 * Fuzz runs: a cluster under loss, delay, duplication, reordering, partitions, crashes and compaction, all from one seed,
 * with every invariant checked after every step. In the end all faults stop, and the cluster must agree (20, liveness).
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import type { DiskOf } from "../storage/disk.ts";
import type { ReadyStep } from "../node_turn.ts";
import type { Observer } from "../trace/rows.ts";
import { assert, RaftError, type RandomInt, randomInts } from "../raft/mod.ts";
import { judge } from "../scenario/condition.ts";
import { Stage } from "../scenario/stage.ts";
import { type Coverage, type DurableOf, InvariantChecker } from "./checker.ts";

/** Rounds with faults; a round is a tick, and whatever breaks before it. */
const ROUNDS = 150;

/** Ticks after which a healed cluster must agree. */
const TICKS_TO_AGREE = 400;

const STEPS: readonly ReadyStep[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * How often what breaks, in a thousand: a message in flight is lost, doubled, or overtakes others, a round; the network is
 * divided, or healed, a round; a node crashes, a round and a step.
 */
const FAULT_PROFILES = [
  { loss: 0, duplication: 20, reordering: 20, partition: 40, heal: 60, crash: 1 },
  { loss: 30, duplication: 30, reordering: 60, partition: 15, heal: 100, crash: 3 },
  { loss: 100, duplication: 10, reordering: 10, partition: 5, heal: 100, crash: 0 },
  { loss: 10, duplication: 50, reordering: 100, partition: 30, heal: 80, crash: 8 },
] as const;

/**
 * Run a cluster under the faults that `seed` decides.
 *
 * @returns What was seen.
 * @throws {InvariantViolation} with the name of the invariant that broke.
 *
 * @example
 * ```ts
 * import { fuzz } from "hello-raft";
 *
 * console.log(fuzz(1).elections > 0);
 * ```
 */
export function fuzz(seed: number, options: FuzzOptions = {}): Coverage {
  return new FuzzRun(seed, options).run();
}

/** What may be added to a fuzz run. */
export interface FuzzOptions {
  /** Told of everything that happens. */
  readonly observer?: Observer;
  /** Called once, before anything happens: breaks something, to see whether the checker finds it. */
  readonly mutation?: (cluster: Cluster) => void;
  /** Disks that lose what was not synced, and what is durable on them. Then nodes also crash inside their ready loop. */
  readonly disks?: { readonly diskOf: DiskOf; readonly durableOf: DurableOf };
}

class FuzzRun {
  readonly #checker: InvariantChecker;
  readonly #cluster: Cluster;
  readonly #random: RandomInt;
  readonly #hasDisks: boolean;
  readonly #faults: typeof FAULT_PROFILES[number];
  #proposals = 0;

  constructor(seed: number, { observer, mutation, disks }: FuzzOptions) {
    this.#random = randomInts(seed);
    this.#faults = FAULT_PROFILES[this.#random(0, FAULT_PROFILES.length)];
    const nodes = [1, 2, 3, 3, 3, 4, 5, 5][this.#random(0, 8)];
    const latency = this.#random(1, 3);
    const maxSizePerMsg = [0, 60, 1 << 20][this.#random(0, 3)];
    const maxInflightMsgs = [1, 2, 256][this.#random(0, 3)];
    const options = { nodes, seed, latency, maxSizePerMsg, maxInflightMsgs, observer, diskOf: disks?.diskOf };
    this.#hasDisks = disks !== undefined;
    this.#checker = new InvariantChecker(options, disks?.durableOf);
    this.#cluster = this.#checker.cluster;
    for (const from of this.#cluster.ids) {
      for (const to of this.#cluster.ids) this.#cluster.network.delay(from, to, this.#random(1, 4));
    }
    mutation?.(this.#cluster);
  }

  run(): Coverage {
    for (let round = 0; round < ROUNDS; round++) {
      this.#disturbMessages();
      this.#disturbLinks();
      this.#disturbNodes();
      this.#propose();
      this.#cluster.tick((id) => this.#look(id));
    }
    this.#heal();
    return this.#checker.coverage;
  }

  #chance(inAThousand: number): boolean {
    return this.#random(0, 1000) < inAThousand;
  }

  #disturbMessages(): void {
    const { network } = this.#cluster;
    for (const { id } of [...network.inFlight()]) {
      if (this.#chance(this.#faults.duplication)) network.duplicateMessage(id);
      if (this.#chance(this.#faults.loss)) network.dropMessage(id);
      else if (this.#chance(this.#faults.reordering)) network.releaseMessage(id);
    }
  }

  #disturbLinks(): void {
    const { network, ids } = this.#cluster;
    if (this.#chance(this.#faults.heal)) network.heal();
    if (!this.#chance(this.#faults.partition)) return;
    const isLeft = ids.map(() => this.#chance(500));
    network.partition(ids.filter((_, i) => isLeft[i]), ids.filter((_, i) => !isLeft[i]));
  }

  #disturbNodes(): void {
    for (const id of this.#cluster.ids) {
      if (!this.#cluster.isRunning(id) && this.#chance(100)) this.#restart(id);
      if (!this.#cluster.isRunning(id)) continue;
      if (this.#chance(10)) this.#cluster.node(id).compact(this.#random(0, 3));
      if (this.#hasDisks && this.#chance(10)) this.#cluster.crashAfter(id, STEPS[this.#random(0, STEPS.length)]);
      if (this.#chance(3)) this.#cluster.campaign(id);
      this.#checker.check(id);
    }
  }

  /** After a step. A crash can come between it and the write that would follow. */
  #look(id: number): void {
    this.#checker.check(id);
    if (!this.#cluster.isRunning(id) || !this.#chance(this.#faults.crash)) return;
    this.#cluster.stop(id);
    this.#checker.check(id);
  }

  #restart(id: number): void {
    this.#cluster.restart(id);
    this.#checker.check(id);
  }

  #propose(): void {
    const nodes = this.#cluster.nodes();
    if (nodes.length === 0 || !this.#chance(400)) return;
    const { id } = nodes[this.#random(0, nodes.length)];
    const [key, value] = [`k${this.#random(0, 4)}`, `v${++this.#proposals}`];
    try {
      this.#cluster.propose({ kind: "Put", key, value }, id);
    } catch (error) {
      // Nobody leads: the client is out of luck.
      if (!(error instanceof RaftError)) throw error;
    }
    this.#checker.check(id);
  }

  /** 20: once healed, there is one leader, all logs are equal, and everything is applied everywhere. */
  #heal(): void {
    const cluster = this.#cluster;
    const stage = new Stage(cluster, { nodes: cluster.ids.length, seed: 0, key: "", value: "" }, () => {});
    cluster.network.heal();
    for (let tick = 0;; tick++) {
      const { holds, found } = judge({ is: "agreed", nodes: "all" }, stage);
      if (holds && cluster.nodes().length === cluster.ids.length) return;
      const liveness = `Liveness: once healed, a cluster agrees within ${TICKS_TO_AGREE} ticks (${found})`;
      assert(tick < TICKS_TO_AGREE, liveness);
      for (const id of cluster.ids) if (!cluster.isRunning(id)) this.#restart(id);
      cluster.tick((id) => this.#checker.check(id));
    }
  }
}
