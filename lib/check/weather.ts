/**
 * The weather: what breaks in a fuzz run, and when, decided by a source of chance.
 *
 * Everything that breaks is a step of a scenario, so a run can be written down and played again.
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import type { Envelope } from "../network.ts";
import type { ReadyStep } from "../node_turn.ts";
import type { NodeId, RandomInt } from "../raft/mod.ts";
import type { MessageFilter, Step } from "../scenario/schema.ts";
import { indexOf } from "../scenario/stage.ts";

/** How often something breaks, in a thousand rounds. */
export interface Faults {
  /** Of a message in flight: it is lost, sent twice, overtakes others, is held; and once held, released. */
  readonly loss: number;
  readonly duplication: number;
  readonly overtaking: number;
  readonly hold: number;
  readonly release: number;
  /** Of the network: it is divided; of a cut link: it is mended. */
  readonly divide: number;
  readonly mend: number;
  /** Of a node: it stops, it crashes in its ready loop, it compacts its log. */
  readonly stop: number;
  readonly crash: number;
  readonly compact: number;
  /** Of the leader: it is cut off, and asked to write, while others elect another. */
  readonly strand: number;
}

/** Kinds of weather; each run has one. */
export const WEATHERS: readonly Faults[] = [
  // Partitions.
  {
    loss: 0,
    duplication: 20,
    overtaking: 20,
    hold: 0,
    release: 0,
    divide: 40,
    mend: 60,
    stop: 1,
    crash: 1,
    compact: 10,
    strand: 10,
  },
  // Messages that arrive terms later.
  {
    loss: 5,
    duplication: 10,
    overtaking: 20,
    hold: 60,
    release: 20,
    divide: 5,
    mend: 100,
    stop: 1,
    crash: 2,
    compact: 10,
    strand: 30,
  },
  // Loss.
  {
    loss: 100,
    duplication: 10,
    overtaking: 10,
    hold: 0,
    release: 0,
    divide: 5,
    mend: 100,
    stop: 0,
    crash: 2,
    compact: 20,
    strand: 10,
  },
  // Crashes.
  {
    loss: 10,
    duplication: 50,
    overtaking: 60,
    hold: 20,
    release: 20,
    divide: 30,
    mend: 80,
    stop: 8,
    crash: 15,
    compact: 10,
    strand: 5,
  },
  // Conflicts, and logs that are compacted at once.
  {
    loss: 5,
    duplication: 10,
    overtaking: 20,
    hold: 5,
    release: 20,
    divide: 5,
    mend: 100,
    stop: 1,
    crash: 5,
    compact: 150,
    strand: 50,
  },
];

/** Messages are lost and late, and nothing else breaks. */
export const DRIZZLE: Faults = {
  ...{ loss: 40, duplication: 20, overtaking: 40, hold: 0, release: 200 },
  ...{ divide: 0, mend: 0, stop: 0, crash: 0, compact: 10, strand: 0 },
};

const READY_STEPS: readonly ReadyStep[] = [1, 2, 3, 4, 5, 6, 7];

/** Lets things break. */
export class Weather {
  #writes = 0;

  /**
   * Weather over `cluster`.
   *
   * @param take Takes a step of a scenario.
   */
  constructor(
    readonly cluster: Cluster,
    readonly faults: Faults,
    readonly random: RandomInt,
    readonly take: (step: Step) => void,
  ) {}

  /** Give every link a latency of its own. */
  slowLinks(): void {
    for (const from of this.cluster.ids) {
      for (const to of this.cluster.ids) {
        const ticks = this.random(1, 4);
        if (from !== to) this.take({ do: "delay", from, to, oneWay: true, ticks });
      }
    }
  }

  /** Let something break, perhaps, and then a tick pass. */
  round(): void {
    [...this.cluster.network.inFlight()].forEach((envelope) => this.#disturbMessage(envelope));
    this.#disturbLinks();
    this.cluster.ids.forEach((id) => this.#disturbNode(id));
    if (this.#chance(this.faults.strand)) this.#strandLeader();
    this.take({ do: "run", ticks: 1 });
  }

  /** A client asks one of these nodes to write something that nobody has written before. */
  write(nodes: readonly NodeId[]): void {
    if (nodes.length === 0) return;
    const [to, number] = [nodes[this.random(0, nodes.length)], ++this.#writes];
    this.take({ do: "propose", to, command: { kind: "Put", key: `k${number % 4}`, value: `${number}` } });
  }

  #chance(inAThousand: number): boolean {
    return this.random(0, 1000) < inAThousand;
  }

  #disturbMessage({ message, arrivesAt }: Envelope): void {
    const { type, from, to } = message;
    const index = indexOf(message);
    const filter: MessageFilter = index === null ? { type, from, to } : { type, from, to, index };
    const { loss, duplication, overtaking, hold, release } = this.faults;
    if (this.#chance(duplication)) this.take({ do: "duplicateMessages", ...filter });
    if (this.#chance(loss)) this.take({ do: "dropMessages", ...filter });
    else if (arrivesAt !== null && this.#chance(hold)) this.take({ do: "holdMessages", ...filter });
    else if (this.#chance(arrivesAt === null ? release : overtaking)) this.take({ do: "releaseMessages", ...filter });
  }

  #disturbLinks(): void {
    const { ids, network } = this.cluster;
    for (const from of ids) {
      for (const to of ids) {
        const isCut = network.link(from, to).state === "cut";
        if (isCut && this.#chance(this.faults.mend)) this.take({ do: "mend", from, to, oneWay: true });
      }
    }
    if (!this.#chance(this.faults.divide)) return;
    const isLeft = ids.map(() => this.#chance(500));
    this.#divide(ids.filter((_, i) => isLeft[i]), ids.filter((_, i) => !isLeft[i]));
  }

  #divide(...groups: readonly (readonly NodeId[])[]): void {
    if (groups.every(({ length }) => length > 0)) this.take({ do: "partition", groups });
  }

  #disturbNode(id: NodeId): void {
    const { stop, crash, compact } = this.faults;
    if (!this.cluster.isRunning(id)) {
      if (this.#chance(100)) this.take({ do: "restart", nodes: id });
      return;
    }
    if (this.#chance(compact)) this.take({ do: "compact", nodes: id, keep: this.random(0, 3) });
    if (this.#chance(crash)) {
      this.take({ do: "crashAfter", nodes: id, step: READY_STEPS[this.random(0, READY_STEPS.length)] });
    }
    if (this.#chance(3)) this.take({ do: "campaign", nodes: id });
    if (this.#chance(stop)) this.take({ do: "stop", nodes: id });
  }

  /** The leader appends what nobody else gets; another is elected, and appends at the same indices. */
  #strandLeader(): void {
    const { ids } = this.cluster;
    const leader = this.cluster.leader()?.id;
    if (leader === undefined || ids.length < 3) return;
    const others = ids.filter((id) => id !== leader);
    this.#divide([leader], others);
    for (let i = this.random(1, 4); i > 0; i--) this.write([leader]);
    this.take({ do: "run", ticks: this.random(1, 20) });
    this.take({ do: "campaign", nodes: others[this.random(0, others.length)] });
    this.take({ do: "run", ticks: this.random(1, 12) });
    this.write(others.filter((id) => this.cluster.isRunning(id)));
  }
}
