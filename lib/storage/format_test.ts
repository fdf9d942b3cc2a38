/** The bytes of the format, and directories that are no log of this version. */
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { FileStorage } from "./file_storage.ts";
import { withDirectory } from "./directory_cases.ts";
import { MemoryFiles } from "./memory_files.ts";
import { bytes, entry } from "../raft/paper_cases.ts";
import { confState } from "../raft/storage_snapshot_cases.ts";
import { contentOf, logOnFiles, open, PLACE, recovered, withFile } from "./crash_cases.ts";
import { readLog } from "./read_log.ts";

const FIRST = "0000000001.log";
const hex = (content: Uint8Array) => [...content].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function small(): MemoryFiles {
  const files = new MemoryFiles();
  const storage = open(files);
  storage.append([entry(3, 1, "hi")]);
  storage.setHardState({ term: 3, vote: 2, commit: 1 });
  storage.sync();
  storage.createSnapshot(1, bytes("state"));
  storage.compact(2);
  storage.sync();
  storage.close();
  return files;
}

Deno.test("the format of the log is this, to the byte", () => {
  const files = small();
  const golden = [
    // Magic, version, segment, first frame, before it, checksum.
    "68726166746c6f67 01000000 01000000 0100000000000000 00000000 3260718a",
    // Checksum, length, base, number, previous | term, vote, commit | from, count | before | voters | no snapshot.
    "b8c9899d 54000000 02000000 0100000000000000 3260718a",
    "0000000000000000 0000000000000000 0000000000000000 0100000000000000 00000000",
    "0000000000000000 0000000000000000 03000000 0100000000000000 0200000000000000 0300000000000000 00000000",
    // Checksum, length, write, number, previous | term, vote, commit | from, count | term, length, "hi".
    "948267d9 32000000 01000000 0200000000000000 b8c9899d",
    "0300000000000000 0200000000000000 0100000000000000 0100000000000000 01000000 0300000000000000 02000000 6869",
    // Checksum, length, base, number, previous | term, vote, commit | from, count | before | voters | snapshot.
    "54d4775278000000 02000000 0300000000000000 948267d9",
    "0300000000000000 0200000000000000 0100000000000000 0200000000000000 00000000",
    "0100000000000000 0300000000000000 03000000 0100000000000000 0200000000000000 0300000000000000",
    "01000000 0300000000000000 0100000000000000 0300000000000000 0500000000000000 fbd293a3",
  ];
  strictEqual(hex(contentOf(files, FIRST)), golden.join("").replaceAll(" ", ""));
  strictEqual(hex(contentOf(files, "0000000003.snapshot")), hex(bytes("hraftsnpstate")));
});

Deno.test("a log of a newer version is refused as such", () => {
  const files = small();
  const content = contentOf(files, FIRST);
  const view = new DataView(content.buffer);
  view.setUint32(8, 2, true);
  view.setUint32(28, crc32(content.subarray(0, 28)), true);
  const newer = withFile(files, FIRST, content);
  throws(() => open(newer), {
    kind: "OtherVersion",
    message: /0000000001\.log: its format is version 2;.*knows version 1/,
  });
  deepStrictEqual(contentOf(newer, FIRST), content);
  match(readLog(PLACE, newer).problem ?? "", /version 2/);
});

Deno.test("a directory with something else in it is refused, and left as it is", () => {
  const foreign = withFile(small(), "notes.txt", bytes("mine"));
  const { length } = foreign.operations;
  throws(() => open(foreign), { kind: "ForeignFile", message: /notes\.txt does not belong.*directory of its own/ });
  strictEqual(foreign.operations.length, length);
  match(readLog(PLACE, foreign).problem ?? "", /notes\.txt/);
});

Deno.test("what is no directory, or is in none, is refused", () =>
  withDirectory((directory) => {
    writeFileSync(`${directory}/file`, "text");
    for (const path of [`${directory}/file`, `${directory}/missing/log`]) {
      const open = () => FileStorage.open(path, confState);
      throws(open, { kind: "Unreadable", message: /^Cannot open the log in .*(ENOTDIR|ENOENT)/ });
    }
    match(readLog(`${directory}/missing`).problem ?? "", /there is no directory/);
    match(readLog(`${directory}/file`).problem ?? "", /ENOTDIR/);
  }));

Deno.test("a log can be looked into, frame by frame", () => {
  const files = small();
  const { frames, problem } = readLog(PLACE, files);
  strictEqual(problem, null);
  const [first, write, base] = frames.map((frame) => frame.valid ? frame : null);
  deepStrictEqual([first?.type, write?.type, base?.type], ["base", "write", "base"]);
  deepStrictEqual([first?.offset, write?.offset, base?.offset], [32, 140, 214]);
  deepStrictEqual([write?.number, write?.from, write?.entries, write?.checkpoint], [2, 1, [entry(3, 1, "hi")], null]);
  deepStrictEqual(write?.hardState, { term: 3, vote: 2, commit: 1 });
  deepStrictEqual(base?.checkpoint?.before, { index: 1, term: 3 });
  strictEqual(base?.checkpoint?.snapshot?.size, 5);
});

Deno.test("looking into a log never fails, and finds what is behind a flipped bit", () => {
  const files = logOnFiles(12, "entries", 1e6);
  const content = contentOf(files, FIRST);
  const { frames } = readLog(PLACE, files);
  for (let bit = 0; bit < 8 * content.length; bit++) {
    const flipped = content.slice();
    flipped[bit >> 3] ^= 1 << (bit & 7);
    const damaged = withFile(files, FIRST, flipped);
    const report = readLog(PLACE, damaged);
    const at = frames.findIndex(({ offset, bytes }) => offset <= bit >> 3 && bit >> 3 < offset + bytes);
    strictEqual(report.frames.filter(({ valid }) => !valid).length, 1, `bit ${bit}`);
    strictEqual(report.problem === null, recovered(damaged) !== "Damaged", `bit ${bit}`);
    if (at < 0) continue;
    const found = report.frames[at];
    deepStrictEqual(
      [found.valid, found.offset, found.bytes],
      [false, frames[at].offset, frames[at].bytes],
      `bit ${bit}`,
    );
    deepStrictEqual(report.frames.toSpliced(at, 1), frames.toSpliced(at, 1), `bit ${bit}`);
  }
});
