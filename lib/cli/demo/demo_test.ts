import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { scenarios } from "../../scenario/scenarios.ts";
import { completeScenarioOptions, type Scenario } from "../../scenario/scenario.ts";
import { playOut } from "../../scenario/perform.ts";
import { disksFor } from "../../scenario/run.ts";
import { Trace } from "../../trace/trace.ts";
import { headingLines, nextLines, showsLines, verdictLines } from "./text.ts";
import { demoList } from "./help.ts";
import { deno, task } from "../main_cases.ts";
import { tell } from "../story/story.ts";
import { COLUMNS, plain } from "../terminal.ts";

const told = scenarios.filter(({ name }) => name !== "basic");

for (const { name, premise = [], shows = [], next = [], sequel } of told) {
  Deno.test(`demo ${name} tells what will be broken, what happens, whether it is as expected, and what that shows`, async () => {
    const { status, stdout, stderr } = await task("demo", name);
    deepStrictEqual([status, stderr], [0, ""]);
    const text = stdout.replaceAll(/\s+/g, " ");
    const parts = [
      `${name}: `,
      premise[0],
      " as expected: ",
      " node role ",
      " As expected. What this shows: ",
      shows[0],
    ];
    const last = [...sequel === undefined ? [] : [`${sequel.name}: `, ...sequel.premise ?? []], "Try next: ", next[0]];
    let at = -1;
    for (const part of [...parts, ...last].map((each) => each.replaceAll(/\s+/g, " "))) {
      const found = text.indexOf(part, at + 1);
      ok(found > at, part);
      at = found;
    }
    strictEqual(
      (await deno("run", "lib/main.ts", "demo", name)).stdout,
      stdout,
      "no permission needed, the same bytes",
    );
  });
}

Deno.test("a sequel is told with a heading and a verdict of its own; as JSON, a line before each trace says whose it is", async () => {
  const { stdout } = await task("demo", "figure-8");
  strictEqual(stdout.match(/^As expected\.$/gm)?.length, 2);
  strictEqual(stdout.match(/^Try next:$/gm)?.length, 1);
  const { status, stdout: json } = await task("demo", "figure-8", "--json");
  const rows = json.trimEnd().split("\n").map((line) => JSON.parse(line));
  const starts = rows.flatMap(({ kind, title = "" }) =>
    kind === "part" && title.startsWith("Before (a)") ? [title] : []
  );
  deepStrictEqual([status, starts.length], [0, 2]);
  const play = { nodes: 5, seed: 1, key: "x", value: "1" };
  deepStrictEqual(rows.filter(({ kind }) => kind === "scenario"), [
    { kind: "scenario", name: "figure-8", ...play },
    { kind: "scenario", name: "figure-8-without-the-rule", ...play },
  ]);
  const at = rows.findLastIndex(({ kind }) => kind === "scenario");
  deepStrictEqual([rows[0].kind, rows[1].kind, rows[at + 1].kind], ["scenario", "part", "part"]);
  for (const run of [rows.slice(1, at), rows.slice(at + 1)]) {
    const ticks = run.map(({ tick }) => tick);
    deepStrictEqual(ticks, ticks.toSorted((a, b) => a - b), "time goes forwards in each");
  }
  match((await task("demo", "--help")).stdout, /\n {2}--json [^]*a line of kind "scenario"\s+opens each/);
});

Deno.test("as JSON, a scenario without a sequel is its trace, and nothing else", async () => {
  const { stdout } = await task("demo", "split-vote", "--json");
  const trace = new Trace();
  const splitVote = scenarios.find(({ name }) => name === "split-vote") as Scenario;
  playOut(splitVote, completeScenarioOptions(splitVote, {}), trace.record, { diskOf: disksFor(splitVote) });
  strictEqual(stdout, trace.toJsonLines());
});

Deno.test("options that say how to play are refused where nothing is named to be played; --help is not", async () => {
  for (const args of [["--nodes", "3"], ["--json"], ["--seeds", "3"], ["--key", "x"], ["--verbose"]]) {
    const { status, stdout, stderr } = await task("demo", ...args);
    deepStrictEqual([status, stdout], [2, ""], args.join(" "));
    match(
      stderr,
      RegExp(`^error: ${args[0]} needs a scenario: name one, or a file with --scenario; [^\\n]* basic, .*\\n$`),
    );
  }
  const { status, stdout } = await task("demo", "--nodes", "3", "--help");
  deepStrictEqual([status, stdout.startsWith("Usage: ")], [0, true]);
});

