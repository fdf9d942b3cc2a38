import { deepStrictEqual } from "node:assert/strict";
import { type MessageSummary, summarise } from "./rows.ts";
import { type Message, newConfState } from "../raft/mod.ts";

const at = { from: 1, to: 2, term: 3 };
const entries = [1, 2].map((index) => ({ type: "command" as const, term: 3, index, data: new Uint8Array([index]) }));
const metadata = { index: 5, term: 2, confState: newConfState({ voters: [1, 2] }) };
const snapshot = { metadata, data: new Uint8Array(9) };
const refusal = { voteGranted: false, commit: 4, commitTerm: 2 } as const;
const proposals = [new Uint8Array(1), new Uint8Array(2), new Uint8Array(3)];

/** Every type of message, and what its summary says beside its type, its sender and its receiver. */
const CASES: [message: Message, says: Partial<MessageSummary>][] = [
  [{ ...at, type: "RequestVote", lastLogIndex: 5, lastLogTerm: 2, commit: 4, commitTerm: 2 }, {
    term: 3,
    index: 5,
    commit: 4,
  }],
  [{ ...at, type: "RequestVoteResponse", voteGranted: true }, { term: 3 }],
  [{ ...at, type: "RequestVoteResponse", ...refusal }, { term: 3, reject: true }],
  [{ ...at, type: "Append", prevLogIndex: 5, prevLogTerm: 2, entries, leaderCommit: 4 }, {
    term: 3,
    index: 5,
    entries: 2,
    commit: 4,
  }],
  [{ ...at, type: "AppendResponse", success: true, matchIndex: 5, commit: 4 }, { term: 3, index: 5, commit: 4 }],
  [
    { ...at, type: "AppendResponse", success: false, prevLogIndex: 5, hint: { index: 1, term: 1 }, commit: 4 },
    { term: 3, index: 5, commit: 4, reject: true },
  ],
  [{ ...at, type: "Heartbeat", leaderCommit: 4 }, { term: 3, commit: 4 }],
  [{ ...at, type: "HeartbeatResponse", commit: 4 }, { term: 3, commit: 4 }],
  [{ ...at, type: "Snapshot", snapshot }, { term: 3, index: 5 }],
  [{ type: "Propose", from: 1, to: 2, proposals }, { entries: 3 }],
];

for (const [message, says] of CASES) {
  const answer = says.reject === true ? " that rejects" : "";
  Deno.test(`a ${message.type}${answer} is summarised by what it says, without its bytes`, () => {
    const { type, from, to } = message;
    const nothing = { term: null, index: null, entries: 0, commit: null, reject: false };
    deepStrictEqual(summarise(message), { type, from, to, ...nothing, ...says });
  });
}
