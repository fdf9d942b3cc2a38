/**
 * What the ready loop hands out: all at once, or what may leave now and what waits for the disk.
 *
 * The loops are in `node.ts`.
 *
 * @module
 */
import type { Index, LightReady, Message, Ready, Snapshot, Term } from "./raft/mod.ts";
import type { EntryOutcome } from "./state_machine.ts";

/** An entry that was applied, and what it did. */
export interface AppliedEntry {
  /** Its index. */
  readonly index: Index;
  /** Its term. */
  readonly term: Term;
  /** What it did. */
  readonly outcome: EntryOutcome;
}

/** What one or more turns of the ready loop did. */
export interface ReadyOutcome {
  /** What each turn was given: the `Ready`, and the `LightReady` that followed it. */
  readonly turns: readonly { readonly ready: Ready; readonly light: LightReady }[];
  /** What is to be sent, in the order in which it may leave. */
  readonly messages: readonly Message[];
  /** What was applied to the store, in order. */
  readonly applied: readonly AppliedEntry[];
}

/** What one turn did whose write is still on its way to the disk. */
export interface Turn {
  /** What it was given. Its `persistedMessages` wait until `persisted` is told its number. */
  readonly ready: Ready;
  /** What may leave now. */
  readonly messages: readonly Message[];
  /** What was applied to the store, in order: it was durable before. */
  readonly applied: readonly AppliedEntry[];
}

/** What became valid because writes are durable. */
export interface Released {
  /** What may leave now. */
  readonly messages: readonly Message[];
  /** The index of the snapshot that the store now stands for; `null` if it was not replaced. */
  readonly restored: Index | null;
}

/** What waits until writes are durable, in the order of the turns. */
export class TurnsToPersist {
  #waiting: Ready[] = [];

  /** One more is on its way to the disk. */
  push(ready: Ready): void {
    this.#waiting.push(ready);
  }

  /** Those up to `number` are durable: what they say, and the last snapshot they stored. */
  takeUpTo(number: number): { readonly messages: readonly Message[]; readonly snapshot: Snapshot | null } {
    const durable = this.#waiting.filter((ready) => ready.number <= number);
    this.#waiting = this.#waiting.slice(durable.length);
    return {
      messages: durable.flatMap(({ persistedMessages }) => persistedMessages),
      snapshot: durable.findLast(({ snapshot }) => snapshot !== null)?.snapshot ?? null,
    };
  }
}
