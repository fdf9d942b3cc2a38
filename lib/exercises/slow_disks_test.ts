import { match, strictEqual } from "node:assert/strict";
import { checkSlowDisks } from "./slow_disks.ts";

Deno.test("without the leader's disk: node 4 leads, and any one of its followers may be slow too, the others in any order", async () => {
  for (
    const ticks of [[0, 0, 20, 20, 0], [20, 0, 0, 20, 0], [0, 20, 0, 20, 0], [0, 0, 0, 20, 20], [9, 3, 20, 20, 12]]
  ) {
    strictEqual(await checkSlowDisks(ticks), null, ticks.join());
  }
});

Deno.test("without the leader's disk: too many slow disks, too few, the wrong node's, and what are no five speeds", async () => {
  const wrong: [ticks: number[], says: RegExp][] = [
    [[0, 20, 20, 20, 0], /Node 4 leads, and its own disk is among them: .* tick 43/],
    [[20, 20, 20, 20, 20], /its own disk is among them/],
    [[20, 20, 0, 0, 0], /its own disk is among them: .* nodes 3, 4 and 5 hold it/],
    [[0, 0, 0, 20, 0], /But one more disk may take 20 ticks/],
    [[0, 0, 19, 20, 0], /But one more disk may take 20 ticks/],
    [[0, 0, 20, 20], /five whole numbers/],
    [[0, 0, 20, 20.5, 0], /five whole numbers/],
    [[0, 0, 21, 21, 0], /five whole numbers/],
  ];
  for (const [ticks, says] of wrong) match(await checkSlowDisks(ticks) ?? "right", says, ticks.join());
});
