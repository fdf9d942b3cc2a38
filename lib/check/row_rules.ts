/**
 * The invariants that what happens decides: what is applied, and what leaves a node when.
 *
 * @module
 */
import type { ApplyRow, MessageRow, ReadyRow } from "../trace/rows.ts";
import { assert, type Storage } from "../raft/mod.ts";
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
  for (const { type, reject } of [...messages, ...light.messages]) {
    assert(
      type === "Append" || type === "Heartbeat" || type === "Snapshot" || reject,
      "A vote, a vote request or an acknowledgement leaves a node only after it is durable",
    );
  }
}

/** 15: what a message speaks of is in its sender's storage when it leaves. */
export function durableBeforeSent({ event, type, from, to, term, index, reject }: MessageRow, storage: Storage): void {
  if (event !== "sent" || reject) return;
  const { hardState } = storage.initialState();
  const durable = () => {
    switch (type) {
      case "RequestVote":
        return hardState.term > (term ?? 0) || (hardState.term === term && hardState.vote === from);
      case "RequestVoteResponse":
        return hardState.term > (term ?? 0) || (hardState.term === term && hardState.vote === to);
      case "AppendResponse":
        return hardState.term > (term ?? 0) || (hardState.term === term && storage.lastIndex() >= (index ?? 0));
      default:
        return true;
    }
  };
  assert(durable(), "A vote, a vote request or an acknowledgement leaves a node only after it is durable");
}
