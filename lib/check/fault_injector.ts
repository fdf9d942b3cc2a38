/**
 * The fault injector: what breaks in a fuzz run, and when, decided by a source of chance.
 *
 * Everything that breaks is a step of a scenario, so a run can be written down and played again.
 *
 * @module
 */
import type { Cluster } from "../cluster.ts";
import type { Envelope } from "../network.ts";
import type { ReadyStep } from "../node_turn.ts";
import { membersOf, type Message, type NodeId, type RandomInt } from "../raft/mod.ts";
import type { MessageFilter, Step } from "../scenario/schema.ts";
import { indexOf } from "../scenario/stage.ts";
import { groupBy } from "../trace/group.ts";

/** A fault profile: how often something breaks, in a thousand rounds. */
export interface FaultProfile {
  /** Of a message in flight: it is lost, sent twice, overtakes others, is held; and once held, released. */
  readonly loss: number;
  readonly duplication: number;
  readonly overtaking: number;
  readonly hold: number;
  readonly release: number;
  /** Of the network: it is divided; of a cut link: it is mended. */
  readonly divide: number;
  readonly mend: number;
  /** Of a node: it stops, and is started again; it crashes in its ready loop, it compacts its log, it is told to campaign. */
  readonly stop: number;
  readonly restart: number;
  readonly crash: number;
  readonly compact: number;
  /** 0: nobody is ever told to campaign, whatever else happens. */
  readonly campaign: number;
  /** Of the leader: it is cut off, and asked to write, while others elect another; it has a rival; it hands over, and is deaf; it is dismissed. */
  readonly strand: number;
  readonly rivals: number;
  readonly handOver?: number;
  readonly dismiss?: number;
}

const CALM: FaultProfile = {
  loss: 5,
  duplication: 10,
  overtaking: 20,
  hold: 5,
  release: 20,
  divide: 5,
  mend: 100,
  stop: 1,
  restart: 100,
  crash: 2,
  compact: 10,
  campaign: 3,
  strand: 10,
  rivals: 0,
};

/** Each run has one of them. */
export const FAULT_PROFILES: readonly FaultProfile[] = [
  { ...CALM, loss: 0, hold: 0, divide: 40, mend: 60 },
  { ...CALM, hold: 60, strand: 30 },
  { ...CALM, loss: 100, compact: 20 },
  { ...CALM, duplication: 50, overtaking: 60, divide: 30, mend: 80, stop: 8, crash: 15 },
  { ...CALM, compact: 150, strand: 50 },
  { ...CALM, loss: 0, divide: 0, mend: 0, compact: 0, strand: 0, rivals: 12 },
];

/** Messages are lost and late, and nothing else breaks. */
export const MESSAGE_FAULTS_ALONE: FaultProfile = {
  ...CALM,
  loss: 40,
  duplication: 20,
  overtaking: 40,
  hold: 0,
  release: 200,
  divide: 0,
  mend: 0,
  stop: 0,
  restart: 0,
  crash: 0,
  strand: 0,
};

const READY_STEPS: readonly ReadyStep[] = [1, 2, 3, 4, 5, 6, 7];

/** Lets things break. */
export class FaultInjector {
  #writes = 0;

