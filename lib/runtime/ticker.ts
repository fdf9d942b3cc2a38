/**
 * The task that lets ticks pass.
 *
 * @module
 */
import type { Ticks } from "../raft/mod.ts";
import { Bell } from "./bell.ts";
import type { Clock } from "./clock.ts";

/** What happens at a tick, and when. */
export interface TickPlan {
  readonly clock: Clock;
  /** Milliseconds that a tick takes, at least. */
  readonly tickMs: number;
  /** Ends it all. */
  readonly signal: AbortSignal;
  /** Done when a tick begins. */
  readonly begin: () => void;
  /** Whether everybody has done what the tick asked for. */
  readonly isDone: () => boolean;
  /** Done when it is over. */
  readonly end: () => void;
}

/** Lets ticks pass, as a clock does. */
export class Ticker {
  readonly #bell = new Bell();
  /** Ticks that are over, and how many of them somebody has waited for. */
  #over: Ticks = 0;
  #wanted: Ticks = 0;

  /** Nothing passes before `run`. */
  constructor(readonly plan: TickPlan) {}

  /** Something may have been done. */
  ring(): void {
    this.#bell.ring();
  }

  /** Wait for the end of the next tick, or of them all. */
  async next(): Promise<void> {
    const next = this.#over + 1;
    this.#wanted = Math.max(this.#wanted, next);
    this.#bell.ring();
    await this.until(() => this.#over >= next);
  }

  /** Let ticks pass until the signal ends it. Between two of them everybody can do what is to be done there. */
  async run(): Promise<void> {
    const { clock, tickMs, signal, begin, isDone, end } = this.plan;
    while (!signal.aborted) {
      if (clock.onDemand) await this.until(() => this.#wanted > this.#over);
      await clock.sleep(0, signal);
      if (signal.aborted) return;
      begin();
      await clock.sleep(tickMs, signal);
      await this.until(isDone);
      if (signal.aborted) return;
      end();
      this.#over++;
      this.#bell.ring();
    }
  }

  /** Wait until `condition` holds, or it is all over. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.plan.signal.aborted) await this.#bell.wait();
  }
}
