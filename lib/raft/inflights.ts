/**
 * The window of `Append`s that are on their way to one follower; crate item `raft::Inflights`.
 *
 * What is remembered of each is the index of its last entry, in ascending order.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Index } from "./types.ts";

/** A bounded queue of last indices. */
export class Inflights {
  /** A ring: the oldest stands at `#start`, the others behind it and then from 0 on. */
  readonly #ring: Index[] = [];
  #start = 0;
  #count = 0;

  /** An empty window for `capacity` messages. */
  constructor(readonly capacity: number) {}

  /** Whether nothing more may be sent before an acknowledgement. */
  full(): boolean {
    return this.#count === this.capacity;
  }

  /** A message that ends at `last` was sent. */
  add(last: Index): void {
    assert(!this.full(), "nothing is sent into a full window");
    this.#ring[(this.#start + this.#count) % this.capacity] = last;
    this.#count++;
  }

  /** The follower holds everything up to `index`: messages that end there or before have arrived. */
  freeTo(index: Index): void {
    while (this.#count > 0 && this.#ring[this.#start] <= index) this.freeFirstOne();
  }

  /** Take the oldest message for lost, so that a full window cannot block for ever. */
  freeFirstOne(): void {
    if (this.#count === 0) return;
    this.#start = (this.#start + 1) % this.capacity;
    this.#count--;
  }
}
