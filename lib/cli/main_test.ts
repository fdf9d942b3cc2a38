/** The command line as a user meets it: a process with the arguments and permissions of the tasks in deno.json. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { scenarios } from "../scenario/mod.ts";
import { paintFor, plain } from "./terminal.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { tasks } = JSON.parse(readFileSync(`${ROOT}deno.json`, "utf8"));
const RECORDED = "lib/replay/testdata/core-1.jsonl.gz";

interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function deno(...args: string[]): Promise<Result> {
  const options = { args, cwd: ROOT, stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  const text = new TextDecoder();
  return { status: code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** What `deno task` runs for a task, word by word, and `args`. */
function task(name: "demo" | "replay" | "storm", ...args: string[]): Promise<Result> {
  const [command, ...words]: string[] = (tasks[name].command ?? tasks[name]).split(" ");
  strictEqual(command, "deno");
  return deno(...words, ...args);
}

const GOLDEN = `\
basic: a leader is elected, and one Put is replicated to every node
3 nodes, a majority is 2; seed 1
the log is kept in memory; a message takes one tick, and none is lost

tick  11  node 1 hears of no leader: it campaigns in term 1, with its own vote
tick  12  nodes 2 and 3 vote for node 1 in term 1
tick  13  node 1 is elected leader of term 1 by the votes of nodes 1, 2 and 3
tick  15  node 1 commits index 1: a majority holds it
tick  15  node 1 applies index 1: the empty entry that opens the leader's term
tick  16  nodes 2 and 3 learn that index 1 is committed
tick  16  nodes 2 and 3 apply index 1: the empty entry that opens the leader's term
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
  deno task demo basic --seed 2        other election timeouts, maybe another leader
  deno task demo basic --verbose       every turn of every node's ready loop
  deno task demo basic --json          the same run as data
`;

Deno.test("demo basic tells this story, needs no permission, and tells it twice the same", async () => {
  match(tasks.demo.command ?? tasks.demo, /^deno run lib\/main\.ts demo$/);
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

Deno.test("without a scenario, or with --help, demo lists the scenarios and the options", async () => {
  const { status, stdout, stderr } = await task("demo");
  deepStrictEqual([status, stderr], [0, ""]);
  for (const { name, summary } of scenarios) ok(stdout.includes(`${name.padEnd(12)} ${summary}\n`), name);
  for (const option of ["nodes", "seed", "key", "value", "verbose", "json", "help"]) {
    match(stdout, RegExp(`--${option} `));
  }
  for (const flag of ["--help", "-h"]) strictEqual((await task("demo", flag, "basic")).stdout, stdout);
});

Deno.test("keys and values that could be mistaken are shown in quotes, and nothing can write to the terminal", async () => {
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

const NODES = /--nodes .*whole number from 1 to 9/;
const SEED = /--seed .*whole number from 0 to \d+.*"/;
const BAD: [task: "demo" | "replay" | "storm", args: string[], says: RegExp][] = [
  ["demo", ["advanced"], /scenario "advanced".*: basic/],
  ["demo", ["basic", "--fast"], /option --fast.*--nodes, --seed, --key, --value, --verbose, --json, --help/],
  ["demo", ["basic", "-x"], /option -x.*--nodes/],
  ["demo", ["basic", "--nodes", "0"], NODES],
  ["demo", ["basic", "--nodes", "10"], NODES],
  ["demo", ["basic", "--nodes", "x"], NODES],
  ["demo", ["basic", "--nodes", "1.5"], NODES],
  ["demo", ["basic", "--nodes", "1e0"], NODES],
  ["demo", ["basic", "--nodes="], NODES],
  ["demo", ["basic", "--nodes"], /--nodes needs a value/],
  ["demo", ["basic", "--nodes", "--json"], /--nodes needs a value/],
  ["demo", ["basic", "--key", ""], /--key must not be empty/],
  ["demo", ["basic", "--key"], /--key needs a value/],
  ["demo", ["basic", "--seed=-1"], SEED],
  ["demo", ["basic", "--seed", "-1"], /--seed .*--seed=VALUE/],
  ["demo", ["basic", "--json=yes"], /--json takes no value/],
  ["demo", ["basic", "basic"], /one scenario.*basic and basic/],
  ["replay", [], /no file.*deno task replay FILE/],
  ["replay", ["missing.gz"], /cannot read missing\.gz: .*no such file/i],
  ["replay", ["lib"], /cannot read lib: .*directory/i],
  ["replay", ["deno.json"], /deno\.json: .*not gzipped/],
  ["replay", ["--all"], /option --all.*--help/],
  ["storm", ["--seeds", "0"], /--seeds .*whole number from 1 to \d+.*"0"/],
  ["storm", ["--seeds", "many"], /--seeds .*whole number from 1 to \d+.*"many"/],
  ["storm", ["--seed=-1"], SEED],
  ["storm", ["--seed"], /--seed needs a value/],
  ["storm", ["--wind", "9"], /option --wind.*--seed, --seeds, --help/],
  ["storm", ["basic"], /"basic".*options only/],
];

for (const [name, args, says] of BAD) {
  Deno.test(`${name} ${args.join(" ")} is refused in one line that says what is wrong and what would be right`, async () => {
    const { status, stdout, stderr } = await task(name, ...args);
    deepStrictEqual([status, stdout], [2, ""]);
    match(stderr, /^error: [^\n]+\n$/);
    match(stderr, says);
  });
}

Deno.test("an unknown command is refused by name, with the commands there are", async () => {
  const { status, stdout, stderr } = await deno("run", "lib/main.ts", "play");
  deepStrictEqual([status, stdout], [2, ""]);
  match(stderr, /^error: [^\n]*"play"[^\n]*demo, replay, storm\n$/);
});

Deno.test("replay says a line a file, and exits with 0 if all are equal", async () => {
  const file = "lib/replay/testdata/async-2150.jsonl.gz";
  const { status, stdout, stderr } = await task("replay", RECORDED, file);
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /^core-1: \d+ operations equal\nasync-2150: \d+ operations equal\n$/);
  deepStrictEqual((await task("replay", "--help")).status, 0);
});
