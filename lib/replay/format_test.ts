import { deepStrictEqual, throws } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readRecordedRun } from "./format.ts";

const features = { checkQuorum: false, preVote: false, readOnlyOption: "safe" };
const config = { electionTick: 10, heartbeatTick: 3, maxEntriesPerMessage: null, maxInflightMsgs: 4, ...features };
const nodes = [1, 2, 3];
const header = { profile: "core", seed: 1, nodes, voters: nodes, electionTimeouts: [10, 11, 12], config };
const init = { op: "init", node: 1, state: { term: 0 } };
const tick = { op: "tick", node: 1, state: {}, result: false };

/** A file of these lines; what is no text becomes JSON. */
function gzipped(...lines: unknown[]): Uint8Array {
  return gzipSync(lines.map((line) => typeof line === "string" ? line : JSON.stringify(line)).join("\n"));
}

Deno.test("a recorded run is its header and its operations", () => {
  deepStrictEqual(readRecordedRun(gzipped(header, init, tick)), { header, operations: [init, tick] });
});

Deno.test("what is no recorded run is refused with the line and what is wrong there", () => {
  const cases: [bytes: Uint8Array, message: RegExp][] = [
    [new TextEncoder().encode(JSON.stringify(header)), /not gzipped/],
    [gzipped(header, init).subarray(0, 40), /not gzipped/],
    [gzipped(""), /line 1\b.*not JSON/],
    [gzipped(header, init, '{"op":"tick"'), /line 3\b.*not JSON/],
    [gzipped(tick), /line 1\b.*profile/],
    [gzipped({ ...header, electionTimeouts: [10] }), /line 1\b.*election timeout/],
    [gzipped({ ...header, config: { ...config, heartbeatTick: "3" } }), /line 1\b.*config\.heartbeatTick.*number/],
    [gzipped(header, null), /line 2\b/],
    [gzipped(header, init, { ...tick, result: undefined }), /line 3\b.*result/],
    [gzipped(header, init, { ...tick, node: 0 }), /line 3\b.*node/],
    [gzipped(header, init, { ...tick, op: "reboot" }), /line 3\b.*op\b/],
  ];
  for (const [bytes, message] of cases) {
    throws(() => readRecordedRun(bytes), { name: "FormatError", message });
  }
});
