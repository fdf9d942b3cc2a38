/**
 * The invariants that what happens decides: what is applied, and what leaves a node when.
 *
 * @module
 */
import type { ApplyRow, MessageRow, ReadyRow } from "../trace/rows.ts";
import { assert, type Storage } from "../raft/mod.ts";
import { isRejection } from "../trace/words.ts";
import type { History } from "./history.ts";

/** 5 (paper §5.4.3). */
export function stateMachineSafety({ index, term, outcome }: ApplyRow, history: History): void {
  const what = `${term} ${JSON.stringify(outcome)}`;
  const known = history.applied.get(index) ?? what;
  history.applied.set(index, known);
  assert(known === what, "State Machine Safety: no two nodes apply different entries at an index");
}

/** 15: which messages need not wait for the disk (thesis §10.2.1); a refusal promises nothing. */
export function onlyLeadersDoNotWait({ messages, light }: ReadyRow): void {
  for (const message of [...messages, ...light.messages]) {
    const { type } = message;
    assert(
      type === "Append" || type === "Heartbeat" || type === "Snapshot" || isRejection(message),
      "A vote, a vote request or an acknowledgement leaves a node only after it is durable",
    );
  }
}

/** 15: what a message speaks of is in its sender's storage when it leaves. */
export function durableBeforeSent(row: MessageRow, storage: Storage): void {
  if (row.event !== "sent" || isRejection(row)) return;
  const { hardState: { term, vote } } = storage.initialState();
  const durable = () => {
    switch (row.type) {
      case "RequestVote":
        return term > row.term || (term === row.term && vote === row.from);
      case "RequestVoteResponse":
        return term > row.term || (term === row.term && vote === row.to);
      case "AppendResponse":
        return term > row.term || (term === row.term && row.success && storage.lastIndex() >= row.matchIndex);
      default:
        return true;
    }
  };
  assert(durable(), "A vote, a vote request or an acknowledgement leaves a node only after it is durable");
}
