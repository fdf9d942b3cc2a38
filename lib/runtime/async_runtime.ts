/**
 * A world of tasks or workers whose time passes, until it is ended or a node fails.
 *
 * One task lets the ticks pass, one task a node hears its reports. A tick is over when its time is over and every
 * node has taken it: a busy machine makes time slow, but no elections.
 *
 * @module
 */
import { ClusterError } from "../cluster_options.ts";
import type { Command } from "../command.ts";
import type { NodeId } from "../raft/mod.ts";
import type { Appended } from "../report.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { AsyncWorld } from "./async_world.ts";
import type { Clock } from "./clock.ts";
import type { CompleteOptions } from "./options.ts";
import { DiskError } from "./parcel.ts";
import { refusalOf } from "./refusal.ts";
import { type Runtime, RuntimeError, type RuntimeKind } from "./runtime.ts";
import type { Home, Life, Seat } from "./seat.ts";
import { Ticker } from "./ticker.ts";

/** What the kinds of asynchronous runtimes differ in. */
export interface RuntimeParts {
  readonly kind: Exclude<RuntimeKind, "loop">;
  readonly clock: Clock;
  /** Whether all that can happen in a tick has happened at its end. */
  readonly exact: boolean;
  /** Where a node lives. */
  readonly homeOf: (id: NodeId) => Home;
}

/** A running world. */
export class AsyncRuntime extends AsyncWorld implements Runtime {
  readonly kind: RuntimeKind;
  readonly ended: Promise<void>;
  readonly #exact: boolean;
  readonly #ticker: Ticker;
  readonly #ending = new AbortController();
  /** What still runs. */
  readonly #tasks = new Set<Promise<void>>();
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => void this.close();
  #failure: unknown = null;
  #closed: Promise<void> | null = null;
  #settle: (failure: unknown) => void = () => {};

  /** Nothing runs before `begin`. */
  constructor({ cluster, tickMs, signal }: CompleteOptions, { kind, clock, exact, homeOf }: RuntimeParts) {
    super(cluster, homeOf);
    this.kind = kind;
    this.#exact = exact;
    this.#signal = signal;
    this.ended = new Promise((resolve, reject) => {
      this.#settle = (failure) => failure === null ? resolve() : reject(failure);
    });
    // Whoever waits for it hears of a failure; nobody has to.
    this.ended.catch(() => {});
    this.#ticker = new Ticker({
      clock,
      tickMs,
      signal: this.#ending.signal,
      begin: () => this.beginTick(),
      isDone: () => this.nodes().every(({ ticksOwed, envelopes }) => ticksOwed === 0 && envelopes.size === 0),
      end: () => this.endTick(),
    });
  }

  /** Start every node, and time when all of them have reported. */
  async begin(): Promise<this> {
    this.#signal?.addEventListener("abort", this.#abort);
    if (this.#signal?.aborted) this.#abort();
    else for (const seat of this.seats.values()) this.start(seat);
    await this.#ticker.until(() => [...this.seats.values()].every(({ isKnown }) => isKnown));
    if (this.#closed !== null) await this.#closed;
    this.#mustRun();
    this.#track(this.#ticker.run());
    return this;
  }

  refuse(scenario: Scenario): string | null {
    return refusalOf(scenario, this.kind, this.#exact);
  }

  async nextTick(): Promise<void> {
    this.#mustRun();
    await Promise.all(this.waiting);
    await this.#ticker.next();
    this.#mustRun();
  }

  async submit(command: Command, id: NodeId | null = this.leader()?.id ?? null): Promise<Appended | null> {
    this.#mustRun();
    if (id === null) throw new ClusterError("Cannot propose: there is no leader; run until there is one");
    return await this.ask(command, id);
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  protected follow(seat: Seat, life: Life): void {
    this.#track(this.#hearAll(seat, life));
    this.#track(life.over.catch((error) => this.#onFailure(seat, life, error)));
  }

  protected changed(): void {
    this.#ticker.ring();
  }

  async #hearAll(seat: Seat, life: Life): Promise<void> {
    for (let reports = await life.outbox.takeAll(); reports !== null; reports = await life.outbox.takeAll()) {
      for (const report of reports) if (seat.life === life) this.hear(seat, report);
    }
  }

  /** A node whose disk fails stops, as it must. Anything else is a broken rule, and ends the run. */
  #onFailure(seat: Seat, life: Life, error: unknown): void {
    if (seat.life !== life) return;
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof DiskError) return this.end(seat, `stopped: ${text}`, { why: text });
    throw new RuntimeError(`Cannot go on: node ${seat.id} failed: ${text}`, { cause: error });
  }

  /** Whatever one of the tasks throws ends all of them. */
  #track(task: Promise<void>): void {
    const tracked = task.catch((error) => {
      this.#failure ??= error;
      this.#abort();
    });
    this.#tasks.add(tracked);
    tracked.then(() => this.#tasks.delete(tracked));
  }

  async #end(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#ending.abort();
    this.#ticker.ring();
    for (const seat of this.seats.values()) seat.end("Cannot say what became of it: the run is over");
    await Promise.all([...this.seats.values()].map(({ home }) => home.close()));
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#settle(this.#failure);
  }

  #mustRun(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closed !== null) throw new RuntimeError("Cannot go on: the run was ended; start another");
  }
}
