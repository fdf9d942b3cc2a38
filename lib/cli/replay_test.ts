import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { deno, task } from "./main_cases.ts";

const EQUAL = "lib/replay/testdata/core-1.jsonl.gz";

const config = {
  electionTick: 10,
  heartbeatTick: 3,
  maxEntriesPerMessage: null,
  maxInflightMsgs: 4,
  checkQuorum: false,
  preVote: false,
  readOnlyOption: "safe",
};
const header = { profile: "core", seed: 1, nodes: [1], voters: [1], electionTimeouts: [10], config };

/** Run `act` with a file of these lines. A process of its own writes it: tests may not. */
async function withRun(lines: readonly unknown[], act: (file: string) => Promise<void>): Promise<void> {
  const bytes = gzipSync(lines.map((line) => JSON.stringify(line)).join("\n")).toString("base64");
  const write = `const file = Deno.makeTempDirSync() + "/run.jsonl.gz";
    Deno.writeFileSync(file, Uint8Array.from(atob(Deno.args[0]), (c) => c.charCodeAt(0)));
    console.log(file);`;
  const file = (await deno("eval", write, bytes)).stdout.trim();
  try {
    await act(file);
  } finally {
    await deno("eval", `Deno.removeSync(Deno.args[0].replace(/[^/]*$/, ""), { recursive: true })`, file);
  }
}

Deno.test("replay says a line a file, and exits with 0 if all are equal", async () => {
  const { status, stdout, stderr } = await task("replay", EQUAL, "lib/replay/testdata/async-2150.jsonl.gz");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /^core-1: \d+ operations equal\nasync-2150: \d+ operations equal\n$/);
});

Deno.test("replay --help says what it does, and what its exit status means", async () => {
  const { status, stdout } = await task("replay", "--help");
  deepStrictEqual([status, /FILE[^]*0[^]*1[^]*2/.test(stdout)], [0, true], stdout);
});

Deno.test("replay shows the first answer that differs, goes on to the next file, and exits with 1", async () => {
  await withRun([header, { op: "init", node: 1, state: { term: 7 } }], async (file) => {
    const { status, stdout, stderr } = await task("replay", file, EQUAL);
    deepStrictEqual([status, stderr], [1, ""]);
    const [first, expected, came, operation, before, ...more] = stdout.split("\n");
    strictEqual(first, "run: operation 1 differs at state.term");
    deepStrictEqual([expected.trim(), came.trim()], ["expected   7", "came       0"]);
    match(operation, /"op":"init"/);
    match(before, /before .*nothing$/);
    match(more.join("\n"), /^core-1: \d+ operations equal\n$/);
  });
});

Deno.test("replay names what a run needs and is not supported, and exits with 1", async () => {
  await withRun([{ ...header, config: { ...config, preVote: true } }, { op: "readIndex" }], async (file) => {
    const expected = { status: 1, stdout: "run: not supported: needs PreVote, ReadIndex\n", stderr: "" };
    deepStrictEqual(await task("replay", file), expected);
  });
});

Deno.test("replay refuses a file that is no recorded run with its name, the line and what is wrong there", async () => {
  await withRun([header, { op: "tick", node: 1, state: {} }], async (file) => {
    const { status, stdout, stderr } = await task("replay", file);
    deepStrictEqual([status, stdout, stderr.includes(file)], [2, "", true]);
    match(stderr, /^error: [^\n]*line 2\b[^\n]*result[^\n]*\n$/);
  });
});

Deno.test("replay refuses a run that contradicts itself, in a line that says how", async () => {
  const contradictions: [unknown[], RegExp][] = [
    [[header, { op: "tick", node: 1, state: {}, result: false }], /node 1 was never started/],
    [[header, { op: "drop", message: 7 }], /message 7 is not in flight/],
    [[header, { op: "init", node: 2, state: {} }], /node 2 is not in the header/],
    [[{ ...header, config: { ...config, electionTick: 0 } }, { op: "init", node: 1, state: {} }], /electionTick = 0/],
  ];
  for (const [lines, says] of contradictions) {
    await withRun(lines, async (file) => {
      const { status, stdout, stderr } = await task("replay", file);
      deepStrictEqual([status, stdout], [2, ""]);
      match(stderr, /^error: [^\n]+\n$/);
      match(stderr, says);
    });
  }
});
