import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { player } from "../../player/player.ts";
import { figure8, minorityPartition, play, withSequels } from "../../scenario/mod.ts";
import { withDirectory } from "../../storage/directory_cases.ts";
import { commandOf, task } from "../main_cases.ts";

Deno.test("demo --plot and --player write files, tell the same story, and say where they are", () =>
  withDirectory(async (folder) => {
    const [svg, page, player] = ["run.svg", "run.html", "player.html"].map((name) => join(folder, name));
    const story = (await task("demo", "basic")).stdout;
    const { status, stdout } = await task("demo", "basic", "--plot", svg, "--player", player);
    strictEqual(status, 0);
    strictEqual(stdout.replace(`The figure is in ${svg}\nThe player is in ${player}\n\n`, ""), story);
    const title = "A leader is elected, and one Put is replicated to every node";
    match(readFileSync(svg, "utf8"), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*<\/svg>\n$/);
    for (const file of [svg, player]) ok(readFileSync(file, "utf8").includes(title), file);
    const json = await task("demo", "basic", "--json", `--plot=${page}`);
    deepStrictEqual([json.status, json.stdout], [0, (await task("demo", "basic", "--json")).stdout]);
    const html = readFileSync(page, "utf8");
    match(html, /^<!doctype html>\n[^]*<title>A leader is elected, [^]*<svg [^]*<figcaption>[^]*<p>[^]*<\/html>\n$/);
    ok(!/<script|https?:(?!\/\/www\.w3\.org\/2000\/svg)/.test(html), "a page of its own");
  }));

Deno.test("the README shows the still of a player", async () => {
  const title = "Two nodes lead, in two terms, and only one of them can commit";
  const still = await player(play(minorityPartition), { title }).png();
  const shown = readFileSync(new URL("../../../notebooks/images/minority-partition.png", import.meta.url));
  deepStrictEqual(new Uint8Array(shown), new Uint8Array(still), "draw it anew");
});

const CHARTS: readonly [args: string[], status: number, title: string][] = [
  [["drop-leader"], 0, "The leader falls silent, another is elected"],
  [["split-vote"], 0, "With equal timeouts every term splits its votes"],
  [["--scenario", "lib/cli/demo/testdata/wrong.json"], 1, "Not as expected: 2 nodes take themselves for the leader"],
];
for (const [args, status, title] of CHARTS) {
  Deno.test(`the title of a chart is the finding, or what was not as expected: ${title}`, () =>
    withDirectory(async (folder) => {
      const file = join(folder, "chart.svg");
      strictEqual((await task("demo", ...args, "--plot", file)).status, status);
      ok(readFileSync(file, "utf8").includes(title));
    }));
}

Deno.test("a figure whose file ends in .png is written as PNG of twice its size", () =>
  withDirectory(async (folder) => {
    const [svg, png] = ["run.svg", "run.png"].map((name) => join(folder, name));
    for (const file of [svg, png]) strictEqual((await task("demo", "basic", "--plot", file)).status, 0);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(readFileSync(svg, "utf8")) ?? [];
    const bytes = readFileSync(png);
    deepStrictEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    deepStrictEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2 * Number(width), 2 * Number(height)]);
  }));

Deno.test("of several runs a page holds a figure each, an SVG document the first", () =>
  withDirectory(async (folder) => {
    const titles = async (name: string) => {
      const file = join(folder, name);
      const { status, stdout } = await task("demo", "figure-8", "--plot", file);
      deepStrictEqual([status, stdout.split("\n\n").at(-2)?.endsWith(` in ${file}`)], [0, true]);
      return [...readFileSync(file, "utf8").matchAll(/<svg [^>]*aria-label="([^"]*)"/g)].map(([, title]) => title);
    };
    const all = withSequels(figure8).map(({ finding }) => finding);
    deepStrictEqual([all.length, await titles("run.svg"), await titles("run.html")], [3, all.slice(0, 1), all]);
  }));

Deno.test("a file that cannot be written leaves nothing behind, and two names of one file are refused", () =>
  withDirectory(async (folder) => {
    mkdirSync(join(folder, "taken.svg"));
    const refusals: [args: string[], says: RegExp][] = [
      [["--plot", `${folder}/taken.svg`], /^error: cannot write \S+taken\.svg: it is no regular file/],
      [["--plot", `${folder}/x.html`, "--player", `${folder}/./x.html`], /^error: .* cannot both write \S+x\.html/],
    ];
    for (const [args, says] of refusals) {
      const { status, stdout, stderr } = await task("demo", "basic", ...args);
      deepStrictEqual([status, stdout, readdirSync(folder)], [2, "", ["taken.svg"]]);
      match(stderr, says);
    }
  }));

/** What the shell makes of `script` in `folder`. */
async function sh(script: string, folder: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], cwd: folder, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

const NAME = "n".repeat(251);
const NAMED: readonly [what: string, make: string, name: string, file: string, mode: string][] = [
  ["a file keeps its mode", "echo old > x.svg; chmod 640 x.svg", "x", "x.svg", "-rw-r-----"],
  ["a link is followed", "echo old > real.svg; ln -s real.svg x.svg", "x", "real.svg", "-rw-r--r--"],
  ["a link to nothing is followed", "mkdir d; ln -s d/new.svg x.svg", "x", "d/new.svg", "-rw-r--r--"],
  ["a name may be long", "true", NAME, `${NAME}.svg`, "-rw-r--r--"],
];
for (const [what, make, name, file, mode] of NAMED) {
  Deno.test(`a figure is written in place of what is named: ${what}`, () =>
    withDirectory(async (folder) => {
      const before = await sh(`umask 022; ${make}; find . -type l`, folder);
      strictEqual((await task("demo", "basic", "--plot", join(folder, `${name}.svg`))).status, 0);
      strictEqual(await sh("find . -type l", folder), before);
      match(readFileSync(join(folder, file), "utf8"), /^<svg [^]*<\/svg>\n$/);
      strictEqual((await sh(`ls -l ${file}`, folder)).slice(0, 10), mode);
      strictEqual(await sh("find . -name '.?*'", folder), "", "nothing unfinished is left");
    }));
}

Deno.test("a pipe is refused, one file under two names too, and a full disk leaves what was there", () =>
  withDirectory(async (folder) => {
    await sh("mkfifo pipe.svg; echo old > x.html; ln -s x.html y.html", folder);
    const [pipe, x, y] = ["pipe.svg", "x.html", "y.html"].map((name) => join(folder, name));
    match((await task("demo", "basic", "--plot", pipe)).stderr, /cannot write \S+pipe\.svg: it is no regular file/);
    match((await task("demo", "basic", "--plot", x, "--player", y)).stderr, /cannot both write .*x\.html, .*y\.html/);
    // A limit on the size of files stands for a full disk.
    const full = `trap '' XFSZ; ulimit -f 1; exec ${commandOf("demo")} basic --plot ${x} 2>&1`;
    match(await sh(full, "."), /^error: cannot write \S+x\.html: File too large \(os error 27\)\n$/);
    deepStrictEqual(readdirSync(folder).sort(), ["pipe.svg", "x.html", "y.html"]);
    strictEqual(readFileSync(x, "utf8"), "old\n");
  }));
