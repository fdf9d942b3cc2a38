/**
 * The replicated state machine (paper §2): a small key-value store.
 *
 * It depends on nothing but the entries and their order, so replicas that apply the same log hold the same state.
 *
 * @module
 */
import * as z from "zod/mini";
import type { ConfChange, ConfState } from "./raft/mod.ts";
import { Codec, type Command, CommandError, type RequestId } from "./command.ts";

/** What carrying out a command did. */
export type CommandOutcome =
  /** The value was set; `previous` is what was there, `null` if nothing. */
  | { readonly kind: "Put"; readonly key: string; readonly value: string; readonly previous: string | null }
  /** The key was removed; `previous` is what was there, `null` if nothing. */
  | { readonly kind: "Delete"; readonly key: string; readonly previous: string | null }
  /** The value at this place in the log; `null` if there is none. */
  | { readonly kind: "Get"; readonly key: string; readonly value: string | null };

/** What applying one entry did. */
export type EntryOutcome =
  | CommandOutcome
  /**
   * The request was carried out before, and is not again; `outcome` is what it did then, `null` if its client has asked for
   * something else since, and so waits for this answer no more.
   */
  | { readonly kind: "Repeated"; readonly by: RequestId; readonly outcome: CommandOutcome | null }
  /** The empty entry with which a leader starts its term. */
  | { readonly kind: "Empty" }
  /** The configuration was changed, to this one. */
  | { readonly kind: "Configuration"; readonly change: ConfChange; readonly configuration: ConfState }
  /** The entry holds no command, or a change that cannot be made. Every replica rejects it alike. */
  | { readonly kind: "Rejected"; readonly reason: string };

/** Bytes that are no state of a store. */
export class StateError extends Error {
  /** Always `"StateError"`. */
  override readonly name = "StateError";
}

/** The last request of a client that was carried out, and what it did (thesis §6.3). */
export interface Session extends RequestId {
  /** What it did. */
  readonly outcome: CommandOutcome;
}

const [text, optional] = [z.string(), z.nullable(z.string())];
const outcomeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("Put"), key: text, value: text, previous: optional }),
  z.strictObject({ kind: z.literal("Delete"), key: text, previous: optional }),
  z.strictObject({ kind: z.literal("Get"), key: text, value: optional }),
]);
const id = z.int().check(z.minimum(1));

function isUnique<T>(keyOf: (value: T) => unknown) {
  return z.refine<T[]>((values) => new Set(values.map(keyOf)).size === values.length);
}

const stateSchema = z.strictObject({
  pairs: z.array(z.tuple([text, text])).check(isUnique(([key]) => key)),
  sessions: z.array(z.strictObject({ client: id, request: id, outcome: outcomeSchema }))
    .check(isUnique(({ client }) => client)),
});

/**
 * A key-value store.
 *
 * @example
 * ```ts
 * import { KvStore } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const store = new KvStore();
 * store.apply({ kind: "Put", key: "x", value: "1" });
 * strictEqual(store.get("x"), "1");
 * ```
 */
export class KvStore {
  readonly #values: Map<string, string>;
  /** By client. */
  readonly #sessions: Map<number, Session>;

  /** A store that begins with `pairs`, and knows these requests. */
  constructor(pairs: Iterable<readonly [string, string]> = [], sessions: Iterable<Session> = []) {
    this.#values = new Map(pairs);
    this.#sessions = new Map(Array.from(sessions, (session) => [session.client, session]));
  }

  /** The value of `key` here and now; `null` if there is none. Another replica may be ahead. */
  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  /** Every key and value, in the order of the keys. */
  pairs(): [string, string][] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The last request of each client, in the order of clients. */
  sessions(): Session[] {
    return [...this.#sessions.values()].sort((a, b) => a.client - b.client);
  }

  /** Carry out `command`; once, if it says whose request it is, for a client sends one again only until it has an answer. */
  apply(command: Command): EntryOutcome {
    const { by } = command;
    if (by === undefined) return this.#carryOut(command);
    const last = this.#sessions.get(by.client);
    if (last !== undefined && by.request <= last.request) {
      return { kind: "Repeated", by, outcome: by.request === last.request ? last.outcome : null };
    }
    const outcome = this.#carryOut(command);
    this.#sessions.set(by.client, { ...by, outcome });
    return outcome;
  }

  #carryOut(command: Command): CommandOutcome {
    const { kind, key } = command;
    const previous = this.get(key);
    switch (kind) {
      case "Put":
        this.#values.set(key, command.value);
        return { kind, key, value: command.value, previous };
      case "Delete":
        this.#values.delete(key);
        return { kind, key, previous };
      case "Get":
        return { kind, key, value: previous };
    }
  }

  /** Carry out what a committed entry holds. Bytes that are no command change nothing, on every replica alike. */
  applyEntry(data: Uint8Array): EntryOutcome {
    if (data.length === 0) return { kind: "Empty" };
    try {
      return this.apply(Codec.decode(data));
    } catch (error) {
      if (error instanceof CommandError) return { kind: "Rejected", reason: error.message };
      throw error;
    }
  }

  /** The whole state, as bytes for a snapshot (paper §7): JSON of `pairs` and `sessions`. Equal states give equal bytes. */
  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify({ pairs: this.pairs(), sessions: this.sessions() }));
  }

  /**
   * The store that `snapshot` described.
   *
   * @throws {StateError} if `bytes` are something else.
   */
  static restore(bytes: Uint8Array): KvStore {
    try {
      const state = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      const { pairs, sessions } = stateSchema.parse(state);
      return new KvStore(pairs, sessions);
    } catch {
      throw new StateError(
        "Cannot restore a store: the bytes are not JSON of keys and values, and of clients' last requests",
      );
    }
  }
}
