/** `log`, as a user meets it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { openReal, withDirectory } from "../../storage/directory_cases.ts";
import { nodeFiles } from "../../storage/node_files.ts";
import { readLog } from "../../storage/read_log.ts";
import { commandOf, deno, task, unwrapped } from "../main_cases.ts";
import { largeLog, writeClientLog, writeSmallLog } from "./log_cases.ts";
import { COLUMNS_EXPLAINED } from "./report.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FIRST = "0000000001.log";
const SECOND = "0000000002.log";
const SNAPSHOT = "0000000003.snapshot";

/** A log in a directory of its own, by its path and its path from the project's folder. */
function withLog(write: (log: string) => void, use: (log: string, shown: string) => Promise<void>): Promise<void> {
  return withDirectory(async (parent) => {
    write(`${parent}/log`);
    await use(`${parent}/log`, relative(ROOT, `${parent}/log`));
  });
}

const GOLDEN = `\
0000000001.log: 700 bytes, a header of 80 bytes and frames 1 to 4
frame  valid  offset  bytes  term  vote  commit  checksum  entries
    1  ok         80    236     0     -       0  085fe64a  none
       checkpoint: the log begins; voters 1, 2 and 3; no snapshot
    2  ok        316     88     1     1       0  21437cf7  none
    3  ok        404    156     1     1       0  da432ca8  1 to 2
       entry 1, term 1: the empty entry that opens the term
       entry 2, term 1: Put x = 1
    4  ok        560    140     2     -       1  ea741a2d  2 to 4
       replaces earlier entries: 2
       entry 2, term 2: the empty entry that opens the term
       entry 3, term 2: 3 bytes, no command: 68 69 1b
       entry 4, term 2: 1 byte, no command: ff

A node can start on this log, with term 2, no vote, commit index 1, entries 1 to
4.
`;

Deno.test("log prints every frame of a log, and in the end what its columns mean", () =>
  withLog(writeSmallLog, async (_, shown) => {
    const { status, stdout, stderr } = await task("log", shown);
    strictEqual(stdout, `The log in ${shown}\n\n${GOLDEN}\n${COLUMNS_EXPLAINED}`);
    deepStrictEqual([status, stderr], [0, ""]);
    strictEqual((await task("log", `${shown}/`)).stdout, stdout);
    const help = (await task("log", "--help")).stdout;
    for (const line of `${stdout}${help}`.split("\n").slice(1)) ok(line.length <= 80, line);
  }));

Deno.test("log names clients' requests, also in a snapshot, and an empty entry in place of a change", () =>
  withLog(writeClientLog, async (_, shown) => {
    const { status, stdout } = await task("log", shown);
    strictEqual(status, 0);
    const entries = [
      "entry 1, term 1: the empty entry that opens the term",
      "entry 2, term 1: Put x = 1, request 1 of client 7",
      "entry 3, term 1: an empty entry in place of a change",
      "entry 4, term 2: the empty entry that opens the term",
    ];
    deepStrictEqual(stdout.match(/(?<=^ {7})entry .*$/gm), entries);
    match(stdout, /^ {2}x = 1; carried out last: request 1 of client 7$/m);
    match(unwrapped(stdout), /voters 1 and 4, outgoing voters 1, 2 and 3, next learner 3; snapshot up to index 2/);
  }));

Deno.test("log explains a torn tail and what recovery does to it, and damage and why a node refuses to start", () =>
  withLog(writeSmallLog, async (log, shown) => {
    const bytes = readFileSync(`${log}/${FIRST}`);
    const { offset } = readLog(log, nodeFiles).frames[2];
    writeFileSync(`${log}/${FIRST}`, bytes.subarray(0, -10));
    const torn = await task("log", shown);
    match(torn.stdout, /^ {4}4 {2}torn .* - {2}-.*\n {7}the file ends within a frame\.\n/m);
    match(unwrapped(torn.stdout), /A node can start .* entries 1 to 2.* tail of 130 bytes is dropped\./);
    bytes[offset + 30] ^= 1;
    writeFileSync(`${log}/${FIRST}`, bytes);
    const bad = await task("log", shown);
    match(bad.stdout, /^ {4}3 {2}bad .*\n {7}the checksum does not match; but frame 4 is whole, at offset \d+\.\n/m);
    match(unwrapped(bad.stdout), RegExp(`A node refuses .*${FIRST}, offset ${offset}, frame 3: .*must not vote`));
    deepStrictEqual([torn.status, bad.status], [0, 1]);
  }));

