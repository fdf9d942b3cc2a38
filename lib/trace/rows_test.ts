import { deepStrictEqual } from "node:assert/strict";
import { Codec, type Command } from "../command.ts";
import { summariseEntry, traceMessage } from "./rows.ts";
import { type ConfChange, type Message, newConfState } from "../raft/mod.ts";

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

Deno.test("a change of the configuration is told as one, in a log and on its way to the leader", () => {
  const change: ConfChange = { transition: "auto", changes: [{ type: "addLearnerNode", node: 4 }] };
  const data = new TextEncoder().encode(JSON.stringify(change));
  const entry = { type: "configuration", term: 3, index: 6 } as const;
  deepStrictEqual(summariseEntry({ ...entry, data }), { term: 3, index: 6, command: null, change });
  const leave: ConfChange = { transition: "auto", changes: [] };
  const end = { ...entry, data: new Uint8Array() };
  deepStrictEqual(summariseEntry(end), { term: 3, index: 6, command: null, change: leave });
  deepStrictEqual(summariseEntry({ ...end, type: "empty" }), { term: 3, index: 6, command: null });
  deepStrictEqual(summariseEntry({ ...entry, data: new Uint8Array([1]) }), { term: 3, index: 6, command: null });
  const propose = { type: "Propose", from: 1, to: 2, entryType: "configuration" } as const;
  deepStrictEqual(traceMessage({ ...propose, proposals: [data] }), { ...propose, commands: [null], change });
});
