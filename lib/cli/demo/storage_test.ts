import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { task } from "../main_cases.ts";
import { withDirectory } from "./directory_cases.ts";
import { playOut } from "../../scenario/play_out.ts";
import { completeScenarioOptions, type Scenario } from "../../scenario/scenario.ts";
import { splitVote } from "../../scenario/split_vote.ts";

Deno.test("demo --storage keeps the logs, and a second run goes on where the first stopped, and says so", async () => {
  await withDirectory(async (directory) => {
    const first = await task("demo", "drop-leader", "--storage", directory);
    strictEqual(first.status, 0, first.stderr);
    match(first.stdout, /the logs are kept in .*raft; a message takes one\s+tick/);
    ok(!first.stdout.includes("goes on in term"));
    deepStrictEqual([...Deno.readDirSync(directory)].map(({ name }) => name).sort(), ["node-1", "node-2", "node-3"]);
    const second = await task("demo", "basic", "--storage", directory, "--value", "2");
    strictEqual(second.status, 0, second.stderr);
    match(
      second.stdout,
      /it goes on where the run before it stopped:\n +node 1 goes on in term 2, with .*, indices 1 to 4/,
    );
    match(second.stdout, /tick +0 +nodes 1, 2 and 3 start with a log: entries of the terms 1 1 2 2/);
    match(second.stdout, /\n1 +\w+ +3 .* 2\n2 +\w+ +3 .* 2\n3 +\w+ +3 .* 2\n/);
  });
});

Deno.test("what split-vote says of terms is about this run, not about the ones before it on the same logs", async () => {
  await withDirectory(async (directory) => {
    for (const expected of [6, 12]) {
      const { status, stdout, stderr } = await task("demo", "split-vote", "--storage", directory);
      strictEqual(status, 0, stderr);
      match(stdout, /\ntick +55 +as expected: the term of nodes 1, 2 and 3 has grown since tick 45\n/);
      match(stdout, RegExp(`\\n1 +leader +${expected} `));
    }
  });
  const { steps } = splitVote;
  ok(typeof steps !== "function");
  // Nobody campaigns before tick 60, and all are in term 12, as they may be where a run came before.
  const setting = { electionTick: 60, logs: [[12]] };
  const patient: Scenario = { ...splitVote, setting, steps: steps.filter((step) => step.do !== "fixTimeout") };
  const wrong: string[] = [];
  playOut(patient, completeScenarioOptions(patient, {}), (row) => {
    if (row.kind === "expectation" && !row.holds) wrong.push(row.text);
  });
  ok(wrong.includes("the term of nodes 1, 2 and 3 has grown since tick 45"), wrong.join("; "));
});

Deno.test("a run that was killed is gone on with", async () => {
  await withDirectory(async (directory) => {
    const args = [
      "run",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "lib/main.ts",
      "demo",
      "no-quorum",
      "--storage",
      directory,
    ];
    const child = new Deno.Command("deno", {
      args: [...args, "--runtime", "tasks"],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    for (let tries = 0; tries < 200 && !hasEntries(directory); tries++) await new Promise((go) => setTimeout(go, 20));
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const { status, stdout, stderr } = await task("demo", "crash-restart", "--nodes", "5", "--storage", directory);
    strictEqual(status, 0, stderr);
    match(stdout, /node [1-5] goes on in term [1-9]/);
  });
});

/** Whether a log is longer than its header. */
function hasEntries(directory: string): boolean {
  try {
    return Deno.statSync(`${directory}/node-5/0000000001.log`).size > 400;
  } catch {
    return false;
  }
}

Deno.test("what cannot be gone on with is refused in a line, and nothing is changed", async () => {
  await withDirectory(async (directory) => {
    await task("demo", "basic", "--storage", directory);
    const refusals: [args: string[], says: RegExp][] = [
      [["basic", "--nodes", "5"], /holds a cluster of 3, not of 5: play with --nodes 3/],
      [["figure-7"], /figure-7 is about logs that begin anew; play it without --storage/],
      [["figure-8"], /figure-8 is about logs that begin anew/],
      [["basic", "--seeds", "3"], /--seeds and --storage do not go together/],
    ];
    for (const [args, says] of refusals) {
      const { status, stdout, stderr } = await task("demo", ...args, "--storage", directory);
      deepStrictEqual([status, stdout], [2, ""], args.join(" "));
      match(stderr, /^error: [^\n]+\n$/);
      match(stderr, says);
    }
    Deno.writeTextFileSync(`${directory}/notes.txt`, "mine");
    match((await task("demo", "basic", "--storage", directory)).stderr, /holds notes\.txt, which is no node's log/);
    Deno.removeSync(`${directory}/notes.txt`);
    const log = Deno.readFileSync(`${directory}/node-2/0000000001.log`);
    log[60] ^= 1;
    Deno.writeFileSync(`${directory}/node-2/0000000001.log`, log);
    const { status, stderr } = await task("demo", "basic", "--storage", directory);
    strictEqual(status, 2);
    match(stderr, /^error: Cannot open the log: .*node-2\/0000000001\.log, offset \d+, frame \d+: .*must not vote/);
    deepStrictEqual(Deno.readFileSync(`${directory}/node-2/0000000001.log`), log);
  });
});
