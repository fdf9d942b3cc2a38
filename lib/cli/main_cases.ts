/** The command line as a user meets it: a process with the arguments and the permissions of the tasks in deno.json. */
import { strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The tasks that run the command line. */
export type TaskName = "demo" | "log" | "replay" | "fuzz" | "notebooks" | "lab" | "browser" | "play" | "bundle";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { tasks }: { tasks: Record<TaskName, { command: string }> } = JSON.parse(
  readFileSync(`${ROOT}deno.json`, "utf8"),
);

/** What a process left behind. */
export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run Deno itself in the project's folder. */
export async function deno(...args: string[]): Promise<Result> {
  return await started({}, ...args);
}

/** Run Deno itself in the project's folder, with these variables; whether the tests were started by npx does not matter. */
export async function started(env: Record<string, string>, ...args: string[]): Promise<Result> {
  const quiet = { cwd: ROOT, stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const options = { ...quiet, args, env: { npm_lifecycle_event: "", ...env } };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  const text = new TextDecoder();
  return { status: code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Text as it was before it was wrapped: where a line ends depends on how long the path of this checkout is. */
export function unwrapped(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** What deno.json says for a task. */
export function commandOf(name: TaskName): string {
  return tasks[name].command;
}

/** Run what deno.json says for a task, word by word, and `args`. */
export function task(name: TaskName, ...args: string[]): Promise<Result> {
  const [command, ...words] = commandOf(name).split(" ");
  strictEqual(command, "deno");
  // Deno itself is quiet: the first run on a machine would tell of the packages it has loaded.
  return deno(words[0], "--quiet", ...words.slice(1), ...args);
}
