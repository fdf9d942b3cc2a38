/** Whose log it is: a stranger's directory, segment or snapshot is refused by name, and left as it is. */
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { cpSync } from "node:fs";
import { bytes, logOf } from "../raft/paper_cases.ts";
import { openReal, withDirectory } from "./directory_cases.ts";
import { FileStorage } from "./file_storage.ts";
import type { Owner } from "./frame.ts";
import { MemoryFiles } from "./memory_files.ts";
import { directoryOf, nodeFiles } from "./node_files.ts";
import { readLog } from "./read_log.ts";

const OURS: Owner = { cluster: "ours", node: 1 };
const STRANGERS: readonly Owner[] = [{ cluster: "ours", node: 2 }, { cluster: "theirs", node: 1 }];

function open(files: MemoryFiles, owner?: Owner): FileStorage {
  return FileStorage.open("d", { voters: [1, 2, 3] }, { files, owner, segmentBytes: 400 });
}

/** A log of two segments and a snapshot. */
function logOfOwner(owner?: Owner): MemoryFiles {
  const files = new MemoryFiles();
  const storage = open(files, owner);
  storage.append(logOf([1, 1, 1]));
  storage.setHardState({ term: 1, vote: 1, commit: 2 });
  storage.sync();
  storage.createSnapshot(1, bytes("state"));
  storage.sync();
  storage.close();
  return files;
}

Deno.test("a log of another node or of another cluster is refused, and both are named", () => {
  for (const other of STRANGERS) {
    const files = logOfOwner(other);
    const before = files.operations.length;
    const whose = `it belongs to node ${other.node} of cluster "${other.cluster}", and not to node 1 of cluster "ours"`;
    throws(() => open(files, OURS), {
      kind: "ForeignFile",
      message: new RegExp(`^Cannot open the log: d/\\d+.log: ${whose}`),
    });
    strictEqual(files.operations.length, before);
    match(readLog("d", files, OURS).problem ?? "", new RegExp(whose));
    deepStrictEqual([readLog("d", files).problem, readLog("d", files).owner], [null, other]);
    open(files, other).close();
  }
});

Deno.test("any file of another owner is refused in a log, by name, a segment, a snapshot, an unfinished or obsolete one", () => {
  const ours = logOfOwner(OURS);
  const names = ours.list("d") ?? [];
  deepStrictEqual(names, ["0000000001.log", "0000000002.log", "0000000003.snapshot"]);
  for (const other of STRANGERS) {
    const theirs = logOfOwner(other);
    for (const name of names) {
      const mixed = ours.copy();
      mixed.put(`d/${name}`, theirs.read(`d/${name}`));
      const message = new RegExp(
        `d/${name}: it belongs to node ${other.node} of cluster "${other.cluster}", and not to node 1`,
      );
      throws(() => open(mixed, OURS), { kind: "ForeignFile", message });
      if (name !== names[0]) throws(() => open(mixed), { kind: "ForeignFile", message }, "though nobody asks");
    }
    const mixed = ours.copy();
    mixed.put("d/0000000002.log.tmp", theirs.read("d/0000000002.log"));
    throws(() => open(mixed, OURS), { kind: "ForeignFile", message: /log\.tmp: it belongs to node/ });
  }
});

Deno.test("a log goes on in the name of its owner, whoever opens it without one; a log of nobody is anyone's", () => {
  const files = logOfOwner(OURS);
  for (let term = 2; term < 9; term++) {
    const storage = open(files);
    storage.setHardState({ term, vote: null, commit: 2 });
    storage.sync();
    storage.close();
  }
  deepStrictEqual(readLog("d", files, OURS).owner, OURS);
  const nobodys = logOfOwner();
  for (const owner of [OURS, undefined, ...STRANGERS]) open(nobodys, owner).close();
});

Deno.test("an owner that no header can hold is refused before anything is made", () => {
  const wrong = [{ cluster: "x".repeat(37), node: 1 }, { cluster: "ü".repeat(19), node: 1 }, {
    cluster: "a\0b",
    node: 1,
  }];
  for (const owner of [...wrong, ...[0, -1, 1.5, NaN, 2 ** 53].map((node) => ({ cluster: "c", node }))]) {
    const files = new MemoryFiles();
    throws(() => open(files, owner), { name: "RangeError", message: /^Cannot open a log for node .* of cluster/ });
    strictEqual(files.list("d"), null);
  }
  const files = new MemoryFiles();
  open(files, { cluster: "ü".repeat(18), node: 2 ** 53 - 1 }).close();
  deepStrictEqual(readLog("d", files).owner, { cluster: "ü".repeat(18), node: 2 ** 53 - 1 });
});

Deno.test("a directory that is a copy of another node's, or a link to it, is refused", () =>
  withDirectory((parent) => {
    openReal(directoryOf(parent, 1), { owner: OURS }).close();
    cpSync(directoryOf(parent, 1), directoryOf(parent, 2), { recursive: true });
    strictEqual(new Deno.Command("ln", { args: ["-s", "node-1", directoryOf(parent, 3)] }).outputSync().code, 0);
    for (const node of [2, 3]) {
      const message = RegExp(`belongs to node 1 of cluster "ours", and not to node ${node} of cluster "ours"`);
      throws(() => openReal(directoryOf(parent, node), { owner: { ...OURS, node } }), { kind: "ForeignFile", message });
      match(readLog(directoryOf(parent, node), nodeFiles, { node }).problem ?? "", message);
    }
  }));
