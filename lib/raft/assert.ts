/**
 * Assertions: an invariant is a sentence of the paper, and a run in which it does not hold stops there.
 *
 * Errors for a caller's mistakes are in `errors.ts`; what is asserted here can only fail when the protocol
 * itself was broken, or when a disk forgot what it had promised to keep.
 *
 * @module
 */

/** A broken invariant. `message` is the invariant, as a sentence. */
export class InvariantViolation extends Error {
  /** Which error it is. */
  override readonly name = "InvariantViolation";
}

/**
 * Stop the run unless `condition` holds.
 *
 * @param condition What must be true here.
 * @param invariant The invariant, as a sentence.
 * @throws {InvariantViolation} if it is not.
 *
 * @example
 * ```ts
 * import { assert } from "hello-raft/raft";
 *
 * const commitIndex = 3, lastIndex = 5;
 * assert(commitIndex <= lastIndex, "a node never commits what it does not hold");
 * ```
 */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantViolation(invariant);
}

/** The end of an exhaustive `switch`: the compiler rejects the program if `value` can still be anything. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`this case does not exist: ${JSON.stringify(value)}`);
}
