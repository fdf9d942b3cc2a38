/**
 * The reader writes when a leader takes a change of the configuration (paper §6, thesis §4.1).
 *
 * @module
 */
import { type ConfChange, type ConfStateOptions, type Index, MemStorage, RaftError, RawNode } from "../raft/mod.ts";
import { seededRandom } from "../raft/mod.ts";
import { entriesOf, firstDifferenceOf, range, shown } from "./cases.ts";

/** What a leader knows when it is asked for a change. */
export interface ChangeView {
  /** The index of the last change in its log; 0 if there is none. */
  readonly lastChange: Index;
  /** How far it has applied its log. */
  readonly applied: Index;
  /** Whether its configuration is joint. */
  readonly isJoint: boolean;
  /** Whether the change that is asked for is the end of a joint configuration. */
  readonly leavesJoint: boolean;
  /** Whether it has committed an entry of its own term. */
  readonly hasCommitted: boolean;
}

/** What it does: append the change, append an empty entry in its place, or refuse, so that one has to ask again. */
export type ChangeAnswer = "append" | "empty" | "refuse";

/** When a leader takes a change. */
export type ChangeRule = (view: ChangeView) => ChangeAnswer;

const ANSWERS: readonly unknown[] = ["append", "empty", "refuse"];

/**
 * Compare a rule for changes with the library's, in every small case.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkChangeRule, exercise } from "hello-raft";
 *
 * exercise("may it be taken now", () => "append" as const, checkChangeRule); // not yet, and why
 * ```
 */
export function checkChangeRule(attempt: ChangeRule): string | null {
  return firstDifferenceOf(attempt, {
    cases: CASES,
    right: answerOf,
    kind: '"append", "empty" or "refuse"',
    isAnswer: (said) => ANSWERS.includes(said),
    told,
    does: (answer) => `answers "${answer}"`,
    who: "the library",
    why,
  });
}

function told({ lastChange, applied, isJoint, leavesJoint, hasCommitted }: ChangeView): string {
  return `A leader that has committed ${
    hasCommitted ? "an entry" : "nothing"
  } in its term has applied up to index ${applied}; ` +
    `${lastChange === 0 ? "there is no change in its log" : `the last change in its log is at index ${lastChange}`}. ` +
    `Its configuration is ${isJoint ? "joint" : "not joint"}, and the change ${
      leavesJoint ? "is the end of a joint one" : "names nodes"
    }.`;
}

function why({ lastChange, applied, isJoint, leavesJoint, hasCommitted }: ChangeView): string {
  if (!hasCommitted) return "it may not know yet what an earlier leader has begun";
  if (lastChange > applied) return `the change at index ${lastChange} is not applied yet`;
  if (isJoint && !leavesJoint) return "a joint configuration must end first";
  if (leavesJoint && !isJoint) return "there is no joint configuration to end";
  return "nothing stands in its way, so it is appended";
}

const YES_NO = [true, false] as const;

/** All of them, the smaller indices first. A leader without an own commit has applied nothing of its own. */
const CASES: readonly ChangeView[] = range(0, 6).flatMap((sum) =>
  range(0, Math.min(3, sum)).filter((lastChange) => sum - lastChange <= 3).flatMap((lastChange) =>
    YES_NO.flatMap((hasCommitted) =>
      [false, true].flatMap((isJoint) =>
        [false, true].map((leavesJoint) => ({
          lastChange,
          applied: sum - lastChange,
          isJoint,
          leavesJoint,
          hasCommitted,
        }))
      )
    )
  )
);

const JOINT: ConfStateOptions = { voters: [1, 2], votersOutgoing: [1, 2, 3] };
const ADD: ConfChange = { transition: "auto", changes: [{ type: "addNode", node: 4 }] };
const LEAVE: ConfChange = { transition: "auto", changes: [] };

/** What a leader of the library does, of whom all this is so. */
function answerOf({ lastChange, applied, isJoint, leavesJoint, hasCommitted }: ChangeView): ChangeAnswer {
  const node = leaderIn(isJoint ? JOINT : { voters: [1, 2, 3] });
  const { raft, raft: { log, role } } = node;
  if (role.kind !== "leader") throw new Error("node 1 does not lead");
  if (hasCommitted) log.committed = log.lastIndex();
  log.applied = applied;
  role.pendingConfIndex = lastChange;
  try {
    node.proposeConfChange(leavesJoint ? LEAVE : ADD);
  } catch (error) {
    if (error instanceof RaftError) return "refuse";
    throw error;
  }
  const last = raft.log.lastIndex();
  return raft.log.slice(last, last + 1, Infinity)[0].type === "configuration" ? "append" : "empty";
}

/** Node 1, leader of term 2, with three entries of term 1 before its own. */
function leaderIn(confState: ConfStateOptions): RawNode {
  const storage = MemStorage.newWithConfState(confState);
  storage.append(entriesOf([1, 1, 1]));
  storage.setHardState({ term: 1, vote: null, commit: 3 });
  const node = new RawNode({ id: 1, random: seededRandom(1) }, storage);
  node.raft.log.applied = 3;
  node.campaign();
  node.advance(node.ready());
  for (const from of [2, 3]) {
    if (node.raft.role.kind === "leader") break;
    node.step({ type: "RequestVoteResponse", from, to: 1, term: 2, voteGranted: true });
  }
  if (node.raft.role.kind !== "leader") throw new Error(`node 1 is ${shown(node.raft.role.kind)}`);
  return node;
}
