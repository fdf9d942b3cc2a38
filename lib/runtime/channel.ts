/**
 * How tasks speak to each other: a queue with one reader and a bound.
 *
 * When it is full, the writer chooses: `offer` gives up, as a network loses messages, for Raft sends them again;
 * `put` waits, as a client does, who would not know whether to ask again.
 *
 * @module
 */

/** Wakes whoever waits. Nobody is told what has changed: look, and wait again if it was something else. */
export class Bell {
  #waiting: (() => void)[] = [];

  /** Wait for the next ring. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Wake all that wait, in the order in which they came. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/**
 * A bounded queue with one reader.
 *
 * @example
 * ```ts
 * import { Channel } from "./channel.ts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const channel = new Channel<string>(1);
 * deepStrictEqual([channel.offer("a"), channel.offer("b")], [true, false]);
 * deepStrictEqual([await channel.isFilled(), channel.takeAll()], [true, ["a"]]);
 * ```
 */
export class Channel<T> {
  #items: T[] = [];
  #closed = false;
  /** What waits for room, in the order in which it came. Something does only while the channel is full. */
  readonly #line: { readonly item: T; readonly tell: (isThere: boolean) => void }[] = [];
  readonly #hasItems = new Bell();

  /** An empty channel for at most so many items, at least one. */
  constructor(readonly capacity: number) {}

  /** Whether nothing is in it, and nobody waits for room. */
  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether it was closed: nothing goes in any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Put `item` in; `false` if it is full or closed: the item is lost. */
  offer(item: T): boolean {
    if (this.#closed || this.#items.length >= this.capacity) return false;
    this.#items.push(item);
    this.#hasItems.ring();
    return true;
  }

  /** Put `item` in, and wait for room first if there is none; `false` if it is closed: the item is lost. */
  put(item: T): Promise<boolean> {
    if (this.#closed || this.offer(item)) return Promise.resolve(!this.#closed);
    return new Promise((tell) => this.#line.push({ item, tell }));
  }

  /** Wait until something is in it; `false` once it is closed. */
  async isFilled(): Promise<boolean> {
    while (this.#items.length === 0 && !this.#closed) await this.#hasItems.wait();
    return !this.#closed;
  }

  /** Take everything that is in it. What waits for room moves up. */
  takeAll(): T[] {
    const items = this.#items;
    this.#items = [];
    for (const { item, tell } of this.#line.splice(0, this.capacity)) tell(this.offer(item));
    return items;
  }

  /** Close it. Who waits is woken: writers have lost their item. Returns what nobody took. */
  close(): T[] {
    this.#closed = true;
    this.#hasItems.ring();
    for (const { tell } of this.#line.splice(0)) tell(false);
    return this.takeAll();
  }
}
