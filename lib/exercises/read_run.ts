/**
 * Clusters in which leaders answer reads by the reader's rule, while messages are lost, nodes stop and the network splits.
 *
 * The core has no switch for this. A desk stands beside each node: it sends a round of heartbeats for each read, hears the answers
 * to it, and asks the rule after every one.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import type { DemoNode } from "../node.ts";
import { type Index, type Message, type NodeId, type RandomInt, randomInts, type Term } from "../raft/mod.ts";
import { broadcastHeartbeat } from "../raft/heartbeat.ts";
import type { TraceRow } from "../trace/rows.ts";
import { range } from "./cases.ts";
import type { ReadRule } from "./read_rule.ts";

const NODES = 5;
/** How long each run is, and the quiet at its end, in ticks. */
const [TICKS, QUIET] = [200, 60];

/** A read that a leader was asked for. */
interface Asked {
  readonly round: number;
  readonly term: Term;
  readonly noted: Index;
  readonly notedTerm: Term;
  readonly answered: NodeId[];
  /** The index of the last write that some client was told of before. */
  readonly done: Index;
}

/** The reads of one node. */
class Desk {
  #waiting: readonly Asked[] = [];

  constructor(readonly node: DemoNode, readonly rule: ReadRule, readonly tell: (asked: Asked, node: NodeId) => void) {
    const step = node.step.bind(node);
    node.step = (message) => {
      step(message);
      this.#hear(message);
    };
  }

  /** A client asks; only a node that takes itself for a leader is asked. */
  ask(done: Index): void {
    const { raft, raft: { role, log, term, id } } = this.node;
    if (role.kind !== "leader") return;
    const round = ++role.readRounds;
    const noted = log.committed;
    this.#waiting = [...this.#waiting, { round, term, noted, notedTerm: log.term(noted) ?? 0, answered: [id], done }];
    broadcastHeartbeat(raft, role, { from: id, context: new Uint8Array([1]), round, index: noted, acks: new Map() });
    this.look();
  }

  /** Ask the rule about every read that waits. Those of a term in which the node leads no more have no answer. */
  look(): void {
    const { raft: { role, term, log: { applied } } } = this.node;
    this.#waiting = this.#waiting.filter((asked) => {
      if (role.kind !== "leader" || asked.term !== term) return false;
      const { noted, notedTerm, answered } = asked;
      if (this.rule({ term, noted, notedTerm, nodes: NODES, answered: [...answered], applied }) === null) return true;
      this.tell(asked, this.node.id);
      return false;
    });
  }

  #hear(message: Message): void {
    if (message.type === "HeartbeatResponse") {
      this.#waiting.find(({ round }) => round === message.read?.round)?.answered.push(message.from);
    }
    this.look();
  }
}

/**
 * Let leaders answer reads by `rule` in clusters of five with faults: the first answer that is stale, as a sentence, or that no
 * read is answered once all is well; `null` if nothing of the kind happens.
 *
 * A read is stale if a client was told "done" of a write before it was asked, and the store that answers has not applied it.
 *
 * @param seeds How many runs.
 *
 * @example A leader that asks nobody answers with old values.
 * ```ts
 * import { whatReadIsStale } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(whatReadIsStale(({ noted }) => noted) ?? "", /was done before/);
 * ```
 */
export function whatReadIsStale(rule: ReadRule, seeds = 20): string | null {
  for (const seed of range(1, seeds)) {
    const found = problemOf(rule, seed);
    if (found !== null) return `With seed ${seed}: ${found}.`;
  }
  return null;
}

function problemOf(rule: ReadRule, seed: number): string | null {
  const run = new ReadRun(rule, seed);
  while (run.cluster.now < TICKS && run.stale === null) run.troubledTick();
  if (run.stale !== null) return run.stale;
  heal(run.cluster);
  while (run.cluster.now < TICKS + QUIET) run.tick();
  const before = run.answers;
  run.read();
  for (let i = 0; i < 10; i++) run.tick();
  if (run.stale !== null || run.answers > before) return run.stale;
  return "all is well again, and a read has no answer within ten ticks";
}

