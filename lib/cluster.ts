/**
 * A simulated cluster: the one loop in which time passes, messages travel and things break on purpose.
 *
 * A node never holds the network, and the network never calls a node: here they meet. A message is sent by
 * `#runReadyLoop`, `NodeWorld.publish` and `Network.send`; it arrives by `Network.tick`, `NodeWorld.deliver` and
 * `Member.step`. What happens is told to one observer, row by row; nothing is printed.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { ClusterError, type ClusterOptions, completeOptions } from "./cluster_options.ts";
import type { Member } from "./member.ts";
import type { ReadyStep } from "./node_turn.ts";
import type { ConfChange, NodeId, SnapshotMetadata, SnapshotStatus, Storage, Ticks } from "./raft/mod.ts";
import type { ReadRow } from "./trace/rows.ts";
import { MOST_TICKS, requireWhole } from "./arguments.ts";
import type { Receiver, Request } from "./requests.ts";
import type { Appended } from "./service.ts";
import { NodeWorld, type World } from "./world.ts";

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
export class Cluster extends NodeWorld implements World {
  /**
   * A cluster of followers, at tick 0.
   *
   * @throws {ClusterError} naming the option that is wrong.
   */
  constructor(options: ClusterOptions = {}) {
    super(completeOptions(options));
    try {
      for (const member of this.members.values()) member.start();
    } catch (error) {
      this.close();
      throw error;
    }
    for (const member of this.members.values()) this.started(member, "first");
    this.observeNodes();
  }

  /** What the node's storage holds: it survives a stop. */
  storage(id: NodeId): Storage {
    return this.member(id).storage;
  }

  /**
   * One tick: messages arrive, every node's clock ticks, and every node does what is ready.
   *
   * @param afterStep Called after each of these steps, with the node that took it.
   */
  tick(afterStep: (id: NodeId) => void = () => {}): void {
    for (const envelope of this.beginTick()) {
      this.deliver(envelope);
      afterStep(envelope.message.to);
    }
    for (const member of this.members.values()) {
      if (!member.running || member.clockPaused) continue;
      member.tick();
      afterStep(member.id);
    }
    for (const member of this.members.values()) {
      this.#runReadyLoop(member);
      afterStep(member.id);
    }
    this.endTick();
  }

  /**
   * Let `ticks` ticks pass.
   *
   * @throws {ClusterError} if that is no whole number from 0 to 1,000,000.
   */
  run(ticks: Ticks): void {
    requireWhole(ClusterError, "Cannot run: ticks", ticks, 0, MOST_TICKS);
    for (let i = 0; i < ticks; i++) this.tick();
  }

  /**
   * Let ticks pass until `condition` holds.
   *
   * @param what What is awaited, as a sentence.
   * @returns The tick at which it held.
   * @throws {ClusterError} if it does not within `maxTicks` ticks (at most 1,000,000), saying what never happened.
   */
  runUntil(what: string, condition: () => boolean, maxTicks: Ticks = 1000): Ticks {
    requireWhole(ClusterError, "Cannot run: maxTicks", maxTicks, 0, MOST_TICKS);
    const start = this.now;
    while (!condition()) {
      if (this.now - start >= maxTicks) throw new ClusterError(`Cannot go on: never in ${maxTicks} ticks: ${what}`);
      this.tick();
    }
    return this.now;
  }

  /**
   * Start an election on this node now.
   *
   * @throws {ClusterError} if the node does not run, or has no vote.
   */
  campaign(id: NodeId): void {
    const member = this.#running(id);
    this.requireVoter(member);
    member.node.campaign();
    this.#runReadyLoop(member);
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
    const member = this.#running(id);
    const appended = this.service.propose(member, command);
    this.#runReadyLoop(member);
    return appended;
  }

  /**
   * Ask a node, or the leader if none is named, for another configuration (paper §6). A node is in it once it has applied the
   * change. If another change is on its way, the leader appends an empty entry in its place.
   *
   * @returns Where the one or the other was appended; `null` if it was passed on to the leader, so that nobody knows yet.
   * @throws {ClusterError} if there is no leader to ask, or a node that it names is not here, or the node that is asked does not run.
   * @throws {RaftError} `ProposalDropped` if the node knows no leader, or leads too short a time; `ConfChangeInvalid` if it cannot be
   * made.
   *
   * @example A spare becomes a learner, which gets the log and does not vote.
   * ```ts
   * import { Cluster } from "hello-raft";
   * import { deepStrictEqual } from "node:assert/strict";
   *
   * const cluster = new Cluster({ nodes: 4, spares: 1 });
   * cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
   * cluster.run(5);
   * cluster.confChange({ transition: "auto", changes: [{ type: "addLearnerNode", node: 4 }] });
   * cluster.run(20);
   * const { voters, learners } = cluster.node(4).configuration;
   * deepStrictEqual([voters, learners], [[1, 2, 3], [4]]);
   * ```
   */
  confChange(change: ConfChange, id: NodeId | null = this.leader()?.id ?? null): Appended | null {
    if (id === null) {
      throw new ClusterError("Cannot change the configuration: there is no leader; run until there is one");
    }
    const member = this.#running(id);
    const appended = this.askConfChange(member, this.requireChange(change));
    this.#runReadyLoop(member);
    return appended;
  }

  /**
   * A client reads `key` at a node, or at the leader if none is named, without an entry in the log (thesis §6.4): from the
   * store at once, or as soon as the node knows that its leader still leads. The answer is a row.
   *
   * @throws {ClusterError} if there is no leader to ask, or the node does not run.
   */
  read(key: string, way: ReadRow["way"], id: NodeId | null = this.leader()?.id ?? null): void {
    if (id === null) throw new ClusterError("Cannot read: there is no leader; run until there is one");
    const member = this.#running(id);
    this.service.requireWay(way);
    this.service.read(member, key, way);
    this.#runReadyLoop(member);
  }

  /** Hand a client's request to node `id`. A node that does not run never answers. */
  serve(request: Request, id: NodeId, receive: Receiver): void {
    const member = this.member(id);
    this.requireAsked(request.command, request.way);
    if (!member.running) return;
    this.service.take(member, request, receive);
    this.#runReadyLoop(member);
  }

  /**
   * Ask a node, or the leader if none is named, for `transferee` to lead (thesis §3.10).
   *
   * @throws {ClusterError} if there is no leader to ask, or no such node, or the node that is asked does not run.
   */
  transfer(transferee: NodeId, id: NodeId | null = this.leader()?.id ?? null): void {
    if (id === null) throw new ClusterError("Cannot transfer: there is no leader; run until there is one");
    const member = this.#running(id);
    this.askTransfer(member, this.member(transferee).id);
    this.#runReadyLoop(member);
  }

  /**
   * Snapshot a node's store, and discard its log but for the last `keep` applied entries (paper §7).
   *
   * @returns What the snapshot stands for; `null` if there is nothing to make it of yet.
   */
  compact(id: NodeId, keep: number): SnapshotMetadata | null {
    const made = this.#running(id).node.compact(keep);
    this.observeChange(id);
    return made;
  }

  /** Stop a node: it neither hears nor says nor counts anything until it is restarted. Its storage stays. */
  stop(id: NodeId): void {
    this.#running(id).crash();
    this.observeFault(id, "stop");
  }

  /** Start a node anew on its storage: whatever was not stored is forgotten. */
  restart(id: NodeId): void {
    const member = this.member(id);
    member.start();
    this.observeFault(id, "restart");
    this.started(member, "again");
    this.#runReadyLoop(member);
  }

  /** Crash a node after this step of its ready loop, the next time it has something to sync; its unsynced writes may be lost. */
  crashAfter(id: NodeId, step: ReadyStep): void {
    this.#running(id).crashAfter(step);
  }

  /** Let go of all disks. */
  close(): void {
    for (const member of this.members.values()) member.close();
  }

  /** @internal A node that does not run has forgotten the snapshot. */
  protected reportSnapshot(from: NodeId, to: NodeId, status: SnapshotStatus): void {
    const { running, node } = this.member(from);
    if (running) node.reportSnapshot(to, status);
  }

  /** Let a node do what is ready, and send what it has to say. */
  #runReadyLoop(member: Member): void {
    if (!member.running) return;
    const { outcome, crashedAfter } = member.drain();
    this.publish(member, outcome);
    if (crashedAfter === null) return;
    member.crash();
    this.observeFault(member.id, "stop", { after: crashedAfter });
  }

  #running(id: NodeId): Member {
    const member = this.member(id);
    if (!member.running) throw new ClusterError(`Cannot use node ${id}: it is stopped; restart it first`);
    return member;
  }
}