  /**
   * An injector into `cluster`.
   *
   * @param take Takes a step of a scenario.
   * @param demand Called in every tick: what is asked for meanwhile.
   */
  constructor(
    readonly cluster: Cluster,
    readonly faults: FaultProfile,
    readonly random: RandomInt,
    readonly take: (step: Step) => void,
    readonly demand: () => void = () => {},
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
    // A step on messages is about all that are alike.
    const alike = groupBy(this.cluster.network.inFlight(), ({ message }) => JSON.stringify(filterOf(message)));
    alike.forEach((envelopes) => this.#disturbMessages(envelopes));
    this.#disturbLinks();
    this.cluster.ids.forEach((id) => this.#disturbNode(id));
    if (this.#chance(this.faults.strand)) this.strandLeader();
    if (this.#chance(this.faults.rivals)) this.#takeTurns();
    if (this.#chance(this.faults.rivals)) this.#castOut();
    const { handOver, dismiss } = this.faults;
    if (handOver !== undefined && this.#chance(handOver)) this.#handOver();
    if (dismiss !== undefined && this.#chance(dismiss)) this.#dismiss();
    this.#tick();
  }

  #tick(): void {
    this.demand();
    this.take({ do: "run", ticks: 1 });
  }

  /** A client asks one of these nodes to write something that nobody has written before. */
  write(nodes: readonly NodeId[]): void {
    if (nodes.length === 0) return;
    const [to, number] = [this.#oneOf(nodes), ++this.#writes];
    this.take({ do: "propose", to, command: { kind: "Put", key: `k${number % 4}`, value: `${number}` } });
  }

  #chance(inAThousand: number): boolean {
    return this.random(0, 1000) < inAThousand;
  }

  #disturbMessages(alike: readonly Envelope[]): void {
    const [{ message, arrivesAt }] = alike;
    const filter = filterOf(message);
    const { loss, duplication, overtaking, hold, release } = this.faults;
    if (alike.length === 1 && this.#chance(duplication)) this.take({ do: "duplicateMessages", ...filter });
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
    const { stop, restart, crash, compact } = this.faults;
    if (!this.cluster.isRunning(id)) {
      if (this.#chance(restart)) this.take({ do: "restart", nodes: id });
      return;
    }
    if (this.#chance(compact)) this.take({ do: "compact", nodes: id, keep: this.random(0, 3) });
    if (this.#chance(crash)) {
      this.take({ do: "crashAfter", nodes: id, step: this.#oneOf(READY_STEPS) });
    }
    if (this.#chance(this.faults.campaign)) this.#campaign(id);
    if (this.#chance(stop)) this.take({ do: "stop", nodes: id });
  }

  /** The leader appends what nobody else gets; another is elected, and appends at the same indices. */
  strandLeader(): void {
    const [leader, ...others] = this.#leaderAndOthers();
    if (others.length < 2) return;
    this.#divide([leader], others);
    this.#writeSome(leader);
    // Without a campaign by hand the others wait until their time has come.
    if (this.faults.campaign === 0) this.#run(10, 20);
    this.#run(1, 20);
    this.#campaign(others[0]);
    this.#run(1, 12);
    this.write(others.filter((id) => this.cluster.isRunning(id)));
  }

  /**
   * Two leaders take turns and speak to one node alone: the first appends there, and is answered late; the second is elected
   * meanwhile, and appends at the same indices. Then the first leads again.
   */
  #takeTurns(): void {
    const [first, second, listener] = this.#leaderAndOthers();
    if (listener === undefined) return;
    this.#silence(first, [listener]);
    this.#writeSome(first);
    this.#run(1, 5);
    this.take({ do: "holdMessages", from: listener, to: first });
    this.#elect(second);
    this.#silence(second, [listener]);
    this.#run(1, 6);
    this.take({ do: "mend", from: first, to: "all", oneWay: true });
    this.#elect(first);
    this.take({ do: "releaseMessages", from: listener, to: first });
    this.#run(1, 12);
    this.take({ do: "mend", from: second, to: "all" });
  }

  /**
   * The leader and an outcast append at the same indices, the outcast in a later term. The leader's entries are committed
   * without the outcast, a straggler gets them one after the other and compacts them, leads, and sends what it has.
   */
  #castOut(): void {
    const [leader, outcast, straggler] = this.#leaderAndOthers();
    if (straggler === undefined) return;
    this.#silence(leader, []);
    this.#writeSome(leader);
    this.#elect(outcast);
    this.#writeSome(outcast);
    this.take({ do: "cut", from: outcast, to: "all" });
    this.take({ do: "mend", from: leader, to: "all", oneWay: true });
    this.take({ do: "cut", from: leader, to: [outcast, straggler], oneWay: true });
    this.#elect(leader);
    this.#run(4, 30);
    this.take({ do: "mend", from: leader, to: straggler });
    const applied = () => this.cluster.node(straggler).status().applied;
    for (let [before, ticks] = [applied(), 0]; ticks < 20 && applied() === before; ticks++) this.#run(1, 2);
    this.take({ do: "compact", nodes: straggler, keep: 0 });
    this.#run(4, 40);
    this.#elect(straggler);
    this.take({ do: "mend", from: outcast, to: "all" });
    this.#run(1, 24);
  }

  /** The leader asks another to lead, and hears nothing of what follows, which is over before a lease could end. */
  #handOver(): void {
    const [leader, ...others] = this.#leaderAndOthers();
    const [other, ...more] = others.filter((id) => this.cluster.isRunning(id));
    if (more.length === 0) return;
    this.take({ do: "delay", from: "all", to: "all", ticks: 1 });
    this.#run(1, 6);
    this.take({ do: "transfer", to: other, from: leader });
    this.take({ do: "cut", from: others, to: leader, oneWay: true });
    this.#run(4, 20);
    this.write(more);
  }

  /** The leader is to leave, and speaks to one node alone. */
  #dismiss(): void {
    const [leader, listener] = this.#leaderAndOthers();
    if (listener === undefined) return;
    this.#silence(leader, [listener]);
    const how = this.#oneOf(["remove", "addLearners"] as const);
    this.take({ do: "confChange", to: leader, [how]: leader });
    this.#run(3, 12);
    this.take({ do: "mend", from: leader, to: "all", oneWay: true });
  }

  /** The leader first, the other members in any order; nobody if nobody leads. */
  #leaderAndOthers(): NodeId[] {
    const leader = this.cluster.leader();
    if (leader === null) return [];
    const others = membersOf(leader.configuration).filter((id) => id !== leader.id).map((id) => ({
      id,
      at: this.random(0, 1000),
    }));
    return [leader.id, ...others.sort((a, b) => a.at - b.at || a.id - b.id).map(({ id }) => id)];
  }

  /** Cut every link from this node, but for those to `listeners`. */
  #silence(from: NodeId, listeners: readonly NodeId[]): void {
    const to = this.cluster.ids.filter((id) => id !== from && !listeners.includes(id));
    if (to.length > 0) this.take({ do: "cut", from, to, oneWay: true });
  }

  #campaign(id: NodeId): void {
    if (this.faults.campaign > 0) this.take({ do: "campaign", nodes: id });
  }

  /** Let this node campaign, and ticks pass until it leads, if it ever does. */
  #elect(id: NodeId): void {
    this.#campaign(id);
    const leads = () => this.cluster.isRunning(id) && this.cluster.node(id).raft.role.kind === "leader";
    for (let ticks = 0; ticks < 20 && !leads(); ticks++) this.#run(1, 2);
  }

  #writeSome(leader: NodeId): void {
    for (let i = this.random(1, 6); i > 0; i--) this.write([leader]);
  }

  #run(least: number, end: number): void {
    for (let ticks = this.random(least, end); ticks > 0; ticks--) this.#tick();
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.random(0, choices.length)];
  }
}

function filterOf(message: Message): MessageFilter {
  const { type, from, to } = message;
  const index = indexOf(message);
  return index === null ? { type, from, to } : { type, from, to, index };
}
