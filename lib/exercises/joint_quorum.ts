/**
 * The reader writes what a majority is while a configuration changes (paper §6): one of the old voters and one of the new.
 *
 * @module
 */
import type { Index, NodeId } from "../raft/mod.ts";
import { majority } from "../raft/mod.ts";
import { quorumIndex } from "../raft/configuration.ts";
import { firstDifferenceOf, isCount, range, seededCases } from "./cases.ts";

/** What a leader knows when it asks what a quorum holds. */
export interface QuorumView {
  /** Who votes; in a joint configuration, the new voters. */
  readonly voters: NodeId[];
  /** In a joint configuration, the old voters; else nobody. */
  readonly votersOutgoing: NodeId[];
  /** Of every member, learners too, the highest index that it is known to hold. */
  readonly matchIndex: Record<NodeId, Index>;
}

/** The highest index that is held by enough nodes to decide. */
export type QuorumRule = (view: QuorumView) => Index;

/**
 * Compare a rule for the quorum of any configuration with the library's.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkQuorumRule, exercise } from "hello-raft";
 *
 * exercise("the quorum", ({ matchIndex }) => Math.min(...Object.values(matchIndex)), checkQuorumRule); // not yet, and why
 * ```
 */
export function checkQuorumRule(attempt: QuorumRule): string | null {
  return firstDifferenceOf(attempt, {
    cases: cases(),
    right,
    kind: "an index, a whole number from 0",
    isAnswer: isCount,
    told: ({ voters, votersOutgoing, matchIndex }) =>
      `voters is [${voters.join(", ")}], votersOutgoing [${votersOutgoing.join(", ")}], and matchIndex ${
        JSON.stringify(matchIndex).replaceAll('"', "").replaceAll(",", ", ").replaceAll(":", ": ")
      }.`,
    does: (index) => `answers ${index}`,
    why,
  });
}

const right = ({ voters, votersOutgoing, matchIndex }: QuorumView) =>
  quorumIndex(
    { voters, votersOutgoing, learners: [], learnersNext: [], autoLeave: false },
    (id) => matchIndex[id] ?? 0,
  );

function why({ voters, votersOutgoing, matchIndex }: QuorumView, said: Index, expected: Index): string {
  const index = Math.max(said, expected);
  const halves = votersOutgoing.length === 0
    ? [["", voters]] as const
    : [["new ", voters], ["old ", votersOutgoing]] as const;
  const told = halves.map(([half, ids]) => {
    const holders = ids.filter((id) => matchIndex[id] >= index).length;
    return { enough: holders >= majority(ids.length), text: `${holders} of ${ids.length} ${half}voters` };
  });
  const fault = said < expected ? told : told.filter(({ enough }) => !enough);
  const verdict = said < expected ? (told.length > 1 ? "a majority of each" : "a majority") : "no majority";
  return `index ${index} is on ${fault.map(({ text }) => text).join(" and on ")}, ${verdict}`;
}

/** Some configurations are joint; some have learners, whose indices are there and count for nothing. */
const cases = () =>
  seededCases(6, 2500, (random): QuorumView[] => {
    const some = () => range(1, 6).filter(() => random(0, 2) === 0);
    const [first, second, others] = [some(), some(), some()];
    const voters = first.length === 0 ? [random(1, 7)] : first;
    const votersOutgoing = random(0, 3) === 0 ? [] : second;
    const longest = random(0, 4) === 0 ? 12 : 4;
    const members = [...new Set([...voters, ...votersOutgoing, ...others])].sort((a, b) => a - b);
    return [{ voters, votersOutgoing, matchIndex: Object.fromEntries(members.map((id) => [id, random(0, longest)])) }];
  });
