import { deepStrictEqual, notDeepStrictEqual } from "node:assert/strict";
import { seededRandom } from "./mod.ts";

function draw(seed: number, low: number, high: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 200 }, () => random(low, high));
}

Deno.test("seededRandom draws the same numbers from the same seed", () => {
  deepStrictEqual(draw(7, 0, 1000), draw(7, 0, 1000));
  notDeepStrictEqual(draw(7, 0, 1000), draw(8, 0, 1000));
});

Deno.test("seededRandom draws every number from low up to but not including high", () => {
  deepStrictEqual([...new Set(draw(1, 10, 15))].sort(), [10, 11, 12, 13, 14]);
});
