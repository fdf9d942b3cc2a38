/**
 * Chance that can be repeated: the same seed gives the same numbers, on every machine.
 *
 * The generator is `pure-rand`'s xoroshiro128+.
 *
 * @module
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomInt } from "./config.ts";

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
