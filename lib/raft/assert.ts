/**
 * Assertions: an invariant is a sentence of the paper, and a run in which it does not hold stops there.
 *
 * Errors for a caller's mistakes are in `errors.ts`; what is asserted here can only fail when the protocol
 * itself was broken, or when a disk forgot what it had promised to keep.
 *
 * @module
 */

/** Where an invariant was looked at (node, index, term), and what was expected and found there. */
export type Place = Readonly<Record<string, unknown>>;

/** A broken invariant. `message` is the invariant, as a sentence, and in brackets the place where it broke. */
export class InvariantViolation extends Error {
  /** Which error it is. */
  override readonly name = "InvariantViolation";
  /** The invariant, as a sentence. */
  readonly invariant: string;
  /** Where it broke. */
  readonly place: Place;

  /** `invariant` did not hold at `place`. */
  constructor(invariant: string, place: Place = {}, options?: ErrorOptions) {
    const where = Object.entries(place).map(([name, value]) => `${name} ${value}`).join(", ");
    super(where === "" ? invariant : `${invariant} (${where})`, options);
    this.invariant = invariant;
    this.place = place;
  }

  /** The same violation, with what only the caller knows of its place. */
  at(place: Place): InvariantViolation {
    return new InvariantViolation(this.invariant, { ...place, ...this.place }, { cause: this });
  }
}

/**
 * Stop the run unless `condition` holds.
 *
 * @param condition What must be true here.
 * @param invariant The invariant, as a sentence.
 * @param expected What was expected here, if that says more.
 * @param found What was found in its place.
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
export function assert(condition: boolean, invariant: string, expected?: unknown, found?: unknown): asserts condition {
  if (condition) return;
  throw new InvariantViolation(invariant, expected === undefined && found === undefined ? {} : { expected, found });
}

/** The end of an exhaustive `switch`: the compiler rejects the program if `value` can still be anything. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`this case does not exist: ${JSON.stringify(value)}`);
}
