/**
 * The messages of a recorded run that are in flight, by the ids they were recorded with.
 *
 * @module
 */
import type { Message } from "../raft/mod.ts";
import { FormatError } from "./format.ts";
import { type Wire, wireMessage } from "./wire.ts";

/** Messages in flight. */
export class Mailbox {
  readonly #inFlight = new Map<number, Message>();
  #lastId = 0;

  /** Put `messages` in flight; what they look like. */
  send(messages: readonly Message[]): Wire[] {
    return inOrder(messages).map((message) => {
      this.#inFlight.set(++this.#lastId, message);
      return wireMessage(message, this.#lastId);
    });
  }

  /** The message with this id, which stays in flight. */
  copy(id: number): Message {
    const message = this.#inFlight.get(id);
    if (message === undefined) throw new FormatError(`Cannot replay: message ${id} is not in flight`);
    return message;
  }

  /** The message with this id, which is in flight no longer. */
  take(id: number): Message {
    const message = this.copy(id);
    this.#inFlight.delete(id);
    return message;
  }
}

/** By receiver: the crate's own order is a hash map's. */
export function inOrder(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => a.to - b.to);
}
