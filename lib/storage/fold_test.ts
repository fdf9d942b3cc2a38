/** What frames come to whose log began in segments that are gone. */
import { deepStrictEqual, throws } from "node:assert/strict";
import { entry } from "../raft/paper_cases.ts";
import { confState } from "../raft/storage_snapshot_cases.ts";
import type { Index, Term } from "../raft/types.ts";
import { viewOf } from "./bytes.ts";
import { beginLog, fold, type FoldedLog } from "./fold.ts";
import { type BasePayload, decodePayload, payloadSize, putPayload, type WritePayload } from "./payload.ts";

function bytesOf(payload: WritePayload | BasePayload): DataView {
  const view = viewOf(new Uint8Array(payloadSize(payload)));
  putPayload(view, 0, payload);
  return view;
}

/** What a frame with entries of these terms comes to when it is read; with `before` it is a base. */
function read(from: Index, terms: readonly Term[], before: Index | null = null) {
  const hardState = { term: 9, vote: null, commit: 0 };
  const entries = terms.map((term, i) => entry(term, from + i));
  const write: WritePayload = { type: "write", hardState, from, entries };
  const view = bytesOf(
    before === null ? write : { ...write, type: "base", before: { index: before, term: 1 }, confState, snapshot: null },
  );
  return decodePayload(before === null ? "write" : "base", view, 0, view.byteLength);
}

/** A log of the entries 5 and 6, whose segments do not have 1 to 4. */
function begun(): FoldedLog {
  const base = read(5, [1, 1], 0);
  if (base.type !== "base") throw new Error("a log begins with a base");
  return beginLog(base);
}

function entriesOf({ entries }: FoldedLog): string[] {
  const { first, length } = entries;
  return entries.read(first, first + length, Infinity).map(({ term, index }) => `${term}@${index}`);
}

Deno.test("entries that stood in segments that are gone can be written anew", () => {
  const log = begun();
  fold(log, read(3, [2, 2, 2]));
  deepStrictEqual(entriesOf(log), ["2@3", "2@4", "2@5"]);
  fold(log, read(5, [3], 2));
  deepStrictEqual(entriesOf(log), ["2@3", "2@4", "3@5"]);
});

Deno.test("entries that stood in segments that are gone can be compacted, with or without others", () => {
  const log = begun();
  fold(log, read(7, [], 3));
  deepStrictEqual(entriesOf(log), ["1@5", "1@6"]);
  fold(log, read(7, [], 5));
  deepStrictEqual(entriesOf(log), ["1@6"]);
  fold(log, read(9, [2], 8));
  deepStrictEqual(entriesOf(log), ["2@9"]);
});

Deno.test("a frame is refused if it takes entries for granted that are not there, or that are compacted", () => {
  const log = begun();
  throws(() => fold(log, read(8, [1])), {
    name: "RangeError",
    message: "its entries begin at index 8, the log has those from 5 to 6",
  });
  fold(log, read(7, [], 5));
  throws(() => fold(log, read(5, [1])), {
    name: "RangeError",
    message: "its entries begin at index 5, the log has those from 6 to 6",
  });
});
