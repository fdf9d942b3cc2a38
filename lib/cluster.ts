/**
 * A simulated cluster: the one loop in which time passes, messages travel and things break on purpose.
 *
 * A node never holds the network, and the network never calls a node: here they meet. What happens is told to one
 * observer, row by row; nothing is printed.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { ClusterError, type ClusterOptions, completeOptions } from "./cluster_options.ts";
import type { MessageRow, Observer } from "./trace/rows.ts";
import { type Envelope, Network, type NetworkEvent } from "./network.ts";
import { type Member, membersOf } from "./member.ts";
import type { DemoNode, ReadyStep } from "./node.ts";
import { type NodeId, RaftError, type Storage, type Ticks } from "./raft/mod.ts";
import { type Appended, drainRows, messageRow, networkRow, nodeRow, proposalRow, startRows } from "./report.ts";

/**
 * A cluster.
 *
 * @example Three nodes elect a leader and agree on a value.
 * ```ts
 * import { Cluster } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const cluster = new Cluster({ nodes: 3, seed: 7 });
 * cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
 * cluster.propose({ kind: "Put", key: "x", value: "1" });
 * cluster.runUntil("x is everywhere", () => cluster.nodes().every((node) => node.store.get("x") === "1"));
 * deepStrictEqual(cluster.ids, [1, 2, 3]);
 * ```
 */
export class Cluster {
  /** The network between the nodes: delay, cut, hold, drop here. */
  readonly network: Network;
  /** The nodes' ids, in ascending order. */
  readonly ids: readonly NodeId[];
  readonly #members: ReadonlyMap<NodeId, Member>;
  readonly #options: Required<ClusterOptions>;
  readonly #observe: Observer;

