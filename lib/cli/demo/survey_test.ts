import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { histogram } from "./survey.ts";
import { task } from "../main_cases.ts";

Deno.test("demo --seeds says how many went as expected, and shows elections and ticks without a leader", async () => {
  const { status, stdout, stderr } = await task("demo", "drop-leader", "--nodes", "5", "--seeds", "40");
  deepStrictEqual([status, stderr], [0, ""]);
  const elections = "counted from .*\n\nelections: median 1\n( +\\d.*\n)+";
  const ticks = "ticks without a leader that a majority follows: median [\\d.]+\n  \\(over .*\\)\n( +\\d.*\n)+";
  match(stdout, RegExp(`^drop-leader: 40 of 40 seeds as expected\n\n${elections}\n${ticks}$`));
  for (const line of stdout.split("\n")) ok(line.length <= 80, line);
});

Deno.test("the first seeds that were not as expected are named, with what was found, and the exit status is 1", async () => {
  const wrong = ["--scenario", "lib/cli/demo/testdata/wrong.json"];
  const { status, stdout, stderr } = await task("demo", ...wrong, "--seeds", "7");
  deepStrictEqual([status, stderr], [1, ""]);
  const lines = stdout.split("\n");
  strictEqual(lines[0], "wrong: 0 of 7 seeds as expected");
  for (let seed = 0; seed < 5; seed++) {
    match(lines[seed + 1], RegExp(`^  seed ${seed}: expected: 2 nodes take themselves for .*; found: node \\d$`));
  }
  deepStrictEqual(lines.slice(6, 8), ["  and 2 more", "  see one with --seed 0 in place of --seeds 7"]);
});

const SURVEYS: readonly [what: string, args: string[], says: RegExp][] = [
  ["a leader that no majority follows is none", ["no-quorum", "--nodes", "3", "--seeds", "20"], /\nticks .* 41\n/],
  [
    "a sequel comes after its scenario",
    ["figure-8", "--seeds", "3"],
    /^figure-8: 3 [^]*\n\nfigure-8-without-the-rule: 3 /,
  ],
  ["one seed is a survey, too", ["basic", "--seeds", "1"], /^basic: 1 of 1 seed as expected\n/],
];
for (const [what, args, says] of SURVEYS) {
  Deno.test(`of many seeds: ${what}`, async () => match((await task("demo", ...args)).stdout, says));
}

Deno.test("a histogram has a bar for every range from the least to the greatest, empty ones too, and at most twelve", () => {
  deepStrictEqual(histogram("n", [1, 1, 1, 1, 2, 4]), [
    "n: median 1",
    `  1  4  ${"#".repeat(50)}`,
    `  2  1  ${"#".repeat(13)}`,
    "  3  0",
    `  4  1  ${"#".repeat(13)}`,
  ]);
  const labels = histogram("n", [9, 31, 41]).slice(1).map((line) => line.slice(0, 12));
  deepStrictEqual([labels.length, labels[0], labels[1], labels[7]], [
    8,
    "    5 to 9  ",
    "  10 to 14  ",
    "  40 to 44  ",
  ]);
  for (const most of [12, 13, 100, 12345, 99999]) {
    const lines = histogram("n", [...Array.from({ length: 9999 }, () => 0), most]);
    ok(lines.length <= 13 && lines.every((line) => line.length <= 80), `${most}`);
    match(lines[lines.length - 1], / 1 {2}#$/);
  }
});
