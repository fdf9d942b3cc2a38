/**
 * "What may be concluded" (notebook 07): six sentences about reads and requests.
 *
 * @module
 */

/** Of each sentence, whether it is true, and why. */
const SENTENCES: readonly (readonly [isTrue: boolean, why: string])[] = [
  [true, "such a write is committed at the noted index or below, and the store that answers has applied that"],
  [false, "the store may have applied later writes by the time it answers; the read then takes effect behind them"],
  [true, "a follower's store may lag, and who looks into it asks nobody: the client goes back in time"],
  [true, "nobody will ever carry out what was refused, so nothing can be done twice"],
  [false, "the second may be carried out first; then the first is taken for an old one, and never carried out"],
  [
    false,
    "after the least election timeout the others may elect another, and the first may look for a majority only later",
  ],
];

/**
 * Whether these are the numbers of the true ones among six sentences (notebook 07, section 12.3).
 *
 * @returns What is said of the first that is not so; `null` if all are.
 *
 * @example
 * ```ts
 * import { checkConclusions } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkConclusions([1, 2]) ?? "", /Sentence 2 is false/);
 * ```
 */
export function checkConclusions(numbers: readonly number[]): string | null {
  const isNumber = (value: unknown) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= SENTENCES.length;
  if (!Array.isArray(numbers) || !numbers.every(isNumber)) return "It takes a list of numbers from 1 to 6.";
  const wrong = SENTENCES.findIndex(([isTrue], i) => isTrue !== numbers.includes(i + 1));
  if (wrong < 0) return null;
  const [isTrue, why] = SENTENCES[wrong];
  return `Sentence ${wrong + 1} is ${isTrue ? "true" : "false"}: ${why}.`;
}
