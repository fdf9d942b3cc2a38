/**
 * The world of `tasks` and `workers`: it owns the network, and knows of the nodes what they report.
 *
 * Envelopes go from the network to inboxes, messages from outboxes to the network; all that is said here.
 *
 * @module
 */
import { ClusterError, type ClusterOptions } from "../cluster_options.ts";
import { Codec, type Command } from "../command.ts";
import type { MessageRow, NodeFaultRow, TraceRow } from "../trace/rows.ts";
import { type Envelope, Network } from "../network.ts";
import type { ReadyStep } from "../node.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { type Appended, deedRow, messageRow, nodeRow, readyRows } from "../report.ts";
import type { World } from "../world.ts";
import type { Input, Report } from "./parcel.ts";
import { idsOf, memberOf } from "./place.ts";
import { applyRowsOf, foundRowsOf } from "./report_rows.ts";
import { type Home, type Life, Seat } from "./seat.ts";

/** Nodes that live in tasks of their own, and the network between them. Time and the end are `AsyncRuntime`'s. */
export abstract class AsyncWorld implements World {
  readonly ids: readonly NodeId[];
  readonly network: Network;
  protected readonly seats: ReadonlyMap<NodeId, Seat>;
  /** What waits for room in an inbox. */
  protected readonly waiting = new Set<Promise<boolean>>();
  #lastTicket = 0;

  /** Nodes that have not started yet. */
  constructor(protected readonly options: Required<ClusterOptions>, homeOf: (id: NodeId) => Home) {
    this.ids = idsOf(options);
    this.network = new Network(
      options.latency,
      (event, envelope) => this.#onFate(event, envelope),
      (deed) => this.observe(deedRow(this.now, deed)),
    );
    const compact = (id: NodeId) => (keep: number) => {
      // Refused here, or the node would fail.
      memberOf(id, options).node.compact(keep);
      this.#tell(this.#running(id), { do: "compact", keep });
    };
    this.seats = new Map(this.ids.map((id) => [id, new Seat(id, homeOf(id), compact(id))]));
  }

  /** A node runs: hear what it reports, until it is over. */
  protected abstract follow(seat: Seat, life: Life): void;

  /** Something was reported. */
  protected abstract changed(): void;

  get now(): Ticks {
    return this.network.now;
  }

  node(id: NodeId): Seat {
    const seat = this.seats.get(id);
    if (seat === undefined) throw new ClusterError(`Cannot find node ${id}: there are nodes ${this.ids.join(", ")}`);
    return seat;
  }

  nodes(): Seat[] {
    return [...this.seats.values()].filter(({ life }) => life !== null);
  }

  leader(): Seat | null {
    const leaders = this.nodes().filter((node) => node.status().ss.raftState === "leader");
    return leaders.sort((a, b) => b.status().hs.term - a.status().hs.term).at(0) ?? null;
  }

  campaign(id: NodeId): void {
    this.#tell(this.#running(id), { do: "campaign" });
  }

  /** What becomes of it is in the rows. */
  propose(command: Command, id: NodeId): void {
    this.ask(command, id).catch(() => {});
  }

  stop(id: NodeId): void {
    this.end(this.#running(id), "was stopped");
  }

  restart(id: NodeId): void {
    const seat = this.node(id);
    const lost = seat.end(`Cannot say what became of it: node ${id} was restarted`);
    seat.forgetRole();
    this.observe({ kind: "nodeFault", tick: this.now, fault: "restart", node: id });
    for (const envelope of lost) this.#onFate("dropped", envelope);
    this.start(seat);
  }

  /** A task takes its steps out of sight. */
  crashAfter(id: NodeId, step: ReadyStep): void {
    throw new ClusterError(
      `Cannot crash node ${id} after step ${step}: in a task of its own nobody sees its steps; use stop`,
    );
  }

  #setClock(id: NodeId, fault: "pauseClock" | "resumeClock"): void {
    const seat = this.node(id);
    const isPaused = fault === "pauseClock";
    if (seat.clockPaused === isPaused) return;
    seat.clockPaused = isPaused;
    this.observe({ kind: "nodeFault", tick: this.now, fault, node: id });
  }

