/**
 * A map as it was at one moment of a run.
 *
 * @module
 */

/** What was changed in a map: what stood there before, and the map after it. */
interface Change<K, V> {
  readonly key: K;
  readonly before: V | undefined;
  readonly after: MapState<K, V>;
}

/**
 * A map that does not change. Maps that grew from each other share the values of the last one, so that a run of any length is
 * folded in time proportional to it; an earlier one takes back what was changed since, and is slower to read.
 */
export class MapState<K, V> {
  /** Shared: what the last of the maps that grew from each other holds. */
  readonly #last: Map<K, V>;
  #next: Change<K, V> | null = null;

  private constructor(last: Map<K, V>) {
    this.#last = last;
  }

  /** A map of `pairs`. */
  static of<K, V>(pairs: Iterable<readonly [K, V]> = []): MapState<K, V> {
    return new MapState(new Map(pairs));
  }

  /** What is at `key`, if anything is. */
  get(key: K): V | undefined {
    for (const change of this.#changes()) if (change.key === key) return change.before;
    return this.#last.get(key);
  }

  /** A copy that anybody may change. */
  copy(): Map<K, V> {
    const copy = new Map(this.#last);
    for (const { key, before } of [...this.#changes()].reverse()) put(copy, key, before);
    return copy;
  }

  /** This map with `value` at `key`, or, if that is `undefined`, with nothing there. */
  set(key: K, value: V | undefined): MapState<K, V> {
    // Only what grows from the last map can share its values.
    if (this.#next !== null) return MapState.of(this.copy()).set(key, value);
    const after = new MapState(this.#last);
    this.#next = { key, before: this.#last.get(key), after };
    put(this.#last, key, value);
    return after;
  }

  *#changes(): Generator<Change<K, V>> {
    for (let change = this.#next; change !== null; change = change.after.#next) yield change;
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
