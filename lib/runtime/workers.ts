/**
 * The runtime `workers`: every node in a thread of its own. Nothing is shared; what passes is copied.
 *
 * @module
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { AsyncRuntime } from "./async_runtime.ts";
import { Channel } from "./channel.ts";
import { realClock } from "./clock.ts";
import { completeRuntimeOptions } from "./options.ts";
import { DiskError, type Input, type Report } from "./parcel.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import type { Home, Life } from "./seat.ts";
import { listen } from "./worker.ts";
import { type FromWorker, isWorkerData, Pump, type ToWorker, type WorkerData } from "./worker_words.ts";

/**
 * Start the nodes, each in a worker. In Deno this takes the permission to read the library's files.
 *
 * @throws {RuntimeError} naming the option that is wrong, or the node that failed.
 * @throws {ClusterError} naming the option that is wrong.
 */
export function startWorkers(options: RuntimeOptions = {}): Promise<Runtime> {
  const complete = completeRuntimeOptions("workers", options);
  const { inboxSize, cluster: { observer: _observer, ...cluster } } = complete;
  const runtime = new AsyncRuntime(complete, {
    kind: "workers",
    clock: realClock(),
    exact: false,
    homeOf: (id) => new WorkerHome({ isHelloRaft: true, id, options: cluster, inboxSize }),
  });
  return runtime.begin();
}

/** One worker. It stays when its node crashes, for the node's disk is there. */
class WorkerHome implements Home {
  #worker: Worker | null = null;
  #lives = 0;
  #life: RemoteLife | null = null;

  constructor(readonly data: WorkerData) {}

  start(): Life {
    this.#worker ??= this.#newWorker();
    const worker = this.#worker;
    const life = new RemoteLife(++this.#lives, this.data.inboxSize, (words) => worker.postMessage(words));
    this.#life = life;
    return life;
  }

  async close(): Promise<void> {
    this.#life?.finish(null);
    await this.#worker?.terminate();
  }

  #newWorker(): Worker {
    // Without an environment: to copy it takes a permission that nobody needs.
    const worker = new Worker(new URL(import.meta.url), { workerData: this.data, env: {} });
    worker.on("message", (words: FromWorker) => {
      if (words.life === this.#life?.number) this.#life.hear(words);
    });
    worker.on("error", (error: Error) => this.#life?.finish(error));
    worker.on("exit", () => this.#life?.finish(new Error("its worker has ended")));
    return worker;
  }
}

/** One life of a node, in a worker. */
class RemoteLife implements Life {
  readonly inbox: Channel<Input>;
  readonly outbox = new Channel<Report>(1);
  readonly over: Promise<void>;
  readonly #pump: Pump<Input>;
  #settle: (failure: Error | null) => void = () => {};

  constructor(readonly number: number, inboxSize: number, readonly tell: (words: ToWorker) => void) {
    this.inbox = new Channel(inboxSize);
    this.#pump = new Pump(this.inbox, (inputs) => tell({ do: "take", life: number, inputs }));
    this.over = new Promise((resolve, reject) => {
      this.#settle = (failure) => failure === null ? resolve() : reject(failure);
    });
    tell({ do: "start", life: number });
    void this.#pump.run();
  }

  hear(words: FromWorker): void {
    if (words.say === "took") return this.#pump.taken();
    if (words.say === "reports") return void this.#report(words.reports);
    const { failure, ofDisk } = words;
    this.finish(failure === null ? null : ofDisk ? new DiskError(failure) : new Error(failure));
  }

  crash(): void {
    this.tell({ do: "crash", life: this.number });
    this.finish(null);
  }

  /** It is over, whoever says so first. */
  finish(failure: Error | null): void {
    this.#pump.end();
    this.#settle(failure);
  }

  async #report(reports: readonly Report[]): Promise<void> {
    await Promise.all(reports.map((report) => this.outbox.put(report)));
    this.tell({ do: "heard", life: this.number });
  }
}

// A worker loads this file too, and is the other side of it.
if (parentPort !== null && isWorkerData(workerData)) listen(workerData, parentPort);
