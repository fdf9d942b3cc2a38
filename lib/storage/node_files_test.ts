/** Real files, and the lock among real processes. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fs from "node:fs";
import { relative } from "node:path";
import process from "node:process";
import { mock } from "node:test";
import { promisify } from "node:util";
import { openReal, withDirectory } from "./directory_cases.ts";
import { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";
import { nodeFiles } from "./node_files.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const LOCK = new URL("./node_files.ts", import.meta.url).href;
const CASES = new URL("./directory_cases.ts", import.meta.url).href;

/** A program that locks a directory, and says that it did, or this about the error. */
const locking = (directory: string, says: "name" | "pid") => `
  const { lockDirectory } = await import("${LOCK}");
  try { lockDirectory("${directory}"); console.log("locked"); } catch (error) { console.log(error.${says}); }`;

/** Run a program in another process, up to the first line that it prints. */
async function child(source: string, ...permissions: string[]) {
  const args = ["run", "--quiet", "--no-check", ...permissions, `data:text/javascript,${encodeURIComponent(source)}`];
  const process = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
  const reader = process.stdout.getReader();
  const said = new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const end = () => {
    process.kill("SIGKILL");
    return process.status;
  };
  return { pid: process.pid, said, end, status: process.status };
}

Deno.test.afterEach(() => mock.restoreAll());

for (const [name, files] of [["nodeFiles", nodeFiles], ["MemoryFiles", new MemoryFiles()]] as const) {
  Deno.test(`${name} writes at the end, cuts, renames and removes, and says what is there already, or not there`, () =>
    withDirectory(async (parent) => {
      const directory = files === nodeFiles ? `${parent}/d` : "d";
      strictEqual(files.list(directory), null);
      files.makeDirectory(directory);
      const file = files.create(`${directory}/a`);
      file.append(bytes(1, 2, 3));
      file.sync();
      await file.appendAsync(bytes(4));
      await file.syncAsync();
      file.truncate(2);
      file.append(bytes(9));
      file.close();
      const again = files.open(`${directory}/a`);
      again.append(bytes(10));
      again.close();
      files.rename(`${directory}/a`, `${directory}/b`);
      files.syncDirectory(directory);
      deepStrictEqual(files.read(`${directory}/b`), bytes(1, 2, 9, 10));
      for (const make of ["create", "makeDirectory"] as const) throws(() => files[make](`${directory}/b`), /EEXIST/);
      for (const use of ["open", "read"] as const) throws(() => files[use](`${directory}/a`), /ENOENT/);
      throws(() => files.makeDirectory(`${directory}/none/d`), /ENOENT/);
      files.remove(`${directory}/b`);
      deepStrictEqual(files.list(directory), []);
    }));
}

Deno.test("a sync of a file or of a directory asks the system for it, is over when that is, and fails if that does", () =>
  withDirectory(async (directory) => {
    const calls: string[] = [];
    let isBroken = false;
    const answer = (what: string, fd: number) => {
      calls.push(`${what} ${fs.fstatSync(fd).isDirectory() ? "dir" : "file"}`);
      if (isBroken) throw new Error("EIO");
    };
    mock.method(fs, "fdatasyncSync", (fd: number) => answer("fdatasyncSync", fd));
    mock.method(fs, "fsyncSync", (fd: number) => answer("fsyncSync", fd));
    mock.method(fs, "fdatasync", (fd: number, done: (error: unknown) => void) => {
      Promise.resolve().then(() => answer("fdatasync", fd)).then(() => done(null), done);
    });
    const file = nodeFiles.create(`${directory}/a`);
    file.append(bytes(1));
    deepStrictEqual(calls, []);
    file.sync();
    deepStrictEqual(calls.splice(0), ["fdatasyncSync file"]);
    await file.syncAsync();
    deepStrictEqual(calls.splice(0), ["fdatasync file"]);
    nodeFiles.syncDirectory(directory);
    deepStrictEqual(calls, process.platform === "win32" ? [] : ["fsyncSync dir"]);
    isBroken = true;
    throws(() => file.sync(), /EIO/);
    await rejects(file.syncAsync(), /EIO/);
    throws(() => nodeFiles.syncDirectory(directory), /EIO/);
    file.close();
  }));

