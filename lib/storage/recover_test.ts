/** What frames come to: a log whose beginning is gone, and frames of another program. */
import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import type { Index, Term } from "../raft/mod.ts";
import { entry } from "../raft/paper_cases.ts";
import { confState } from "../raft/storage_cases.ts";
import { contentOf, open, PLACE, withFile } from "./crash_cases.ts";
import { decodeContent, decodeHeader, encodeFrame, type FrameContent } from "./frame.ts";
import { MemoryFiles } from "./memory_files.ts";
import { readLog } from "./read_log.ts";
import { fold, type FoldedLog } from "./recover.ts";

const HARD_STATE = { term: 9, vote: null, commit: 0 };

/** What a frame with entries of these terms says; with `before` it is a checkpoint. */
function content(from: Index, terms: readonly Term[], before: Index | null = null): FrameContent {
  const entries = terms.map((term, i) => entry(term, from + i));
  const checkpoint = before === null ? null : { before: { index: before, term: 1 }, confState, snapshot: null };
  return { hardState: HARD_STATE, from, entries, checkpoint };
}

/** A log of the entries 5 and 6, whose segments do not have 1 to 4. */
const begun = () => fold(null, content(5, [1, 1], 0));
const entriesOf = ({ first, entries }: FoldedLog) => entries.map(({ term }, i) => `${term}@${first + i}`);

Deno.test("entries that stood in segments that are gone can be written anew", () => {
  const log = begun();
  fold(log, content(3, [2, 2, 2]));
  deepStrictEqual(entriesOf(log), ["2@3", "2@4", "2@5"]);
  fold(log, content(5, [3], 2));
  deepStrictEqual(entriesOf(log), ["2@3", "2@4", "3@5"]);
});

Deno.test("entries that stood in segments that are gone can be compacted, with or without others", () => {
  const log = begun();
  fold(log, content(7, [], 3));
  deepStrictEqual(entriesOf(log), ["1@5", "1@6"]);
  fold(log, content(7, [], 5));
  deepStrictEqual(entriesOf(log), ["1@6"]);
  fold(log, content(9, [2], 8));
  deepStrictEqual(entriesOf(log), ["2@9"]);
});

Deno.test("a frame is refused if it takes entries for granted that are not there, or that are compacted", () => {
  const log = begun();
  throws(() => fold(log, content(8, [1])), /its entries begin at index 8, the log has those from 5 to 6/);
  fold(log, content(7, [], 5));
  throws(() => fold(log, content(5, [1])), /its entries begin at index 5, the log has those from 6 to 6/);
  throws(() => fold(null, content(1, [1])), /a log begins with a checkpoint/);
});

Deno.test("a frame whose checksum matches and whose content is no log's is refused, wherever it stands", () => {
  const files = new MemoryFiles();
  open(files).close();
  const log = contentOf(files, "0000000001.log");
  const header = decodeHeader("", log, 1);
  const [first] = readLog(PLACE, files).frames;
  if (typeof header === "string" || !first.valid) throw new Error("the log is whole");
  const end = { offset: log.length, frame: 2, checksum: first.checksum };
  const [frame] = encodeFrame(content(3, [1]), end, header);
  const gap = withFile(files, "0000000001.log", new Uint8Array([...log, ...frame]));
  const message = /offset \d+, frame 2: the frame is whole, but not of this log: its entries/;
  throws(() => open(gap), { kind: "Damaged", message });
  const view = new DataView(frame.buffer);
  throws(() => decodeContent(view, 0, frame.length - 1), RangeError);
  throws(() => decodeContent(view, 0, frame.length + 1), RangeError);
  view.setUint32(64 + 4, 2 ** 21, true);
  throws(() => decodeContent(view, 0, frame.length), /the number at byte 64 is too large/);
});

Deno.test("frames whose terms fall are of no log", () => {
  throws(() => fold(begun(), content(7, [2, 1])), /the term falls at index 8/);
  const log = fold(begun(), content(7, [3]));
  throws(() => fold(log, content(8, [2])), /the term falls at index 8/);
});

Deno.test("a crafted torn frame of megabytes is read in no time, and so is damage of that size", () => {
  const files = new MemoryFiles();
  open(files).close();
  const log = contentOf(files, "0000000001.log");
  for (const type of [1, 2]) {
    const bytes = new Uint8Array(log.length + 2 ** 21);
    bytes.set(log);
    const view = new DataView(bytes.buffer);
    for (let at = log.length; at + 16 < bytes.length; at += 16) {
      view.setUint32(at + 4, bytes.length - at, true);
      view.setUint32(at + 8, type, true);
      view.setUint32(at + 12, 2, true);
    }
    const start = performance.now();
    match(
      readLog(PLACE, withFile(files, "0000000001.log", bytes)).problem ?? "",
      /bytes follow, which are not one frame/,
    );
    ok(performance.now() - start < 4000, "it was quadratic: many seconds");
  }
});
