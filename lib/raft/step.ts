/**
 * The door for messages: first the term, then the rule for the message and the role (paper §5.1).
 *
 * Floor 4.
 *
 * @module
 */
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
 * outside the cluster, `StepLocalMsg` if the message is of no type that travels.
 */
export function step(raft: Raft, message: Message): void {
  if (message.type === "Propose") return handlePropose(raft, message);
  if (isResponse(message) && !raft.confState.voters.includes(message.from)) {
    const what = `a ${message.type} from node ${message.from}`;
    throw new RaftError("StepPeerNotFound", `Cannot step ${what}: it is not in node ${raft.id}'s configuration`);
  }
  if (message.term > raft.term) becomeFollower(raft, message.term, isFromLeader(message) ? message.from : null);
  // §5.1: a message of an older term says nothing any more.
  if (message.term < raft.term) return;
  stepInTerm(raft, message);
}

/** The sender and `raft` are in the same term. */
function stepInTerm(raft: Raft, message: Exclude<Message, Propose>): void {
  const { role } = raft;
  switch (message.type) {
    case "RequestVote":
      return handleRequestVote(raft, message);
    case "RequestVoteResponse":
      return role.kind === "candidate" ? handleRequestVoteResponse(raft, role, message) : undefined;
    case "Append":
      return handleAppend(raft, message);
    case "AppendResponse":
      return role.kind === "leader" ? handleAppendResponse(raft, role, message) : undefined;
    case "Heartbeat":
      return handleHeartbeat(raft, message);
    case "HeartbeatResponse":
      return role.kind === "leader" ? handleHeartbeatResponse(raft, role, message) : undefined;
    case "Snapshot":
      return handleSnapshot(raft, message);
    default:
      throw notAMessage(message);
  }
}

function isResponse({ type }: Message): boolean {
  return type === "AppendResponse" || type === "HeartbeatResponse" || type === "RequestVoteResponse";
}

function isFromLeader({ type }: Message): boolean {
  return type === "Append" || type === "Heartbeat" || type === "Snapshot";
}

function notAMessage(message: never): RaftError {
  return new RaftError("StepLocalMsg", `Cannot step ${JSON.stringify(message)}: nodes send no message of that type`);
}
