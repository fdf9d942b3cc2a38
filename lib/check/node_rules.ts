/**
 * The invariants that one node and its past decide.
 *
 * Each function is an invariant, or a few that belong together; each assertion is its name and sentence.
 *
 * @module
 */
import { assert, type HardState } from "../raft/mod.ts";
import { endOf, type History, type LogCopy, type Memory, termIn, type View } from "./history.ts";

/** A rule over one node: as it is, as it was, and what the whole cluster has done. */
export type Rule = (view: View, now: LogCopy, before: Memory | undefined, history: History) => void;

/** 1 (paper §5.2). */
const electionSafety: Rule = ({ id, raft }, _now, _before, history) => {
  if (raft.role.kind !== "leader") return;
  const leader = history.leaderOf.get(raft.term) ?? id;
  assert(leader === id, "Election Safety: at most one leader a term");
};

/** 2 (paper §5.3). */
const leaderAppendOnly: Rule = ({ raft, running }, now, before) => {
  if (!running || raft.role.kind !== "leader" || before?.role !== "leader" || before.term !== raft.term) return;
  for (let index = now.firstIndex; index < endOf(before.log); index++) {
    assert(
      termIn(now, index) === termIn(before.log, index),
      "Leader Append-Only: a leader never overwrites or deletes entries in its log",
    );
  }
};

/** What must not be forgotten: what was known, or after a crash what was durable. */
function known({ running }: View, before: Memory): Pick<HardState, "term" | "vote" | "commit"> {
  return running && !before.running ? before.stored : before;
}

/** 6 (paper §5.1). */
const termsNeverDecrease: Rule = (view, _now, before) => {
  if (before === undefined) return;
  assert(view.raft.term >= known(view, before).term, "A term never decreases, crashes included");
};

/** 7 (paper §5.2). */
const oneVoteATerm: Rule = (view, _now, before) => {
  if (before === undefined) return;
  const { term, vote } = known(view, before);
  if (term !== view.raft.term || vote === null) return;
  assert(view.raft.vote === vote, "A vote changes only from nobody to somebody within a term, crashes included");
};

/** 8. */
const commitNeverDecreases: Rule = (view, _now, before) => {
  if (before === undefined) return;
  assert(view.raft.log.committed >= known(view, before).commit, "The commit index never decreases");
  const { commit } = view.storage.initialState().hardState;
  assert(commit >= before.stored.commit, "The durable commit index never decreases, crashes included");
};

/** 9. A node that crashed in the middle of a turn may have stored a snapshot that it has not accounted for yet. */
const marksInOrder: Rule = ({ raft, storage, running }) => {
  if (!running) return;
  const { applied, committed } = raft.log;
  assert(storage.firstIndex() - 1 <= applied, "The snapshot index is at most the applied index");
  assert(applied <= committed, "The applied index is at most the commit index");
  assert(committed <= raft.log.lastIndex(), "The commit index is at most the last index");
};

/** 10 (paper §5.3). */
const termsInOrder: Rule = ({ raft }, now) => {
  for (let i = 1; i < now.terms.length; i++) {
    assert(now.terms[i - 1] <= now.terms[i], "Terms in a log never decrease");
  }
  assert((now.terms.at(-1) ?? 0) <= raft.term, "The last term is at most the current term");
  assert(endOf(now) === raft.log.lastIndex() + 1, "Log indices are contiguous");
};

/**
 * 11, 13 (paper Figure 2). While a leader probes, an old rejection can move its next back to the match or below it, as in
 * the crate: it sends again, entries or even a snapshot, what is there already, and the answer mends it.
 */
const matchInOrder: Rule = ({ id, raft, storage }, _now, before) => {
  if (raft.role.kind !== "leader") return;
  const sameTerm = before?.role === "leader" && before.term === raft.term;
  for (const { id: peer, matchIndex, nextIndex, state } of raft.role.tracker.values()) {
    assert(matchIndex < nextIndex || state.kind !== "replicate", "A leader's match is less than its next");
    const earlier = sameTerm ? before.matchIndex.get(peer) ?? 0 : 0;
    assert(matchIndex >= earlier, "A match never decreases within a term");
    if (peer !== id) continue;
    assert(matchIndex === raft.log.persisted, "A leader's own match is its durable index");
    assert(matchIndex <= storage.lastIndex(), "A leader's own match is its durable index");
  }
};

/** All of them, in the order of their numbers. */
export const nodeRules: readonly Rule[] = [
  electionSafety,
  leaderAppendOnly,
  termsNeverDecrease,
  oneVoteATerm,
  commitNeverDecreases,
  marksInOrder,
  termsInOrder,
  matchInOrder,
];
