/**
 * The reader says what became of a proposal, by what one node knows of the index that it was given.
 *
 * @module
 */
import type { Index, LogPosition, Term } from "../raft/mod.ts";
import { firstDifferenceOf, range } from "./cases.ts";

/** "committed", "lost" or "unknown", by a node's commit index and the term of its entry there; `null`: it has none. */
export type Fate = (receipt: LogPosition, commit: Index, termThere: Term | null) => string;

type Case = readonly [receipt: LogPosition, commit: Index, termThere: Term | null];

const FATES = ["committed", "lost", "unknown"];

/**
 * Check what is said of a proposal's fate.
 *
 * @returns The first case in which it is wrong; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkFate, exercise } from "hello-raft";
 *
 * exercise("what became of my Put", ({ term }, _commit, there) => there === term ? "committed" : "lost", checkFate); // why not
 * ```
 */
export function checkFate(attempt: Fate): string | null {
  return firstDifferenceOf<Case, string>((given) => attempt(...given), {
    cases: cases(),
    right: ([{ index, term }, commit, termThere]) => {
      if (commit < index) return "unknown";
      return termThere === term ? "committed" : "lost";
    },
    kind: `"committed", "lost" or "unknown"`,
    isAnswer: (said) => FATES.some((fate) => fate === said),
    told: ([{ index, term }, commit, termThere]) =>
      `The receipt says index ${index}, term ${term}; the node's commit index is ${commit}, and it has ` +
      `${termThere === null ? "no entry" : `an entry of term ${termThere}`} at index ${index}.`,
    does: (fate) => `says ${fate}`,
    why: ([{ index, term }, commit, termThere]) => {
      if (commit >= index && termThere === term) {
        return "that entry is ours, and everything up to a commit index is committed";
      }
      if (commit >= index) {
        return `index ${index} is committed with an entry of another term: ours can never stand there`;
      }
      if (termThere === null) return "our entry may still be on its way to this node, or lost with its leader";
      const there = termThere === term ? "our entry is there, and" : "another entry is there, and";
      return `${there} not known to be committed, so it may still be overwritten`;
    },
  });
}

function* cases(): Iterable<Case> {
  const receipts = [{ index: 5, term: 2 }, { index: 3, term: 4 }, { index: 8, term: 1 }];
  for (const receipt of receipts) {
    const { index, term } = receipt;
    const terms = [term, term + 1, term - 1, term + 3].filter((there) => there > 0);
    for (const commit of [index, index + 2, index - 1, 0]) {
      for (const there of terms) yield [receipt, commit, there];
      if (commit < index) yield [receipt, commit, null];
    }
    for (const commit of range(1, index - 1)) yield [receipt, commit, null];
  }
}