Deno.test("a write that was cut short fails", () =>
  withDirectory(async (directory) => {
    const { write, writeSync } = fs;
    const writePart = (fd: number, bytes: Uint8Array) => promisify(write)(fd, bytes.subarray(1));
    mock.method(fs, "write");
    Object.assign(fs.write, { [promisify.custom]: writePart });
    mock.method(fs, "writeSync", (fd: number, bytes: Uint8Array) => writeSync(fd, bytes.subarray(1)));
    const file = nodeFiles.create(`${directory}/a`);
    throws(() => file.append(bytes(1, 2, 3)), /Cannot write .*a: only 2 of 3 bytes were written/);
    await rejects(file.appendAsync(bytes(4, 5)), /Cannot write .*a: only 1 of 2 bytes were written/);
    file.close();
    deepStrictEqual(nodeFiles.read(`${directory}/a`), bytes(2, 3, 5));
  }));

Deno.test("two processes cannot have a storage open, and a killed one leaves its vote, and no lock", () =>
  withDirectory(async (directory) => {
    const vote = `
      const { openReal } = await import("${CASES}");
      const storage = openReal("${directory}/log");
      storage.setHardState({ term: 7, vote: 2, commit: 0 });
      storage.sync();
      console.log("voted");
      setInterval(() => {}, 1000);`;
    const { pid, said, end } = await child(vote, "--allow-read", `--allow-write=${directory}`);
    strictEqual(said, "voted\n");
    const open = () => openReal(`${directory}/log`);
    const names = fs.readdirSync(`${directory}/log`);
    throws(open, { name: "LockedError", pid, message: new RegExp(`process ${pid} has it open`) });
    deepStrictEqual(fs.readdirSync(`${directory}/log`), names, "the refusal left nothing");
    await end();
    const storage = open();
    deepStrictEqual(storage.initialState().hardState, { term: 7, vote: 2, commit: 0 });
    strictEqual(fs.readdirSync(`${directory}/log`).filter((name) => name.startsWith("lock-")).length, 1, "its own");
    storage.close();
    deepStrictEqual(fs.readdirSync(`${directory}/log`), ["0000000001.log"]);
  }));

Deno.test("a lock whose process is gone is taken over; one whose process lives, or may, is not, and is named", () =>
  withDirectory((directory) => {
    // No process has so high a number: Linux stops at 2^22.
    fs.writeFileSync(`${directory}/lock-99999999-123x89abcdef`, "");
    const release = nodeFiles.lock(directory);
    const own = fs.readdirSync(directory);
    ok(own.length === 1 && own[0].startsWith(`lock-${process.pid}-`), `${own}`);
    const message =
      `Cannot lock ${directory}: process ${process.pid} has it open; that is this process: close it first`;
    throws(() => nodeFiles.lock(directory), { name: "LockedError", message });
    release();
    deepStrictEqual(fs.readdirSync(directory), []);
    const other = `lock-${process.ppid}-0`;
    fs.writeFileSync(`${directory}/${other}`, "");
    throws(() => nodeFiles.lock(directory), {
      name: "LockedError",
      pid: process.ppid,
      message: `Cannot lock ${directory}: process ${process.ppid} has it open; end that process first`,
    });
    deepStrictEqual(fs.readdirSync(directory), [other]);
  }));

Deno.test("a lock is on the directory, whatever path leads there, and nobody is told to remove it", () =>
  withDirectory((parent) => {
    const open = (path: string) => openReal(path, { owner: { cluster: "c", node: 1 } });
    const storage = open(`${parent}/d`);
    strictEqual(new Deno.Command("ln", { args: ["-s", "d", `${parent}/link`] }).outputSync().code, 0);
    const spellings = ["d/", "d//", "./d", "d/.", "x/../d", "link", "link/"].map((name) => `${parent}/${name}`);
    for (const path of [...spellings, relative(process.cwd(), `${parent}/d`)]) {
      const isRefused = (error: Error) => error.name === "LockedError" && !/remove/.test(error.message);
      throws(() => open(path), isRefused, path);
    }
    storage.setHardState({ term: 1, vote: 1, commit: 0 });
    storage.sync();
    storage.close();
    for (const path of spellings) open(path).close();
    const memory = new MemoryFiles();
    FileStorage.open("d", { voters: [1] }, { files: memory });
    throws(() => FileStorage.open("d/", { voters: [1] }, { files: memory }), { name: "LockedError" });
  }));

