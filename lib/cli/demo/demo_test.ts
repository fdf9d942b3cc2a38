import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { play } from "../../scenario/run.ts";
import { completeScenarioOptions, type Scenario, withSequels } from "../../scenario/scenario.ts";
import type { Step } from "../../scenario/schema.ts";
import { scenarios } from "../../scenario/scenarios.ts";
import { golden } from "../../trace/golden_cases.ts";
import { commandOf, deno, started, task } from "../main_cases.ts";
import { tell } from "../story.ts";
import { COLUMNS, plain } from "../terminal.ts";
import { headingLines, nextLines, showsLines, verdictLines } from "./text.ts";

for (const name of ["basic", "split-vote", "crash-restart", "figure-8"]) {
  Deno.test(`demo ${name} prints what is kept in testdata, twice the same, and needs no permission`, async () => {
    const result = await task("demo", name);
    golden(new URL(`../testdata/${name}.txt`, import.meta.url), result.stdout);
    deepStrictEqual([result.status, result.stderr], [0, ""]);
    deepStrictEqual(await deno("run", "--quiet", "lib/main.ts", "demo", name), result);
  });
}

const basic = () => readFileSync(new URL("../testdata/basic.txt", import.meta.url), "utf8");

Deno.test("the README shows what demo basic prints, and what it says to try next can be tried", async () => {
  ok(readFileSync(new URL("../../../README.md", import.meta.url), "utf8").includes(basic()));
  const commands = basic().match(/(?<=deno task demo ).*?(?= {2})/g) ?? [];
  strictEqual(commands.length, 4);
  for (const command of commands) {
    const { status, stderr } = await task("demo", ...command.split(" "));
    deepStrictEqual([status, stderr], [0, ""], command);
  }
  const same = ["--seed=1", "basic", "--nodes", "3", "--key", "x", "--value", "a"];
  strictEqual((await task("demo", ...same)).stdout, basic());
});

Deno.test("demo --json prints the trace as JSON lines; of several runs, each after a line that says whose it is", async () => {
  const splitVote = scenarios.find(({ name }) => name === "split-vote") as Scenario;
  strictEqual((await task("demo", "split-vote", "--json")).stdout, play(splitVote).trace.toJsonLines());
  const { status, stdout } = await task("demo", "figure-8", "--json");
  const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const openings = rows.filter(({ kind }) => kind === "scenario");
  const options = { nodes: 5, seed: 1, key: "x", value: "a" };
  strictEqual(status, 0);
  strictEqual(rows[0], openings[0]);
  const names = ["figure-8", "figure-8-without-the-rule", "figure-8-e"];
  deepStrictEqual(openings, names.map((name) => ({ kind: "scenario", name, ...options })));
});

Deno.test("demo --verbose shows what arrives, each turn of the ready loop step by step, and all that the story says", async () => {
  const { status, stdout } = await task("demo", "basic", "--verbose");
  const turns = stdout.split(/^tick +\d+ {2}node \d, Ready \d+\n/m).slice(1);
  ok(status === 0 && turns.length > 10, stdout);
  const names = ["messages", "snapshot", "committedEntries", "entries", "hs", "persistedMessages", "advance"];
  for (const turn of turns) {
    const steps = turn.match(/^ {12}\d \w+/gm)?.map((step) => step.trim()) ?? [];
    deepStrictEqual(steps, names.map((name, i) => `${i + 1} ${name}`).filter((step) => steps.includes(step)));
    ok(steps.length > 0, turn);
  }
  const inOrder = [
    "tick  12  from 1 to 2 and 3 arrive: RequestVote term 1 last 0@0 commit 0",
    "tick  12  nodes 2 and 3 vote for node 1 in term 1",
    "tick  12  node 2, Ready 1\n            5 hs                 term 1, vote 1, commit 0",
    "            1 messages           to 2 and 3: Append prev 0@0 [1@1] commit 0",
    "tick  15  node 1 commits index 1, of its own term: a majority holds it",
    "tick  15  node 1, Ready 3",
    "tick  15  node 1 applies index 1: the empty entry that opens the term",
  ];
  match(stdout, RegExp(inOrder.map((lines) => `${RegExp.escape(lines)}\n`).join("[^]*")));
  for (const line of basic().trimEnd().split("\n")) ok(stdout.includes(`${line}\n`), line);
  const { stdout: dropping } = await task("demo", "drop-leader", "--verbose");
  match(dropping, /^tick +21 {2}from 1 to 2 and 3 are lost: Heartbeat commit 2$/m);
  const { stdout: repairing } = await task("demo", "figure-7", "--verbose");
  match(repairing, /^tick +4 {2}from 2 to 1 arrives: AppendResponse refused prev 10 hint 9@6 commit 0$/m);
});

