import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Operation, readRecordedRun, type RecordedRun } from "./format.ts";
import { replay } from "./replayer.ts";

const TESTDATA = fileURLToPath(new URL("./testdata/", import.meta.url));

const core = readFileSync(`${TESTDATA}core-1.jsonl.gz`);
const asynchronous = readFileSync(`${TESTDATA}async-2012.jsonl.gz`);

for (const name of readdirSync(TESTDATA).sort()) {
  Deno.test(`${name} is answered as the crate did, operation for operation`, () => {
    const run = readRecordedRun(readFileSync(TESTDATA + name));
    ok(run.operations.length > 1000);
    strictEqual(replay(run), null);
  });
}

Deno.test("of each profile two runs at least are here", () => {
  const profiles = readdirSync(TESTDATA).map((name) => readRecordedRun(readFileSync(TESTDATA + name)).header.profile);
  const reads = ["read+transfer+prevote+checkquorum", "read+lease+checkquorum"];
  for (const profile of ["core", "snapshot", "prevote+checkquorum", ...reads, "confchange+snapshot", "full", "async"]) {
    ok(profiles.filter((name) => name.startsWith(profile)).length >= 2, profile);
  }
});

/** What stands at `path` in `value`; `undefined` if there is nothing. */
function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce((part, field) => Reflect.get(Object(part), field), value);
}

/** `run`, with `value` at `path` in the first operation of this kind that has something else there. */
function tamper(run: RecordedRun, op: Operation["op"], path: string, value: unknown) {
  const operations = structuredClone([...run.operations]);
  const differs = (other: unknown) => other !== undefined && JSON.stringify(other) !== JSON.stringify(value);
  const i = operations.findIndex((other) => other.op === op && differs(valueAt(other, path)));
  ok(i >= 0, `there is a ${op} with ${path}`);
  const original = valueAt(operations[i], path);
  const [, folder, field] = /^(?:(.*)\.)?(.*)$/.exec(path) ?? [];
  Reflect.set(Object(folder === undefined ? operations[i] : valueAt(operations[i], folder)), field, value);
  return { run: { ...run, operations }, number: i + 1, original };
}

const TAMPERED: [what: string, bytes: Uint8Array, op: Operation["op"], path: string, value: unknown][] = [
  ["the term of a Ready's hard state", core, "ready", "ready.hs.term", 99],
  ["the role in a Ready", core, "ready", "ready.ss.role", "leader"],
  ["the term of a committed entry", core, "ready", "ready.committedEntries.0.term", 99],
  ["whether a Ready must reach the disk", core, "ready", "ready.mustSync", false],
  ["a message", core, "ready", "ready.messages.0.commit", 99],
  ["a message that had to wait", core, "ready", "ready.persistedMessages.0.type", "MsgHup"],
  ["an entry in a message", core, "ready", "ready.messages.0.entries.0.data", "forged"],
  ["what a LightReady commits", core, "ready", "ready.light.committedEntries.0.index", 99],
  ["the crate's answer to a proposal", core, "propose", "error", "raft: proposal dropped"],
  ["a state", core, "tick", "state.electionElapsed", 99],
  ["a leader's progress", core, "deliver", "state.progress.0.next", 99],
  ["the number of an asynchronous Ready", asynchronous, "readyAsync", "ready.number", 99],
  ["a message that waited for a write", asynchronous, "persist", "messages.0.term", 99],
];

for (const [what, bytes, op, path, value] of TAMPERED) {
  Deno.test(`a run in which ${what} was changed is found out at that operation`, () => {
    const { run, number, original } = tamper(readRecordedRun(bytes), op, path, value);
    const operation = run.operations[number - 1];
    const isOnNode = (other: Operation) => valueAt(other, "node") === valueAt(operation, "node");
    const before = run.operations.slice(0, number - 1).filter(isOnNode).slice(-3);
    deepStrictEqual(replay(run), { number, operation, before, path, expected: value, actual: original });
  });
}

Deno.test("a message too few, an entry too many and a field nobody has are found out", () => {
  const run = readRecordedRun(core);
  const found = (path: string, value: unknown) => replay(tamper(run, "ready", path, value).run);
  const { operation, path, expected } = found("ready.messages", []) ?? {};
  deepStrictEqual([operation?.op, path, expected], ["ready", "ready.messages.0", undefined]);
  strictEqual(found("ready.entries", [{ data: "", index: 1, term: 1, type: "normal" }])?.path, "ready.entries.0");
  const ready = valueAt(run.operations.find(({ op }) => op === "ready"), "ready");
  strictEqual(found("ready", { ...Object(ready), x: 1 })?.path, "ready.x");
});

Deno.test("a state that the run does not mention has not changed, or is found out", () => {
  const { run: silent, number } = tamper(readRecordedRun(core), "campaign", "state", {});
  const difference = replay(silent);
  deepStrictEqual([difference?.number, difference?.path.startsWith("state.")], [number, true]);
});

Deno.test("a call that the crate answers, and that breaks an invariant here, is found out", () => {
  const { run: broken, number } = tamper(readRecordedRun(core), "restart", "applied", 1_000_000);
  const difference = replay(broken);
  deepStrictEqual([difference?.number, difference?.path], [number, "the call"]);
  ok(String(difference?.actual).startsWith("InvariantViolation: "));
});
