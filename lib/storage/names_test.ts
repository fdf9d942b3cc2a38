import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";
import { segmentName, snapshotName, sortNames } from "./names.ts";

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

Deno.test("a copy of a segment under a longer name is refused, and the segment stays", () => {
  const files = new MemoryFiles();
  FileStorage.open("d", { voters: [1] }, { files }).close();
  files.put("d/00000000001.log", files.read(`d/${segmentName(1)}`));
  const before = files.list("d");
  throws(() => FileStorage.open("d", { voters: [1] }, { files }), /00000000001\.log does not belong to one/);
  deepStrictEqual(files.list("d"), before);
  strictEqual(before?.length, 2);
});
