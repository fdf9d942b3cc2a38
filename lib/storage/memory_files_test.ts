import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { MemoryFiles, type Survival } from "./memory_files.ts";

const D = "d";
const bytes = (...values: number[]) => new Uint8Array(values);

/** A directory that is durable, with an open file `a` that has the durable bytes 1, 2, 3. */
function prepared() {
  const files = new MemoryFiles();
  files.makeDirectory(D);
  files.syncDirectory(".");
  const file = files.create("d/a");
  file.append(bytes(1, 2, 3));
  file.sync();
  files.syncDirectory(D);
  return { files, file, has: (...values: number[]) => deepStrictEqual(files.read("d/a"), bytes(...values)) };
}

const SURVIVALS: readonly (readonly [Survival, appended: number[], cut: number[]])[] = [
  ["none", [1, 2, 3], [1, 2, 3]],
  [0, [1, 2, 3], [1]],
  [1, [1, 2, 3, 4], [1, 9]],
  [9, [1, 2, 3, 4, 5], [1, 9]],
  ["all", [1, 2, 3, 4, 5], [1, 9]],
];

for (const [survival, appended, cut] of SURVIVALS) {
  Deno.test(`MemoryFiles loses in a crash what was not synced, cut or appended, as far as told: ${survival}`, () => {
    const grown = prepared();
    grown.file.append(bytes(4, 5));
    grown.has(1, 2, 3, 4, 5);
    grown.files.crash(survival);
    grown.has(...appended);
    const shrunk = prepared();
    shrunk.file.truncate(1);
    shrunk.file.append(bytes(9));
    shrunk.files.crash(survival);
    shrunk.has(...cut);
  });
}

Deno.test("MemoryFiles forgets names, new, changed and removed, until the directory is synced", () => {
  const { files } = prepared();
  files.create("d/b").sync();
  files.rename("d/a", "d/c");
  const synced = files.copy();
  files.crash("none");
  deepStrictEqual(files.list(D), ["a"]);
  files.remove("d/a");
  files.crash("none");
  deepStrictEqual(files.list(D), ["a"]);
  synced.syncDirectory(D);
  synced.crash("none");
  deepStrictEqual(synced.list(D), ["b", "c"]);
});

Deno.test("MemoryFiles loses with a directory all that is in it", () => {
  const files = new MemoryFiles();
  files.makeDirectory(D);
  files.create("d/a").sync();
  files.syncDirectory(D);
  files.crash("none");
  strictEqual(files.list(D), null);
  files.makeDirectory(D);
  deepStrictEqual(files.list(D), []);
});

Deno.test("MemoryFiles closes all files in a crash or a kill, and unlocks all directories; only the crash loses bytes", () => {
  for (const [end, left] of [["crash", [1, 2, 3]], ["kill", [1, 2, 3, 4]]] as const) {
    const { files, file, has } = prepared();
    file.append(bytes(4));
    const release = files.lock(D);
    throws(() => files.lock(D), { name: "LockedError", pid: 1 });
    files[end]("none");
    throws(() => file.append(bytes(5)), /EBADF/);
    files.lock(D);
    release();
    throws(() => files.lock(D), { name: "LockedError" }, "a lock of before cannot be given up any more");
    has(...left);
  }
});

Deno.test("MemoryFiles fails when it is told to, and never writes what a sync that failed has given up", () => {
  const { files, file, has } = prepared();
  const next = files.operations.length;
  files.failAt(next, { afterBytes: 2 });
  throws(() => file.append(bytes(4, 5, 6)), /ENOSPC: only 2 of 3 bytes/);
  files.failAt(next + 1, "error");
  throws(() => file.sync(), /EIO/);
  file.append(bytes(6));
  file.sync();
  has(1, 2, 3, 4, 5, 6);
  files.crash("none");
  has(1, 2, 3, 0, 0, 6);
});

Deno.test("MemoryFiles stops before an operation, and does and records nothing from then on", () => {
  const { files, file } = prepared();
  const { length } = files.operations;
  files.stopAt(length + 1);
  file.append(bytes(4));
  for (const call of [() => file.sync(), () => files.remove("d/a")]) throws(call, /the machine stopped/);
  strictEqual(files.operations.length, length + 1);
  files.crash("all");
  files.remove("d/a");
});
