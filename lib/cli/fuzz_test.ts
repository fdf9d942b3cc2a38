import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { task } from "./main_cases.ts";

Deno.test("fuzz says how many runs broke no invariant, and what was seen in them", async () => {
  const { status, stdout, stderr } = await task("fuzz", "--seeds", "5");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /^5 runs, no invariant broke: elections \d+, .* restarts \d+\n$/);
});

Deno.test("fuzz --seed tells one run line by line, twice the same", async () => {
  const first = await task("fuzz", "--seed", "3");
  deepStrictEqual([first.status, first.stderr], [0, ""]);
  match(first.stdout, /^((tick +\d+| {8}) {2}[^\n]*\n)+seed 3: no invariant broke\n$/);
  match(first.stdout, /is stopped/);
  strictEqual((await task("fuzz", "--seed", "3")).stdout, first.stdout);
});

for (const [what, seen] of [["log", /refused \d+, whole \d+/], ["messages", /steps 1000, refused \d+/]] as const) {
  Deno.test(`fuzz ${what} says how many seeds broke nothing, and what was seen`, async () => {
    const { status, stdout, stderr } = await task("fuzz", what, "--seeds", "2");
    deepStrictEqual([status, stderr], [0, ""]);
    match(stdout, /^2 seeds, nothing broke: /);
    match(stdout, seen);
  });
}
