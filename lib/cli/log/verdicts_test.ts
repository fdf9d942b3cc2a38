/** What `log` says about bytes that are no frame, compared with what a start does with them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { crc32 } from "node:zlib";
import { WalError } from "../../storage/files.ts";
import { FileStorage } from "../../storage/file_storage.ts";
import { MemoryFiles } from "../../storage/memory_files.ts";
import { readLog } from "../../storage/read_log.ts";
import { plain } from "../terminal.ts";
import { largeLog, writeSmallLog } from "./log_cases.ts";
import { reportOf } from "./report.ts";

const FIRST = "log/0000000001.log";
const SECOND = "log/0000000002.log";
const SNAPSHOT = "log/0000000003.snapshot";

const small = new MemoryFiles();
writeSmallLog("log", small);
/** With a frame in the last segment that may be torn. */
const large = new MemoryFiles();
const storage = largeLog("log", large);
storage.setCommit(200);
storage.sync();
storage.close();

type Change = (files: MemoryFiles) => void;

function changed(files: MemoryFiles, ...changes: Change[]): MemoryFiles {
  const copy = files.copy();
  for (const change of changes) change(copy);
  return copy;
}

const cut = (path: string, length: number): Change => (files) => files.put(path, files.read(path).slice(0, length));
const tear = (path: string): Change => (files) => cut(path, files.read(path).length - 1)(files);
const flip = (path: string, offset: number): Change => (files) =>
  files.put(path, files.read(path).map((byte, i) => i === offset ? byte ^ 1 : byte));
const foreign: Change = (files) => files.put("log/notes.txt", new Uint8Array(1));
/** A whole header, of a format that is not known yet. */
const newer = (path: string): Change => (files) => {
  const bytes = files.read(path);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 4, true);
  view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
  files.put(path, bytes);
};

/** The report on the log, and whether it says that a node starts. */
function look(files: MemoryFiles): { text: string; starts: boolean } {
  const { lines, starts } = reportOf({ directory: "log", files, report: readLog("log", files) }, plain);
  for (const line of lines) ok(line.length <= 80, line);
  return { text: lines.join("\n"), starts };
}

/** The bytes that a start drops from the last segment; `null` if it refuses. */
function droppedBy(files: MemoryFiles): number | null {
  const started = files.copy();
  try {
    FileStorage.open("log", { voters: [1, 2, 3] }, { files: started }).close();
  } catch (error) {
    if (error instanceof WalError) return null;
    throw error;
  }
  const segments = (started.list("log") ?? []).filter((name) => name.endsWith(".log"));
  const sizeIn = (of: MemoryFiles) => segments.reduce((sum, name) => sum + of.read(`log/${name}`).length, 0);
  return sizeIn(files) - sizeIn(started);
}

/** The report says of the same bytes that they are dropped, and a start does just that. */
function requireTruth(files: MemoryFiles, what: string): "torn" | "whole" | "refused" {
  const { text, starts } = look(files);
  const dropped = droppedBy(files);
  strictEqual(starts, dropped !== null, what);
  const torn = [...text.matchAll(/^ +\d+ {2}torn +\d+ +(\d+) /gm)].map(([, bytes]) => Number(bytes));
  deepStrictEqual(torn, dropped ? [dropped] : [], what);
  strictEqual(/torn tail|drops \d/i.test(text), torn.length > 0, what);
  return dropped === null ? "refused" : torn.length > 0 ? "torn" : "whole";
}

Deno.test("torn is what the next start drops, and nothing else: at every cut and every flipped byte of a log", () => {
  const seen = { torn: 0, whole: 0, refused: 0 };
  for (let i = 0; i < small.read(FIRST).length; i++) {
    seen[requireTruth(changed(small, cut(FIRST, i)), `cut at ${i}`)]++;
    seen[requireTruth(changed(small, flip(FIRST, i)), `flipped byte ${i}`)]++;
    strictEqual(requireTruth(changed(small, cut(FIRST, i), foreign), `cut at ${i}, and a foreign file`), "refused");
  }
  const [, vote, put, last] = readLog("log", small).frames.map(({ bytes }) => bytes);
  deepStrictEqual([seen.torn, seen.whole], [vote - 1 + put - 1 + last - 1 + last, 3]);
});

Deno.test("where a node refuses to start, no frame is said to be dropped", () => {
  const refusals: readonly Change[][] = [
    [newer(FIRST), tear(SECOND)],
    [newer(SECOND)],
    [flip(SECOND, 3)],
    [flip(SECOND, 3), flip(FIRST, 300)],
    [tear(SECOND), flip(FIRST, 300)],
    [tear(SECOND), foreign],
    [tear(SECOND), (files) => files.remove(SNAPSHOT)],
    [tear(SECOND), flip(SNAPSHOT, 10)],
    [tear(SECOND), (files) => files.remove(FIRST)],
  ];
  strictEqual(requireTruth(changed(large, tear(SECOND)), "a torn frame alone"), "torn");
  for (const [i, changes] of refusals.entries()) {
    strictEqual(requireTruth(changed(large, ...changes), `refusal ${i}`), "refused");
  }
});

/** A log that has discarded its first segments; and what the first one was. */
function discarding(): { kept: MemoryFiles; first: Uint8Array } {
  const kept = new MemoryFiles();
  const compacted = FileStorage.open("log", { voters: [1] }, { files: kept, segmentBytes: 300 });
  const first = kept.read(FIRST);
  for (const index of [1, 2, 3, 4, 5, 6]) {
    compacted.setHardState({ term: index, vote: 1, commit: 0 });
    compacted.sync();
  }
  compacted.close();
  ok(!kept.list("log")?.includes("0000000001.log"));
  return { kept, first };
}

Deno.test("a bad frame in an obsolete segment keeps no node from starting", () => {
  const { kept, first } = discarding();
  kept.put(FIRST, first.fill(9, 100));
  strictEqual(requireTruth(kept, "an obsolete segment"), "whole");
  const text = look(kept).text.replace(/\s+/g, " ");
  match(text, /^The log in log 0000000001\.log: \d+ bytes, .*; obsolete, and removed at the next start frame .* bad /);
  ok(!kept.list("log")?.includes("renamed"));
});

Deno.test("a segment by the name of an obsolete or an unfinished one is not removed unless its header says it is one", () => {
  for (const change of [(files: MemoryFiles) => files.put(FIRST, new Uint8Array(50)), flip(FIRST, 50)]) {
    const { kept, first } = discarding();
    kept.put(FIRST, first);
    strictEqual(requireTruth(changed(kept, change), "a header that cannot be read"), "refused");
  }
  for (const name of ["log/0000000001.log", "log/0000000003.log.tmp"]) {
    const files = new MemoryFiles();
    const storage = FileStorage.open("log", { voters: [1] }, { files, segmentBytes: 700 });
    for (let index = 1; index <= 10; index++) {
      storage.append([{ type: "empty", term: 1, index, data: new Uint8Array() }]);
      storage.sync();
    }
    storage.close();
    files.remove(FIRST);
    files.put("log/0000000004.log", files.read(SECOND));
    const before = files.list("log");
    files.rename(files.list("log")?.includes("0000000003.log") ? "log/0000000003.log" : SECOND, name);
    strictEqual(requireTruth(files, name), "refused", `${before}`);
  }
});
