/**
 * The border: what a message must be before any rule looks at it.
 *
 * The rules rely on whole numbers, and on entries that follow on each other and on what the message says is before
 * them. A message that breaks this was damaged or forged. It is refused as a whole, and nothing has changed.
 *
 * @module
 */
import { firstMisplaced } from "./storage.ts";
import { RaftError } from "./errors.ts";
import type { Append, AppendResponse, CommitInfo, Heartbeat, HeartbeatResponse, Message, Propose } from "./message.ts";
import type { Candidacy, SnapshotMessage } from "./message.ts";
import type { NodeId } from "./types.ts";

/** No id, term or index reaches 2⁵², so that the number after it is always another number. */
export const LIMIT = 2 ** 52;

/** Whether `value` is a whole number from `least` and within the limit. */
export function isWhole(value: number, least: number): boolean {
  return value >= least && value < LIMIT && Math.floor(value) === value;
}

/**
 * Check a message that node `id` is given.
 *
 * @throws {RaftError} `MessageInvalid`, naming the field and what it must be; `StepLocalMsg` if nodes send no such
 * message.
 */
export function checkMessage(id: NodeId, message: Message): void {
  try {
    checkFields(message);
  } catch (error) {
    if (error instanceof RaftError) throw error;
    throw new RaftError("MessageInvalid", `Cannot step ${message?.type}: a part is missing, or is none of its kind`);
  }
  requireWhole(message.from, 1, message, "from");
  if (message.type === "Propose" || message.type === "ReadIndex") return;
  requireWhole(message.term, 1, message, "term");
  require(message.from !== id, message, "from", "must be another node: a node sends itself nothing but proposals");
}

function checkFields(message: Message): void {
  switch (message.type) {
    case "Propose":
      return checkPropose(message);
    case "Append":
      return checkAppend(message);
    case "AppendResponse":
      return checkAppendResponse(message);
    case "Heartbeat":
      requireWhole(message.leaderCommit, 0, message, "leaderCommit");
      return checkRead(message);
    case "HeartbeatResponse":
      requireWhole(message.commit, 0, message, "commit");
      return checkRead(message);
    default:
      return checkRarer(message);
  }
}

/** Those that are not sent all the time. */
function checkRarer(
  message: Exclude<Message, Propose | Append | AppendResponse | Heartbeat | HeartbeatResponse>,
): void {
  switch (message.type) {
    case "Snapshot":
      return checkSnapshot(message);
    case "RequestVote":
    case "RequestPreVote":
      return checkCandidacy(message);
    case "RequestVoteResponse":
    case "RequestPreVoteResponse":
      return message.voteGranted ? undefined : checkCommit(message, message);
    case "TimeoutNow":
      return;
    case "TransferLeader":
      return requireWhole(message.transferee, 1, message, "transferee");
    case "ReadIndexResp":
      requireWhole(message.index, 0, message, "index");
      return checkContext(message.context, message, "context");
    case "ReadIndex":
      return checkContext(message.context, message, "context");
    default:
      throw new RaftError("StepLocalMsg", `Cannot step ${JSON.stringify(message satisfies never)}: no node sends it`);
  }
}

function checkPropose(message: Propose): void {
  const { proposals, entryType } = message;
  for (const data of proposals) require(ArrayBuffer.isView(data), message, "proposals", "must be bytes");
  if (entryType === undefined) return;
  require(entryType === "configuration", message, "entryType", 'must be "configuration" or left out');
  require(proposals.length === 1, message, "proposals", "must be one, if it changes the configuration");
}

function checkCandidacy(message: Message & Candidacy): void {
  requireWhole(message.lastLogIndex, 0, message, "lastLogIndex");
  requireWhole(message.lastLogTerm, 0, message, "lastLogTerm");
  checkCommit(message, message);
}

function checkRead(message: Heartbeat | HeartbeatResponse): void {
  if (message.lease !== undefined) requireWhole(message.lease.sentAt, 1, message, "lease.sentAt");
  if (message.read === undefined) return;
  requireWhole(message.read.round, 1, message, "read.round");
  checkContext(message.read.context, message, "read.context");
}

function checkContext(context: Uint8Array, message: Message, field: string): void {
  require(ArrayBuffer.isView(context) && context.length > 0, message, field, "must be bytes, at least one");
}

function checkAppend(message: Append): void {
  const { term, prevLogIndex, prevLogTerm, leaderCommit, entries } = message;
  requireWhole(prevLogIndex, 0, message, "prevLogIndex");
  requireWhole(prevLogTerm, 0, message, "prevLogTerm");
  requireWhole(leaderCommit, 0, message, "leaderCommit");
  if (entries.length === 0) return;
  const misplaced = firstMisplaced(prevLogIndex, prevLogTerm, entries);
  if (misplaced !== undefined) {
    const place = `index ${misplaced.index}, term ${misplaced.term}`;
    require(false, message, "entries", `must follow on each other and on prevLogIndex, prevLogTerm; ${place} does not`);
  }
  require(entries[entries.length - 1].term <= term, message, "entries", "must not be of a later term than the message");
}

function checkAppendResponse(message: AppendResponse): void {
  requireWhole(message.commit, 0, message, "commit");
  if (message.success) return requireWhole(message.matchIndex, 0, message, "matchIndex");
  requireWhole(message.prevLogIndex, 0, message, "prevLogIndex");
  requireWhole(message.hint.index, 0, message, "hint.index");
  requireWhole(message.hint.term, 0, message, "hint.term");
}

function checkSnapshot(message: SnapshotMessage): void {
  const { index, term, confState: { voters, learners, votersOutgoing, learnersNext } } = message.snapshot.metadata;
  requireWhole(index, 1, message, "snapshot.metadata.index");
  requireWhole(term, 1, message, "snapshot.metadata.term");
  require(term <= message.term, message, "snapshot.metadata.term", "must not be later than the message's term");
  for (const member of [...voters, ...learners, ...votersOutgoing, ...learnersNext]) {
    requireWhole(member, 1, message, "snapshot.metadata.confState");
  }
  require(voters.length > 0, message, "snapshot.metadata.confState", "must have voters");
  require(ArrayBuffer.isView(message.snapshot.data), message, "snapshot.data", "must be bytes");
}

function checkCommit({ commit, commitTerm }: CommitInfo, message: Message): void {
  requireWhole(commit, 0, message, "commit");
  requireWhole(commitTerm, 0, message, "commitTerm");
}

function requireWhole(value: number, least: number, message: Message, field: string): void {
  if (isWhole(value, least)) return;
  require(false, message, field, `must be a whole number from ${least} and less than 2^52, and is ${value}`);
}

function require(holds: boolean, message: Message, field: string, rule: string): void {
  if (holds) return;
  throw new RaftError("MessageInvalid", `Cannot step ${message.type} from node ${message.from}: ${field} ${rule}`);
}
