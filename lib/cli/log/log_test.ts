/** `log`, as a user meets it. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { FileStorage } from "../../storage/file_storage.ts";
import { withDirectory } from "../../storage/directory_cases.ts";
import { readLog } from "../../storage/read_log.ts";
import { task } from "../main_cases.ts";
import { entryLines } from "./entries.ts";
import { COLUMNS_EXPLAINED } from "./help.ts";
import { writeLargeLog, writeSmallLog } from "./log_cases.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FIRST = "0000000001.log";

/** A log in a directory of its own, by its path and its path from the project's folder. */
function withLog(write: (log: string) => void, use: (log: string, shown: string) => Promise<void>): Promise<void> {
  return withDirectory(async (parent) => {
    write(`${parent}/log`);
    await use(`${parent}/log`, relative(ROOT, `${parent}/log`));
  });
}

const GOLDEN = `\
0000000001.log, 420 bytes: segment 1, a header of 32 bytes and frames 1 to 4
frame  valid  offset  bytes  type   term  vote  commit  checksum  entries
    1  ok         32    108  base      0     -       0  9d89c9b8  none
       base: the log from its beginning; voters 1, 2, 3; no snapshot
    2  ok        140     60  write     1     1       0  974697d6  none
    3  ok        200    120  write     1     1       0  636a6596  1 to 2
       entry 1, term 1: the empty entry that opens the term
       entry 2, term 1: Put x = 1
    4  ok        320    100  write     2     -       1  fa10916c  2 to 4
       removes entry 2 of earlier frames
       entry 2, term 2: the empty entry that opens the term
       entry 3, term 2: 3 bytes, no command: "hi\\u001b"
       entry 4, term 2: 1 byte, no command: ff

A node can start on this log, with term 2, no vote, commit index 1, entries 1 to
4, no snapshot.
`;

Deno.test("log prints every frame of a log, and in the end what its columns mean", () =>
  withLog(writeSmallLog, async (_, shown) => {
    const { status, stdout, stderr } = await task("log", shown);
    strictEqual(stdout, `The log in ${shown}\n\n${GOLDEN}\n${COLUMNS_EXPLAINED}`);
    deepStrictEqual([status, stderr], [0, ""]);
    strictEqual((await task("log", `${shown}/`)).stdout, stdout);
    for (const line of stdout.split("\n").slice(1)) ok(line.length <= 80, line);
  }));

Deno.test("log --json prints one object a frame, and nothing else", () =>
  withLog(writeSmallLog, async (log, shown) => {
    const { status, stdout, stderr } = await task("log", shown, "--json");
    deepStrictEqual([status, stderr], [0, ""]);
    const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    deepStrictEqual(rows.map(({ number, verdict }) => [number, verdict]), [[1, "ok"], [2, "ok"], [3, "ok"], [4, "ok"]]);
    const command = { kind: "Put", key: "x", value: "1" };
    deepStrictEqual(rows[2].entries, [{ index: 1, term: 1, kind: "Empty" }, {
      index: 2,
      term: 1,
      kind: "Command",
      command,
    }]);
    deepStrictEqual(rows[3].entries[1], { index: 3, term: 2, kind: "Other", bytes: "68691b" });
    deepStrictEqual([rows[3].term, rows[3].vote, rows[3].commit, rows[3].from], [2, null, 1, 2]);
    truncateSync(`${log}/${FIRST}`, 330);
    const torn = await task("log", shown, "--json");
    const last = JSON.parse(torn.stdout.trimEnd().split("\n")[3]);
    deepStrictEqual([torn.status, torn.stderr, last.verdict, last.bytes], [0, "", "torn", 10]);
  }));

Deno.test("log explains a torn tail, and what recovery does to it", () =>
  withLog(writeSmallLog, async (log, shown) => {
    truncateSync(`${log}/${FIRST}`, 410);
    const { status, stdout } = await task("log", shown);
    strictEqual(status, 0);
    match(
      stdout,
      /^ {4}4 {2}torn {6}320 {5}90 {2}-[^\n]*\n {7}the file ends within a frame, after 90 of 100 bytes\.\n/m,
    );
    match(stdout.replace(/\s+/g, " "), /A torn tail: the next start drops 90 bytes\./);
    match(
      stdout.replace(/\s+/g, " "),
      /A node can start .* term 1, .*entries 1 to 2.* tail of 90 bytes is dropped\. A f/,
    );
  }));

