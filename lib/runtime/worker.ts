/**
 * What runs in a worker's thread: one node's disk, and the task of its node.
 *
 * `workers.ts` begins it.
 *
 * @module
 */
import type { MessagePort } from "node:worker_threads";
import { Channel } from "./channel.ts";
import { realClock } from "./clock.ts";
import { NodeTask } from "./node_task.ts";
import { DiskError, type Input, type Report } from "./parcel.ts";
import { memberOf, Place } from "./place.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { type FromWorker, Pump, type ToWorker, type WorkerData } from "./worker_words.ts";

/** One life of the node. */
class WorkerLife {
  readonly #inbox: Channel<Input>;
  readonly #outbox = new Channel<Report>(1);
  readonly #pump: Pump<Report>;

  constructor(readonly number: number, inboxSize: number, readonly say: (words: FromWorker) => void) {
    this.#inbox = new Channel(inboxSize);
    this.#pump = new Pump(this.#outbox, (reports) => say({ say: "reports", life: number, reports }));
  }

  /** Run it to its end, and say how it ended. */
  async run(place: Place): Promise<void> {
    try {
      void this.#pump.run();
      await new NodeTask(place, this.#inbox, this.#outbox).run();
      this.say({ say: "over", life: this.number, failure: null, ofDisk: false });
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.say({ say: "over", life: this.number, failure, ofDisk: error instanceof DiskError });
    }
    this.#outbox.close();
  }

  /** What waits for room waits in the order in which it came. */
  async take(inputs: readonly Input[]): Promise<void> {
    await Promise.all(inputs.map((input) => this.#inbox.put(input)));
    this.say({ say: "took", life: this.number });
  }

  heard(): void {
    this.#pump.taken();
  }

  end(): void {
    this.#inbox.close();
    this.#outbox.close();
    this.#pump.end();
  }
}

/** Do what the world says through `port`, from now on. */
export function listen(data: WorkerData, port: MessagePort): void {
  const say = (words: FromWorker) => port.postMessage(words);
  const options = { ...data.options, observer: () => {} };
  const disk = new SimulatedDisk(memberOf(data.id, options).storage, realClock());
  const place = new Place(data.id, options, disk);
  let life: WorkerLife | null = null;
  let last = Promise.resolve();
  port.on("message", (words: ToWorker) => {
    if (words.do === "start") {
      const next = life = new WorkerLife(words.life, data.inboxSize, say);
      last = last.then(() => next.run(place));
    }
    if (life?.number !== words.life) return;
    if (words.do === "take") return void life.take(words.inputs);
    if (words.do === "heard") return life.heard();
    if (words.do !== "crash") return;
    disk.crash();
    life.end();
  });
}
