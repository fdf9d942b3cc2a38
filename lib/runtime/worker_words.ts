/**
 * What passes between a worker and the world: inputs and reports, in batches, and how many of these may be on their way.
 *
 * A port has no bound of its own; `Pump` gives it one.
 *
 * @module
 */
import type { ClusterOptions } from "../cluster_options.ts";
import type { NodeId } from "../raft/mod.ts";
import { Bell } from "./bell.ts";
import type { Channel } from "./channel.ts";
import type { Input, Report } from "./parcel.ts";

/** What a worker is made with. */
export interface WorkerData {
  /** Tells this worker from those of the program around it. */
  readonly isHelloRaft: true;
  readonly id: NodeId;
  readonly options: Omit<Required<ClusterOptions>, "observer">;
  readonly inboxSize: number;
}

/** Whether a worker was made with this. */
export function isWorkerData(data: unknown): data is WorkerData {
  return typeof data === "object" && data !== null && "isHelloRaft" in data;
}

/** What a worker is told. Its node may have several lives: 1, 2, 3, … */
export type ToWorker =
  /** Start the node on what the disk holds. */
  | { readonly do: "start"; readonly life: number }
  /** Put these into its inbox. */
  | { readonly do: "take"; readonly life: number; readonly inputs: readonly Input[] }
  /** A batch of reports was taken. */
  | { readonly do: "heard"; readonly life: number }
  /** End it, as a crash would. */
  | { readonly do: "crash"; readonly life: number };

/** What a worker says. */
export type FromWorker =
  /** A batch of inputs is in the inbox. */
  | { readonly say: "took"; readonly life: number }
  /** What the node reports. */
  | { readonly say: "reports"; readonly life: number; readonly reports: readonly Report[] }
  /** It is over; why, if it failed, and whether the disk did. */
  | { readonly say: "over"; readonly life: number; readonly failure: string | null; readonly ofDisk: boolean };

/** Batches that may be on their way before the first of them was taken. */
const WINDOW = 8;

/** Sends what is in a channel through a port, batch by batch. */
export class Pump<T> {
  readonly #bell = new Bell();
  #onTheWay = 0;
  #isOver = false;

  /** Nothing is sent before `run`. */
  constructor(readonly channel: Channel<T>, readonly send: (batch: readonly T[]) => void) {}

  /** Send until the channel is closed. */
  async run(): Promise<void> {
    for (let batch = await this.channel.takeAll(); batch !== null; batch = await this.channel.takeAll()) {
      while (this.#onTheWay >= WINDOW && !this.#isOver) await this.#bell.wait();
      if (this.#isOver) return;
      this.#onTheWay++;
      this.send(batch);
    }
  }

  /** A batch was taken at the other end. */
  taken(): void {
    this.#onTheWay--;
    this.#bell.ring();
  }

  /** Nobody takes anything at the other end any more. */
  end(): void {
    this.#isOver = true;
    this.#bell.ring();
  }
}
