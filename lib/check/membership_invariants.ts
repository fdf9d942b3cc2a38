/**
 * What must hold of configurations and their changes (paper §6, thesis §4.1).
 *
 * @module
 */
import { changeConfiguration } from "../raft/conf_change.ts";
import {
  type ConfChange,
  type ConfState,
  decodeConfChange,
  type Entry,
  type Index,
  InvariantViolation,
  isVoter,
  type NodeId,
  RaftError,
  voteResult,
  votersOf,
} from "../raft/mod.ts";
import type { ApplyRow } from "../trace/rows.ts";
import { type History, type Look, storedTerm } from "./history.ts";

/** Whether `nodes` are a majority of this configuration, of each half of a joint one. */
export function isQuorum(confState: ConfState, nodes: readonly NodeId[]): boolean {
  return voteResult(confState, new Map(nodes.map((id) => [id, true]))) === "won";
}

/** The configurations to which these entries lead from `confState` on. */
export function changesIn(confState: ConfState, entries: readonly Entry[]): ConfState[] {
  const reached: ConfState[] = [];
  for (const { type, data } of entries) {
    if (type !== "configuration") continue;
    const next = afterChange(reached.at(-1) ?? confState, decodeConfChange(data));
    if (next !== null) reached.push(next);
  }
  return reached;
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
 *
 * @returns Whether this configuration was reached for the first time.
 */
export function changeApplied({ node, index, outcome }: ApplyRow, history: History): boolean {
  if (outcome.kind !== "Configuration") return false;
  const [before, now] = [history.configurationAt(index - 1), outcome.configuration];
  const after = afterChange(before, outcome.change);
  const [expected, found] = [after, now].map((confState) => JSON.stringify(confState));
  if (!meet(before, now)) throw new InvariantViolation(MEET, { node, index, expected: JSON.stringify(before), found });
  if (after === null || found !== expected) throw new InvariantViolation(FOLD, { node, index, expected, found });
  return history.changeTo(index, after);
}

const MEET = "Majorities of two configurations that follow on each other have a node in common";
const FOLD = "A node's configuration is the fold of its snapshot and the applied changes";

/** 19, of a node that runs: what is in force on it, and what its snapshot says, for its next start. */
export function configurationIsFold({ view: { id: node, raft, storage, running }, history }: Look): void {
  if (!running) return;
  const compare = (index: Index, confState: ConfState) => {
    const before = history.configurationAt(index);
    if (isSame(before, confState)) return;
    const [expected, found] = [before, confState].map((state) => JSON.stringify(state));
    throw new InvariantViolation(FOLD, { node, index, expected, found });
  };
  // A snapshot that has just arrived is in force at once, and accounted for later.
  compare(raft.log.unstable.snapshot?.metadata.index ?? raft.log.applied, raft.confState);
  if (storage.firstIndex() === 1) return;
  const { index, confState } = storage.snapshot().metadata;
  compare(index, confState);
}

/**
 * Thesis §4.2.2: a leader that commits the change after which it has no vote "does not count itself in majorities": those that
 * stay hold it.
 */
export function leaversDoNotCount({ view: { id: node, raft }, now, before, nodes }: Look): void {
  if (before?.role !== "leader" || before.term !== raft.term) return;
  const committed = now.filter(({ index }) => index > before.commit && index <= raft.log.committed);
  for (const { type, index, term, data } of committed) {
    if (type !== "configuration") continue;
    const after = afterChange(before.confState, decodeConfChange(data));
    if (after === null || isVoter(after, node)) return;
    const holders = nodes.filter(({ storage }) => ["compacted", term].includes(storedTerm(storage, index)))
      .map(({ id }) => id);
    if (isQuorum(after, holders)) return;
    const invariant = "A leader that leaves commits that by a majority of those that stay";
    throw new InvariantViolation(invariant, {
      node,
      index,
      expected: JSON.stringify(after),
      found: `held by ${holders}`,
    });
  }
}

/** Whether both are the same configuration. */
export function isSame(one: ConfState, other: ConfState): boolean {
  const areSame = (part: "voters" | "learners" | "votersOutgoing" | "learnersNext") =>
    one[part].length === other[part].length && one[part].every((id, i) => id === other[part][i]);
  return one === other || one.autoLeave === other.autoLeave &&
      areSame("voters") && areSame("learners") && areSame("votersOutgoing") && areSame("learnersNext");
}

/** What `change` makes of a configuration; `null` if it cannot be made. */
function afterChange(confState: ConfState, change: ConfChange): ConfState | null {
  try {
    return changeConfiguration(confState, change).confState;
  } catch (error) {
    if (error instanceof RaftError) return null;
    throw error;
  }
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
