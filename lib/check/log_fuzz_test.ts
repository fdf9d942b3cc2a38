/** A few seconds of fuzz runs of the log on disk. */
import { ok, throws } from "node:assert/strict";
import { MemoryFiles } from "../storage/memory_files.ts";
import { fuzzLog } from "./log_fuzz.ts";

Deno.test("damaged logs are refused by name, or hold what was synced but for the last frame", () => {
  const sums = { refused: 0, whole: 0, withoutLast: 0, cutShort: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const seen = fuzzLog(seed, 200);
    for (const what of ["refused", "whole", "withoutLast", "cutShort"] as const) sums[what] += seen[what];
  }
  for (const [what, count] of Object.entries(sums)) ok(count > 50, `${what}: ${count}`);
});

Deno.test("the fuzz run finds files that lose what was synced", () => {
  const { open } = MemoryFiles.prototype;
  MemoryFiles.prototype.open = function (path) {
    return { ...open.call(this, path), sync: () => {} };
  };
  try {
    throws(() => Array.from({ length: 40 }, (_, i) => fuzzLog(1 + i, 1)), { name: "InvariantViolation" });
  } finally {
    MemoryFiles.prototype.open = open;
  }
});
