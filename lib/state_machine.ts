/**
 * The replicated state machine (paper §2): a small key-value store.
 *
 * It depends on nothing but the entries and their order, so replicas that apply the same log hold the same state.
 *
 * @module
 */
import * as z from "zod/mini";
import type { ConfChange, ConfState } from "./raft/mod.ts";
import { Codec, type Command, CommandError } from "./command.ts";

/** What applying one entry did. */
export type EntryOutcome =
  /** The value was set; `previous` is what was there, `null` if nothing. */
  | { readonly kind: "Put"; readonly key: string; readonly value: string; readonly previous: string | null }
  /** The key was removed; `previous` is what was there, `null` if nothing. */
  | { readonly kind: "Delete"; readonly key: string; readonly previous: string | null }
  /** The value at this place in the log; `null` if there is none. */
  | { readonly kind: "Get"; readonly key: string; readonly value: string | null }
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

const stateSchema = z.array(z.tuple([z.string(), z.string()]))
  .check(z.refine((pairs) => new Set(pairs.map(([key]) => key)).size === pairs.length, "a key stands twice"));

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

  /** A store that begins with `pairs`. */
  constructor(pairs: Iterable<readonly [string, string]> = []) {
    this.#values = new Map(pairs);
  }

  /** The value of `key` here and now; `null` if there is none. Another replica may be ahead. */
  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  /** Every key and value, in the order of the keys. */
  pairs(): [string, string][] {
    return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Carry out `command`. */
  apply(command: Command): EntryOutcome {
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

  /** The whole state, as bytes for a snapshot (paper §7). Equal states give equal bytes. */
  snapshot(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.pairs()));
  }

  /**
   * The store that `snapshot` described.
   *
   * @throws {StateError} if `bytes` are something else.
   */
  static restore(bytes: Uint8Array): KvStore {
    try {
      return new KvStore(stateSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))));
    } catch {
      throw new StateError("Cannot restore a store: the bytes are not a list of keys and values");
    }
  }
}
