/**
 * What the ready loop of `node.ts` hands out, step by step and turn by turn.
 *
 * @module
 */
import type { Index, LightReady, Message, ReadState, Ready, Term } from "./raft/mod.ts";
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
  /** Reads that the store can answer now. */
  readonly reads: readonly ReadState[];
}

/** What one turn did whose write is under way: what may leave now, and what was applied, for it was durable before. */
export interface Turn extends Pick<ReadyOutcome, "messages" | "applied" | "reads"> {
  /** What it was given. Its `persistedMessages` wait until `persisted` is told its number. */
  readonly ready: Ready;
}

/** A step of the ready loop, by its number in the documentation. */
export type ReadyStep = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Told of each step that was taken of which `Ready`, and of what was done so far. */
export type BetweenSteps = (step: ReadyStep, ready: Ready, outcome: ReadyOutcome) => void;

/** What a step gave: what may leave, what was applied, and, in step 7, the `LightReady`. */
export interface Taken {
  readonly step: ReadyStep;
  readonly messages?: readonly Message[];
  readonly applied?: readonly AppliedEntry[];
  readonly light?: LightReady;
}

/** What follows a `Ready` whose write is under way: what becomes valid by the write is in a later `Ready`. */
export const NO_LIGHT: LightReady = { commitIndex: null, messages: [], committedEntries: [] };

/** An outcome, as it comes together. */
export class Outcome {
  readonly turns: { readonly ready: Ready; readonly light: LightReady }[] = [];
  readonly messages: Message[] = [];
  readonly applied: AppliedEntry[] = [];
  readonly reads: ReadState[] = [];

  /** Not by `push(...items)`: a node that is started again may apply its whole log at once. */
  add(
    { messages = [], applied = [], reads = [] }: Partial<Pick<ReadyOutcome, "messages" | "applied" | "reads">>,
  ): void {
    for (const message of messages) this.messages.push(message);
    for (const entry of applied) this.applied.push(entry);
    for (const read of reads) this.reads.push(read);
  }
}

/** Reads that wait for the store to come to their index (thesis §6.4). */
export class WaitingReads {
  #reads: readonly ReadState[] = [];

  /** From now on these wait, too. */
  add(reads: readonly ReadState[]): void {
    this.#reads = [...this.#reads, ...reads];
  }

  /** Those that can be answered now that the store has applied up to `applied`: they wait no longer. */
  take(applied: Index): readonly ReadState[] {
    const answerable = this.#reads.filter(({ index }) => index <= applied);
    if (answerable.length > 0) this.#reads = this.#reads.filter(({ index }) => index > applied);
    return answerable;
  }
}
