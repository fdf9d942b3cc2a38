/**
 * The runtime `loop`: `Cluster`, behind the interface of the others. One node after the other, in one thread, without time.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { ClusterError } from "../cluster_options.ts";
import { Crash } from "../member.ts";
import type { Command } from "../command.ts";
import type { DemoNode, ReadyStep } from "../node.ts";
import { type NodeId, RaftError, type Ticks } from "../raft/mod.ts";
import type { Appended } from "../report.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { realClock } from "./clock.ts";
import { type CompleteOptions, completeRuntimeOptions } from "./options.ts";
import { refusalOf } from "./refusal.ts";
import { type Runtime, RuntimeError, type RuntimeOptions } from "./runtime.ts";

/**
 * Start the loop.
 *
 * @throws {RuntimeError} naming the option that is wrong.
 * @throws {ClusterError} naming the option that is wrong.
 */
export function startLoop(options: RuntimeOptions = {}): Promise<Runtime> {
  return Promise.resolve(new LoopRuntime(completeRuntimeOptions("loop", options)));
}

class LoopRuntime implements Runtime {
  readonly kind = "loop";
  readonly ended: Promise<void>;
  readonly #clock = realClock();
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => void this.close();
  #failure: RuntimeError | null = null;
  #closed = false;
  #settle: (failure: RuntimeError | null) => void = () => {};

  constructor({ cluster, diskOf = null, mutation = () => {}, signal }: CompleteOptions) {
    const start = (node: DemoNode) => {
      mutation(node);
      this.#watch(node);
    };
    this.#cluster = new Cluster({
      ...cluster,
      diskOf,
      observer: (row) => {
        if (row.kind === "nodeFault" && row.fault === "restart") start(this.#cluster.node(row.node));
        cluster.observer(row);
      },
    });
    for (const node of this.#cluster.nodes()) start(node);
    this.ended = new Promise((resolve, reject) => {
      this.#settle = (failure) => failure === null ? resolve() : reject(failure);
    });
    this.ended.catch(() => {});
    this.#signal = signal;
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
  }

  get now(): Ticks {
    return this.#cluster.now;
  }

  get ids(): readonly NodeId[] {
    return this.#cluster.ids;
  }

  get network(): Cluster["network"] {
    return this.#cluster.network;
  }

  node(id: NodeId): DemoNode {
    return this.#cluster.node(id);
  }

  nodes(): DemoNode[] {
    return this.#cluster.nodes();
  }

  leader(): DemoNode | null {
    return this.#cluster.leader();
  }

  campaign(id: NodeId): void {
    this.#cluster.campaign(id);
  }

  propose(command: Command, id: NodeId): void {
    this.#cluster.propose(command, id);
  }

  stop(id: NodeId): void {
    this.#cluster.stop(id);
  }

  restart(id: NodeId): void {
    this.#cluster.restart(id);
  }

  mute(id: NodeId, muted: boolean): void {
    this.#cluster.mute(id, muted);
  }

  fixTimeout(id: NodeId, ticks: Ticks | null): void {
    this.#cluster.fixTimeout(id, ticks);
  }

  crashAfter(id: NodeId, step: ReadyStep): void {
    this.#cluster.crashAfter(id, step);
  }

  refuse(scenario: Scenario): string | null {
    return refusalOf(scenario, "loop", true);
  }

  /** The other tasks of the program have their turn first, or nobody could ever end it. */
  async nextTick(): Promise<void> {
    this.#mustRun();
    await this.#clock.sleep(0);
    this.#mustRun();
    this.#cluster.tick();
  }

  async submit(command: Command, id: NodeId | null = this.leader()?.id ?? null): Promise<Appended | null> {
    this.#mustRun();
    if (id === null) throw new ClusterError("Cannot propose: there is no leader; run until there is one");
    return await this.#cluster.propose(command, id);
  }

  close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#closed = true;
    this.#cluster.close();
    this.#settle(this.#failure);
    return Promise.resolve();
  }

  /** Whatever a node throws names the node, and ends the run. A refusal is an answer. */
  #watch(node: DemoNode): void {
    const watched = <A extends unknown[], R>(call: (...args: A) => R) => (...args: A): R => {
      try {
        return call.apply(node, args);
      } catch (error) {
        if (error instanceof RaftError || error instanceof Crash) throw error;
        const text = error instanceof Error ? error.message : String(error);
        this.#failure ??= new RuntimeError(`Cannot go on: node ${node.id} failed: ${text}`, { cause: error });
        this.#abort();
        throw this.#failure;
      }
    };
    const { tick, step, campaign, drainReady } = node;
    Object.assign(node, {
      tick: watched(tick),
      step: watched(step),
      campaign: watched(campaign),
      drainReady: watched(drainReady),
    });
  }

  #mustRun(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed) throw new RuntimeError("Cannot go on: the run was ended; start another");
  }
}
