/**
 * What every world of nodes has, however time passes in it: members to look at and to break, a network between them, and
 * an observer who is told of it.
 *
 * There are two such worlds: `Cluster`, in which one loop does everything, and `runtime/task_world.ts`, in which every node is
 * a task of its own.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { ClusterError, type ClusterOptions } from "./cluster_options.ts";
import { Member } from "./member.ts";
import { type Envelope, Network, type NetworkEvent } from "./network.ts";
import type { DemoNode } from "./node.ts";
import type { ReadyOutcome, ReadyStep } from "./node_turn.ts";
import type { ConfChange, NodeId, SnapshotStatus, Ticks } from "./raft/mod.ts";
import { shown } from "./arguments.ts";
import { checkConfChange, isVoter, RaftError, randomInts } from "./raft/mod.ts";
import { drainRows, startRows } from "./report.ts";
import type { Receiver, Request } from "./requests.ts";
import { type Appended, Service } from "./service.ts";
import type {
  ConfChangeRow,
  MessageRow,
  NodeFault,
  NodeFaultRow,
  ReadRow,
  ReadWay,
  RequestRow,
  TraceRow,
} from "./trace/rows.ts";
import { traceMessage } from "./trace/rows.ts";

/** A node, as far as others can look at it. */
export type NodeView = Pick<DemoNode, "id" | "store" | "configuration" | "status" | "terms" | "lastRequestOf">;

/** What can be done in every world, by the same verbs: those of a node are here, those of links and messages at `Network`. */
export interface World extends Readonly<Record<NodeFault, (id: NodeId) => void>> {
  /** Ticks passed so far. */
  readonly now: Ticks;
  /** The nodes' ids, in ascending order. */
  readonly ids: readonly NodeId[];
  /** The network between the nodes. */
  readonly network: Network;
  /** The node with this id, running or not. */
  node(id: NodeId): NodeView;
  /** The nodes that run, in the order of their ids. */
  nodes(): NodeView[];
  /** The running node that leads the latest term, if any. */
  leader(): NodeView | null;
  /** Start an election on this node now. */
  campaign(id: NodeId): void;
  /** Ask a node to carry out `command`. */
  propose(command: Command, id: NodeId): unknown;
  /** Ask node `id` for another configuration. */
  confChange(change: ConfChange, id: NodeId): unknown;
  /** A client reads `key` at node `id`, without an entry in the log. */
  read(key: string, way: ReadRow["way"], id: NodeId): void;
  /** Hand a client's request to node `id`, which answers once, or, if it does not run or stops first, never. */
  serve(request: Request, id: NodeId, receive: Receiver): void;
  /** Refuse what no client can ask for, here or anywhere. */
  requireAsked(command: Command, way: ReadWay): void;
  /** Tell the observer what a client does. */
  tell(row: RequestRow): void;
  /** Call `listener` at the end of each tick from here on. */
  onTick(listener: () => void): void;
  /** The last row of the last read that was asked for; `null` if there was none. */
  lastRead(): ReadRow | null;
  /** Ask node `id` for `transferee` to lead. */
  transfer(transferee: NodeId, id: NodeId): void;
  /** Snapshot a node's store, and discard its log but for the last `keep` applied entries. */
  compact(id: NodeId, keep: number): unknown;
  /** Stop a node after this step of its ready loop. */
  crashAfter(id: NodeId, step: ReadyStep): void;
  /** Make every election timeout of a node this long; `null`: random again. */
  fixTimeout(id: NodeId, ticks: Ticks | null): void;
}

/** The members, the network between them, and the observer. How time passes, and what it takes to do something, others say. */
export abstract class NodeWorld {
  /** The network between the nodes: delay, cut, hold, drop here. */
  readonly network: Network;
  /** The nodes' ids, in ascending order. */
  readonly ids: readonly NodeId[];
  /** @internal By id. */
  protected readonly members: ReadonlyMap<NodeId, Member>;
  /** @internal What the nodes do for clients. */
  protected readonly service: Service;
  readonly #listeners: (() => void)[] = [];
  /** Whether the tick is over: what happens now is done by hand. */
  #isOver = true;

