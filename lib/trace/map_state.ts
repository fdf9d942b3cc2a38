/**
 * A map as it was at one moment of a run.
 *
 * @module
 */
import { assert } from "../raft/assert.ts";

/**
 * A map that does not change. Maps that grew from each other share the values of the last one, so that a run of any length is
 * folded in time proportional to it; an earlier one takes back what was changed since, and is slower to read.
 */
export class MapState<K, V> {
  /** Shared: what the last of the maps that grew from each other holds. */
  readonly #last: Map<K, V>;
  /** What was changed then: what stood there before, and the map after it. */
  #next: { readonly key: K; readonly before: V | undefined; readonly after: MapState<K, V> } | null = null;

  private constructor(last: Map<K, V>) {
    this.#last = last;
  }

  /** A map of `pairs`. */
  static of<K, V>(pairs: Iterable<readonly [K, V]> = []): MapState<K, V> {
    return new MapState(new Map(pairs));
  }

  /** What is at `key`, if anything is. */
  get(key: K): V | undefined {
    for (let next = this.#next; next !== null; next = next.after.#next) if (next.key === key) return next.before;
    return this.#last.get(key);
  }

  /** All values. */
  values(): V[] {
    const values = new Map<K, V | undefined>(this.#last);
    const since: { key: K; before: V | undefined }[] = [];
    for (let next = this.#next; next !== null; next = next.after.#next) since.push(next);
    for (const { key, before } of since.reverse()) values.set(key, before);
    return [...values.values()].filter((value) => value !== undefined);
  }

  /** This map, the last of those that share its values, with `value` at `key`; with nothing there if that is `undefined`. */
  set(key: K, value: V | undefined): MapState<K, V> {
    assert(this.#next === null, "only the last of the maps that share their values grows");
    const after = new MapState(this.#last);
    this.#next = { key, before: this.#last.get(key), after };
    if (value === undefined) this.#last.delete(key);
    else this.#last.set(key, value);
    return after;
  }
}
