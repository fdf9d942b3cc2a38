/**
 * The border: what a message must be before any rule looks at it.
 *
 * The rules rely on whole numbers, and on entries that follow on each other and on what the message says is before
 * them. A message that breaks this was damaged or forged. It is refused as a whole, and nothing has changed.
 *
 * @module
 */
import { firstMisplaced } from "./entries.ts";
import { RaftError } from "./errors.ts";
import type { Append, CommitInfo, Message, SnapshotMessage } from "./message.ts";
import type { NodeId } from "./types.ts";

/** No id, term or index reaches 2⁵², so that the number after it is always another number. */
export const LIMIT = 2 ** 52;

/** Whether `value` is a whole number from `least` and within the limit. */
export function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value < LIMIT;
}

/**
 * Check a message that node `id` is given.
 *
 * @throws {RaftError} `MessageInvalid`, naming the field and what it must be; `StepLocalMsg` if nodes send no such
 * message.
 */
export function checkMessage(id: NodeId, message: Message): void {
  checkFields(message);
  requireWhole(message, "from", message.from, 1);
  if (message.type === "Propose") return;
  requireWhole(message, "term", message.term, 1);
  require(message.from !== id, message, "from", "must be another node: a node sends itself nothing but proposals");
}

function checkFields(message: Message): void {
  switch (message.type) {
    case "Propose":
      return message.proposals.forEach((data, i) =>
        require(data instanceof Uint8Array, message, `proposals[${i}]`, "must be a Uint8Array")
      );
    case "RequestVote":
      requireWhole(message, "lastLogIndex", message.lastLogIndex, 0);
      requireWhole(message, "lastLogTerm", message.lastLogTerm, 0);
      return checkCommit(message, message);
    case "RequestVoteResponse":
      return message.voteGranted ? undefined : checkCommit(message, message);
    case "Append":
      return checkAppend(message);
    case "AppendResponse":
      requireWhole(message, "commit", message.commit, 0);
      if (message.success) return requireWhole(message, "matchIndex", message.matchIndex, 0);
      requireWhole(message, "prevLogIndex", message.prevLogIndex, 0);
      requireWhole(message, "hint.index", message.hint.index, 0);
      return requireWhole(message, "hint.term", message.hint.term, 0);
    case "Heartbeat":
      return requireWhole(message, "leaderCommit", message.leaderCommit, 0);
    case "HeartbeatResponse":
      return requireWhole(message, "commit", message.commit, 0);
    case "Snapshot":
      return checkSnapshot(message);
    default:
      throw notAMessage(message);
  }
}

function checkAppend(message: Append): void {
  const { prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
  requireWhole(message, "prevLogIndex", prevLogIndex, 0);
  requireWhole(message, "prevLogTerm", prevLogTerm, 0);
  requireWhole(message, "leaderCommit", leaderCommit, 0);
  const misplaced = firstMisplaced({ index: prevLogIndex, term: prevLogTerm }, entries);
  const what = misplaced === undefined ? "" : ` (index ${misplaced.index}, term ${misplaced.term})`;
  require(
    misplaced === undefined,
    message,
    `entries${what}`,
    "must follow on each other and on prevLogIndex, prevLogTerm",
  );
  const lastTerm = entries.at(-1)?.term ?? prevLogTerm;
  require(
    lastTerm <= message.term,
    message,
    `entries (term ${lastTerm})`,
    "must not be of a later term than the message",
  );
}

function checkSnapshot(message: SnapshotMessage): void {
  const { index, term, confState } = message.snapshot.metadata;
  requireWhole(message, "snapshot.metadata.index", index, 1);
  requireWhole(message, "snapshot.metadata.term", term, 1);
  require(term <= message.term, message, "snapshot.metadata.term", "must not be later than the message's term");
  const { voters, learners, votersOutgoing, learnersNext } = confState;
  for (const id of [...voters, ...learners, ...votersOutgoing, ...learnersNext]) {
    requireWhole(message, "snapshot.metadata.confState", id, 1);
  }
  require(voters.length > 0, message, "snapshot.metadata.confState", "must have voters");
}

function checkCommit(message: Message, { commit, commitTerm }: CommitInfo): void {
  requireWhole(message, "commit", commit, 0);
  requireWhole(message, "commitTerm", commitTerm, 0);
}

function requireWhole(message: Message, field: string, value: number, least: number): void {
  if (isWhole(value, least)) return;
  require(false, message, field, `must be a whole number from ${least} and less than 2^52, and is ${value}`);
}

function require(holds: boolean, { type, from }: Message, field: string, rule: string): void {
  if (holds) return;
  throw new RaftError("MessageInvalid", `Cannot step ${type} from node ${from}: ${field} ${rule}`);
}

function notAMessage(message: never): RaftError {
  return new RaftError("StepLocalMsg", `Cannot step ${JSON.stringify(message)}: nodes send no message of that type`);
}
