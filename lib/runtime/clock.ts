/**
 * Time for tasks: the real one, and one that is computed.
 *
 * The only module of the library that knows a clock. Whatever waits, waits here, so that a run on a virtual clock
 * is a function of its seed, and no test sleeps.
 *
 * @module
 */
import { requireThat } from "../arguments.ts";

/** Where time comes from. */
export interface Clock {
  /** Whether time passes only while somebody waits for it. */
  readonly onDemand: boolean;
  /** Milliseconds since the clock was made. */
  now(): number;
  /**
   * Wait for `ms` milliseconds; with 0, until every other task waits. Ends early, without an error, if `signal` aborts.
   *
   * @throws {RangeError} if that is no number from 0 to 2^31 - 1, beyond which timers count wrong.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Refuse what no timer can count: more than 2^31 - 1 milliseconds, or what is no number. */
export function requireTime(kind: new (message: string) => Error, what: string, ms: unknown): void {
  const fits = typeof ms === "number" && ms >= 0 && ms < 2 ** 31;
  requireThat(fits, kind, what, "a number of milliseconds from 0 to 2147483647", ms);
}

/** Wait until the timer of `ms` that `set` starts is over, or `signal` aborts. `set` returns how to clear the timer. */
function wait(ms: number, set: (end: () => void) => () => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    requireTime(RangeError, "Cannot sleep: ms", ms);
    if (signal?.aborted) return resolve();
    const end = () => {
      signal?.removeEventListener("abort", end);
      clear();
      resolve();
    };
    signal?.addEventListener("abort", end);
    const clear = set(end);
  });
}

/** Real time. */
export function realClock(): Clock {
  const start = performance.now();
  const set = (ms: number) => (end: () => void) => {
    const timer = setTimeout(end, ms);
    return () => clearTimeout(timer);
  };
  return {
    onDemand: false,
    now: () => performance.now() - start,
    sleep: (ms, signal) => wait(ms, set(ms), signal),
  };
}

/**
 * Time that is computed: when every task waits, it jumps to the next moment that somebody waits for. Timers end in the order
 * of their time, then in that in which they began.
 *
 * This holds for tasks that wait for each other and for this clock. A task that waits for something else, a file say, is
 * not waited for.
 *
 * @example Ten minutes, at once.
 * ```ts
 * import { VirtualClock } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const clock = new VirtualClock();
 * await clock.sleep(600_000);
 * strictEqual(clock.now(), 600_000);
 * ```
 */
export class VirtualClock implements Clock {
  /** Always: nobody would wait for it otherwise. */
  readonly onDemand = true;
  #now = 0;
  /** In the order in which they end. */
  #timers: { readonly at: number; readonly wake: () => void }[] = [];
  #due: ReturnType<typeof setImmediate> | undefined;

  /** See {@link Clock.now}. */
  now(): number {
    return this.#now;
  }

  /** See {@link Clock.sleep}. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const set = (wake: () => void) => {
      const timer = { at: this.#now + ms, wake };
      const place = this.#timers.findIndex(({ at }) => at > timer.at);
      this.#timers.splice(place === -1 ? this.#timers.length : place, 0, timer);
      this.#scheduleNext();
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        if (this.#timers.length > 0) return;
        clearImmediate(this.#due);
        this.#due = undefined;
      };
    };
    return wait(ms, set, signal);
  }

  /** Tasks go on in microtasks. When it is the turn of something else again, all of them wait. */
  #scheduleNext(): void {
    if (this.#due !== undefined || this.#timers.length === 0) return;
    this.#due = setImmediate(() => {
      this.#due = undefined;
      const [next] = this.#timers;
      this.#now = next.at;
      next.wake();
      this.#scheduleNext();
    });
  }
}
