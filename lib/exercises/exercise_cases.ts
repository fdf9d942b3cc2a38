import { match, strictEqual } from "node:assert/strict";

/** Answers that are right, each written in its own way; and wrong ones, with what is said of them. */
export interface Answers<Attempt> {
  readonly check: (attempt: Attempt) => string | null;
  readonly right: Readonly<Record<string, Attempt>>;
  readonly wrong: Readonly<Record<string, readonly [attempt: Attempt, says: RegExp]>>;
}

/** Test that a checker accepts what is right and refuses what is wrong, saying why. */
export function testChecker<Attempt>(exercise: string, { check, right, wrong }: Answers<Attempt>): void {
  for (const [name, attempt] of Object.entries(right)) {
    Deno.test(`${exercise}, right: ${name}`, () => strictEqual(check(attempt), null));
  }
  for (const [name, [attempt, says]] of Object.entries(wrong)) {
    Deno.test(`${exercise}, wrong: ${name}`, () => match(check(attempt) ?? "accepted", says));
  }
}

/** An answer that TypeScript would not allow. */
export function untyped<Attempt>(attempt: unknown): Attempt {
  return attempt as Attempt;
}