Deno.test("a lock with a process' own number that is older than the process is taken over, and no younger one", () =>
  withDirectory((directory) => {
    for (const start of ["0", "1xdeadbeef"]) {
      const path = `${directory}/lock-${process.pid}-${start}`;
      fs.writeFileSync(path, "");
      throws(() => nodeFiles.lock(directory), { name: "LockedError", pid: process.pid });
      fs.utimesSync(path, 1e9, 1e9);
      nodeFiles.lock(directory)();
      deepStrictEqual(fs.readdirSync(directory), []);
    }
  }));

Deno.test("a path back over a name that is not there, or is a link, is for all files the path without both", () =>
  withDirectory(async (directory) => {
    nodeFiles.makeDirectory(`${directory}/real`);
    nodeFiles.makeDirectory(`${directory}/real/sub`);
    const link = new Deno.Command("ln", { args: ["-s", "real/sub", `${directory}/link`] });
    strictEqual(link.outputSync().code, 0);
    for (const over of ["none", "link"]) {
      const log = `${directory}/log over ${over}`;
      // Permission for single directories has Deno itself take such names out of a path; the demo's is for all.
      const source = `
        const { openReal } = await import("${CASES}");
        const storage = openReal("${directory}/${over}/../log over ${over}", { segmentBytes: 200 });
        for (let term = 1; term < 9; term++) {
          storage.setHardState({ term, vote: 1, commit: 0 });
          storage.sync();
        }
        storage.close();
        console.log("closed");`;
      const { said, status } = await child(source, "--allow-read", "--allow-write", "--allow-run");
      await status;
      strictEqual(said, "closed\n");
      const names = fs.readdirSync(log);
      ok(names.length === 1 && names[0] > "0000000001.log", `the last of several segments, and no lock: ${names}`);
      const again = openReal(log);
      strictEqual(again.initialState().hardState.term, 8);
      again.close();
    }
    deepStrictEqual(fs.readdirSync(directory), ["link", "log over link", "log over none", "real"]);
    deepStrictEqual(fs.readdirSync(`${directory}/real`), ["sub"]);
  }));

Deno.test("of processes that ask at the same time at most one gets the lock, stale locks or not", () =>
  withDirectory(async (directory) => {
    fs.writeFileSync(`${directory}/lock-99999999-0`, "");
    const source = `${locking(directory, "name")} setInterval(() => {}, 1000);`;
    const permissions = ["--allow-read", `--allow-write=${directory}`, "--allow-run"];
    const children = await Promise.all(Array.from({ length: 4 }, () => child(source, ...permissions)));
    const said = children.map(({ said }) => said).sort();
    ok(said.filter((line) => line === "locked\n").length <= 1, `${said}`);
    deepStrictEqual(said.filter((line) => !/^(locked|LockedError)\n$/.test(line)), []);
    await Promise.all(children.map(({ end }) => end()));
    nodeFiles.lock(directory)();
    deepStrictEqual(fs.readdirSync(directory), []);
  }));

Deno.test({
  name: "a lock of a process whose number another one has by now is taken over, where the start can be known",
  ignore: process.platform !== "linux",
  fn: () =>
    withDirectory(async (directory) => {
      // This process lives, and did not begin at tick 1 of a machine's run called deadbeef.
      fs.writeFileSync(`${directory}/lock-${process.pid}-1xdeadbeef`, "");
      const source = locking(directory, "pid");
      const blind = await child(source, "--allow-read", `--allow-write=${directory}`, "--allow-run");
      const seeing = await child(source, "--allow-all");
      deepStrictEqual([blind.said, seeing.said], [`${process.pid}\n`, "locked\n"]);
      await Promise.all([blind.status, seeing.status]);
    }),
});
