/**
 * Chance that can be repeated: the same seed gives the same numbers, on every machine.
 *
 * The generator is `pure-rand`'s xoroshiro128+. Its state is plain data, so that a node can be copied and compared.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus, xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A source of chance: a whole number from `low` up to but not including `high`. */
export type RandomInt = (low: number, high: number) => number;

/** Where a source of chance is in its sequence of numbers. */
export type RandomState = readonly number[];

/**
 * A source of whole numbers that depends on `seed` alone.
 *
 * @param seed A whole number; its low 32 bits count.
 *
 * @example
 * ```ts
 * import { seededRandom } from "hello-raft/raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const one = seededRandom(7), other = seededRandom(7);
 * deepStrictEqual([one(10, 20), one(10, 20)], [other(10, 20), other(10, 20)]);
 * ```
 */
export function seededRandom(seed: number): RandomInt {
  const generator = xoroshiro128plus(seed);
  return (low, high) => uniformInt(generator, low, high - 1);
}

/** The start of the sequence that `seed` gives. */
export function randomState(seed: number): RandomState {
  return xoroshiro128plus(seed).getState();
}

/** The next number of the sequence, from `low` up to but not including `high`; and where the sequence goes on. */
export function drawInt(
  state: RandomState,
  low: number,
  high: number,
): { readonly value: number; readonly state: RandomState } {
  const generator = xoroshiro128plusFromState(state);
  return { value: uniformInt(generator, low, high - 1), state: generator.getState() };
}
