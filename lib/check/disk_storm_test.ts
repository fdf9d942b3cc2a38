import { ok } from "node:assert/strict";
import type { Moments } from "./checker.ts";
import { watchedDisks } from "./ghost_cases.ts";
import { storm } from "./storm.ts";

const SEEDS = 1000;

Deno.test(`the invariants hold in ${SEEDS} storms on disks that lose what was not synced, with crashes between all steps`, () => {
  const seen = new Set<number>();
  const total: Moments = { elections: 0, truncations: 0, laterCommits: 0, snapshots: 0, restarts: 0 };
  for (let seed = 0; seed < SEEDS; seed++) {
    const moments = storm(seed, {
      disks: watchedDisks(),
      observer: (row) => {
        if (row.kind === "nodeFault" && row.after !== undefined) seen.add(row.after);
      },
    });
    for (const name of ["elections", "truncations", "laterCommits", "snapshots", "restarts"] as const) {
      total[name] += moments[name];
    }
  }
  ok([1, 2, 3, 4, 5, 6, 7].every((step) => seen.has(step)), `crashed only after the steps ${[...seen].sort()}`);
  ok(Object.values(total).every((count) => count > SEEDS / 20), JSON.stringify(total));
});
