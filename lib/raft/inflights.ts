/**
 * The window of `Append`s that are on their way to one follower; crate item `raft::Inflights`.
 *
 * Floor 1. What is remembered of each is the index of its last entry, in ascending order.
 *
 * @module
 */
import { assert } from "./assert.ts";
import type { Index } from "./types.ts";

/** A bounded queue of last indices. */
export class Inflights {
  #indices: Index[] = [];

  /** @param capacity The most messages that may be on their way. */
  constructor(readonly capacity: number) {}

  /** Whether nothing more may be sent before an acknowledgement. */
  full(): boolean {
    return this.#indices.length >= this.capacity;
  }

  /** A message that ends at `last` was sent. */
  add(last: Index): void {
    assert(!this.full(), "nothing is sent into a full window");
    this.#indices.push(last);
  }

  /** The follower holds everything up to `index`: messages that end there or before have arrived. */
  freeTo(index: Index): void {
    let count = 0;
    while (count < this.#indices.length && this.#indices[count] <= index) count++;
    if (count === this.#indices.length) this.#indices.length = 0;
    else if (count > 0) this.#indices.splice(0, count);
  }

  /** Take the oldest message for lost, so that a full window cannot block for ever. */
  freeFirstOne(): void {
    this.#indices.shift();
  }
}
