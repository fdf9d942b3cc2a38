/**
 * How a change makes one configuration of another (paper §6, thesis §4.1, §4.3); crate module `raft::confchange`.
 *
 * One node at a time is safe: a majority of the nodes before and one of the nodes after have a node in common. Several
 * at once go through a joint configuration, in which a majority of the old voters and one of the new must agree.
 *
 * @module
 */
import { isWhole } from "./check_message.ts";
import { isMember, isVoter, newConfState, quorumIndex } from "./configuration.ts";
import { RaftError } from "./errors.ts";
import type { ProgressTracker } from "./progress.ts";
import type { Raft } from "./state.ts";
import type { ConfChange, ConfChangeSingle, ConfState, Entry, Index, NodeId } from "./types.ts";

const TRANSITIONS: readonly unknown[] = ["auto", "implicit", "explicit"];
const TYPES: readonly unknown[] = ["addNode", "addLearnerNode", "removeNode"];

/** Whether a configuration is joint. */
export function isJoint({ votersOutgoing }: ConfState): boolean {
  return votersOutgoing.length > 0;
}

/** Whether a change ends a joint configuration. */
export function leavesJoint({ changes }: ConfChange): boolean {
  return changes.length === 0;
}

/** The data of the entry that carries `change`; no bytes if it ends a joint configuration. */
export function encodeConfChange(change: ConfChange): Uint8Array {
  return leavesJoint(change) ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(change));
}

/**
 * The change that an entry of type "configuration" carries.
 *
 * @throws {RaftError} `ConfChangeInvalid` if the data carries none.
 *
 * @example Step 3 of the ready loop, for an entry that changes the configuration.
 * ```ts
 * import { decodeConfChange, type Entry, type RawNode, type WritableStorage } from "hello-raft/raft";
 *
 * function apply(entry: Entry, node: RawNode, storage: WritableStorage): void {
 *   if (entry.type === "configuration") storage.setConfState(node.applyConfChange(decodeConfChange(entry.data)));
 * }
 * ```
 */
export function decodeConfChange(data: Uint8Array): ConfChange {
  if (data.length === 0) return { transition: "auto", changes: [] };
  let change;
  try {
    change = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    throw invalid("the data is not JSON");
  }
  return checkConfChange(change);
}

/** The change itself, if it is one. */
export function checkConfChange(change: ConfChange): ConfChange {
  const { transition, changes } = Object(change) as ConfChange;
  if (!TRANSITIONS.includes(transition)) throw invalid(`transition ${transition} is none`);
  if (!Array.isArray(changes)) throw invalid("changes must be an array");
  for (const single of changes) {
    const { type, node } = Object(single) as ConfChangeSingle;
    if (!TYPES.includes(type) || !isWhole(node, 1)) throw invalid(`${type} of node ${node} is no change of a node`);
  }
  if (changes.length === 0 && transition !== "auto") throw invalid("a change without nodes has the transition auto");
  return { transition, changes: changes.map(({ type, node }) => ({ type, node })) };
}

/** What a change makes of a configuration. */
export interface Changed {
  /** The configuration then. */
  readonly confState: ConfState;
  /** Nodes that were removed on the way, and may have been added again. */
  readonly removed: ReadonlySet<NodeId>;
}

/**
 * What `change` makes of `confState`.
 *
 * @throws {RaftError} `ConfChangeInvalid` if it cannot be made of it.
 */
export function changeConfiguration(confState: ConfState, change: ConfChange): Changed {
  if (leavesJoint(change)) return leaveJoint(confState);
  if (isJoint(confState)) throw invalid("the configuration is joint; leave it first, with a change without nodes");
  const entersJoint = change.transition !== "auto" || change.changes.length > 1;
  if (entersJoint && confState.voters.length === 0) throw invalid("there are no old voters to be joined with new ones");
  const votersOutgoing = entersJoint ? confState.voters : [];
  const draft = new Draft({ ...confState, votersOutgoing });
  for (const single of change.changes) draft.apply(single);
  return draft.finish(entersJoint && change.transition !== "explicit");
}

/** The old voters that stay as learners become learners now; all other old voters are gone. */
function leaveJoint(confState: ConfState): Changed {
  if (!isJoint(confState)) throw invalid("the configuration is not joint; a change names nodes");
  const { voters, learners, learnersNext } = confState;
  return { confState: newConfState({ voters, learners: [...learners, ...learnersNext] }), removed: new Set() };
}

/**
 * Thesis §4.2.2: a leader that is about to leave "replicates log entries but does not count itself in majorities". So the
 * change after which it votes no more, and what follows, takes a majority of the voters after it as well. (The crate goes
 * by the configuration in force alone.)
 *
 * @param n What a majority holds in the configuration that is in force.
 * @returns What may be committed.
 */
export function withoutLeaver({ id, log, confState, config }: Raft, tracker: ProgressTracker, n: Index): Index {
  const entry = log.firstConfChange(log.committed + 1, n);
  if (entry === undefined || config.crateFlaws) return n;
  const after = configurationAfter(confState, entry);
  return after === null || isVoter(after, id)
    ? n
    : Math.min(n, Math.max(entry.index - 1, quorumIndex(after, (voter) => tracker.get(voter)?.matchIndex ?? 0)));
}

/** What `entry` makes of `confState`; `null` if it cannot be made of it. */
function configurationAfter(confState: ConfState, { data }: Entry): ConfState | null {
  try {
    return changeConfiguration(confState, decodeConfChange(data)).confState;
  } catch (error) {
    if (error instanceof RaftError) return null;
    throw error;
  }
}

/** A configuration that is being changed. */
class Draft {
  readonly #before: ConfState;
  readonly #voters: Set<NodeId>;
  readonly #learners: Set<NodeId>;
  readonly #learnersNext = new Set<NodeId>();
  readonly #removed = new Set<NodeId>();

  constructor(before: ConfState) {
    this.#before = before;
    this.#voters = new Set(before.voters);
    this.#learners = new Set(before.learners);
  }

  apply({ type, node }: ConfChangeSingle): void {
    const isOutgoing = this.#before.votersOutgoing.includes(node);
    for (const nodes of [this.#voters, this.#learners, this.#learnersNext]) nodes.delete(node);
    if (type === "addNode") this.#voters.add(node);
    // An old voter cannot be a learner, too, until the old configuration has no say any more.
    else if (type === "addLearnerNode") (isOutgoing ? this.#learnersNext : this.#learners).add(node);
    else if (!isOutgoing && isMember(this.#before, node)) this.#removed.add(node);
  }

  finish(autoLeave: boolean): Changed {
    if (this.#voters.size === 0) throw invalid("no voter would be left");
    const [voters, learners, learnersNext] = [[...this.#voters], [...this.#learners], [...this.#learnersNext]];
    const { votersOutgoing } = this.#before;
    const confState = newConfState({ voters, learners, votersOutgoing, learnersNext, autoLeave });
    return { confState, removed: this.#removed };
  }
}

/** An error for a change that cannot be made. */
export function invalid(why: string): RaftError {
  return new RaftError("ConfChangeInvalid", `Cannot change the configuration: ${why}`);
}
