/**
 * Proposals and their way to the leader (paper §8; thesis §6.2).
 *
 * A leader appends and replicates; a follower forwards to its leader; a node that knows no leader refuses. Neither a
 * forwarded proposal nor an appended one is committed yet: it can still be lost, and the client must then propose
 * again.
 *
 * @module
 */
import { unreachable } from "./assert.ts";
import { RaftError } from "./errors.ts";
import type { Propose } from "./message.ts";
import { appendChange, takesChange } from "./membership.ts";
import { broadcastAppend } from "./replication.ts";
import { appendToOwnLog } from "./roles.ts";
import type { Leader, Raft } from "./state.ts";
import type { Entry } from "./types.ts";

const NOTHING = new Uint8Array();

/**
 * Take a proposal from the application or from another node.
 *
 * @throws {RaftError} `ProposalDropped` if there is no leader to take it, or the leader has too much uncommitted.
 */
export function handlePropose(raft: Raft, message: Propose): void {
  if (message.proposals.length === 0) throw dropped(raft, "there is nothing in it; propose at least one entry");
  switch (raft.role.kind) {
    case "leader":
      return append(raft, raft.role, message);
    case "follower":
      if (raft.role.leaderId === null) throw dropped(raft, "it knows no leader; try again when there is one");
      raft.messages.push({ ...message, to: raft.role.leaderId });
      return;
    case "preCandidate":
    case "candidate":
      throw dropped(raft, "it is a candidate; try again when there is a leader");
    default:
      return unreachable(raft.role);
  }
}

/**
 * Leaders: "If command received from client: append entry to local log, respond after entry applied to state machine"
 * (Figure 2). To respond is the application's part.
 */
function append(raft: Raft, leader: Leader, message: Propose): void {
  // In the crate a leader that was removed leads on, and takes no proposals.
  if (!leader.tracker.has(raft.id)) throw dropped(raft, "it was removed; propose to another node");
  if (leader.leadTransferee !== null) {
    throw dropped(raft, `it is handing over leadership to node ${leader.leadTransferee}; try again later`);
  }
  const isRefused = message.entryType === "configuration" && !takesChange(raft, leader, message.proposals[0]);
  const proposals = isRefused ? [NOTHING] : message.proposals;
  if (!increaseUncommittedSize(leader, proposals, raft.config.maxUncommittedSize)) {
    throw dropped(raft, `${leader.uncommittedSize} bytes are uncommitted already; try again later`);
  }
  if (isRefused) appendToOwnLog(raft, "empty", proposals);
  else if (message.entryType === "configuration") appendChange(raft, leader, proposals[0]);
  else appendToOwnLog(raft, "command", proposals);
  broadcastAppend(raft, leader);
}

/**
 * Make room for `proposals`. One proposal of any size always fits, and so do empty ones.
 *
 * @returns Whether there is room.
 */
function increaseUncommittedSize(leader: Leader, proposals: readonly Uint8Array[], limit: number): boolean {
  if (limit === Infinity) return true;
  let size = 0;
  for (const data of proposals) size += data.length;
  const fits = size === 0 || leader.uncommittedSize === 0 || leader.uncommittedSize + size <= limit;
  if (fits) leader.uncommittedSize += size;
  return fits;
}

/** `entries` were handed over to be applied: they no longer count as uncommitted. */
export function reduceUncommittedSize(raft: Raft, leader: Leader, entries: readonly Entry[]): void {
  if (raft.config.maxUncommittedSize === Infinity) return;
  let size = 0;
  for (const { index, data } of entries) if (index > leader.electedAt) size += data.length;
  leader.uncommittedSize = Math.max(0, leader.uncommittedSize - size);
}

function dropped(raft: Raft, why: string): RaftError {
  return new RaftError("ProposalDropped", `Cannot propose to node ${raft.id} in term ${raft.term}: ${why}`);
}