  /** A world at tick 0, in which no node has started. */
  constructor(protected readonly options: Required<ClusterOptions>) {
    this.network = new Network(options.latency, (event) => this.#onNetwork(event), options.nodes);
    this.ids = Array.from({ length: options.nodes }, (_, i) => i + 1);
    const seeds = randomInts(options.seed);
    this.members = new Map(this.ids.map((id) => [id, new Member(id, seeds(0, 2 ** 31), options)]));
    const leases = options.readOnlyOption === "leaseBased" ? "leases" : "no leases";
    this.service = new Service(leases, () => this.now, (row) => this.observe(row));
  }

  /** Ticks passed so far. */
  get now(): Ticks {
    return this.network.now;
  }

  /** The node with this id, running or not. */
  node(id: NodeId): DemoNode {
    return this.member(id).node;
  }

  /** The nodes that run, in the order of their ids. */
  nodes(): DemoNode[] {
    return [...this.members.values()].filter(({ running }) => running).map(({ node }) => node);
  }

  /** Whether the node with this id runs. */
  isRunning(id: NodeId): boolean {
    return this.member(id).running;
  }

  /** The running node that leads the latest term, if any. */
  leader(): DemoNode | null {
    const leaders = this.nodes().filter((node) => node.status().ss.raftState === "leader");
    return leaders.sort((a, b) => b.status().hs.term - a.status().hs.term).at(0) ?? null;
  }

  /** The last row of the last read that was asked for; `null` if there was none. */
  lastRead(): ReadRow | null {
    return this.service.lastRead;
  }

  /**
   * Refuse what no client can ask for, here or anywhere.
   *
   * @throws {CommandError} naming the field, if it is no command.
   * @throws {ClusterError} if it is to be written otherwise than through the log, or read in a way that there is not.
   */
  requireAsked(command: Command, way: ReadWay): void {
    this.service.requireAsked(command, way);
  }

  /** Call `listener` at the end of each tick from here on: as whoever does something by hand. */
  onTick(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Tell the observer what a client does. */
  tell(row: RequestRow): void {
    this.observe(row);
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
    this.member(id).fixTimeout(ticks);
    this.observeChange(id);
  }

  /** @internal Tell a node what became of the snapshot that it sent to `to`. */
  protected abstract reportSnapshot(from: NodeId, to: NodeId, status: SnapshotStatus): void;

  /** @internal Tell the observer. */
  protected observe(row: TraceRow): void {
    this.options.observer(row);
  }

  /** @internal Something was done to a node. */
  protected observeFault(node: NodeId, fault: NodeFault, more: Pick<NodeFaultRow, "after" | "why"> = {}): void {
    if (fault === "stop" || fault === "restart") this.service.forget(node);
    this.observe({ kind: "nodeFault", tick: this.now, fault, node, ...more });
    this.observeChange(node);
  }

  /** @internal A tick begins: what arrives in it. */
  protected beginTick(): Envelope[] {
    this.#isOver = false;
    return this.network.tick();
  }

  /** @internal An envelope was sent, arrived, or is lost. Whoever sent a snapshot is told what became of it. */
  protected settle(event: MessageRow["event"], envelope: Envelope): void {
    const { id, message, message: { type, from, to } } = envelope;
    this.observe({ ...traceMessage(message), kind: "message", tick: this.now, event, id });
    if (type === "Snapshot" && event !== "sent") {
      this.reportSnapshot(from, to, event === "delivered" ? "finish" : "failure");
    }
  }

  /** @internal Hand an envelope that has arrived to its node. A node that does not run, or refuses the message, loses it. */
  protected deliver(envelope: Envelope): void {
    const { message } = envelope;
    this.settle(this.member(message.to).step(message) ? "delivered" : "dropped", envelope);
  }

  /**
   * @internal `change`, if it is one of nodes that are here.
   *
   * @throws {RaftError} `ConfChangeInvalid` if it is none.
   * @throws {ClusterError} naming a node that is not here.
   */
  protected requireChange(change: ConfChange): ConfChange {
    const checked = checkConfChange(change);
    for (const { node } of checked.changes) this.member(node);
    return checked;
  }

  /** @internal Ask a node for another configuration: where that was appended, or an empty entry in its place; as in `Service.propose`. */
  protected askConfChange({ id: node, node: { raft }, node: asked }: Member, change: ConfChange): Appended | null {
    const tell = (result: ConfChangeRow["result"], at: Appended | null, more: Pick<ConfChangeRow, "why"> = {}) => {
      const { index, term } = at ?? { index: null, term: null };
      this.observe({ kind: "confChange", tick: this.now, node, change, result, index, term, ...more });
    };
    try {
      asked.confChange(change);
    } catch (error) {
      if (error instanceof RaftError) tell("dropped", null, { why: error.message });
      throw error;
    }
    const { role, term } = raft;
    const appended = role.kind === "leader" ? { index: raft.log.lastIndex(), term } : null;
    const isTaken = role.kind === "leader" && role.pendingConfIndex === appended?.index;
    tell(appended === null ? "forwarded" : isTaken ? "appended" : "empty", appended);
    return appended;
  }

  /** @internal Who has no vote does not campaign. */
  protected requireVoter({ id, node }: Member): void {
    if (isVoter(node.raft.confState, id)) return;
    throw new ClusterError(
      `Cannot campaign: node ${id} is no voter of its configuration; campaign on one, or add it first`,
    );
  }

  /** @internal Ask a node for `transferee` to lead. */
  protected askTransfer({ id, node }: Member, transferee: NodeId): void {
    node.transferLeader(transferee);
    const { role } = node.raft;
    const isBegun = role.kind === "leader" && role.leadTransferee === transferee;
    const result = isBegun ? "begun" : role.kind === "follower" && role.leaderId !== null ? "forwarded" : "refused";
    this.observe({ kind: "transfer", tick: this.now, node: id, transferee, result });
  }

  /** @internal A node has started: tell what it found. */
  protected started(member: Member, time: "first" | "again"): void {
    startRows(this.now, member, time).forEach((row) => this.observe(row));
  }

  /** @internal A node has done what was ready: report it, and send its messages. */
  protected publish(member: Member, outcome: ReadyOutcome): void {
    drainRows(this.now, member, outcome).forEach((row) => this.observe(row));
    this.service.answer(member, outcome);
    outcome.messages.forEach((message) => this.network.send(message));
    this.observeChange(member.id);
  }

  /** @internal A tick is over: whoever acts by hand may act. */
  protected endTick(): void {
    this.observeNodes();
    for (const listener of this.#listeners) listener();
  }

  /** @internal A tick is over, or was broken off. */
  observeNodes(): void {
    this.#isOver = true;
    for (const id of this.ids) this.observeChange(id);
  }

  /** @internal What a node is now, if the tick is over: else that is told at its end. */
  protected observeChange(id: NodeId): void {
    if (!this.#isOver) return;
    const { running, node: { raft } } = this.member(id);
    const { hs, ss, firstIndex, lastIndex, applied, progress } = this.member(id).status();
    const known = { role: ss.raftState, term: hs.term, vote: hs.vote, leader: ss.leaderId };
    const log = { firstIndex, lastIndex, commit: hs.commit, applied };
    const timer = running && ss.raftState !== "leader"
      ? { elapsed: raft.electionElapsed, timeout: raft.randomizedElectionTimeout }
      : null;
    const transferee = running && raft.role.kind === "leader" ? raft.role.leadTransferee : null;
    const lead = transferee === null ? {} : { transferee };
    this.observe({ kind: "node", tick: this.now, node: id, running, ...known, ...log, progress, timer, ...lead });
  }

  /** @internal The member with this id. */
  protected member(id: NodeId): Member {
    const member = this.members.get(id);
    if (member === undefined) {
      throw new ClusterError(`Cannot find node ${shown(id)}: there are nodes ${this.ids.join(", ")}`);
    }
    return member;
  }

  #onNetwork(event: NetworkEvent): void {
    const tick = this.now;
    if (event.kind === "message") return this.settle(event.event, event.envelope);
    if (event.kind === "linkFault") {
      const { kind, fault, link: { from, to, latency } } = event;
      return this.observe({ kind, tick, from, to, fault, latency });
    }
    const { kind, fault, envelope: { id, message } } = event;
    this.observe({ ...traceMessage(message), kind, tick, fault, id });
  }

  #setClock(id: NodeId, fault: "pauseClock" | "resumeClock"): void {
    const member = this.member(id);
    const isPaused = fault === "pauseClock";
    if (member.clockPaused === isPaused) return;
    member.clockPaused = isPaused;
    this.observeFault(id, fault);
  }
}
