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
 * The beginning of the sequence that `seed` gives: what a node's election timeouts depend on.
 *
 * @param seed A whole number; its low 32 bits count.
 *
 * @example
 * ```ts
 * import { MemStorage, RawNode, seededRandom } from "hello-raft/raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const timeoutOf = (seed: number) => {
 *   const storage = MemStorage.newWithConfState({ voters: [1, 2, 3] });
 *   return new RawNode({ id: 1, random: seededRandom(seed) }, storage).raft.randomizedElectionTimeout;
 * };
 * strictEqual(timeoutOf(7), timeoutOf(7));
 * ```
 */
export function seededRandom(seed: number): RandomState {
  return xoroshiro128plus(seed).getState();
}

/** Whole numbers that depend on `seed` alone, for whoever keeps no state of its own. */
export function randomInts(seed: number): RandomInt {
  const generator = xoroshiro128plus(seed);
  return (low, high) => uniformInt(generator, low, high - 1);
}

/** The next number of the sequence, from `low` up to but not including `high`; and where the sequence goes on. */
export function drawInt(state: RandomState, low: number, high: number): { value: number; state: RandomState } {
  const generator = xoroshiro128plusFromState(state);
  return { value: uniformInt(generator, low, high - 1), state: generator.getState() };
}
