/**
 * Where messages enter: first the term, then the rule for the message and the role (paper §5.1).
 *
 * @module
 */
import { unreachable } from "./assert.ts";
import { checkMessage } from "./check_message.ts";
import { isMember } from "./configuration.ts";
import { handleRequestVote, handleRequestVoteResponse } from "./election.ts";
import { RaftError } from "./errors.ts";
import { handleHeartbeat, handleHeartbeatResponse } from "./heartbeat.ts";
import type { Message, Propose } from "./message.ts";
import { handlePropose } from "./proposal.ts";
import { handleAppend, handleAppendResponse } from "./replication.ts";
import { becomeFollower } from "./roles.ts";
import { handleSnapshot } from "./snapshot.ts";
import type { Raft } from "./state.ts";

/**
 * Let `raft` take in `message`; crate item `Raft::step`.
 *
 * @throws {RaftError} `ProposalDropped` if a proposal cannot be taken, `StepPeerNotFound` if a response comes from
 * outside the cluster, `MessageInvalid` or `StepLocalMsg` if the message is none that a node sends.
 */
export function step(raft: Raft, message: Message): void {
  checkMessage(raft.id, message);
  if (message.type === "Propose") return handlePropose(raft, message);
  const senderRole = senderRoleOf(message);
  if (senderRole === "responder" && !isMember(raft.confState, message.from)) throw notAPeer(raft, message);
  // All servers: "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower
  // (§5.1)."
  if (message.term > raft.term) becomeFollower(raft, message.term, senderRole === "leader" ? message.from : null);
  // Both RPCs, receiver 1: "Reply false if term < currentTerm (§5.1)." As in the crate, nobody replies: whoever is
  // behind learns the newer term from the next message of it, a request for a vote or its leader's.
  if (message.term < raft.term) return;
  stepInTerm(raft, message);
}

/** The part a message's sender plays. */
function senderRoleOf(message: Exclude<Message, Propose>): "leader" | "candidate" | "responder" {
  switch (message.type) {
    case "Append":
    case "Heartbeat":
    case "Snapshot":
      return "leader";
    case "RequestVote":
      return "candidate";
    case "RequestVoteResponse":
    case "AppendResponse":
    case "HeartbeatResponse":
      return "responder";
    default:
      return unreachable(message);
  }
}

/**
 * The sender and `raft` are in the same term. Followers: "Respond to RPCs from candidates and leaders" (Figure 2). An
 * answer counts only in the role that asked for it.
 */
function stepInTerm(raft: Raft, message: Exclude<Message, Propose>): void {
  const { role } = raft;
  switch (message.type) {
    case "RequestVote":
      return handleRequestVote(raft, message);
    case "RequestVoteResponse":
      if (role.kind === "candidate") handleRequestVoteResponse(raft, role, message);
      return;
    case "Append":
      return handleAppend(raft, message);
    case "AppendResponse":
      if (role.kind === "leader") handleAppendResponse(raft, role, message);
      return;
    case "Heartbeat":
      return handleHeartbeat(raft, message);
    case "HeartbeatResponse":
      if (role.kind === "leader") handleHeartbeatResponse(raft, role, message);
      return;
    case "Snapshot":
      return handleSnapshot(raft, message);
    default:
      return unreachable(message);
  }
}

function notAPeer({ id }: Raft, { type, from }: Message): RaftError {
  return new RaftError(
    "StepPeerNotFound",
    `Cannot step ${type} from node ${from}: node ${id}'s configuration lacks it`,
  );
}