  fixTimeout(id: NodeId, ticks: Ticks | null): void {
    memberOf(id, this.options).fixTimeout(ticks);
    const seat = this.node(id);
    seat.timeout = ticks;
    this.#tell(seat, { do: "fixTimeout", ticks });
  }

  protected observe(row: TraceRow): void {
    this.options.observer(row);
  }

  protected start(seat: Seat): void {
    seat.life = seat.home.start();
    this.follow(seat, seat.life);
    // It may have been said while it was stopped.
    if (seat.timeout !== undefined) this.#tell(seat, { do: "fixTimeout", ticks: seat.timeout });
  }

  /** A node stops, on purpose or because of a `failure`. What lay in its inbox is lost. */
  protected end(seat: Seat, what: string, failure: Pick<NodeFaultRow, "why"> = {}): void {
    const lost = seat.end(`Cannot say what became of it: node ${seat.id} ${what}`);
    this.observe({ kind: "nodeFault", tick: this.now, fault: "stop", node: seat.id, ...failure });
    for (const envelope of lost) this.#onFate("dropped", envelope);
    this.changed();
  }

  /** Ask a node that runs. */
  protected ask(command: Command, id: NodeId): Promise<Appended | null> {
    const seat = this.#running(id);
    Codec.encode(command);
    return new Promise((resolve, reject) => {
      const ticket = ++this.#lastTicket;
      seat.clients.set(ticket, { command, resolve, reject });
      this.#tell(seat, { do: "propose", ticket, command });
    });
  }

  /** What arrives goes to the inboxes; what does not fit there is lost. Then every clock ticks. */
  protected beginTick(): void {
    for (const envelope of this.network.tick()) {
      if (!this.node(envelope.message.to).takes(envelope)) this.#onFate("dropped", envelope);
    }
    for (const seat of this.nodes()) {
      if (seat.clockPaused) continue;
      seat.ticksOwed++;
      this.#tell(seat, { do: "tick" });
    }
  }

  protected endTick(): void {
    for (const seat of this.seats.values()) this.observe(nodeRow(this.now, seat.life !== null, seat.status()));
  }

  /** A node reports: its rows are in the order in which `Cluster` gives them. */
  protected hear(seat: Seat, report: Report): void {
    const { id } = seat;
    const isFirst = !seat.isKnown;
    for (const [taken, envelope] of seat.settle(report)) this.#onFate(taken ? "delivered" : "dropped", envelope);
    for (const row of foundRowsOf(this.now, seat, report)) this.observe(row);
    const commit = seat.hear(this.now, report);
    for (const row of seat.answer(this.now, report)) this.observe(row);
    for (const row of readyRows(this.now, id, report)) this.observe(row);
    if (commit !== null) this.observe(commit);
    for (const row of applyRowsOf(this.now, id, isFirst ? { ...report, restored: null } : report)) this.observe(row);
    for (const message of report.messages) this.network.send(message);
    this.changed();
  }

  /** Whoever sends a snapshot must be told what became of it. */
  #onFate(event: MessageRow["event"], envelope: Envelope): void {
    this.observe(messageRow(this.now, event, envelope));
    const { type, from, to } = envelope.message;
    if (type !== "Snapshot" || event === "sent") return;
    this.#tell(this.node(from), { do: "reportSnapshot", to, status: event === "delivered" ? "finish" : "failure" });
  }

  /** Requests are not lost: they wait for room. */
  #tell({ life }: Seat, input: Input): void {
    if (life === null || life.inbox.offer(input)) return;
    const put = life.inbox.put(input);
    this.waiting.add(put);
    put.then(() => this.waiting.delete(put));
  }

  #running(id: NodeId): Seat {
    const seat = this.node(id);
    if (seat.life === null) throw new ClusterError(`Cannot use node ${id}: it is stopped; restart it first`);
    return seat;
  }
}