Deno.test("log shows segments, snapshots, locks, obsolete files and what belongs to no log", () =>
  withLog((log) => largeLog(log).close(), async (log, shown) => {
    writeFileSync(`${log}/0000000009.log.tmp`, "half");
    writeFileSync(`${log}/lock-99999999-0`, "");
    const { status, stdout } = await task("log", shown);
    strictEqual(status, 0);
    match(stdout, /^0000000002\.log: .*, a header of 80 bytes and frame 5$/m);
    match(stdout, /^0000000003\.snapshot: 115 bytes, snapshot up to index 2, term 1[^]*?\n {2}x = 1\n/m);
    match(stdout, /^0000000009\.log\.tmp: [^]*?removed at the next start$/m);
    match(stdout, /^lock-99999999-0: process 99999999 has the log open, or was killed/m);
    match(stdout, /^ {7}entry 258, term 1: Put x = 255$/m);
    writeFileSync(`${log}/notes.txt`, "mine");
    const foreign = await task("log", shown);
    strictEqual(foreign.status, 1);
    match(unwrapped(foreign.stdout), /notes\.txt: .* A node refuses .*notes\.txt does not belong/);
    for (const name of ["notes.txt", "0000000003.snapshot"]) rmSync(`${log}/${name}`);
    match(unwrapped((await task("log", shown)).stdout), /the snapshot cannot be read/);
  }));

Deno.test("log shows one node after the other, also those that have no log, and reads while a node has its log open", () =>
  withDirectory(async (parent) => {
    for (const node of [1, 2, 10]) writeSmallLog(`${parent}/node-${node}`);
    for (const node of [3, 4]) mkdirSync(`${parent}/node-${node}`);
    writeFileSync(`${parent}/node-4/notes.txt`, "mine");
    const open = openReal(`${parent}/node-2`);
    const { status, stdout } = await task("log", parent);
    strictEqual(readdirSync(`${parent}/node-2`).length, 2, "the lock is there still");
    open.close();
    strictEqual(status, 1);
    deepStrictEqual(stdout.match(/(?<=^The log in .*node-)\d+$/gm)?.join(), "1,2,3,4,10");
    match(
      unwrapped(stdout),
      /node-3 A node refuses to start on this log\. \S+ has no log of node 3, and others have gone on/,
    );
    match(unwrapped(stdout), /node-4 notes\.txt: .* A node refuses to start on this log\. Cannot open/);
    strictEqual(stdout.split("A frame is what").length, 2, "the columns are explained once");
  }));

/** What `log` says in its one line; it is killed if it waits for something. */
async function errorOf(directory: string): Promise<string> {
  const args = [...commandOf("log").split(" ").slice(1), directory];
  const signal = AbortSignal.timeout(20_000);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null", signal }).output();
  const text = new TextDecoder().decode(stderr);
  deepStrictEqual([code, stdout.length], [2, 0], text);
  match(text, /^error: [^\n]*\n$/);
  return text.replaceAll('"', ""); // a path with spaces in it is quoted
}

const link = (target: string) => (path: string) => deno("eval", "Deno.symlinkSync(...Deno.args)", target, path);
const makePipe = (path: string) => new Deno.Command("mkfifo", { args: [path] }).output();

