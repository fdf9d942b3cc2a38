import { ok } from "node:assert/strict";
import { type CoreCoverage, fuzzCore } from "./core_fuzz.ts";

Deno.test("nodes join, leave, hand over and read under faults, and every invariant holds", () => {
  const total: Partial<Record<keyof CoreCoverage, number>> = {};
  for (let seed = 1; seed <= 300; seed++) {
    for (const [kind, count] of Object.entries(fuzzCore(seed))) {
      const key = kind as keyof CoreCoverage;
      total[key] = (total[key] ?? 0) + count;
    }
  }
  for (const [kind, count] of Object.entries(total)) ok(count > 50, `${kind}: ${count}`);
});
