import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { withDirectory } from "../storage/directory_cases.ts";
import { task } from "./main_cases.ts";

const EQUAL = "lib/replay/testdata/core-1.jsonl.gz";

const limits = { maxEntriesPerMessage: null, maxInflightMsgs: 4 };
const ticks = { electionTick: 10, heartbeatTick: 3 };
const config = { ...ticks, ...limits, checkQuorum: false, preVote: false, readOnlyOption: "safe" };
const header = { profile: "core", seed: 1, nodes: [1], voters: [1], electionTimeouts: [10], config };

/** Run `act` with a file of these lines. */
function withRun(lines: readonly unknown[], act: (file: string) => Promise<void>): Promise<void> {
  return withDirectory(async (folder) => {
    writeFileSync(`${folder}/run.jsonl.gz`, gzipSync(lines.map((line) => JSON.stringify(line)).join("\n")));
    await act(`${folder}/run.jsonl.gz`);
  });
}

Deno.test("replay says a line a file, and exits with 0 if all are equal", async () => {
  const { status, stdout, stderr } = await task("replay", EQUAL, "lib/replay/testdata/async-2150.jsonl.gz");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /^core-1: \d+ operations equal\nasync-2150: \d+ operations equal\n$/);
});

Deno.test("replay shows the first answer that differs, goes on to the next file, and exits with 1", () =>
  withRun([header, { op: "init", node: 1, state: { term: 7 } }], async (file) => {
    const { status, stdout, stderr } = await task("replay", file, EQUAL);
    deepStrictEqual([status, stderr], [1, ""]);
    const [first, expected, came, operation, before, ...more] = stdout.split("\n");
    strictEqual(first, "run: operation 1 differs at state.term");
    deepStrictEqual([expected.trim(), came.trim()], ["expected   7", "came       0"]);
    match(operation, /"op":"init"/);
    match(before, /before .*nothing$/);
    match(more.join("\n"), /^core-1: \d+ operations equal\n$/);
  }));

const CONTRADICTIONS: readonly [lines: unknown[], says: RegExp][] = [
  [[header, { op: "tick", node: 1, state: {}, result: false }], /node 1 was never started/],
  [[header, { op: "drop", message: 7 }], /message 7 is not in flight/],
  [[header, { op: "init", node: 2, state: {} }], /node 2 is not in the header/],
  [[{ ...header, config: { ...config, electionTick: 0 } }, { op: "init", node: 1, state: {} }], /electionTick = 0/],
  [[header, { op: "tick", node: 1, state: {} }], /run\.jsonl\.gz\b[^\n]*line 2\b[^\n]*result/],
];
for (const [lines, says] of CONTRADICTIONS) {
  Deno.test(`replay refuses what is no run, or contradicts itself, in a line: ${says.source}`, () =>
    withRun(lines, async (file) => {
      const { status, stdout, stderr } = await task("replay", file);
      deepStrictEqual([status, stdout], [2, ""]);
      match(stderr, /^error: [^\n]+\n$/);
      match(stderr, says);
    }));
}
