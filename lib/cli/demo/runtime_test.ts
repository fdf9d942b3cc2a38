import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { task, withFolder, writeFile } from "../main_cases.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Runs before the program, and has it say when Ctrl-C no longer just ends it: before that there is nothing to test. */
const SAYS_LISTENING = `
  const listen = Deno.addSignalListener;
  Deno.addSignalListener = (...args) => {
    listen(...args);
    Deno.stderr.writeSync(new TextEncoder().encode("listening\\n"));
  };`;

Deno.test("demo --runtime tasks plays a scenario in real time, and it comes out as expected", async () => {
  const { status, stdout, stderr } = await task("demo", "lagging-follower", "--runtime", "tasks");
  deepStrictEqual([status, stderr], [0, ""]);
  match(stdout, /every node is a task;/);
  match(stdout, /\nAs expected\.\n/);
});

Deno.test("Ctrl-C ends demo --runtime tasks with status 130, long before the scenario is over", () =>
  withFolder(async (folder) => {
    const path = `${folder}/long.json`;
    await writeFile(path, JSON.stringify({ name: "long", steps: [{ do: "run", ticks: 6000 }] }));
    const options = [
      "--quiet",
      "--allow-read",
      `--preload=data:text/javascript,${encodeURIComponent(SAYS_LISTENING)}`,
    ];
    const args = ["run", ...options, MAIN, "demo", "--scenario", path, "--runtime", "tasks"];
    const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" }).spawn();
    const stdout = new Response(child.stdout).text();
    const stderr = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    strictEqual((await stderr.read()).value, "listening\n");
    child.kill("SIGINT");
    const late = setTimeout(() => child.kill("SIGKILL"), 5000);
    const { code, signal } = await child.status;
    clearTimeout(late);
    deepStrictEqual([code, signal], [130, null], "the scenario would last for a minute");
    // Both pipes end only when no process is left that could write to them.
    strictEqual((await stderr.read()).done, true);
    match(await stdout, /^long\n3 nodes, [^]*\nevery node is a task[^.]*\n$/);
  }));

Deno.test("what cannot be played in tasks is refused in a line, with the reason", async () => {
  const refusals: [args: string[], says: RegExp][] = [
    [["figure-8", "--runtime", "tasks"], /cannot play figure-8 in tasks with real time: its step dropMessages/],
    [["crash-restart", "--runtime", "tasks"], /cannot play crash-restart in tasks: its step crashAfter/],
    [["split-vote", "--runtime", "tasks"], /cannot play split-vote in tasks .*fixTimeout/],
    ...["fast", "loop", "workers"].map((runtime): [string[], RegExp] => {
      return [["basic", "--runtime", runtime], new RegExp(`--runtime must be tasks, not "${runtime}"`)];
    }),
    [["basic", "--seeds", "3", "--runtime", "tasks"], /--seeds and --runtime do not go together/],
  ];
  for (const [args, says] of refusals) {
    const { status, stdout, stderr } = await task("demo", ...args);
    deepStrictEqual([status, stdout], [2, ""], args.join(" "));
    match(stderr, /^error: [^\n]+\n$/);
    match(stderr, says);
  }
});
