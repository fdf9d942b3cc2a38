/** Real files, and the lock among real processes. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { FileStorage } from "../file_storage.ts";
import { confState } from "../raft/storage_snapshot_cases.ts";
import { withDirectory } from "./directory_cases.ts";
import { LockedError } from "./files.ts";
import { nodeFiles } from "./node_files.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const LOCK = new URL("./node_lock.ts", import.meta.url).href;
const STORAGE = new URL("../file_storage.ts", import.meta.url).href;

/** Run a program in another process, up to the first line that it prints. */
async function child(source: string, ...permissions: string[]) {
  const options = [
    "run",
    "--quiet",
    "--no-check",
    ...permissions,
    `data:text/javascript,${encodeURIComponent(source)}`,
  ];
  const process = new Deno.Command(Deno.execPath(), { args: options, stdout: "piped", stderr: "inherit" }).spawn();
  const reader = process.stdout.getReader();
  const said = new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const end = () => {
    process.kill("SIGKILL");
    return process.status;
  };
  return { pid: process.pid, said, end, status: process.status };
}

Deno.test("nodeFiles writes at the end, cuts, renames and removes", () =>
  withDirectory(async (parent) => {
    const directory = `${parent}/d`;
    strictEqual(nodeFiles.list(directory), null);
    nodeFiles.makeDirectory(directory);
    const file = nodeFiles.create(`${directory}/a`);
    file.append(bytes(1, 2, 3));
    file.sync();
    await file.appendAsync(bytes(4));
    await file.syncAsync();
    file.truncate(2);
    file.append(bytes(9));
    file.close();
    const again = nodeFiles.open(`${directory}/a`);
    again.append(bytes(10));
    again.close();
    nodeFiles.rename(`${directory}/a`, `${directory}/b`);
    nodeFiles.syncDirectory(directory);
    deepStrictEqual(nodeFiles.read(`${directory}/b`), bytes(1, 2, 9, 10));
    throws(() => nodeFiles.create(`${directory}/b`), /EEXIST/);
    throws(() => nodeFiles.open(`${directory}/a`), /ENOENT/);
    nodeFiles.remove(`${directory}/b`);
    deepStrictEqual(nodeFiles.list(directory), []);
  }));

Deno.test("two processes cannot have a storage open, and a killed one leaves its vote, and no lock", () =>
  withDirectory(async (directory) => {
    const vote = `
      const { FileStorage } = await import("${STORAGE}");
      const storage = FileStorage.open("${directory}/log", { voters: [1, 2, 3] });
      storage.setHardState({ term: 7, vote: 2, commit: 0 });
      storage.sync();
      console.log("voted");
      setInterval(() => {}, 1000);`;
    const { pid, said, end } = await child(vote, "--allow-read", `--allow-write=${directory}`);
    strictEqual(said, "voted\n");
    const open = () => FileStorage.open(`${directory}/log`, confState);
    const names = readdirSync(`${directory}/log`);
    throws(
      open,
      (error: unknown) => error instanceof LockedError && error.pid === pid && error.message.includes(`${pid}`),
    );
    deepStrictEqual(readdirSync(`${directory}/log`), names, "the refusal left nothing");
    await end();
    const storage = open();
    deepStrictEqual(storage.initialState().hardState, { term: 7, vote: 2, commit: 0 });
    strictEqual(readdirSync(`${directory}/log`).filter((name) => name.startsWith("lock-")).length, 1, "its own");
    storage.close();
    deepStrictEqual(readdirSync(`${directory}/log`), ["0000000001.log"]);
  }));

Deno.test("a lock whose process is gone is taken over, one whose process lives is not", () =>
  withDirectory((directory) => {
    // No process has so high a number: Linux stops at 2^22.
    writeFileSync(`${directory}/lock-99999999-123x89abcdef`, "");
    const release = nodeFiles.lock(directory);
    const own = readdirSync(directory);
    ok(own.length === 1 && own[0].startsWith(`lock-${process.pid}-`), `${own}`);
    throws(() => nodeFiles.lock(directory), { name: "LockedError", pid: process.pid });
    release();
    deepStrictEqual(readdirSync(directory), []);
    writeFileSync(`${directory}/lock-${process.ppid}-0`, "");
    throws(() => nodeFiles.lock(directory), { name: "LockedError", pid: process.ppid });
    deepStrictEqual(readdirSync(directory), [`lock-${process.ppid}-0`]);
  }));

Deno.test("of processes that ask at the same time at most one gets the lock, stale locks or not", () =>
  withDirectory(async (directory) => {
    writeFileSync(`${directory}/lock-99999999-0`, "");
    const source = `
      const { lockDirectory } = await import("${LOCK}");
      try { lockDirectory("${directory}"); console.log("locked"); } catch (error) { console.log(error.name); }
      setInterval(() => {}, 1000);`;
    const permissions = ["--allow-read", `--allow-write=${directory}`, "--allow-run"];
    const children = await Promise.all(Array.from({ length: 4 }, () => child(source, ...permissions)));
    const said = children.map(({ said }) => said).sort();
    ok(said.filter((line) => line === "locked\n").length <= 1, `${said}`);
    deepStrictEqual(said.filter((line) => !/^(locked|LockedError)\n$/.test(line)), []);
    await Promise.all(children.map(({ end }) => end()));
    nodeFiles.lock(directory)();
    deepStrictEqual(readdirSync(directory), []);
  }));

Deno.test({
  name: "a lock of a process whose number another one has by now is taken over, where the start can be known",
  ignore: process.platform !== "linux",
  fn: () =>
    withDirectory(async (directory) => {
      // This process lives, and did not begin at tick 1 of a machine's run called deadbeef.
      writeFileSync(`${directory}/lock-${process.pid}-1xdeadbeef`, "");
      const source = `
        const { lockDirectory } = await import("${LOCK}");
        try { lockDirectory("${directory}"); console.log("locked"); } catch (error) { console.log(error.pid); }`;
      const blind = await child(source, "--allow-read", `--allow-write=${directory}`, "--allow-run");
      const seeing = await child(source, "--allow-all");
      deepStrictEqual([blind.said, seeing.said], [`${process.pid}\n`, "locked\n"]);
      await Promise.all([blind.status, seeing.status]);
    }),
});