Deno.test("commands are printed as they have to be written by whoever started the demo with npx", async () => {
  const byNpx = { npm_lifecycle_event: "npx" };
  const run = (...args: string[]) => started(byNpx, ...commandOf("demo").split(" ").slice(1), ...args);
  for (
    const { stdout, stderr } of [await run("basic"), await run("--help"), await run("basic", "--seeds", "0", "--no")]
  ) {
    deepStrictEqual((stdout + stderr).match(/(?<!npx --yes )deno task/g), null);
  }
  match((await run("basic")).stdout, /^ {2}npx --yes deno task demo basic --nodes 5 {7}a majority of five is three$/m);
  match((await started(byNpx, "run", "--quiet", "lib/main.ts", "log")).stderr, /write: deno task log DIR$/m);
});

Deno.test("without a scenario demo lists them and its options, as with --help", async () => {
  const help = await task("demo");
  deepStrictEqual([help.status, help.stderr], [0, ""]);
  for (const { name } of scenarios) match(help.stdout, RegExp(`^  ${name} `, "m"));
  const options = "nodes seed seeds key value scenario storage runtime plot player verbose json help".split(" ");
  for (const option of options) match(help.stdout, RegExp(`^  --${option} `, "m"));
  for (const line of help.stdout.split("\n")) ok(line.length <= COLUMNS, line);
  for (const args of [["-h", "basic"], ["--nodes", "3", "--help"]]) deepStrictEqual(await task("demo", ...args), help);
});

Deno.test("a demo loads neither schemas nor charts nor a player nor a runtime nor a disk until it needs them", async () => {
  const { status, stdout } = await deno("info", "--json", "lib/cli/demo/demo.ts");
  strictEqual(status, 0);
  type Module = { specifier: string; dependencies?: { isDynamic?: boolean; code?: { specifier: string } }[] };
  const modules: Module[] = JSON.parse(stdout).modules;
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const dependencies = modules.find(({ specifier }) => specifier === name)?.dependencies ?? [];
    for (const { isDynamic = false, code } of dependencies) if (!isDynamic && code !== undefined) load(code.specifier);
  };
  load(modules.find(({ specifier }) => specifier.endsWith("/lib/cli/demo/demo.ts"))?.specifier ?? "");
  ok([...loaded].some((name) => name.endsWith("/lib/scenario/basic.ts")), "the graph is walked");
  const late = /\/lib\/(charts|player|runtime)\/|file_storage|(schema|validate|survey)\.ts$|zod@[\d.]+$|plot|linkedom/;
  deepStrictEqual([...loaded].filter((name) => late.test(name)), []);
});

Deno.test("keys and values that could be mistaken are shown in quotes, without controls", async () => {
  const { status, stdout } = await task("demo", "basic", "--key", "a b", "--value=\x1b[31m\nred", "--nodes", "1");
  strictEqual(status, 0);
  ok(stdout.includes(String.raw`Put "a b" = "\u001b[31m\nred"`), stdout);
  strictEqual(stdout.includes("\x1b"), false);
});

/** Everything that `demo` prints of a scenario, in lines. */
function linesOf(scenario: Scenario, nodes: number, seed: number): string[] {
  const options = completeScenarioOptions(scenario, { nodes, seed });
  const { trace } = play(scenario, options);
  const story = [false, nodes % 2 === 1].flatMap((verbose) => [
    ...tell(trace.rows, plain, { key: options.key, judged: true, verbose }),
  ]);
  const heading = headingLines(scenario, options, { storage: undefined, runtime: undefined }, [], plain);
  return [...heading, ...story, ...verdictLines(trace, plain), ...showsLines(scenario), ...nextLines(scenario)];
}

for (const scenario of scenarios.flatMap(withSequels)) {
  Deno.test(`no line of ${scenario.name} is wider than a terminal of 80 columns, with any number of nodes`, () => {
    for (let nodes = 1; nodes <= 9; nodes++) {
      if (scenario.refuse?.(completeScenarioOptions(scenario, { nodes })) != null) continue;
      for (let seed = 0; seed < 3; seed++) {
        for (const line of linesOf(scenario, nodes, seed)) ok(line.length <= COLUMNS, `${nodes}, ${seed}: ${line}`);
      }
    }
  });
}

Deno.test("the heading says how long a message takes, and whether it can be delayed", () => {
  const steps: Step[] = [{ do: "delay", from: 1, to: 2, ticks: 3 }];
  const slow: Scenario = { name: "mine", setting: { latency: 2 }, steps };
  const heading = headingLines(slow, completeScenarioOptions(slow, {}), {}, [], plain);
  strictEqual(heading[2], "a message takes 2 ticks, unless it is delayed; heartbeats are sent every 3 ticks");
});

Deno.test("demo --runtime tasks plays a scenario in real time, and it comes out as expected", async () => {
  const { status, stdout, stderr } = await task("demo", "lagging-follower", "--runtime", "tasks");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /every node is a task;[^]*\nAs expected\.\n/);
});
