import { deepStrictEqual, throws } from "node:assert/strict";
import { rmSync } from "node:fs";
import { durableStorageCases, reopening } from "./durable_storage_cases.ts";
import { FileStorage } from "./file_storage.ts";
import { makeDirectory } from "./directory_cases.ts";
import { sortNames } from "./names.ts";
import { nodeFiles } from "./node_files.ts";
import { MemoryFiles } from "./memory_files.ts";
import type { ConfState } from "../raft/mod.ts";
import { bytes, entry, logOf } from "../raft/paper_cases.ts";
import { confState, storageCases } from "../raft/storage_cases.ts";

/** So small that most syncs begin a new segment. */
const SMALL = 400;

const files = new MemoryFiles();
let real = "";
let places = 0;
const newPlace = () => `memory${places++}`;
const newRealPlace = () => `${real}/${places++}`;
const open = (place: string, segmentBytes: number, of = confState) =>
  FileStorage.open(place, of, { files, segmentBytes });

const openOnDisk = (place: string, of: ConfState) => FileStorage.open(place, of, { files: nodeFiles });

Deno.test.beforeAll(() => void (real = makeDirectory()));
Deno.test.afterAll(() => rmSync(real, { recursive: true }));

storageCases("FileStorage on files in memory", (of) => FileStorage.open(newPlace(), of, { files }));
for (const calls of [1, 13]) {
  storageCases(`FileStorage, opened anew after ${calls} calls,`, (of) => {
    const place = newPlace();
    return reopening(calls, () => open(place, SMALL, of));
  });
}
storageCases("FileStorage on real files", (of) => openOnDisk(newRealPlace(), of));
durableStorageCases("FileStorage on files in memory", newPlace, (place, of) => open(place, SMALL, of));
durableStorageCases("FileStorage on real files", newRealPlace, openOnDisk);

Deno.test("FileStorage writes one frame a sync, and none if nothing was written", () => {
  const place = newPlace();
  const storage = open(place, 1e6);
  const before = files.operations.length;
  storage.append(logOf([1, 1]));
  storage.setHardState({ term: 1, vote: 1, commit: 0 });
  storage.setCommit(2);
  storage.sync();
  storage.sync();
  deepStrictEqual(files.operations.slice(before).map(({ kind }) => kind), ["append", "sync"]);
});

Deno.test("FileStorage removes the segments that a snapshot covers, and the snapshot that another replaces", () => {
  const place = newPlace();
  const storage = open(place, SMALL);
  for (let index = 1; index <= 20; index++) {
    storage.append([entry(1, index, "some text, to fill the segments")]);
    storage.sync();
  }
  const before = files.list(place) ?? [];
  storage.createSnapshot(5, bytes("five"));
  storage.compact(6);
  storage.sync();
  storage.createSnapshot(18, bytes("eighteen"));
  storage.compact(19);
  storage.sync();
  const { segments, snapshots } = sortNames(files.list(place) ?? []);
  deepStrictEqual([before.length, segments, snapshots.length], [11, [10, 11, 12], 1]);
  storage.close();
  const again = open(place, SMALL);
  deepStrictEqual([again.firstIndex(), again.lastIndex(), again.snapshot().data], [19, 20, bytes("eighteen")]);
});

Deno.test("FileStorage writes for a snapshot as much as the state and what is kept of the log, however long that was", () => {
  const [few, many] = [100, 10_000].map((length) => {
    const storage = open(newPlace(), 1e9);
    storage.append(Array.from({ length }, (_, i) => entry(1, i + 1, "some text")));
    storage.setHardState({ term: 1, vote: null, commit: length });
    storage.sync();
    const before = files.operations.length;
    storage.createSnapshot(length, bytes("the state"));
    storage.compact(length - 2);
    storage.sync();
    return files.operations.slice(before).reduce((sum, operation) => sum + operation.bytes, 0);
  });
  deepStrictEqual([many < 2 * few, few < 1000], [true, true], `${few} and ${many} bytes`);
});

Deno.test("FileStorage leaves no file open, also if a snapshot or a segment cannot be written", () => {
  // Five operations write the snapshot, and seven the segment.
  for (let at = 0; at < 12; at++) {
    const files = new MemoryFiles();
    const opened: string[] = [];
    const { open } = MemoryFiles.prototype;
    files.open = (path) => {
      const file = open.call(files, path);
      opened.push(path);
      return { ...file, close: () => void opened.splice(opened.indexOf(path), 1) };
    };
    const storage = FileStorage.open("log", confState, { files, segmentBytes: SMALL });
    for (const index of [1, 2, 3]) {
      storage.append([entry(1, index, "some text, to fill the segments")]);
      storage.sync();
    }
    storage.createSnapshot(2, bytes("two"));
    files.failAt(files.operations.length + at, "error");
    throws(() => storage.sync(), { kind: "Poisoned" });
    storage.close();
    deepStrictEqual(opened, [], `operation ${at} of the sync fails`);
  }
});

Deno.test("FileStorage refuses to overwrite what its snapshot stands for", () => {
  const storage = open(newPlace(), SMALL);
  storage.append(logOf([1, 1, 1]));
  storage.createSnapshot(2, bytes("two"));
  throws(() => storage.append([entry(2, 2)]), /no entry that a snapshot stands for is ever overwritten/);
});

Deno.test("FileStorage refuses a size of segments that is none", () => {
  for (const segmentBytes of [0, -1, 1.5, NaN, Infinity]) {
    throws(() => open("never", segmentBytes), /segmentBytes must be a whole number from 1/);
  }
});

Deno.test("FileStorage refuses entries that do not follow, before anything reaches its files, and goes on", () => {
  const files = new MemoryFiles();
  const storage = FileStorage.open("log", confState, { files });
  storage.append(logOf([1, 2]));
  storage.sync();
  const before = files.operations.length;
  const wrong = [[entry(5, 8)], [entry(2, 4)], [entry(1, 3)], [entry(2, 3), entry(2, 5)], [entry(3, 3), entry(2, 4)]];
  for (const entries of wrong) throws(() => storage.append(entries), { name: "InvariantViolation" });
  storage.sync();
  deepStrictEqual([files.operations.length, storage.lastIndex()], [before, 2]);
  storage.append([entry(2, 3)]);
  storage.sync();
  storage.close();
  deepStrictEqual(FileStorage.open("log", confState, { files }).lastIndex(), 3);
});
