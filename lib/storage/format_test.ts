/** The bytes of the format, the names of its files, and directories that are no log of this version. */
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { openReal, withDirectory } from "./directory_cases.ts";
import { MemoryFiles } from "./memory_files.ts";
import { bytes, entry } from "../raft/paper_cases.ts";
import { confState } from "../raft/storage_cases.ts";
import { contentOf, open, PLACE, withFile } from "./crash_cases.ts";
import { segmentName, snapshotName, sortNames } from "./names.ts";
import { nodeFiles } from "./node_files.ts";
import { readLog } from "./read_log.ts";

const FIRST = "0000000001.log";
const CONFIGURATION = JSON.stringify(confState);
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
    "68726166746c6f67 02000000 01000000 0100000000000000 00000000 f82dd825",
    // Checksum, length, checkpoint, number, previous | term, vote, commit | from, count | checkpoint.
    "a364771d b8000000 02000000 0100000000000000 f82dd825",
    "0000000000000000 0000000000000000 0000000000000000 0100000000000000 00000000",
    hex(bytes(`{"before":{"index":0,"term":0},"confState":${CONFIGURATION},"snapshot":null}`)),
    // Checksum, length, write, number, previous | term, vote, commit | from, count | term, kind, length, "hi".
    "d48ad855 36000000 01000000 0200000000000000 a364771d",
    "0300000000000000 0200000000000000 0100000000000000 0100000000000000 01000000",
    "0300000000000000 01000000 02000000 6869",
    // Checksum, length, checkpoint, number, previous | term, vote, commit | from, count | checkpoint.
    "24a832fb 57010000 02000000 0300000000000000 d48ad855",
    "0300000000000000 0200000000000000 0100000000000000 0200000000000000 00000000",
    hex(bytes(`{"before":{"index":1,"term":3},"confState":${CONFIGURATION},"snapshot":{"index":1,"term":3,`)),
    hex(bytes(`"confState":${CONFIGURATION},"number":3,"size":5,"checksum":2744374011}}`)),
  ];
  strictEqual(hex(contentOf(files, FIRST)), golden.join("").replaceAll(" ", ""));
  strictEqual(hex(contentOf(files, "0000000003.snapshot")), hex(bytes("state")));
  const frames = readLog(PLACE, files).frames.map((frame) => frame.valid ? [frame.offset, frame.type] : []);
  deepStrictEqual(frames, [[32, "checkpoint"], [240, "write"], [318, "checkpoint"]]);
});

for (const [version, advice] of [[1, "begin a new log"], [3, "use the version that wrote it"]] as const) {
  Deno.test(`a log of version ${version} is refused by name, and left as it is`, () => {
    const files = small();
    const content = contentOf(files, FIRST);
    const view = new DataView(content.buffer);
    view.setUint32(8, version, true);
    view.setUint32(28, crc32(content.subarray(0, 28)), true);
    const other = withFile(files, FIRST, content);
    const message = new RegExp(`node1/${FIRST}: format version ${version}; this version reads version 2: ${advice}`);
    throws(() => open(other), { kind: "OtherVersion", message });
    deepStrictEqual(contentOf(other, FIRST), content);
    match(readLog(PLACE, other).problem ?? "", message);
  });
}

Deno.test("a directory with something else in it is refused, and left as it is", () => {
  for (const name of ["notes.txt", "00000000001.log"]) {
    const foreign = withFile(small(), name, contentOf(small(), FIRST));
    const message = new RegExp(`${name} does not belong.*directory of its own`);
    throws(() => open(foreign), { kind: "ForeignFile", message });
    strictEqual(foreign.operations.length, 0);
    match(readLog(PLACE, foreign).problem ?? "", message);
  }
});

Deno.test("what is no directory, or is in none, is refused", () =>
  withDirectory((directory) => {
    writeFileSync(`${directory}/file`, "text");
    for (const path of [`${directory}/file`, `${directory}/missing/log`]) {
      const open = () => openReal(path);
      throws(open, { kind: "Unreadable", message: /^Cannot open the log in .*(ENOTDIR|ENOENT)/ });
    }
    match(readLog(`${directory}/missing`, nodeFiles).problem ?? "", /there is no directory/);
    match(readLog(`${directory}/file`, nodeFiles).problem ?? "", /ENOTDIR/);
  }));

Deno.test("the files of a log are told by their names, and whatever else is there is foreign", () => {
  const ours = [segmentName(2), segmentName(1), snapshotName(12), `${segmentName(3)}.tmp`, "lock-7-0"];
  const others = ["00000000001.log", "99999999999999999999.log", "1.log", "0000000001.log.bak", "notes.txt", ".tmp"];
  deepStrictEqual(sortNames([...ours, ...others]), {
    segments: [1, 2],
    snapshots: [12],
    unfinished: [`${segmentName(3)}.tmp`],
    locks: ["lock-7-0"],
    foreign: others,
  });
});
