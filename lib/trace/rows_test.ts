import { deepStrictEqual } from "node:assert/strict";
import { Codec, type Command } from "../command.ts";
import { traceMessage } from "./rows.ts";
import { type Message, newConfState } from "../raft/mod.ts";

const at = { from: 1, to: 2, term: 3 };
const entry = { type: "command", term: 3, index: 6, data: new Uint8Array([1]) } as const;
const metadata = { index: 5, term: 2, confState: newConfState({ voters: [1, 2] }) };
const snapshot = { metadata, data: new Uint8Array(9) };
const put: Command = { kind: "Put", key: "x", value: "1" };

Deno.test("a message in a row is what was sent, without the bytes of its entries and its snapshot", () => {
  const append: Message = { ...at, type: "Append", prevLogIndex: 5, prevLogTerm: 2, entries: [entry], leaderCommit: 4 };
  deepStrictEqual(traceMessage(append), { ...append, entries: [{ term: 3, index: 6, command: null }] });
  deepStrictEqual(traceMessage({ ...at, type: "Snapshot", snapshot }), { ...at, type: "Snapshot", snapshot: metadata });
  const propose = { type: "Propose", from: 1, to: 2 } as const;
  deepStrictEqual(traceMessage({ ...propose, proposals: [Codec.encode(put)] }), { ...propose, commands: [put] });
  const refused: Message = { ...at, type: "RequestVoteResponse", voteGranted: false, commit: 4, commitTerm: 2 };
  deepStrictEqual(traceMessage(refused), refused);
});
