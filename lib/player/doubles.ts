/**
 * Rules of Raft that a reader can take out, to see what breaks.
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import { followRules, type Rules } from "../exercises/mod.ts";

/** What a double does otherwise, by its name. */
export const DOUBLES = {
  "old-terms": "a leader commits whatever a majority holds, of any term (§5.4.2)",
  "votes-twice": "a node forgets whom it has voted for (§5.2)",
  "any-log": "a vote goes to any log, however old (§5.4.1)",
  "no-check": "a follower takes every Append, whatever comes before (§5.3)",
  "one-holder": "a leader commits what one other node holds, without a majority (§5.3)",
} as const;

/** A rule that is taken out. */
export type Double = keyof typeof DOUBLES;

const RULES: Readonly<Record<Double, Rules>> = {
  "old-terms": {
    commitIndex: ({ matchIndex, commit }) =>
      Math.max(commit, [...matchIndex].sort((a, b) => b - a)[Math.floor(matchIndex.length / 2)]),
  },
  "votes-twice": {
    vote({ term, votedFor, log }, { term: asked, candidateId, lastLogIndex, lastLogTerm }) {
      const isUpToDate = lastLogTerm > log.term || lastLogTerm === log.term && lastLogIndex >= log.index;
      const granted = asked >= term && isUpToDate;
      return { term: Math.max(term, asked), votedFor: granted ? candidateId : asked > term ? null : votedFor, granted };
    },
  },
  "any-log": { isUpToDate: () => true },
  "no-check": { receiveAppend: (log, { prevLogIndex, entries }) => [...log.slice(0, prevLogIndex), ...entries] },
  "one-holder": {
    commitIndex: ({ matchIndex, log, term, commit }) => {
      const held = Math.max(0, ...matchIndex.slice(1));
      return log[held - 1] === term ? Math.max(commit, held) : commit;
    },
  },
};

/** What makes a node break a rule. */
export function doubleOf(double: Double | null): (node: DemoNode) => void {
  return double === null ? () => {} : followRules(RULES[double]);
}

/** Whether `name` is a double. */
export function isDouble(name: unknown): name is Double {
  return typeof name === "string" && name in DOUBLES;
}
