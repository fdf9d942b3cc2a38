/**
 * The reader writes the rule by which a leader answers a read from its store (thesis §6.4, ReadIndex).
 *
 * @module
 */
import { WaitingReads } from "../node_turn.ts";
import { type Index, majority, type NodeId, type Term } from "../raft/mod.ts";
import { firstDifferenceOf, isCount, range, seededCases, type Server, server } from "./cases.ts";
import { turn } from "./ready_turn.ts";

/** What a leader knows of a read that waits. */
export interface ReadView {
  /** The leader's term. */
  readonly term: Term;
  /** Its commit index when it was asked, … */
  readonly noted: Index;
  /** … and the term of the entry there; 0 at index 0. */
  readonly notedTerm: Term;
  /** How many nodes there are. */
  readonly nodes: number;
  /** Who has answered the heartbeats that were sent then: the leader itself first, the others as often as answers came. */
  readonly answered: NodeId[];
  /** How far the store has applied the log by now. */
  readonly applied: Index;
}

/** The index whose state is enough to answer, if the read may be answered now; `null` if it may not. */
export type ReadRule = (read: ReadView) => Index | null;

/**
 * Compare a rule for reads with the library's.
 *
 * @returns The first case in which it differs; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkReadRule, exercise } from "hello-raft";
 *
 * exercise("the read's wait", ({ noted, applied }) => applied >= noted ? noted : null, checkReadRule); // not yet, and why
 * ```
 */
export function checkReadRule(attempt: ReadRule): string | null {
  return firstDifferenceOf(attempt, {
    cases: cases(),
    right: answeredFrom,
    kind: "an index, a whole number from 0, or null",
    isAnswer: (said) => said === null || isCount(said),
    told: ({ term, noted, notedTerm, nodes, answered, applied }) =>
      `The leader of term ${term}, ${
        nodes === 1 ? "the only node" : `one of ${nodes} nodes`
      }, has noted commit index ${noted}, ` +
      `${noted === 0 ? "before the first entry" : `an entry of term ${notedTerm}`}; answered is [${
        answered.join(", ")
      }], and applied is ${applied}.`,
    does: (index) => index === null ? "does not answer yet" : `answers from index ${index}`,
    why,
  });
}

function why({ term, noted, notedTerm, nodes, answered, applied }: ReadView, said: Index | null): string {
  if (notedTerm !== term) {
    return `the leader has committed nothing of its own term ${term}, so others may have committed beyond index ${noted}`;
  }
  const distinct = new Set(answered).size;
  if (distinct < majority(nodes)) {
    return `${distinct} of ${nodes} nodes have answered, and a majority is ${majority(nodes)}: another may lead by now`;
  }
  if (applied < noted) return `the store lacks what was committed up to index ${noted}`;
  return said === null
    ? "a majority has answered, the noted entry is of the leader's own term, and it is applied"
    : "what was committed when it was asked is enough, and that is the index it noted";
}

/** Where the leader has committed nothing of its own term, it is not alone. */
const cases = () =>
  seededCases(7, 3000, (random): ReadView[] => {
    const notedTerm = random(0, 4);
    const noted = notedTerm === 0 ? 0 : random(1, 5);
    const isOwn = notedTerm > 0 && random(0, 4) > 0;
    const nodes = random(isOwn ? 1 : 2, 8);
    const answered = [1, ...range(1, random(0, nodes + 1)).map(() => nodes === 1 ? 1 : random(2, nodes + 1))];
    const term = isOwn ? notedTerm : notedTerm + random(1, 3);
    return [{ term, noted, notedTerm, nodes, answered, applied: random(Math.max(0, noted - 2), noted + 3) }];
  });

/** From which index a leader of the library answers. */
function answeredFrom({ term, noted, notedTerm, nodes, answered, applied }: ReadView): Index | null {
  const leader = leaderThatCommitted(nodes, term, noted, notedTerm);
  const { node, node: { raft } } = leader;
  node.readIndex(new Uint8Array([1]));
  const [pending] = raft.role.kind === "leader" ? raft.role.pendingReads : [];
  if (pending !== undefined) {
    const { round, context } = pending;
    for (const from of answered.filter((id) => id !== raft.id)) {
      node.step({ type: "HeartbeatResponse", from, to: raft.id, term, commit: 0, read: { round, context } });
    }
  }
  const waiting = new WaitingReads();
  waiting.add(raft.readStates);
  return waiting.take(applied).at(0)?.index ?? null;
}

/** A leader of `term` with that commit index: of an older term it was committed before, of its own by answers to its Append. */
function leaderThatCommitted(nodes: number, term: Term, noted: Index, notedTerm: Term): Server {
  const older = range(1, notedTerm === term ? noted - 1 : noted).map(() => Math.min(notedTerm, term - 1) || 1);
  const inherited = term === 1 ? [] : older;
  const leader = server({ nodes, log: inherited, term: term - 1, commit: notedTerm === term ? 0 : noted });
  const { node, node: { raft } } = leader;
  node.campaign();
  finish(leader);
  for (const from of range(2, majority(nodes))) {
    node.step({ type: "RequestVoteResponse", from, to: 1, term, voteGranted: true });
  }
  finish(leader);
  while (raft.log.lastIndex() < noted) node.propose(new Uint8Array([1]));
  finish(leader);
  if (notedTerm !== term) return leader;
  for (const from of range(2, majority(nodes))) {
    node.step({ type: "AppendResponse", from, to: 1, term, success: true, matchIndex: noted, commit: 0 });
  }
  finish(leader);
  return leader;
}

function finish(leader: Server): void {
  while (leader.node.hasReady()) turn(leader);
}
