import { deepStrictEqual, match, notStrictEqual } from "node:assert/strict";
import { task } from "../main_cases.ts";

for (const runtime of ["tasks", "workers"]) {
  Deno.test(`demo --runtime ${runtime} plays a scenario in real time, and it comes out as expected`, async () => {
    const { status, stdout, stderr } = await task("demo", "lagging-follower", "--runtime", runtime);
    deepStrictEqual([status, stderr], [0, ""]);
    match(stdout, runtime === "tasks" ? /every node is a task;/ : /every node is a worker;/);
    match(stdout, /\nAs expected\.\n/);
  });

  Deno.test(`Ctrl-C ends demo --runtime ${runtime} within a second`, async () => {
    const args = ["run", "--allow-read", "lib/main.ts", "demo", "no-quorum", "--runtime", runtime];
    const child = new Deno.Command("deno", { args, stdout: "piped", stderr: "null" }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill("SIGINT");
    const late = setTimeout(() => child.kill("SIGKILL"), 1000);
    const { signal } = await child.status;
    clearTimeout(late);
    await reader.cancel();
    notStrictEqual(signal, "SIGKILL");
  });
}

Deno.test("what a runtime cannot play is refused in a line, with the reason", async () => {
  const refusals: [args: string[], says: RegExp][] = [
    [["figure-8", "--runtime", "tasks"], /cannot play figure-8 in tasks with real time: its step dropMessages/],
    [["crash-restart", "--runtime", "tasks"], /cannot play crash-restart in tasks: its step crashAfter/],
    [["split-vote", "--runtime", "workers"], /cannot play split-vote in workers .*fixTimeout/],
    [["basic", "--runtime", "fast"], /--runtime must be loop, tasks or workers, not "fast"/],
    [["basic", "--seeds", "3", "--runtime", "tasks"], /--seeds and --runtime do not go together/],
  ];
  for (const [args, says] of refusals) {
    const { status, stdout, stderr } = await task("demo", ...args);
    deepStrictEqual([status, stdout], [2, ""], args.join(" "));
    match(stderr, /^error: [^\n]+\n$/);
    match(stderr, says);
  }
});
