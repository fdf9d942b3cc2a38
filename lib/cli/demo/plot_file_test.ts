import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deno, task, withFolder } from "../main_cases.ts";

Deno.test("demo --plot FILE.svg writes the timeline, tells the same story, and says where the timeline is", async () => {
  await withFolder(async (folder) => {
    const [first, second] = ["a.svg", "b.svg"].map((name) => join(folder, name));
    const story = await task("demo", "basic");
    const told = await task("demo", "basic", "--plot", first);
    deepStrictEqual([told.status, told.stderr], [0, ""]);
    strictEqual(told.stdout.replace(`The timeline is in ${first}\n\n`, ""), story.stdout);
    const json = await task("demo", "basic", "--json", `--plot=${second}`);
    deepStrictEqual([json.status, json.stdout], [0, (await task("demo", "basic", "--json")).stdout]);
    const svg = readFileSync(first, "utf8");
    match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*<\/svg>\n$/);
    match(svg, />A leader is elected, and one Put is replicated to every node<\/text>/);
    strictEqual(readFileSync(second, "utf8"), svg);
    deepStrictEqual(readdirSync(folder).sort(), ["a.svg", "b.svg"]);
  });
});

Deno.test("the figure in the README is the one that demo draws today", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "basic.svg");
    await task("demo", "basic", "--plot", file);
    const shown = new URL("../../../notebooks/images/basic.svg", import.meta.url);
    strictEqual(readFileSync(shown, "utf8"), readFileSync(file, "utf8"));
    match(readFileSync(new URL("../../../README.md", import.meta.url), "utf8"), /\(notebooks\/images\/basic\.svg\)/);
  });
});

Deno.test("demo --plot FILE.html writes a page with the title, the figure, how to read it, and the same in words", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "run.html");
    strictEqual((await task("demo", "basic", "--plot", file)).status, 0);
    const page = readFileSync(file, "utf8");
    match(page, /^<!doctype html>\n[^]*<title>A leader is elected, [^]*<svg [^]*<\/svg>[^]*<\/html>\n$/);
    match(page, /<figcaption>A panel a node; [^<]*<\/figcaption>/);
    match(page, /<p>Log, commit and applied indices of 3 nodes[^<]*<\/p>/);
    ok(!/<script|https?:(?!\/\/www\.w3\.org\/2000\/svg)/.test(page));
  });
});

Deno.test("where the file cannot be written, demo says so in a line and leaves nothing behind", async () => {
  await withFolder(async (folder) => {
    await deno("eval", `Deno.mkdirSync(${JSON.stringify(join(folder, "taken.svg"))})`);
    const { status, stdout, stderr } = await task("demo", "basic", "--plot", join(folder, "taken.svg"));
    deepStrictEqual([status, stdout], [2, ""]);
    match(stderr, /^error: cannot write [^\n]*taken\.svg: [^\n]*directory[^\n]*\n$/);
    deepStrictEqual(readdirSync(folder), ["taken.svg"]);
  });
});

Deno.test("demo --plot draws the chart that shows the scenario, and its title is the finding", async () => {
  await withFolder(async (folder) => {
    for (
      const [name, chart, title] of [
        ["drop-leader", "The role lanes are", /The leader falls silent, another is elected/],
        ["split-vote", "The term staircase is", /With equal timeouts every term splits its votes/],
        ["figure-8", "The timeline is", /An entry on three of five nodes is overwritten/],
      ] as const
    ) {
      const file = join(folder, `${name}.svg`);
      const { status, stdout } = await task("demo", name, "--plot", file);
      strictEqual(status, 0, name);
      ok(stdout.includes(`\n\n${chart} in ${file}\n\nTry next:\n`), stdout);
      match(readFileSync(file, "utf8"), title);
    }
  });
});

Deno.test("where the scenario failed, the title of its figure says so, and the exit status is 1", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "wrong.svg");
    strictEqual((await task("demo", "--scenario", "lib/cli/demo/testdata/wrong.json", "--plot", file)).status, 1);
    match(readFileSync(file, "utf8"), />Not as expected: 2 nodes take themselves for the leader</);
  });
});

Deno.test("demo --player writes a page to play the run, whole or not at all, beside a figure if one is wanted", async () => {
  await withFolder(async (folder) => {
    const [page, plot] = [join(folder, "run.html"), join(folder, "run.svg")];
    const { status, stdout } = await task("demo", "basic", "--player", page, "--plot", plot);
    deepStrictEqual([status, readdirSync(folder).sort()], [0, ["run.html", "run.svg"]]);
    ok(stdout.includes(`\n\nThe timeline is in ${plot}\nThe player is in ${page}\n\nTry next:\n`), stdout);
    match(
      readFileSync(page, "utf8"),
      /^<!doctype html>[^]*A leader is elected, and one Put is replicated to every node/,
    );
    const taken = await task("demo", "basic", "--player", join(folder, "missing", "run.html"));
    deepStrictEqual([taken.status, taken.stdout], [2, ""]);
    match(taken.stderr, /^error: cannot write [^\n]*run\.html: No such file[^\n]*\n$/);
  });
});
