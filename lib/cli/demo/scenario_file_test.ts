import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { withDirectory } from "../../storage/directory_cases.ts";
import { type Result, task } from "../main_cases.ts";

const file = (name: string) => `lib/cli/demo/testdata/${name}.json`;

/** Play a file that says `text`. */
async function played(text: string): Promise<Result> {
  const results: Result[] = [];
  await withDirectory(async (folder) => {
    writeFileSync(`${folder}/my.json`, text);
    results.push(await task("demo", "--scenario", `${folder}/my.json`));
  });
  return results[0];
}

Deno.test("demo --scenario plays a file, with the options of the others", async () => {
  const { status, stdout, stderr } = await task("demo", "--scenario", file("pause"), "--nodes", "5", "--seed", "2");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /^pause: a leader stops, [^]*\n5 nodes, a majority is 3; seed 2\n[^]*\n\nThe leader stops\.\n\n/);
  match(stdout, /\n\nThe leader stops\ntick +\d+ {2}node \d is stopped\n/);
  match(stdout, /\n\d {5}stopped /);
  const [shows, next] = ["What this shows:\n  The others elect another.", "Try next:\n  an idea   in a line\n"];
  ok(stdout.endsWith(`\n\nAs expected.\n\n${shows}\n\n${next}`), stdout);
});

Deno.test("what is not as expected is told in the story and after it, and the exit status is 1", async () => {
  const { status, stdout, stderr } = await task("demo", "--scenario", file("wrong"));
  deepStrictEqual([status, stderr], [1, ""]);
  match(stdout, /\ntick +\d+ {2}not as expected: 2 nodes take themselves for the leader\n {10}found: node 1\n/);
  match(stdout, /\n\nNot as expected: 2 nodes take themselves for the leader; found: node 1\n$/);
  ok(!stdout.includes("What this shows"));
  strictEqual((await task("demo", "--scenario", file("wrong"), "--json")).status, 1);
});

Deno.test("a file that is no scenario is refused with everything that is wrong with it, each with its place", async () => {
  const { status, stdout, stderr } = await task("demo", "--scenario", file("shapeless"));
  deepStrictEqual([status, stdout], [2, ""]);
  deepStrictEqual(stderr.split("\n"), [
    "error: lib/cli/demo/testdata/shapeless.json is no scenario:",
    '  steps[2].until.nodes is "laggard", a name that no step before has set; known here: all, leader, followers, first',
    "  steps[3].nodes is node 4, which a cluster of 3 does not have",
    "",
  ]);
  const five = await task("demo", "--scenario", file("shapeless"), "--nodes", "5");
  match(five.stderr, /^error: \S+ is no scenario for 5 nodes:\n {2}steps\[2\][^\n]*\n$/);
});

const REFUSED: readonly [text: string, says: RegExp][] = [
  ['{\n  "name" "x"}', /is no JSON: .*\(line 2 column 10\)$/],
  ["\x1b[31mred", /is no JSON: /],
  [
    '{"name": "a",\n "steps": [{"x": "{", "do": "run", "d\\u006f": "heal"}]}',
    / says "do" again in line 2; say it once$/,
  ],
  [`{"\u202e": 1, "\u202e": 2}`, / says "\\u202e" again in line 1/],
  [`${" ".repeat(4_000_000)}{}`, /cannot read .*: it has 4000002 bytes; 4000000 are the most$/],
  ["[]", /is no scenario:\n {2}it must be an object$/],
];
for (const [text, says] of REFUSED) {
  Deno.test(`a file is refused in a line, with what the engine knows of the place: ${JSON.stringify(text.trim())}`, async () => {
    const { status, stdout, stderr } = await played(text);
    deepStrictEqual([status, stdout, stderr.includes("\x1b")], [2, "", false]);
    match(stderr.trimEnd(), says);
    match(stderr, /^error: [^\n]+(\n {2}[^\n]+)?\n$/);
  });
}

Deno.test("what is no regular file is not opened, and what is not written in UTF-8 is refused", () =>
  withDirectory(async (folder) => {
    const make = `mkfifo pipe.json; ln -s /dev/zero link.json; printf '\\377{' > other.json`;
    await new Deno.Command("sh", { args: ["-c", make], cwd: folder }).output();
    const files = { pipe: "it is no regular file", link: "it is no regular file", other: "it is not written in UTF-8" };
    for (const [name, says] of Object.entries(files)) {
      const { status, stderr } = await task("demo", "--scenario", `${folder}/${name}.json`);
      deepStrictEqual([status, stderr.includes(says), stderr.match(/\n/g)?.length], [2, true, 1]);
    }
  }));

Deno.test("a byte order mark before a file's text is no part of it", async () => {
  const marked = await played(`\uFEFF${readFileSync(file("pause"), "utf8")}`);
  deepStrictEqual(marked, await task("demo", "--scenario", file("pause")));
});

Deno.test("what a file says reaches the terminal without controls", async () => {
  const loud = "\x1b[31mred\nand more";
  const expect = { do: "expect", that: { is: "leaders", count: 0 }, text: loud };
  const more = { summary: loud, premise: [loud], shows: [loud], next: [loud] };
  const steps = [{ do: "run", ticks: 1, title: loud }, expect];
  const { status, stdout } = await played(JSON.stringify({ name: "loud", steps, ...more }));
  strictEqual(status, 0, stdout);
  deepStrictEqual([stdout.includes("\x1b"), stdout.match(/\\u001b\[31mred\\nand more/g)?.length], [false, 6]);
});
