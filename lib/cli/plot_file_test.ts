import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deno, task } from "./main_cases.ts";

/** A folder for the time of `use`. The tests may not write; a process of its own may. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const { stdout } = await deno("eval", "console.log(Deno.makeTempDirSync())");
  const folder = stdout.trim();
  try {
    await use(folder);
  } finally {
    await deno("eval", `Deno.removeSync(${JSON.stringify(folder)}, { recursive: true })`);
  }
}

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
    const shown = new URL("../../notebooks/images/basic.svg", import.meta.url);
    strictEqual(readFileSync(shown, "utf8"), readFileSync(file, "utf8"));
    match(readFileSync(new URL("../../README.md", import.meta.url), "utf8"), /\(notebooks\/images\/basic\.svg\)/);
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
