import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { deno, task } from "./main_cases.ts";
import { scenarios } from "../scenario/mod.ts";
import { paintFor, plain } from "./terminal.ts";

const GOLDEN = `\
basic: a leader is elected, and one Put is replicated everywhere
3 nodes, a majority is 2; seed 1
the log is kept in memory; a message takes one tick, and none is lost

tick  11  node 1 hears from no leader: it campaigns in term 1, with its own vote
tick  12  nodes 2 and 3 vote for node 1 in term 1
tick  13  node 1 is elected leader of term 1 by the votes of nodes 1, 2 and 3
tick  15  node 1 commits index 1: a majority holds it
tick  15  node 1 applies index 1: the empty entry that opens the term
tick  16  nodes 2 and 3 learn that index 1 is committed
tick  16  nodes 2 and 3 apply index 1: the empty entry that opens the term
tick  16  node 1 is asked to Put x = 1: appended at index 2
tick  18  node 1 commits index 2: a majority holds it
tick  18  node 1 applies index 2: Put x = 1
tick  19  nodes 2 and 3 learn that index 2 is committed
tick  19  nodes 2 and 3 apply index 2: Put x = 1

node  role      term  commit  applied  x
1     leader    1     2       2        1
2     follower  1     2       2        1
3     follower  1     2       2        1

Try next:
  deno task demo basic --nodes 5       a majority of five is three
  deno task demo basic --seed 2        other timeouts, maybe another leader
  deno task demo basic --verbose       every turn of every node's ready loop
  deno task demo basic --json          the same run as data
`;

Deno.test("demo basic tells this story, needs no permission, and tells it twice the same", async () => {
  deepStrictEqual(await deno("run", "lib/main.ts", "demo", "basic"), { status: 0, stdout: GOLDEN, stderr: "" });
  for (let i = 0; i < 2; i++) deepStrictEqual(await task("demo", "basic"), { status: 0, stdout: GOLDEN, stderr: "" });
  const { stdout } = await task("demo", "--seed=1", "basic", "--nodes", "3", "--key", "x", "--value", "1");
  strictEqual(stdout, GOLDEN);
});

Deno.test("what demo basic says to try next can be tried", async () => {
  const commands = GOLDEN.match(/(?<=deno task demo ).*?(?= {2})/g) ?? [];
  strictEqual(commands.length, 4);
  for (const command of commands) {
    const { status, stderr } = await task("demo", ...command.split(" "));
    deepStrictEqual([status, stderr], [0, ""], command);
  }
});

Deno.test("demo basic --json prints the run as JSON lines, and nothing else", async () => {
  const { status, stdout, stderr } = await task("demo", "basic", "--json", "--nodes", "5");
  deepStrictEqual([status, stderr, stdout.endsWith("\n")], [0, "", true]);
  const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const ids = rows.filter(({ kind }) => kind === "node").map(({ node }) => node);
  deepStrictEqual([...new Set(ids)], [1, 2, 3, 4, 5]);
  strictEqual(rows.filter(({ kind, outcome }) => kind === "apply" && outcome.kind === "Put").length, 5);
});

Deno.test("demo basic --verbose shows each turn of the ready loop in its seven steps, by number", async () => {
  const { status, stdout } = await task("demo", "basic", "--verbose");
  const turns = stdout.split(/^tick +\d+ {2}node \d, Ready \d+\n/m).slice(1);
  ok(status === 0 && turns.length > 10, stdout);
  const names = ["messages", "snapshot", "committedEntries", "entries", "hs", "persistedMessages", "advance"];
  for (const turn of turns) {
    const steps = turn.match(/^ {12}\d \w+/gm)?.map((step) => step.trim());
    deepStrictEqual(steps, names.map((name, i) => `${i + 1} ${name}`));
  }
  ok(stdout.includes("6 persistedMessages  RequestVote to 2 (index 0, commit 0),\n"));
  for (const line of GOLDEN.trimEnd().split("\n")) ok(stdout.includes(`${line}\n`), line);
});

Deno.test("without a scenario demo lists them, a line each, and says how to play one", async () => {
  const { status, stdout, stderr } = await task("demo");
  deepStrictEqual([status, stderr], [0, ""]);
  const text = stdout.replaceAll(/\s+/g, " ");
  for (const { name, summary } of scenarios) ok(text.includes(` ${name} ${summary} `), name);
  match(stdout, /deno task demo basic\n/);
});

Deno.test("demo --help lists the scenarios and the options", async () => {
  const { status, stdout, stderr } = await task("demo", "--help");
  deepStrictEqual([status, stderr], [0, ""]);
  for (const { name } of scenarios) match(stdout, RegExp(`^  ${name} `, "m"));
  for (
    const option of ["nodes", "seed", "seeds", "key", "value", "scenario", "plot", "player", "verbose", "json", "help"]
  ) match(stdout, RegExp(`^  --${option} `, "m"));
  for (const line of stdout.split("\n")) ok(line.length <= 80, line);
  for (const flag of ["--help", "-h"]) strictEqual((await task("demo", flag, "basic")).stdout, stdout);
});

Deno.test("a demo loads neither schemas of scenarios nor charts nor a player until it needs them", async () => {
  const { status, stdout } = await deno("info", "--json", "lib/cli/demo/demo.ts");
  strictEqual(status, 0);
  const { modules } = JSON.parse(stdout);
  const byName = new Map<string, { dependencies?: { isDynamic?: boolean; code?: { specifier: string } }[] }>(
    modules.map((module: { specifier: string }) => [module.specifier, module]),
  );
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const { isDynamic = false, code } of byName.get(name)?.dependencies ?? []) {
      if (!isDynamic && code !== undefined) load(code.specifier);
    }
  };
  load([...byName.keys()].find((name) => name.endsWith("/lib/cli/demo/demo.ts")) ?? "");
  ok([...loaded].some((name) => name.endsWith("/lib/scenario/basic.ts")), "the graph is walked");
  const late = /\/lib\/(charts|player|study)\/|_?schema\.ts$|plot_file|observablehq|linkedom/;
  deepStrictEqual([...loaded].filter((name) => late.test(name)), []);
});

Deno.test("keys and values that could be mistaken are shown in quotes, without controls", async () => {
  const { status, stdout } = await task("demo", "basic", "--key", "a b", "--value=\x1b[31m\nred", "--nodes", "1");
  strictEqual(status, 0);
  ok(stdout.includes(String.raw`Put "a b" = "\u001b[31m\nred"`), stdout);
  strictEqual(stdout.includes("\x1b"), false);
});

Deno.test("colour is for terminals only, and only where NO_COLOR is not set", () => {
  strictEqual(paintFor({ isTerminal: () => false }), plain);
  const paint = paintFor({ isTerminal: () => true });
  strictEqual(paint("good", "elected"), Deno.noColor ? "elected" : "\x1b[32melected\x1b[39m");
  strictEqual(paint("plain", "text"), "text");
});
