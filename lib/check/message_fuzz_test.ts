import { ok } from "node:assert/strict";
import { fuzzMessages } from "./message_fuzz.ts";

Deno.test("whatever a node is told, it takes, or refuses and has not changed, or stops; its log stays well formed", () => {
  const total = { steps: 0, refused: 0, stopped: 0, elections: 0, restored: 0 };
  for (let seed = 0; seed < 300; seed++) {
    const seen = fuzzMessages(seed);
    for (const what of Object.keys(seen) as (keyof typeof seen)[]) total[what] += seen[what];
  }
  const { steps, refused, stopped, elections, restored } = total;
  const taken = steps - refused - stopped;
  ok(taken > 50_000 && refused > 10_000 && stopped > 300 && elections > 300 && restored > 20, JSON.stringify(total));
});
