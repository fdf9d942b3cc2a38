/** What `log` says about bytes that are no frame, held against what a start does with them. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { crc32 } from "node:zlib";
import { FileStorage } from "../../storage/file_storage.ts";
import { MemoryFiles } from "../../storage/memory_files.ts";
import { WalError } from "../../storage/wal_error.ts";
import { plain } from "../terminal.ts";
import { inspect, type Inspection } from "./inspect.ts";
import { jsonLines } from "./json.ts";
import { writeLargeLog, writeSmallLog } from "./log_cases.ts";
import { reportLines } from "./report.ts";

const FIRST = "log/0000000001.log";
const SECOND = "log/0000000002.log";
const SNAPSHOT = "log/0000000003.snapshot";

const small = new MemoryFiles();
writeSmallLog("log", small);
/** With a frame in the last segment that may be torn. */
const large = new MemoryFiles();
writeLargeLog("log", large);
const storage = FileStorage.open("log", { voters: [1, 2, 3] }, { files: large });
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
const flip = (path: string, offset: number): Change => (files) => {
  const bytes = files.read(path).slice();
  bytes[offset] ^= 1;
  files.put(path, bytes);
};
const tear = (path: string): Change => (files) => cut(path, files.read(path).length - 1)(files);
const foreign: Change = (files) => files.put("log/notes.txt", new Uint8Array(1));
/** A whole header, of a format that is not known yet. */
const newer = (path: string): Change => (files) => {
  const bytes = files.read(path).slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 2, true);
  view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
  files.put(path, bytes);
};

function look(files: MemoryFiles): Inspection {
  return inspect({ directory: "log", names: files.list("log") ?? [], files });
}

function segmentsOf(files: MemoryFiles): string[] {
  return (files.list("log") ?? []).filter((name) => name.endsWith(".log"));
}

/** What a start removes of each file; `null` if it refuses. */
function droppedBy(files: MemoryFiles): Record<string, number> | null {
  const started = files.copy();
  try {
    FileStorage.open("log", { voters: [1, 2, 3] }, { files: started }).close();
  } catch (error) {
    if (error instanceof WalError) return null;
    throw error;
  }
  const lost = (name: string) => files.read(`log/${name}`).length - started.read(`log/${name}`).length;
  return Object.fromEntries(segmentsOf(started).map((name) => [name, lost(name)]).filter(([, bytes]) => bytes !== 0));
}

/** The report and the JSON lines say of the same frames that they are dropped, and a start does just that. */
function requireTruth(files: MemoryFiles, what: string): "torn" | "whole" | "refused" {
  const inspection = look(files);
  const dropped = droppedBy(files);
  strictEqual(inspection.refusal !== null, dropped === null, what);
  const rows: Record<string, unknown>[] = jsonLines(inspection).map((line) => JSON.parse(line));
  const torn = rows.filter(({ verdict }) => verdict === "torn").map(({ file, bytes }) => [file, bytes]);
  deepStrictEqual(Object.fromEntries(torn), dropped ?? {}, what);
  const text = reportLines(inspection, "summaries", plain).join("\n");
  strictEqual(text.match(/^ +\d+ {2}torn /gm)?.length ?? 0, torn.length, what);
  strictEqual(/torn tail|drops \d/i.test(text), torn.length > 0, what);
  for (const line of text.split("\n")) ok(line.length <= 80, line);
  return dropped === null ? "refused" : torn.length > 0 ? "torn" : "whole";
}

Deno.test("torn is what the next start drops, and nothing else: at every cut and every flipped byte of a log", () => {
  const length = small.read(FIRST).length;
  const seen = { torn: 0, whole: 0, refused: 0 };
  for (let i = 0; i < length; i++) {
    seen[requireTruth(changed(small, cut(FIRST, i)), `cut at ${i}`)]++;
    seen[requireTruth(changed(small, flip(FIRST, i)), `flipped byte ${i}`)]++;
    strictEqual(requireTruth(changed(small, cut(FIRST, i), foreign), `cut at ${i}, and a foreign file`), "refused");
  }
  deepStrictEqual(seen, { torn: 377, whole: 3, refused: 460 });
});

const refusals: readonly [string, Change[]][] = [
  ["a newer format in the first segment, and a torn frame in the last", [newer(FIRST), tear(SECOND)]],
  ["a newer format in the last segment", [newer(SECOND)]],
  ["a bad header in the last segment", [flip(SECOND, 3)]],
  ["a bad header in the last segment, and damage before", [flip(SECOND, 3), flip(FIRST, 300)]],
  ["a torn frame in the last segment, and damage before", [tear(SECOND), flip(FIRST, 300)]],
  ["a torn frame, and a file of somebody else", [tear(SECOND), foreign]],
  ["a torn frame, and no snapshot", [tear(SECOND), (files) => files.remove(SNAPSHOT)]],
  ["a torn frame, and a damaged snapshot", [tear(SECOND), flip(SNAPSHOT, 10)]],
  ["a torn frame, and the first segment gone", [tear(SECOND), (files) => files.remove(FIRST)]],
];
for (const [what, changes] of refusals) {
  Deno.test(`where a node refuses to start, no frame is said to be dropped: ${what}`, () => {
    strictEqual(requireTruth(changed(large, tear(SECOND)), "a torn frame alone"), "torn");
    const files = changed(large, ...changes);
    strictEqual(requireTruth(files, what), "refused");
    const text = reportLines(look(files), "summaries", plain).join("\n");
    match(text, /^ +(\d+|-) {2}bad .*\n {7}[^\n]*\.\n {7}A node refuses to start, and drops nothing: see the end /m);
  });
}

Deno.test("a log of a newer format is told from a torn one", () => {
  const text = reportLines(look(changed(small, newer(FIRST))), "summaries", plain).join("\n");
  match(text, /^0000000001\.log, 420 bytes: segment 1 by its name, but its header cannot be used\nframe/m);
  match(text, /^ {4}- {2}bad {9}0 {4}420 .*\n {7}its format is version 2\.\n {7}A node refuses to start/m);
  match(text, /A node refuses to start on this log\. [^]*this program knows[ \n]version 1/);
});

Deno.test("a bad frame in a segment that is left over keeps no node from starting", () => {
  const gap = new MemoryFiles();
  const kept = FileStorage.open("log", { voters: [1] }, { files: gap, segmentBytes: 100 });
  for (let index = 1; index <= 6; index++) {
    kept.append([{ type: "command", term: 1, index, data: new Uint8Array(40) }]);
    kept.sync();
    kept.createSnapshot(index, new Uint8Array());
    kept.compact(index);
    kept.sync();
  }
  kept.close();
  ok(!segmentsOf(gap).includes("0000000001.log"));
  gap.put(FIRST, new Uint8Array(50));
  strictEqual(requireTruth(gap, "a leftover"), "whole");
  const text = reportLines(look(gap), "summaries", plain).join("\n").replace(/\s+/g, " ");
  match(text, /^The log in log 0000000001\.log, 50 bytes: .*; left over, and removed at the next start frame .* bad /);
  match(text, / it does not begin as a segment of a log does\. 0000000/);
});