Deno.test("--json with --verbose is refused with the reason, and an empty value in plain words", async () => {
  const refusals: [args: string[], says: string][] = [
    [["--json", "--verbose"], "--json and --verbose do not go together; --json has every turn anyway"],
    [["--storage", ""], "--storage must not be empty"],
    [["--key="], "--key must not be empty"],
    [["--nodes="], '--nodes must be a whole number from 1 to 9, not ""'],
  ];
  for (const [args, says] of refusals) {
    deepStrictEqual(await task("demo", "basic", ...args), { status: 2, stdout: "", stderr: `error: ${says}\n` });
  }
});

/** Everything that `demo` prints of a scenario, in lines. */
function linesOf(scenario: Scenario, nodes: number, seed: number): string[] {
  const options = completeScenarioOptions(scenario, { nodes, seed });
  const trace = new Trace();
  playOut(scenario, options, trace.record, { diskOf: disksFor(scenario) });
  const telling = { key: options.key, judged: true, columns: COLUMNS };
  const details = ["events", ...(nodes % 2 === 1 ? ["events and ready loop" as const] : [])] as const;
  return [
    ...headingLines(scenario, options, { goesOn: [] }, plain),
    ...details.flatMap((detail) => tell(trace.rows, detail, plain, telling)),
    ...verdictLines(trace, plain),
    ...showsLines(scenario),
    ...nextLines(scenario),
  ];
}

for (const scenario of [...scenarios, ...scenarios.flatMap(({ sequel = [] }) => sequel)]) {
  Deno.test(`no line of ${scenario.name} is wider than a terminal of 80 columns, with any number of nodes`, () => {
    for (let nodes = 1; nodes <= 9; nodes++) {
      if (scenario.refuse?.(completeScenarioOptions(scenario, { nodes })) != null) continue;
      for (let seed = 0; seed < 5; seed++) {
        for (const line of linesOf(scenario, nodes, seed)) {
          ok(line.length <= COLUMNS, `${nodes} nodes, seed ${seed}: ${line}`);
        }
      }
    }
  });
}

Deno.test("the list of scenarios fits in 80 columns, and so does a long value", async () => {
  for (const line of demoList().split("\n")) ok(line.length <= COLUMNS, line);
  const { stdout } = await task("demo", "drop-leader", "--value", "long".repeat(60));
  for (const line of stdout.split("\n")) ok(line.length <= COLUMNS, line);
});

Deno.test("where a node stops, the heading says that its log survives that; elsewhere it is as it was", async () => {
  const says = async (...args: string[]) => (await task("demo", ...args)).stdout.split("\n\n")[0].replaceAll("\n", " ");
  const survives =
    /; seed 1 each node's log is kept in memory, where it survives a crash of the node; a message takes /;
  const figure8 = (await task("demo", "figure-8")).stdout.replaceAll("\n", " ");
  strictEqual(figure8.match(RegExp(survives, "g"))?.length, 2, "in both headings");
  for (const args of [["no-quorum"], ["--scenario", "lib/cli/demo/testdata/pause.json"]]) {
    match(await says(...args), survives);
  }
  for (const name of ["basic", "lagging-follower", "split-vote", "figure-7"]) {
    match(await says(name), /; seed 1 the log is kept in memory; a message takes /);
  }
  match(await says("crash-restart"), /; seed 1 what is not synced is lost in a crash; /);
});

Deno.test("what is said of messages before the story is true", async () => {
  const says = async (name: string) => /a message takes .*/.exec((await task("demo", name)).stdout)?.[0];
  strictEqual(await says("basic"), "a message takes one tick, and none is lost");
  strictEqual(await says("split-vote"), "a message takes one tick, and none is lost");
  strictEqual(await says("lagging-follower"), "a message takes one tick, unless it is lost");
  const late: Scenario = {
    name: "late",
    setting: { latency: 2 },
    steps: [{ do: "delay", from: 1, to: 2, ticks: 3 }],
  };
  match(
    headingLines(late, completeScenarioOptions(late, {}), { goesOn: [] }, plain).join(" "),
    /a message takes 2 ticks, unless it is delayed; none is lost/,
  );
});
