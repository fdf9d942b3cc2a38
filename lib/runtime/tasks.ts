/**
 * The runtime `tasks`: every node in an asynchronous task of its own, in one thread.
 *
 * @module
 */
import { AsyncRuntime } from "./async_runtime.ts";
import { Channel } from "./channel.ts";
import { type Clock, realClock } from "./clock.ts";
import { NodeTask } from "./node_task.ts";
import { type CompleteOptions, completeRuntimeOptions } from "./options.ts";
import type { Input, Report } from "./parcel.ts";
import { memberOf, Place } from "./place.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import type { Home, Life } from "./seat.ts";
import { SimulatedDisk } from "./simulated_disk.ts";

/**
 * Start the nodes, each in a task.
 *
 * @throws {RuntimeError} naming the option that is wrong, or the node that failed.
 * @throws {ClusterError} naming the option that is wrong.
 */
export function startTasks(options: RuntimeOptions = {}): Promise<Runtime> {
  const complete = completeRuntimeOptions("tasks", options);
  const { clock = realClock(), diskOf } = complete;
  const runtime = new AsyncRuntime(complete, {
    kind: "tasks",
    clock,
    exact: clock.onDemand && diskOf === undefined,
    homeOf: (id) => new TaskHome(placeOf(id, complete, clock), complete.inboxSize),
  });
  return runtime.begin();
}

function placeOf(id: number, { cluster, diskOf, mutation }: CompleteOptions, clock: Clock): Place {
  const { storage } = memberOf(id, cluster);
  return new Place(id, cluster, diskOf?.(id, storage) ?? new SimulatedDisk(storage, clock), mutation);
}

/** Starts a task for each life of a node, after the one before is over. */
class TaskHome implements Home {
  #last: Promise<unknown> = Promise.resolve();

  constructor(readonly place: Place, readonly inboxSize: number) {}

  start(): Life {
    const inbox = new Channel<Input>(this.inboxSize);
    const outbox = new Channel<Report>(1);
    const over = this.#last.then(() => new NodeTask(this.place, inbox, outbox).run());
    this.#last = over.catch(() => {});
    return { inbox, outbox, over, crash: () => this.place.disk.crash?.() };
  }

  /** Its tasks end with their channels. */
  async close(): Promise<void> {
    await this.#last;
  }
}