Deno.test("log explains damage before the tail: which file, offset and frame, and why a node refuses to start", () =>
  withLog(writeSmallLog, async (log, shown) => {
    const bytes = readFileSync(`${log}/${FIRST}`);
    bytes[230] ^= 1;
    writeFileSync(`${log}/${FIRST}`, bytes);
    const { status, stdout } = await task("log", shown);
    strictEqual(status, 1);
    match(stdout, /^ {4}3 {2}bad {7}200 {4}120 {2}-[^\n]*\n {7}the checksum does not match\.\n/m);
    match(stdout, /^ {4}4 {2}ok {8}320/m);
    const text = stdout.replace(/\s+/g, " ");
    match(text, /A node refuses .*0000000001\.log, offset 200, frame 3: .* but frame 4 is whole.*must not vote/);
    const json = await task("log", shown, "--json");
    strictEqual(json.status, 1);
    match(json.stderr, /^refused: Cannot open the log: [^\n]*frame 3[^\n]*\n$/);
  }));

Deno.test("log shows segments, snapshots, locks, leftovers and what belongs to no log; many entries are summed up", () =>
  withLog(writeLargeLog, async (log, shown) => {
    writeFileSync(`${log}/0000000009.log.tmp`, "half");
    writeFileSync(`${log}/lock-99999999-0`, "");
    const { status, stdout } = await task("log", shown);
    strictEqual(status, 0);
    match(stdout, /^ {7}indices 3 to 258, 256 entries, term 1 \(--verbose lists them\)$/m);
    match(stdout, /^0000000002\.log, .*: segment 2, .*frame 5$/m);
    match(stdout, /^0000000003\.snapshot, 19 bytes: snapshot up to index 2, term 1[^]*?\n {2}x = 1\n/m);
    match(stdout, /^0000000009\.log\.tmp, 4 bytes: [^]*?removed at the\n? +next start$/m);
    match(stdout, /^lock-99999999-0, 0 bytes: process 99999999 has the log open, or was killed/m);
    const verbose = (await task("log", shown, "--verbose")).stdout;
    match(verbose, /^ {7}entry 258, term 1: Put x = 255$/m);
    writeFileSync(`${log}/notes.txt`, "mine");
    const foreign = await task("log", shown);
    strictEqual(foreign.status, 1);
    match(foreign.stdout.replace(/\s+/g, " "), /notes\.txt, 4 bytes: .* A node refuses .*notes\.txt does not belong/);
    rmSync(`${log}/0000000003.snapshot`);
    match((await task("log", shown)).stdout.replace(/\s+/g, " "), /the snapshot cannot be read/);
  }));

Deno.test("log shows one node after the other, and reads while a node has its log open", () =>
  withDirectory(async (parent) => {
    for (const node of [1, 2, 10]) writeSmallLog(`${parent}/node-${node}`);
    mkdirSync(`${parent}/node-3`);
    const open = FileStorage.open(`${parent}/node-2`, { voters: [1, 2, 3] });
    const { status, stdout } = await task("log", parent);
    const before = readdirSync(`${parent}/node-2`);
    open.close();
    strictEqual(status, 0);
    deepStrictEqual(stdout.match(/(?<=^The log in .*)node-\d+$/gm), ["node-1", "node-2", "node-3", "node-10"]);
    match(stdout, /node-3\n\nA node can start here: it begins a new log, for there is no finished one\.\n\nThe log/);
    strictEqual(stdout.split("A frame is what").length, 2, "the columns are explained once");
    strictEqual(before.length, 2, "the lock is there still");
    strictEqual(readLog(`${parent}/node-2`).frames.length, 4);
  }));

Deno.test("log --help says what it does, and no line is too wide", async () => {
  const { status, stdout } = await task("log", "--help");
  strictEqual(status, 0);
  for (const option of ["--verbose", "--json"]) ok(stdout.includes(`\n  ${option} `), option);
  for (const line of `${stdout}${COLUMNS_EXPLAINED}`.split("\n")) ok(line.length <= 80, line);
});

Deno.test("entries of several terms are summed up with their terms", () => {
  const entries = [1, 1, 2, 3, 3].map((term, i) => ({
    type: "empty" as const,
    term,
    index: 7 + i,
    data: new Uint8Array(),
  }));
  match(entryLines(entries, "summaries").join(), /^indices 7 to 11, 5 entries, terms 1 to 3 \(/);
  strictEqual(entryLines(entries, "every entry").length, 5);
});
