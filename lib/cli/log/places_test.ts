/** What is no log, or no file, where `log` looks for one. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { withDirectory } from "../../storage/directory_cases.ts";
import { commandOf, deno, task } from "../main_cases.ts";
import { writeLargeLog, writeSmallLog } from "./log_cases.ts";

const FIRST = "0000000001.log";
const SECOND = "0000000002.log";
const SNAPSHOT = "0000000003.snapshot";

/** What `log` says in its one line; it is killed if it waits for something. */
async function errorOf(directory: string): Promise<string> {
  const args = [...commandOf("log").split(" ").slice(1), directory];
  const signal = AbortSignal.timeout(20_000);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null", signal }).output();
  const text = new TextDecoder();
  deepStrictEqual([code, text.decode(stdout)], [2, ""], text.decode(stderr));
  match(text.decode(stderr), /^error: [^\n]*\n$/);
  // A path with spaces in it is quoted.
  return text.decode(stderr).replaceAll('"', "");
}

async function link(target: string, path: string): Promise<void> {
  const { status, stderr } = await deno("eval", `Deno.symlinkSync(${JSON.stringify(target)}, ${JSON.stringify(path)})`);
  strictEqual(status, 0, stderr);
}

Deno.test("a directory where a file of a log should be is named, in one line", () =>
  withDirectory(async (parent) => {
    mkdirSync(`${parent}/${FIRST}`);
    const error = await errorOf(parent);
    ok(error.endsWith(`/${FIRST}: it is a directory, where a file of the log should be\n`), error);
  }));

Deno.test("a segment or a snapshot that is a link to nowhere is named, in one line", () =>
  withDirectory(async (parent) => {
    writeLargeLog(`${parent}/segment`);
    await link(`${parent}/nowhere`, `${parent}/segment/0000000003.log`);
    const segment = await errorOf(`${parent}/segment`);
    ok(segment.endsWith("/0000000003.log: it is a link to a file that is not there\n"), segment);
    writeLargeLog(`${parent}/snapshot`);
    rmSync(`${parent}/snapshot/${SNAPSHOT}`);
    await link(`${parent}/nowhere`, `${parent}/snapshot/${SNAPSHOT}`);
    const snapshot = await errorOf(`${parent}/snapshot`);
    ok(snapshot.endsWith(`/${SNAPSHOT}: it is a link to a file that is not there\n`), snapshot);
    writeSmallLog(`${parent}/circle`);
    await link(SECOND, `${parent}/circle/${SECOND}`);
    const circle = await errorOf(`${parent}/circle`);
    ok(circle.endsWith(`/${SECOND}: its links lead in a circle\n`), circle);
  }));

Deno.test("what would be read without an end is not opened: a pipe, a device", () =>
  withDirectory(async (parent) => {
    if (Deno.build.os === "windows") return;
    writeSmallLog(`${parent}/pipe`);
    const { success } = await new Deno.Command("mkfifo", { args: [`${parent}/pipe/${SECOND}`] }).output();
    ok(success);
    const pipe = await errorOf(`${parent}/pipe`);
    ok(pipe.endsWith(`/${SECOND}: it is a pipe, where a file of the log should be\n`), pipe);
    writeSmallLog(`${parent}/device`);
    await link("/dev/zero", `${parent}/device/${SECOND}`);
    const device = await errorOf(`${parent}/device`);
    ok(device.endsWith(`/${SECOND}: it is a device, where a file of the log should be\n`), device);
  }));

Deno.test("a log that links lead to is read", () =>
  withDirectory(async (parent) => {
    writeSmallLog(`${parent}/log`);
    mkdirSync(`${parent}/links`);
    await link(`${parent}/log/${FIRST}`, `${parent}/links/${FIRST}`);
    const { status, stdout } = await task("log", `${parent}/links`);
    strictEqual(status, 0);
    match(stdout, /^0000000001\.log: \d+ bytes, .* frames 1 to 4$/m);
  }));

Deno.test("where no node has a log, log says what to name", () =>
  withDirectory(async (parent) => {
    mkdirSync(`${parent}/node-1`);
    mkdirSync(`${parent}/node-2`);
    const called = /: there is no log in .*, or one that has such directories in it, called node-1, node-2, \.\.\.\n$/;
    match(await errorOf(parent), called);
    match(await errorOf(`${parent}/node-1`), called);
    writeFileSync(`${parent}/file`, "");
    match(await errorOf(`${parent}/file`), /\/file: it is not a directory; name the directory that the log is in\n$/);
    match(await errorOf(`${parent}/none`), /\/none: there is no such directory\n$/);
  }));

Deno.test("beside a node with a log, one without is shown, and may refuse to start", () =>
  withDirectory(async (parent) => {
    writeSmallLog(`${parent}/node-1`);
    mkdirSync(`${parent}/node-2`);
    writeFileSync(`${parent}/node-2/notes.txt`, "mine");
    const { status, stdout } = await task("log", parent);
    strictEqual(status, 1);
    match(
      stdout,
      /^The log in .*node-2\n\nnotes\.txt: [^]*\n\nA node refuses to start on this log\. Cannot open/m,
    );
  }));
