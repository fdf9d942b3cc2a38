/**
 * A world whose nodes are tasks: one task a node, and one that lets the ticks pass.
 *
 * Whatever is wanted of a node goes through its inbox: the ticks, the messages that the network delivers, the requests of
 * clients. A tick is over when its time is over and every node has taken what was in its inbox: a busy machine makes time slow,
 * but no elections.
 *
 * @module
 */
import { ClusterError, completeOptions } from "../cluster_options.ts";
import { Codec, type Command } from "../command.ts";
import type { Member } from "../member.ts";
import type { ReadyOutcome, ReadyStep } from "../node_turn.ts";
import { type ConfChange, type NodeId, RaftError, type SnapshotStatus, type Ticks } from "../raft/mod.ts";
import { requireWhole } from "../arguments.ts";
import { messageOf } from "../storage/files.ts";
import type { NodeFault, NodeFaultRow, ReadRow, TraceRow } from "../trace/rows.ts";
import type { Receiver, Request as ClientRequest } from "../requests.ts";
import type { Appended } from "../service.ts";
import { NodeWorld } from "../world.ts";
import { Bell } from "./channel.ts";
import { type Clock, realClock, requireTime } from "./clock.ts";
import { DiskError, NodeTask, type Request } from "./node_task.ts";
import { type Runtime, RuntimeError, type RuntimeOptions } from "./runtime.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

/** Nodes that are tasks. */
export class TaskWorld extends NodeWorld implements Runtime {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #inboxSize: number;
  /** The present tasks of the nodes that are not stopped. */
  readonly #tasks = new Map<NodeId, NodeTask>();
  /** By node: when the write began that is under way. */
  readonly #writing = new Map<NodeId, Ticks>();
  /** By node: the end of its last task. */
  readonly #lives = new Map<NodeId, Promise<void>>();
  readonly #ending = new AbortController();
  /** Rings when something was done. */
  readonly #bell = new Bell();
  /** Ticks that are over, and how many of them somebody has waited for. */
  #over: Ticks = 0;
  #wanted: Ticks = 0;
  #ticking: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #closed: Promise<void> | null = null;

