import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { task } from "./main_cases.ts";

Deno.test("storm says how many storms broke no invariant, and what was seen in them", async () => {
  const { status, stdout, stderr } = await task("storm", "--seeds", "5");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /^5 storms, no invariant broke: elections \d+, .* restarts \d+\n$/);
});

Deno.test("storm --seed tells one storm line by line, twice the same", async () => {
  const first = await task("storm", "--seed", "3");
  deepStrictEqual([first.status, first.stderr], [0, ""]);
  match(first.stdout, /^((tick +\d+| {8}) {2}[^\n]*\n)+seed 3: no invariant broke\n$/);
  match(first.stdout, /is stopped/);
  strictEqual((await task("storm", "--seed", "3")).stdout, first.stdout);
});

Deno.test("storm --help says what it does", async () => {
  const { status, stdout } = await task("storm", "--help");
  strictEqual(status, 0);
  for (const option of ["--seeds N", "--seed S"]) strictEqual(stdout.includes(option), true, option);
});
