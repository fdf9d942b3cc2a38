/**
 * Leadership transfer (thesis §3.10).
 *
 * The leader takes no more proposals, brings the node that is to lead up to date, and then tells it to campaign at
 * once. If nothing comes of it within an election timeout, the leader goes on as before.
 *
 * @module
 */
import { isVoter } from "./configuration.ts";
import { campaign, mayCampaign } from "./election.ts";
import type { TimeoutNow, TransferLeader } from "./message.ts";
import { sendAppend } from "./replication.ts";
import { type Leader, promotable, type Raft } from "./state.ts";
import type { NodeId } from "./types.ts";

/** The application wants `transferee` to lead: a leader begins, a follower tells its leader. */
export function transferLeader(raft: Raft, transferee: NodeId): void {
  const { id: from, term, role } = raft;
  if (role.kind === "leader") return beginTransfer(raft, role, transferee);
  if (role.kind !== "follower" || role.leaderId === null) return;
  raft.messages.push({ type: "TransferLeader", from, to: role.leaderId, term, transferee });
}

/** A follower asks for it. Only a leader can do it. */
export function handleTransferLeader(raft: Raft, { transferee }: TransferLeader): void {
  if (raft.role.kind === "leader") beginTransfer(raft, raft.role, transferee);
}

/** Another transfer takes the place of the one under way, and one to the leader itself ends it. */
function beginTransfer(raft: Raft, leader: Leader, transferee: NodeId): void {
  const progress = leader.tracker.get(transferee);
  if (progress === undefined || !isVoter(raft.confState, transferee)) return;
  if (leader.leadTransferee === transferee) return;
  leader.leadTransferee = transferee === raft.id ? null : transferee;
  if (transferee === raft.id) return;
  // §3.10: "If leadership transfer does not complete after about an election timeout, the prior leader aborts."
  raft.electionElapsed = 0;
  if (progress.matchIndex < raft.log.lastIndex()) sendAppend(raft, progress);
  else sendTimeoutNow(raft, leader, transferee);
}

/** `from`, which is to lead, has stored what it was sent. If it holds all entries now, it can win: tell it to campaign. */
export function continueTransfer(raft: Raft, leader: Leader, from: NodeId): void {
  if (leader.tracker.get(from)?.matchIndex === raft.log.lastIndex()) sendTimeoutNow(raft, leader, from);
}

function sendTimeoutNow({ id: from, term, messages }: Raft, leader: Leader, to: NodeId): void {
  leader.timeoutNowSent = true;
  messages.push({ type: "TimeoutNow", from, to, term });
}

/**
 * The leader wants this node to lead: campaign, without a pre-vote, and with requests that a lease does not hold back.
 */
export function handleTimeoutNow(raft: Raft, _message: TimeoutNow): void {
  if (raft.role.kind === "follower" && promotable(raft) && mayCampaign(raft)) campaign(raft, "transfer");
}