  /** Nothing runs before `begin`. */
  constructor({ tickMs = 10, inboxSize = 1024, signal, clock = realClock(), ...cluster }: RuntimeOptions) {
    requireTime(RuntimeError, "Cannot start: tickMs", tickMs);
    requireWhole(RuntimeError, "Cannot start: inboxSize", inboxSize, 1);
    const options = completeOptions(cluster);
    super({ ...options, diskOf: options.diskOf ?? ((_, initial) => new SimulatedDisk(initial, clock)) });
    [this.#tickMs, this.#inboxSize, this.#clock] = [tickMs, inboxSize, clock];
    const abort = () => void this.close();
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { signal: this.#ending.signal });
  }

  /** Start every node, and time when all of them run. */
  async begin(): Promise<this> {
    if (this.#closed === null) this.members.forEach((member) => this.#start(member, "first"));
    await this.#until(() => this.nodes().length === this.ids.length);
    if (this.#closed !== null) await this.#closed;
    this.#mustRun();
    this.#ticking = this.#run().catch((error) => this.#fail(error));
    return this;
  }

  async nextTick(): Promise<void> {
    this.#mustRun();
    const next = this.#over + 1;
    this.#wanted = Math.max(this.#wanted, next);
    this.#bell.ring();
    await this.#until(() => this.#over >= next);
    this.#mustRun();
  }

  async submit(command: Command, id: NodeId | null = this.leader()?.id ?? null): Promise<Appended | null> {
    this.#mustRun();
    if (id === null) throw new ClusterError("Cannot propose: there is no leader; run until there is one");
    return await this.#submit(command, id);
  }

  /** What becomes of it is in the rows. */
  propose(command: Command, id: NodeId): void {
    this.#submit(command, id).catch(() => {});
  }

  campaign(id: NodeId): void {
    const task = this.#task(id);
    this.requireVoter(task.member);
    this.#request(task, () => unlessRefused(() => task.member.node.campaign()));
  }

  /** What becomes of it is in the rows. */
  confChange(change: ConfChange, id: NodeId): void {
    const [task, checked] = [this.#task(id), this.requireChange(change)];
    this.#request(task, () => unlessRefused(() => this.askConfChange(task.member, checked)));
  }

  read(key: string, way: ReadRow["way"], id: NodeId): void {
    const task = this.#task(id);
    this.service.requireWay(way);
    this.#request(task, () => void this.service.read(task.member, key, way));
  }

  serve(request: ClientRequest, id: NodeId, receive: Receiver): void {
    const task = this.#tasks.get(this.member(id).id);
    // Refused here, or the node would fail.
    this.requireAsked(request.command, request.way);
    if (task !== undefined) this.#request(task, () => this.service.take(task.member, request, receive));
  }

  transfer(transferee: NodeId, id: NodeId): void {
    const [task, { id: to }] = [this.#task(id), this.member(transferee)];
    this.#request(task, () => this.askTransfer(task.member, to));
  }

  compact(id: NodeId, keep: number): void {
    const task = this.#task(id);
    requireWhole(RangeError, "Cannot compact: keep", keep, 0);
    this.#request(task, () => void task.member.node.compact(keep));
  }

  stop(id: NodeId): void {
    this.#task(id);
    this.#end(id, "stop");
  }

  restart(id: NodeId): void {
    const member = this.member(id);
    this.#end(id, "restart");
    this.#start(member, "again");
  }

  /** A task takes its steps out of sight. */
  crashAfter(id: NodeId, step: ReadyStep): void {
    const why = "in a task of its own nobody sees its steps; use stop";
    throw new ClusterError(`Cannot crash node ${id} after step ${step}: ${why}`);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  protected reportSnapshot(from: NodeId, to: NodeId, status: SnapshotStatus): void {
    const task = this.#tasks.get(from);
    if (task !== undefined) this.#request(task, () => task.member.node.reportSnapshot(to, status));
  }

  /** An observer that fails ends the run; that is no fault of the node that it was told of. */
  protected override observe(row: TraceRow): void {
    if (this.#ending.signal.aborted) return;
    try {
      super.observe(row);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A node starts when its life before is over. */
  #start(member: Member, time: "first" | "again"): void {
    const report = (outcome: ReadyOutcome) => {
      this.publish(member, outcome);
      this.#bell.ring();
    };
    const task = new NodeTask(member, this.#inboxSize, report, (what) => {
      if (what === "ends") this.#endWrite(member.id, true);
      else this.#writing.set(member.id, this.now);
    });
    this.#tasks.set(member.id, task);
    const before = this.#lives.get(member.id) ?? Promise.resolve();
    const life = before.then(async () => {
      if (task.inbox.isClosed) return;
      member.start();
      this.started(member, time);
      this.observeChange(member.id);
      await task.run();
    });
    this.#lives.set(member.id, life.catch((error) => this.#onFailure(task, error)));
  }

  /** A node whose disk fails stops, as it must. Anything else is a broken rule, and ends the run. */
  #onFailure(task: NodeTask, error: unknown): void {
    const { id } = task.member;
    if (this.#tasks.get(id) !== task) return;
    const why = messageOf(error);
    if (error instanceof DiskError) this.#end(id, "stop", { why });
    else this.#fail(new RuntimeError(`Cannot go on: node ${id} failed: ${why}`, { cause: error }));
  }

  /** A node's task ends. What lay in its inbox is lost. */
  #end(id: NodeId, fault: NodeFault, more: Pick<NodeFaultRow, "why"> = {}): void {
    const lost = this.#endTask(id, more.why === undefined ? "on purpose" : "its disk failed");
    this.observeFault(id, fault, more);
    for (const { lose } of lost) lose?.();
    this.#bell.ring();
  }

  /** What took ticks is told. */
  #endWrite(node: NodeId, finished: boolean): void {
    const since = this.#writing.get(node) ?? this.now;
    this.#writing.delete(node);
    if (since < this.now) this.observe({ kind: "write", tick: this.now, node, since, finished });
  }

  #endTask(id: NodeId, why: "on purpose" | "its disk failed"): Request[] {
    const task = this.#tasks.get(id);
    this.#tasks.delete(id);
    this.#endWrite(id, false);
    task?.member.crash(why);
    task?.member.disk?.crash?.();
    return task?.inbox.close() ?? [];
  }

  /** The present task of a node. */
  #task(id: NodeId): NodeTask {
    const task = this.#tasks.get(this.member(id).id);
    if (task === undefined) throw new ClusterError(`Cannot use node ${id}: it is stopped; restart it first`);
    return task;
  }

  /** Requests are not lost while the node runs: they wait for room. */
  #request({ inbox }: NodeTask, run: () => void, lose = () => {}): void {
    if (inbox.offer({ run, lose })) return;
    void inbox.put({ run, lose }).then((isThere) => isThere || lose());
  }

  #submit(command: Command, id: NodeId): Promise<Appended | null> {
    const task = this.#task(id);
    // Refused here, or the node would fail.
    Codec.encode(command);
    return new Promise((resolve, reject) => {
      const ask = () => {
        try {
          resolve(this.service.propose(task.member, command));
        } catch (error) {
          if (!(error instanceof RaftError)) throw error;
          reject(error);
        }
      };
      const lose = () =>
        reject(new RuntimeError(`Cannot say what became of it: node ${id} has stopped; look in the log`));
      this.#request(task, ask, lose);
    });
  }

  /** Let ticks pass until the end. Between two of them everybody can do what is to be done there. */
  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      if (this.#clock.onDemand) await this.#until(() => this.#wanted > this.#over);
      await this.#clock.sleep(0, signal);
      if (signal.aborted) return;
      this.#beginTick();
      await this.#clock.sleep(this.#tickMs, signal);
      await this.#until(() => [...this.#tasks.values()].every(({ inbox }) => inbox.isEmpty));
      if (signal.aborted) return;
      this.endTick();
      this.#over++;
      this.#bell.ring();
    }
  }

  /** What arrives goes to the inboxes; what does not fit there is lost. Then every clock ticks. */
  #beginTick(): void {
    for (const envelope of this.beginTick()) {
      const run = () => this.deliver(envelope);
      const lose = () => this.settle("dropped", envelope);
      if (!this.#tasks.get(envelope.message.to)?.inbox.offer({ run, lose })) lose();
    }
    for (const { id, clockPaused } of this.members.values()) {
      const task = this.#tasks.get(id);
      if (task !== undefined && !clockPaused) this.#request(task, () => task.member.node.tick());
    }
  }

  /** Wait until `condition` holds, or it is all over. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#ending.signal.aborted) await this.#bell.wait();
  }

  #fail(failure: unknown): void {
    this.#failure ??= failure;
    void this.close();
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    this.#bell.ring();
    for (const id of this.ids) for (const { lose } of this.#endTask(id, "on purpose")) lose?.();
    await this.#ticking;
    await Promise.all(this.#lives.values());
  }

  #mustRun(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed !== null) throw new RuntimeError("Cannot go on: the run was ended; start another");
  }
}

/** Ask a node for something; that it refuses is no fault of its task. */
function unlessRefused(ask: () => void): void {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof RaftError)) throw error;
  }
}