/** A cluster, and the desks beside its nodes. */
class ReadRun {
  readonly cluster: Cluster;
  /** How many reads were answered. */
  answers = 0;
  /** What is said of the first answer that was stale. */
  stale: string | null = null;
  readonly #random: RandomInt;
  readonly #desks = new Map<NodeId, Desk>();
  /** By index, where a Put was appended. */
  readonly #receipts = new Map<Index, { readonly node: NodeId; readonly term: Term }>();
  /** The index of the last Put that some client was told of. */
  #done: Index = 0;

  constructor(rule: ReadRule, seed: number) {
    this.#random = randomInts(seed);
    const tell = (asked: Asked, id: NodeId) => this.#answered(asked, id);
    const onStart = (node: DemoNode) => void this.#desks.set(node.id, new Desk(node, rule, tell));
    this.cluster = new Cluster({ nodes: NODES, seed, onStart, observer: (row) => this.#observe(row) });
  }

  /** A tick in which things go wrong, and clients write and read. */
  troubledTick(): void {
    disturb(this.cluster, this.#random);
    write(this.cluster, this.#random);
    if (this.#random(0, 2) === 0) this.read();
    this.tick();
  }

  tick(): void {
    this.cluster.tick((id) => this.#desks.get(id)?.look());
  }

  /** Whoever takes itself for a leader is asked. */
  read(): void {
    for (const { id } of this.cluster.nodes()) this.#desks.get(id)?.ask(this.#done);
  }

  #answered({ term, done }: Asked, id: NodeId): void {
    this.answers++;
    const { applied } = this.cluster.node(id).raft.log;
    if (applied >= done) return;
    const answer = `at tick ${this.cluster.now} node ${id}, of term ${term}, answers a read from index ${applied}`;
    this.stale ??= `${answer}; the write at index ${done} was done before`;
  }

  /** A client is told when the node that it asked applies the very entry that it appended. */
  #observe(row: TraceRow): void {
    if (row.kind === "proposal" && row.index !== null && row.term !== null) {
      this.#receipts.set(row.index, { node: row.node, term: row.term });
    }
    if (row.kind !== "apply") return;
    const receipt = this.#receipts.get(row.index);
    if (receipt?.node === row.node && receipt.term === row.term) this.#done = Math.max(this.#done, row.index);
  }
}

/** Whoever takes itself for a leader is asked for a Put, now and then. */
function write(cluster: Cluster, random: RandomInt): void {
  for (const { id, raft } of cluster.nodes()) {
    const isAsked = raft.role.kind === "leader" && random(0, 4) === 0;
    if (isAsked) cluster.propose({ kind: "Put", key: "x", value: `${cluster.now}` }, id);
  }
}

/** Lose and double messages, split the leader and another node off, stop the leader, and mend all that. */
function disturb(cluster: Cluster, random: RandomInt): void {
  for (const { id } of cluster.network.inFlight()) {
    const fate = random(0, 20);
    if (fate === 0) cluster.network.dropMessage(id);
    else if (fate === 1) cluster.network.duplicateMessage(id);
  }
  const leader = cluster.leader()?.id;
  const chance = random(0, 50);
  if (chance < 2) heal(cluster);
  else if (leader === undefined) return;
  else if (chance < 4) splitOff([leader, (leader + random(0, NODES - 1)) % NODES + 1], cluster);
  else if (chance === 4 && cluster.nodes().length === NODES) cluster.stop(leader);
}

function splitOff(some: readonly NodeId[], { network, ids }: Cluster): void {
  network.heal();
  network.partition(some, ids.filter((id) => !some.includes(id)));
}

function heal(cluster: Cluster): void {
  cluster.network.heal();
  for (const id of cluster.ids) if (!cluster.isRunning(id)) cluster.restart(id);
}
