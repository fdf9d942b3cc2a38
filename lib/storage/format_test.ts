/** The bytes of the format, the names of its files, and directories that are no log of this version. */
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { openReal, withDirectory } from "./directory_cases.ts";
import { FileStorage } from "./file_storage.ts";
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
  const storage = FileStorage.open(PLACE, confState, { files, owner: { cluster: "test", node: 2 } });
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
    // Magic, version, segment, first frame, before it, checksum | node, cluster, checksum.
    "68726166746c6f67 03000000 01000000 0100000000000000 00000000 be16bf40",
    "0200000000000000",
    hex(bytes("test")),
    "00".repeat(32),
    "22991947",
    // Checksum | length, checkpoint, number, previous, checksum | term, vote, commit | from, count | checkpoint | head.
    "99ec60df",
    "ec000000 02000000 0100000000000000 22991947 f0e30423",
    "0000000000000000 0000000000000000 0000000000000000 0100000000000000 00000000",
    hex(bytes(`{"before":{"index":0,"term":0},"confState":${CONFIGURATION},"snapshot":null}`)),
    "ec000000 02000000 0100000000000000 22991947 f0e30423",
    // Checksum | length, write, number, previous, checksum | term, vote, commit | from, count | term, kind, length, "hi" | head.
    "92f4e55e",
    "6a000000 01000000 0200000000000000 99ec60df e2e2e00a",
    "0300000000000000 0200000000000000 0100000000000000 0100000000000000 01000000",
    "0300000000000000 01000000 02000000 6869",
    "6a000000 01000000 0200000000000000 99ec60df e2e2e00a",
    // Checksum | length, checkpoint, number, previous, checksum | term, vote, commit | from, count | checkpoint | head.
    "14cfcd04",
    "8b010000 02000000 0300000000000000 92f4e55e 21bb8257",
    "0300000000000000 0200000000000000 0100000000000000 0200000000000000 00000000",
    hex(bytes(`{"before":{"index":1,"term":3},"confState":${CONFIGURATION},"snapshot":{"index":1,"term":3,`)),
    hex(bytes(`"confState":${CONFIGURATION},"number":3,"size":5,"checksum":2744374011}}`)),
    "8b010000 02000000 0300000000000000 92f4e55e 21bb8257",
  ];
  strictEqual(hex(contentOf(files, FIRST)), golden.join("").replaceAll(" ", ""));
  const snapshot = [
    "6872616674736e70 03000000 00000000 0300000000000000 92f4e55e 793deb4a",
    golden[1],
    golden[2],
    golden[3],
  ];
  const content = `${snapshot.join("")} 22991947 ${hex(bytes("state"))}`;
  strictEqual(hex(contentOf(files, "0000000003.snapshot")), content.replaceAll(" ", ""));
  const frames = readLog(PLACE, files).frames.map((frame) => frame.valid ? [frame.offset, frame.type] : []);
  deepStrictEqual(frames, [[80, "checkpoint"], [316, "write"], [422, "checkpoint"]]);
});

const OLDER = "begin a new log";
for (const [version, advice] of [[1, OLDER], [2, OLDER], [4, "use the version that wrote it"]] as const) {
  Deno.test(`a log of version ${version} is refused by name, and left as it is`, () => {
    const files = small();
    const content = contentOf(files, FIRST);
    const view = new DataView(content.buffer);
    view.setUint32(8, version, true);
    view.setUint32(28, crc32(content.subarray(0, 28)), true);
    const other = withFile(files, FIRST, content);
    const message = new RegExp(`node1/${FIRST}: format version ${version}; this version reads version 3: ${advice}`);
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
