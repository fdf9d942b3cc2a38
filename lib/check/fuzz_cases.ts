/**
 * Seeded bugs: what the tests of fuzz runs have in common.
 *
 * @module
 */
import { match } from "node:assert/strict";
import { fuzz, FuzzFailure, type FuzzOptions } from "./fuzz.ts";

/** A bug, and the invariant that breaks by it. */
export interface Mutation extends Pick<FuzzOptions, "mix" | "mutation" | "onStart"> {
  /** What is wrong, as a clause. */
  readonly name: string;
  readonly invariant: RegExp;
}

/** How a run broke. */
export function catching(run: () => unknown): FuzzFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof FuzzFailure) return error;
    throw error;
  }
  throw new Error("nothing broke");
}

/** The first of `seeds` runs in which something breaks. */
export function firstFailure(seeds: number, options: FuzzOptions, invariant = /./): FuzzFailure {
  const others = new Set<string>();
  for (let seed = 0; seed < seeds; seed++) {
    try {
      fuzz(seed, options);
    } catch (error) {
      if (!(error instanceof FuzzFailure)) throw error;
      if (invariant.test(error.message)) return error;
      others.add(error.message);
    }
  }
  throw new Error(`found only: ${[...others].join("; ") || "nothing"}`);
}

/** Register the test that `mutation` is found in the first `seeds` runs. */
export function findsMutation({ name, invariant, ...options }: Mutation, seeds = 100): void {
  Deno.test(`the fuzz runs find it if ${name}, and say where`, () => {
    match(firstFailure(seeds, options, invariant).message, /\((node|expected) .*found/);
  });
}
