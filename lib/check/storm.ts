/**
 * A cluster in bad weather: loss, delay, duplication, reordering, partitions, crashes, compaction, all from one seed, with
 * every invariant checked after every step. In the end the sky clears, and the cluster must agree (20, liveness).
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import type { DiskOf } from "../storage/disk.ts";
import type { Observer } from "../trace/rows.ts";
import type { ReadyStep } from "../node.ts";
import { assert, RaftError, type RandomInt, randomInts } from "../raft/mod.ts";
import { type DurableOf, InvariantChecker, type Moments } from "./checker.ts";

/** Rounds of bad weather; a round is a tick, and whatever breaks before it. */
const ROUNDS = 150;

/** Ticks after which a healed cluster must agree. */
const TICKS_TO_AGREE = 400;

/** How bad it is: chances in a thousand. */
interface Weather {
  /** That a message in flight is lost, doubled, or overtakes others; a round. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  /** That the network is divided, or healed; a round. */
  readonly partition: number;
  readonly heal: number;
  /** That a node crashes; a round and a step. */
  readonly crash: number;
}

const STEPS: readonly ReadyStep[] = [1, 2, 3, 4, 5, 6, 7];

const CALM: Weather = { loss: 0, duplication: 0, reordering: 0, partition: 0, heal: 1000, crash: 0 };

const WEATHERS: readonly Weather[] = [
  { loss: 0, duplication: 20, reordering: 20, partition: 40, heal: 60, crash: 1 },
  { loss: 30, duplication: 30, reordering: 60, partition: 15, heal: 100, crash: 3 },
  { loss: 100, duplication: 10, reordering: 10, partition: 5, heal: 100, crash: 0 },
  { loss: 10, duplication: 50, reordering: 100, partition: 30, heal: 80, crash: 8 },
];

/**
 * Let a cluster live through the storm of `seed`.
 *
 * @returns What was seen.
 * @throws {InvariantViolation} with the name of the invariant that broke.
 *
 * @example
 * ```ts
 * import { storm } from "hello-raft";
 *
 * console.log(storm(1).elections > 0);
 * ```
 */
export function storm(seed: number, options: StormOptions = {}): Moments {
  return new Storm(seed, options).run();
}

/** What may be added to a storm. */
export interface StormOptions {
  /** Told of everything that happens. */
  readonly observer?: Observer;
  /** Called once, before anything happens: breaks something, to see whether the checker finds it. */
  readonly mutation?: (cluster: Cluster) => void;
  /** Disks that lose what was not synced, and what is durable on them. Then nodes also crash inside their ready loop. */
  readonly disks?: { readonly diskOf: DiskOf; readonly durableOf: DurableOf };
}

class Storm {
  readonly #checker: InvariantChecker;
  readonly #random: RandomInt;
  readonly #hasDisks: boolean;
  #weather: Weather;
  #proposals = 0;

  constructor(seed: number, { observer = () => {}, mutation = () => {}, disks }: StormOptions) {
    this.#random = randomInts(seed);
    this.#weather = WEATHERS[this.#random(0, WEATHERS.length)];
    const nodes = [1, 2, 3, 3, 3, 4, 5, 5][this.#random(0, 8)];
    const latency = this.#random(1, 3);
    const maxSizePerMsg = [0, 60, 1 << 20][this.#random(0, 3)];
    const maxInflightMsgs = [1, 2, 256][this.#random(0, 3)];
    const options = { nodes, seed, latency, maxSizePerMsg, maxInflightMsgs, observer };
    this.#hasDisks = disks !== undefined;
    this.#checker = new InvariantChecker({ ...options, diskOf: disks?.diskOf ?? null }, disks?.durableOf ?? null);
    for (const from of this.#cluster.ids) {
      for (const to of this.#cluster.ids) this.#cluster.network.delay(from, to, this.#random(1, 4));
    }
    mutation(this.#cluster);
  }

  get #cluster(): Cluster {
    return this.#checker.cluster;
  }

  run(): Moments {
    for (let round = 0; round < ROUNDS; round++) {
      this.#disturbMessages();
      this.#disturbLinks();
      this.#disturbNodes();
      this.#propose();
      this.#cluster.tick((id) => this.#look(id));
    }
    this.#clearUp();
    return this.#checker.moments;
  }

  #chance(inAThousand: number): boolean {
    return this.#random(0, 1000) < inAThousand;
  }

  #disturbMessages(): void {
    const { network } = this.#cluster;
    for (const { id } of [...network.inFlight()]) {
      if (this.#chance(this.#weather.duplication)) network.duplicateMessage(id);
      if (this.#chance(this.#weather.loss)) network.dropMessage(id);
      else if (this.#chance(this.#weather.reordering)) network.releaseMessage(id);
    }
  }

  #disturbLinks(): void {
    const { network, ids } = this.#cluster;
    if (this.#chance(this.#weather.heal)) network.heal();
    if (!this.#chance(this.#weather.partition)) return;
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
    if (!this.#cluster.isRunning(id) || !this.#chance(this.#weather.crash)) return;
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
  #clearUp(): void {
    this.#weather = CALM;
    this.#cluster.network.heal();
    for (let tick = 0; tick < TICKS_TO_AGREE && !this.#agrees(); tick++) {
      for (const id of this.#cluster.ids) if (!this.#cluster.isRunning(id)) this.#restart(id);
      this.#cluster.tick((id) => this.#look(id));
    }
    assert(this.#agrees(), `Liveness: once healed, a cluster agrees within ${TICKS_TO_AGREE} ticks`);
  }

  #agrees(): boolean {
    const leader = this.#cluster.leader()?.status();
    const nodes = this.#cluster.nodes();
    if (nodes.length < this.#cluster.ids.length) return false;
    if (leader === undefined || leader.hs.term !== this.#cluster.node(leader.id).raft.log.lastTerm()) return false;
    return nodes.every((node) => {
      const { applied, lastIndex, ss } = node.status();
      return ss.leaderId === leader.id && applied === leader.lastIndex && lastIndex === leader.lastIndex;
    });
  }
}
