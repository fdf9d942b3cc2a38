/**
 * Where messages enter: first the term, then the rule for the message and the role (paper §5.1).
 *
 * @module
 */
import { unreachable } from "./assert.ts";
import { checkMessage } from "./check_message.ts";
import { answerStaleLeader, isUnderLease } from "./check_quorum.ts";
import { isMember } from "./configuration.ts";
import { handleRequestVote, handleRequestVoteResponse } from "./election.ts";
import { RaftError } from "./errors.ts";
import { handleHeartbeat, handleHeartbeatResponse } from "./heartbeat.ts";
import type { Message, ReadIndexResp, RequestPreVote, RequestPreVoteResponse, TermMessage } from "./message.ts";
import type { TimeoutNow, TransferLeader } from "./message.ts";
import { handleRequestPreVote, handleRequestPreVoteResponse, refuseStalePreVote } from "./pre_vote.ts";
import { handlePropose } from "./proposal.ts";
import { acknowledgeRead, handleReadIndex, handleReadIndexResp } from "./read_index.ts";
import { handleAppend, handleAppendResponse } from "./replication.ts";
import { becomeFollower } from "./roles.ts";
import { handleSnapshot } from "./snapshot.ts";
import type { Raft } from "./state.ts";
import { continueTransfer, handleTimeoutNow, handleTransferLeader } from "./transfer.ts";

/**
 * Let `raft` take in `message`; crate item `Raft::step`.
 *
 * @throws {RaftError} `ProposalDropped` if a proposal cannot be taken, `StepPeerNotFound` if a response comes from
 * outside the cluster, `MessageInvalid` or `StepLocalMsg` if the message is none that a node sends.
 */
export function step(raft: Raft, message: Message): void {
  checkMessage(raft.id, message);
  if (message.type === "Propose") return handlePropose(raft, message);
  if (message.type === "ReadIndex") return handleReadIndex(raft, message);
  const senderRole = senderRoleOf(message);
  if (senderRole === "responder" && !isMember(raft.confState, message.from)) throw notAPeer(raft, message);
  if (message.term > raft.term && !takesTerm(raft, message, senderRole)) return;
  if (message.term < raft.term) return stepOfOlderTerm(raft, message);
  stepInTerm(raft, message);
}

/**
 * All servers: "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower
 * (§5.1)." A term that was only asked about is nobody's yet.
 *
 * @returns Whether the message is to be stepped: not while a lease holds it back.
 */
function takesTerm(raft: Raft, message: TermMessage, senderRole: SenderRole): boolean {
  if (isUnderLease(raft, message)) return false;
  if (isOnlyAskedAbout(message)) return true;
  becomeFollower(raft, message.term, senderRole === "leader" ? message.from : null);
  return true;
}

type SenderRole = "leader" | "candidate" | "responder" | "anybody";

/** The part a message's sender plays. */
function senderRoleOf(message: TermMessage): SenderRole {
  switch (message.type) {
    case "Append":
    case "Heartbeat":
    case "Snapshot":
      return "leader";
    case "AppendResponse":
    case "HeartbeatResponse":
    case "RequestVoteResponse":
    case "RequestPreVoteResponse":
      return "responder";
    case "RequestVote":
    case "RequestPreVote":
      return "candidate";
    case "TimeoutNow":
    case "TransferLeader":
    case "ReadIndexResp":
      return "anybody";
    default:
      return unreachable(message);
  }
}

/** Thesis §9.6: a pre-vote asks about the next term, and one that is granted names it. */
function isOnlyAskedAbout(message: TermMessage): boolean {
  return message.type === "RequestPreVote" || (message.type === "RequestPreVoteResponse" && message.voteGranted);
}

/**
 * Both RPCs, receiver 1: "Reply false if term < currentTerm (§5.1)." As in the crate, nobody replies: whoever is behind
 * learns the newer term from the next message of it, a request for a vote or its leader's. Only where PreVote and
 * CheckQuorum keep these back is there an answer.
 */
function stepOfOlderTerm(raft: Raft, message: TermMessage): void {
  if (message.type === "Append" || message.type === "Heartbeat") answerStaleLeader(raft, message);
  else if (message.type === "RequestPreVote") refuseStalePreVote(raft, message);
}

/**
 * The sender and `raft` are in the same term, or the message asks about the next. Followers: "Respond to RPCs from
 * candidates and leaders" (Figure 2). An answer counts only in the role that asked for it.
 */
function stepInTerm(raft: Raft, message: TermMessage): void {
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
      if (role.kind !== "leader") return;
      if (!handleAppendResponse(raft, role, message)) return;
      if (role.leadTransferee === message.from) continueTransfer(raft, role, message.from);
      return;
    case "Heartbeat":
      return handleHeartbeat(raft, message);
    case "HeartbeatResponse":
      if (role.kind !== "leader") return;
      handleHeartbeatResponse(raft, role, message);
      if (message.read !== undefined) acknowledgeRead(raft, role, message.from, message.read);
      return;
    case "Snapshot":
      return handleSnapshot(raft, message);
    default:
      return stepOfThesis(raft, message);
  }
}

/** The same for the messages that the paper leaves to the thesis. */
function stepOfThesis(
  raft: Raft,
  message: RequestPreVote | RequestPreVoteResponse | TimeoutNow | TransferLeader | ReadIndexResp,
): void {
  const { role } = raft;
  switch (message.type) {
    case "RequestPreVote":
      return handleRequestPreVote(raft, message);
    case "RequestPreVoteResponse":
      if (role.kind === "preCandidate") handleRequestPreVoteResponse(raft, role, message);
      return;
    case "TimeoutNow":
      return handleTimeoutNow(raft, message);
    case "TransferLeader":
      return handleTransferLeader(raft, message);
    case "ReadIndexResp":
      return handleReadIndexResp(raft, message);
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
