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
        ["figure-7", "The timeline is", /Six logs that differ from the leader's become like it/],
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

Deno.test("of two runs a page holds a figure each; an SVG document and a player hold the first, and it is said of which", async () => {
  await withFolder(async (folder) => {
    const [svg, page, player] = ["run.svg", "run.html", "player.html"].map((name) => join(folder, name));
    const [first, second] = [
      "An entry on three of five nodes is overwritten; nobody had called it committed",
      "Without the rule, a write that a client was told of is overwritten",
    ];
    const titles = (file: string) => [...readFileSync(file, "utf8").matchAll(/<svg [^>]*aria-label="([^"]*)"/g)];
    const lines = async (...args: string[]) => {
      const { status, stdout, stderr } = await task("demo", "figure-8", ...args);
      deepStrictEqual([status, stderr], [0, ""]);
      return stdout.split("\n\n").at(-2)?.split("\n");
    };
    const more = "For figure-8-without-the-rule as well, draw a page: --plot FILE.html";
    const both = `The figures of figure-8 and figure-8-without-the-rule are in ${page}`;
    deepStrictEqual(await lines("--plot", page), [both]);
    deepStrictEqual(titles(page).map(([, title]) => title), [first, second]);
    const html = readFileSync(page, "utf8");
    match(
      html,
      /<p>Log, [^<]*nodes 1 to 5 are in term 5 [^<]*<\/p>[^]*<p>Log, [^<]*node 1 is stopped in term 4 [^<]*<\/p>/,
    );
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    strictEqual(new Set(ids).size, ids.length, "no id twice");
    deepStrictEqual(await lines("--plot", svg, "--player", player), [
      `The timeline of figure-8 is in ${svg}`,
      `The player of figure-8 is in ${player}`,
      more,
    ]);
    deepStrictEqual(titles(svg).map(([, title]) => title), [first]);
    const [text, shown] = [readFileSync(player, "utf8"), "nobody had called it committed"];
    deepStrictEqual([text.includes(shown), text.includes(second)], [true, false]);
    deepStrictEqual(await lines("--player", player), [`The player of figure-8 is in ${player}`, more]);
    deepStrictEqual(await lines("--plot", page, "--player", player), [both, `The player of figure-8 is in ${player}`]);
  });
});

Deno.test("figure and player are refused one file, however it is written", async () => {
  await withFolder(async (folder) => {
    await deno("eval", `Deno.symlinkSync(${JSON.stringify(folder)}, ${JSON.stringify(join(folder, "link"))})`);
    const file = `${folder}/x.html`;
    for (
      const other of [
        `${folder}/./x.html`,
        `${folder}//x.html`,
        `${folder}/link/x.html`,
        `${folder}/link/../link/x.html`,
      ]
    ) {
      const { status, stdout, stderr } = await task("demo", "basic", "--plot", file, "--player", other);
      deepStrictEqual([status, stdout, readdirSync(folder)], [2, "", ["link"]], other);
      strictEqual(stderr, `error: --plot and --player cannot both write ${file}; name two files\n`);
    }
    match(
      (await task("demo", "basic", "--plot", "x.html", "--player", "./x.html")).stderr,
      /cannot both write x\.html/,
    );
    strictEqual((await task("demo", "basic", "--plot", file, "--player", `${folder}/y.html`)).status, 0);
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
