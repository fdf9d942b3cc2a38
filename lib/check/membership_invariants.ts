/**
 * What must hold of configurations and their changes (paper §6, thesis §4.1).
 *
 * @module
 */
import { changeConfiguration } from "../raft/conf_change.ts";
import {
  type ConfChange,
  type ConfState,
  type Index,
  InvariantViolation,
  latestSnapshot,
  type NodeId,
  voteResult,
  votersOf,
} from "../raft/mod.ts";
import type { ApplyRow } from "../trace/rows.ts";
import type { History } from "./history.ts";
import type { Look } from "./invariants.ts";

/** Whether `nodes` are a majority of this configuration, of each half of a joint one. */
export function isQuorum(confState: ConfState, nodes: readonly NodeId[]): boolean {
  return voteResult(confState, new Map(nodes.map((id) => [id, true]))) === "won";
}

/** 17, of any log: what is not committed holds one change at most. */
export function oneChangeAtOnce({ view: { id: node, raft }, now, history }: Look): void {
  const isCommitted = (index: Index, term: number) =>
    index <= raft.log.committed || history.committed.get(index)?.term === term;
  const found = now.filter(({ type, index, term }) => type === "configuration" && !isCommitted(index, term))
    .map(({ index }) => index);
  if (found.length <= 1) return;
  throw new InvariantViolation("At most one change of the configuration is on its way", { node, expected: 1, found });
}

/**
 * 17, 19, of an entry that is applied: it makes of the configuration before it what the change says, on every node, and
 * majorities of the two have a node in common.
 */
export function changeApplied({ node, index, outcome }: ApplyRow, history: History): void {
  if (outcome.kind !== "Configuration") return;
  const before = history.configurationAt(index - 1);
  const after = configurationAfter(before, outcome.change);
  const [expected, found] = [after, outcome.configuration].map((confState) => JSON.stringify(confState));
  if (found !== expected) throw new InvariantViolation(FOLD, { node, index, expected, found });
  if (!meet(before, after)) {
    const invariant = "Majorities of two configurations that follow on each other have a node in common";
    throw new InvariantViolation(invariant, { node, index, expected: JSON.stringify(before), found });
  }
  history.changeTo(index, after);
}

const FOLD = "A node's configuration is the fold of its snapshot and the applied changes";

/** 19, of a node that runs: what is in force on it, and what its snapshot says, for its next start. */
export function configurationIsFold({ view: { id: node, raft, storage, running }, history }: Look): void {
  if (!running) return;
  const compare = (index: Index, confState: ConfState) => {
    const [expected, found] = [history.configurationAt(index), confState].map((state) => JSON.stringify(state));
    if (found !== expected) throw new InvariantViolation(FOLD, { node, index, expected, found });
  };
  compare(raft.log.applied, raft.confState);
  const snapshot = latestSnapshot(storage)?.metadata;
  if (snapshot !== undefined) compare(snapshot.index, snapshot.confState);
}

/** What the core makes of a change that it has taken. */
function configurationAfter(confState: ConfState, change: ConfChange): ConfState {
  return changeConfiguration(confState, change).confState;
}

/** Whether no majority of one leaves a majority of the other. */
function meet(one: ConfState, other: ConfState): boolean {
  const voters = [...new Set([...votersOf(one), ...votersOf(other)])];
  for (let bits = 0; bits < 2 ** voters.length; bits++) {
    const [some, rest] = [1, 0].map((side) => voters.filter((_, i) => (bits >> i & 1) === side));
    if (isQuorum(one, some) && isQuorum(other, rest)) return false;
  }
  return true;
}
