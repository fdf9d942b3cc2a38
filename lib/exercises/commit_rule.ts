/**
 * The reader writes the rule by which a leader commits (paper §5.3, §5.4.2; Figure 2, Leaders).
 *
 * @module
 */
import { type Index, majority, type Term } from "../raft/mod.ts";
import { firstDifferenceOf, grown, isCount, range, seededCases, type Server, server, termsOf } from "./cases.ts";
import { turn } from "./ready_turn.ts";

/** What a leader knows when it asks how far its log is committed. */
export interface LeaderView {
  /** Its term. */
  readonly term: Term;
  /** Its log, term by term: `log[i - 1]` is at index i. It ends with entries of the leader's own term. */
  readonly log: Term[];
  /** Of every node, the highest index that it is known to hold; the leader itself holds its whole log. */
  readonly matchIndex: Index[];
  /** The commit index so far. */
  readonly commit: Index;
}

/** The leader's commit index; `commit` again, if nothing is newly committed. */
export type CommitRule = (leader: LeaderView) => Index;

/**
 * Compare a commit rule with the library's.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkCommitIndex, exercise } from "hello-raft";
 *
 * exercise("the commit rule", ({ matchIndex }) => Math.min(...matchIndex), checkCommitIndex); // not yet, and why
 * ```
 */
export function checkCommitIndex(attempt: CommitRule): string | null {
  return firstDifferenceOf(attempt, {
    cases: cases(),
    right: committedBy,
    kind: "an index, a whole number from 0",
    isAnswer: isCount,
    told: ({ term, log, matchIndex, commit }) =>
      `The leader of term ${term} has the log ${termsOf(log)}; matchIndex is [${matchIndex.join(", ")}], ` +
      `and the commit index ${commit}.`,
    does: (commit) => `answers ${commit}`,
    why,
  });
}

function why({ term, log, matchIndex, commit }: LeaderView, said: Index, right: Index): string {
  if (said < commit) return "the commit index never goes back";
  const tell = (index: Index) => {
    const holders = matchIndex.filter((match) => match >= index).length;
    return { holders, of: `index ${index} is on ${holders} of ${matchIndex.length} nodes` };
  };
  if (said < right) return `${tell(right).of}, a majority, and it is of the leader's own term`;
  if (said > log.length) return `the log ends at index ${log.length}`;
  const { holders, of } = tell(said);
  if (holders < majority(matchIndex.length)) return `${of}, and a majority is ${majority(matchIndex.length)}`;
  return `${of}, but of term ${log[said - 1]}: by counting, a leader commits only entries of its own term, ${term}`;
}

/** Each also with what it has just committed. In some of them indices have two digits. */
const cases = () =>
  seededCases(4, 1500, (random): LeaderView[] => {
    const older = grown([], random(0, 4) === 0 ? 12 : 4, random);
    const term = (older.at(-1) ?? 0) + random(1, 3);
    const log = [...older, ...range(1, random(1, 4)).map(() => term)];
    const others = range(2, random(1, 8)).map(() => random(0, log.length + 1));
    const view = { term, log, matchIndex: [log.length, ...others], commit: random(0, older.length + 1) };
    return [view, { ...view, commit: committedBy(view) }];
  });

/** How far a leader of the library commits that learns these matchIndexes. */
function committedBy({ term, log, matchIndex, commit }: LeaderView): Index {
  const older = log.filter((entryTerm) => entryTerm < term);
  const nodes = matchIndex.length;
  const leader = server({ nodes, log: older, term: term - 1, commit: Math.min(commit, older.length) });
  const { node, node: { raft } } = leader;
  node.campaign();
  finish(leader);
  for (const from of range(2, majority(nodes))) {
    node.step({ type: "RequestVoteResponse", from, to: 1, term, voteGranted: true });
  }
  finish(leader);
  while (raft.log.lastIndex() < log.length) node.propose(new Uint8Array([1]));
  finish(leader);
  for (const [i, match] of matchIndex.entries()) {
    if (i === 0 || match === 0) continue;
    node.step({ type: "AppendResponse", from: i + 1, to: 1, term, success: true, matchIndex: match, commit: 0 });
  }
  return Math.max(commit, raft.log.committed);
}

function finish(leader: Server): void {
  while (leader.node.hasReady()) turn(leader);
}