const obstacles: readonly [what: string, name: string, make: (path: string) => unknown, says: string][] = [
  ["a directory", FIRST, mkdirSync, "it is no regular file"],
  ["a link to nowhere", SNAPSHOT, link("nowhere"), "ENOENT: no such file or directory"],
  ["a pipe", SECOND, makePipe, "it is no regular file"],
  ["a device", SECOND, link("/dev/zero"), "it is no regular file"],
];
for (const [what, name, make, says] of obstacles) {
  Deno.test({
    name: `${what} where ${name} should be is named in one line, and not waited for`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      withDirectory(async (parent) => {
        largeLog(`${parent}/log`).close();
        rmSync(`${parent}/log/${name}`, { force: true });
        await make(`${parent}/log/${name}`);
        const error = await errorOf(`${parent}/log`);
        ok(error.endsWith(`/${name}: ${says}\n`), error);
      }),
  });
}

Deno.test("where no node has a log, log says what to name", () =>
  withDirectory(async (parent) => {
    mkdirSync(`${parent}/node-1`);
    const called = /: there is no log in .*, or one that has such directories in it, called node-1, node-2, \.\.\.\n$/;
    for (const directory of [parent, `${parent}/node-1`]) match(await errorOf(directory), called);
  }));

/** Three nodes' logs that have gone on, as a start writes them; something is done to those of node 2. */
function withCluster(spoil: (parent: string) => unknown, use: (parent: string) => Promise<void>): Promise<void> {
  return withDirectory(async (parent) => {
    for (const node of [1, 2, 3]) {
      const storage = openReal(`${parent}/node-${node}`, { owner: { cluster: "c", node }, segmentBytes: 300 });
      for (let term = 1; term < 4; term++) {
        storage.append([{ type: "empty", term, index: term, data: new Uint8Array() }]);
        storage.setHardState({ term, vote: 1, commit: 0 });
        storage.sync();
      }
      storage.close();
    }
    await spoil(parent);
    await use(parent);
  });
}

const empty = (directory: string) => readdirSync(directory).forEach((name) => rmSync(`${directory}/${name}`));
const copy = (from: string, to: string) => {
  rmSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
};
const SPOILT: readonly [what: string, spoil: (parent: string) => unknown, says: RegExp][] = [
  ["missing", (at) => rmSync(`${at}/node-2`, { recursive: true }), /has no log of node 2, and others have gone on/],
  ["emptied", (at) => empty(`${at}/node-2`), /has no log of node 2, and others have gone on/],
  ["a file", (at) => (rmSync(`${at}/node-2`, { recursive: true }), writeFileSync(`${at}/node-2`, "")), /ENOTDIR/],
  ["a copy of another node's", (at) => copy(`${at}/node-1`, `${at}/node-2`), /belongs to node 1 of cluster "c"/],
  ["a segment of it renamed", (at) => renameSync(`${at}/node-2/${SECOND}`, `${at}/node-2/${FIRST}`), /it is segment 2/],
  ["a segment a link to another node's", async (at) => {
    rmSync(`${at}/node-2/${SECOND}`);
    await link(`../node-1/${SECOND}`)(`${at}/node-2/${SECOND}`);
  }, /belongs to node 1 of cluster "c"/],
  ["another cluster's", (at) => {
    empty(`${at}/node-2`);
    openReal(`${at}/node-2`, { owner: { cluster: "d", node: 2 } }).close();
  }, /belongs to node 2 of cluster "d", and not to node 2 of cluster "c"/],
];
for (const [what, spoil, says] of SPOILT) {
  Deno.test(`log and demo say the same of a node's log that is ${what}: no start`, () =>
    withCluster(spoil, async (parent) => {
      const [log, demo] = [await task("log", parent), await task("demo", "basic", "--storage", parent)];
      deepStrictEqual([log.status, demo.status, demo.stdout], [1, 2, ""], log.stderr + demo.stderr);
      match(unwrapped(log.stdout), says);
      match(demo.stderr, says);
    }));
}