  /**
   * A cluster of followers, at tick 0.
   *
   * @throws {ClusterError} naming the option that is wrong.
   */
  constructor(options: ClusterOptions = {}) {
    this.#options = completeOptions(options);
    this.#observe = this.#options.observer;
    this.network = new Network(this.#options.latency, (event) => this.#onNetwork(event));
    this.ids = Array.from({ length: this.#options.nodes }, (_, i) => i + 1);
    this.#members = membersOf(this.ids, this.#options);
    for (const member of this.#members.values()) startRows(0, member, "first").forEach((row) => this.#observe(row));
  }

  /** Ticks passed so far. */
  get now(): Ticks {
    return this.network.now;
  }

  /** The node with this id, running or not. */
  node(id: NodeId): DemoNode {
    return this.#member(id).node;
  }

  /** The nodes that run, in the order of their ids. */
  nodes(): DemoNode[] {
    return this.ids.filter((id) => this.isRunning(id)).map((id) => this.node(id));
  }

  /** Whether the node with this id runs. */
  isRunning(id: NodeId): boolean {
    return this.#member(id).running;
  }

  /** What the node's storage holds: it survives a stop. */
  storage(id: NodeId): Storage {
    return this.#member(id).storage;
  }

  /** The running node that leads the latest term, if any. */
  leader(): DemoNode | null {
    const leaders = this.nodes().filter((node) => node.status().ss.raftState === "leader");
    return leaders.sort((a, b) => b.status().hs.term - a.status().hs.term).at(0) ?? null;
  }

  /**
   * One tick: messages arrive, every node's clock ticks, and every node does what is ready.
   *
   * @param afterStep Called after each of these steps, with the node that took it.
   */
  tick(afterStep: (id: NodeId) => void = () => {}): void {
    for (const envelope of this.network.tick()) {
      this.#deliver(envelope);
      afterStep(envelope.message.to);
    }
    for (const { id, node, ticks } of this.#members.values()) {
      if (!ticks) continue;
      node.tick();
      afterStep(id);
    }
    for (const id of this.ids) {
      this.#drain(id);
      afterStep(id);
    }
    for (const { node, running } of this.#members.values()) this.#observe(nodeRow(this.now, running, node.status()));
  }

  /** Let `ticks` ticks pass. */
  run(ticks: Ticks): void {
    for (let i = 0; i < ticks; i++) this.tick();
  }

  /**
   * Let ticks pass until `condition` holds.
   *
   * @param what What is awaited, as a sentence.
   * @returns The tick at which it held.
   * @throws {ClusterError} if it does not within `maxTicks` ticks, saying what never happened.
   */
  runUntil(what: string, condition: () => boolean, maxTicks: Ticks = 1000): Ticks {
    const start = this.now;
    while (!condition()) {
      if (this.now - start >= maxTicks) throw new ClusterError(`Cannot go on: never in ${maxTicks} ticks: ${what}`);
      this.tick();
    }
    return this.now;
  }

  /** Start an election on this node now. */
  campaign(id: NodeId): void {
    this.#running(id).campaign();
    this.#drain(id);
  }

  /**
   * Ask a node, or the leader if none is named, to carry out `command`.
   *
   * @returns Where it was appended; `null` if it was passed on to the leader, so that nobody knows yet.
   * @throws {ClusterError} if there is no leader to ask, or the node does not run.
   * @throws {RaftError} `ProposalDropped` if the node knows no leader.
   */
  propose(command: Command, id: NodeId | null = this.leader()?.id ?? null): Appended | null {
    if (id === null) throw new ClusterError("Cannot propose: there is no leader; run until there is one");
    const node = this.#running(id);
    try {
      node.propose(command);
    } catch (error) {
      if (error instanceof RaftError) this.#observe(proposalRow(this.now, id, command, "dropped", null));
      throw error;
    }
    const { hs, ss, lastIndex } = node.status();
    const appended = ss.raftState === "leader" ? { index: lastIndex, term: hs.term } : null;
    this.#observe(proposalRow(this.now, id, command, appended === null ? "forwarded" : "appended", appended));
    this.#drain(id);
    return appended;
  }

  /** Stop a node: it neither hears nor says nor counts anything until it is restarted. Its storage stays. */
  stop(id: NodeId): void {
    this.#running(id);
    this.#member(id).crash();
    this.#observe({ kind: "nodeFault", tick: this.now, fault: "stop", node: id });
  }

  /** Start a node anew on its storage: whatever was not stored is forgotten. */
  restart(id: NodeId): void {
    const member = this.#member(id);
    member.start();
    this.#observe({ kind: "nodeFault", tick: this.now, fault: "restart", node: id });
    startRows(this.now, member, "again").forEach((row) => this.#observe(row));
    this.#drain(id);
  }

  /** Crash a node after this step of its ready loop, the next time it has something to sync; its unsynced writes may be lost. */
  crashAfter(id: NodeId, step: ReadyStep): void {
    this.#running(id);
    this.#member(id).crashAfter(step);
  }

  /** Let go of all disks. */
  close(): void {
    for (const member of this.#members.values()) member.close();
  }

  /** Pause a node's clock: it hears and answers, but never campaigns, and leads without heartbeats. */
  pauseClock(id: NodeId): void {
    this.#setClock(id, "pauseClock");
  }

  /** Let a node's clock run again. */
  resumeClock(id: NodeId): void {
    this.#setClock(id, "resumeClock");
  }

  /**
   * Make every election timeout of a node, the present one included, `ticks` ticks. `null` makes them random again, from
   * the next one on.
   *
   * @throws {ClusterError} if no random one could be that.
   */
  fixTimeout(id: NodeId, ticks: Ticks | null): void {
    this.#member(id).fixTimeout(ticks);
  }

  /** Hand an envelope that has arrived to its node. A node that does not run, or refuses the message, loses it. */
  #deliver(envelope: Envelope): void {
    const event = this.#member(envelope.message.to).takes(envelope.message) ? "delivered" : "dropped";
    this.#observe(messageRow(this.now, event, envelope));
    this.#reportSnapshot(event, envelope);
  }

  /** Let a node do what is ready, and send what it has to say. */
  #drain(id: NodeId): void {
    const member = this.#member(id);
    if (!member.running) return;
    const { outcome, crashedAfter } = member.drain();
    drainRows(this.now, id, outcome, member.commitRow(this.now)).forEach((row) => this.#observe(row));
    outcome.messages.forEach((message) => this.network.send(message));
    if (crashedAfter === null) return;
    member.crash();
    this.#observe({ kind: "nodeFault", tick: this.now, fault: "stop", node: id, after: crashedAfter });
  }

  #onNetwork(event: NetworkEvent): void {
    this.#observe(networkRow(this.now, event));
    if (event.kind === "message") this.#reportSnapshot(event.event, event.envelope);
  }

  /** Whoever sends a snapshot must be told what became of it. */
  #reportSnapshot(event: MessageRow["event"], { message: { type, from, to } }: Envelope): void {
    if (type !== "Snapshot" || event === "sent" || !this.#member(from).running) return;
    this.node(from).reportSnapshot(to, event === "delivered" ? "finish" : "failure");
  }

  #setClock(id: NodeId, fault: "pauseClock" | "resumeClock"): void {
    const member = this.#member(id);
    const isPaused = fault === "pauseClock";
    if (member.clockPaused === isPaused) return;
    member.clockPaused = isPaused;
    this.#observe({ kind: "nodeFault", tick: this.now, fault, node: id });
  }

  #member(id: NodeId): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new ClusterError(`Cannot find node ${id}: there are nodes ${this.ids.join(", ")}`);
    return member;
  }

  #running(id: NodeId): DemoNode {
    const { node, running } = this.#member(id);
    if (!running) throw new ClusterError(`Cannot use node ${id}: it is stopped; restart it first`);
    return node;
  }
}
