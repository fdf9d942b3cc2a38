/**
 * Changes of the configuration on their way through the log (paper §6, thesis §4).
 *
 * A change is an entry. Here, as in the crate, it is in force on a node once the node has applied it; in the paper, once
 * it is in the node's log. Only one change at a time is on its way. The end of a joint configuration is a change, too:
 * whoever leads proposes it, once.
 *
 * @module
 */
import { changeConfiguration, decodeConfChange, invalid, isJoint, leavesJoint } from "./conf_change.ts";
import { isVoter, membersOf } from "./configuration.ts";
import { RaftError } from "./errors.ts";
import { Progress } from "./progress.ts";
import { acknowledgeRead } from "./read_index.ts";
import { broadcastAppend, maybeCommit, maybeSendAppend } from "./replication.ts";
import { appendToOwnLog, becomeFollower } from "./roles.ts";
import type { Leader, Raft } from "./state.ts";
import type { ConfChange, ConfState, NodeId } from "./types.ts";

const LEAVE_JOINT = new Uint8Array();

/**
 * Whether a leader takes this change now. In its place it appends an empty entry if another change may be on its way, or
 * if a joint configuration must end first.
 *
 * @throws {RaftError} `ConfChangeInvalid` if it cannot be made, `ProposalDropped` if the leader is too new to judge.
 */
export function takesChange(raft: Raft, leader: Leader, data: Uint8Array): boolean {
  const change = decodeConfChange(data);
  if (!raft.config.crateFlaws) requireOwnCommit(raft);
  if (leader.pendingConfIndex > raft.log.applied) return false;
  if (isJoint(raft.confState) !== leavesJoint(change)) return false;
  if (!raft.config.crateFlaws) changeConfiguration(raft.confState, change);
  return true;
}

/**
 * Without this, a leader could not know of a change that an earlier leader has begun, and the majorities of the two
 * might have no node in common: the published bug of changes of one node (Ongaro, raft-dev, 10 July 2015).
 */
function requireOwnCommit({ id, log, term }: Raft): void {
  if (log.matchTerm(log.committed, term)) return;
  const why = `it has committed nothing in term ${term} yet; try again later`;
  throw new RaftError("ProposalDropped", `Cannot change the configuration through node ${id}: ${why}`);
}

/** Append a change that the leader takes. */
export function appendChange(raft: Raft, leader: Leader, data: Uint8Array): void {
  appendToOwnLog(raft, "configuration", [data]);
  leader.pendingConfIndex = raft.log.lastIndex();
}

/**
 * The application has come to an entry that changes the configuration: from now on the new one is in force.
 *
 * A node that joins starts with the configuration that the cluster had before its first entry, or with a snapshot. If it
 * started with none, the entry that adds it would make it the only voter in its own eyes.
 *
 * @throws {RaftError} `ConfChangeInvalid` if it cannot be made; nothing has changed then.
 */
export function applyConfChange(raft: Raft, change: ConfChange): ConfState {
  const knowsNobody = raft.confState.voters.length === 0 && !raft.config.crateFlaws;
  if (knowsNobody) throw invalid(`node ${raft.id} knows no voters; start it with those that the cluster began with`);
  const { confState, removed } = changeConfiguration(raft.confState, change);
  raft.confState = confState;
  if (raft.role.kind === "leader") leadIn(raft, raft.role, removed);
  return confState;
}

/** A leader finds itself in a new configuration. What it knew of `removed` nodes, some of which may be back, is forgotten. */
function leadIn(raft: Raft, leader: Leader, removed: ReadonlySet<NodeId>): void {
  const { id, confState } = raft;
  leader.tracker = new Map(
    membersOf(confState).map((member) => {
      const known = removed.has(member) ? undefined : leader.tracker.get(member);
      return [member, known ?? newcomer(raft, member)];
    }),
  );
  // Thesis §4.2.2: a leader that is removed, or no voter any more, steps down once that is committed.
  if (!isVoter(confState, id)) return raft.config.crateFlaws ? undefined : becomeFollower(raft, raft.term, null);
  // A smaller majority may have more entries already, and more answers to heartbeats.
  if (maybeCommit(raft, leader)) broadcastAppend(raft, leader);
  else for (const to of leader.tracker.values()) if (to.id !== id) maybeSendAppend(raft, to, "if entries");
  const read = leader.pendingReads.at(-1);
  if (read !== undefined) acknowledgeRead(raft, leader, id, read);
  if (leader.leadTransferee !== null && !isVoter(confState, leader.leadTransferee)) leader.leadTransferee = null;
}

/** A node that has just joined counts as heard from: CheckQuorum gives it time to answer. */
function newcomer({ log, config }: Raft, id: NodeId): Progress {
  const progress = new Progress(id, log.lastIndex(), config.maxInflightMsgs);
  progress.recentActive = true;
  return progress;
}

/** A joint configuration that ends by itself is in force: unless a change is on its way, the leader proposes its end. */
export function leaveByItself(raft: Raft): void {
  if (raft.role.kind !== "leader" || raft.log.applied < raft.role.pendingConfIndex) return;
  appendChange(raft, raft.role, LEAVE_JOINT);
}
