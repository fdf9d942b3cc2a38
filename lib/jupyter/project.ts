/**
 * The project's folder: where its notebooks are, and how programs are run in it and waited for.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { UsageError } from "../cli/usage_error.ts";

/** The project's folder. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url)).replace(/[/\\]$/, "");

/** Where the workshop keeps what it makes: kernel specifications, connection files, copies of notebooks. */
export const WORKSHOP: string = join(ROOT, ".jupyter");

const FOLDERS = [join(ROOT, "notebooks"), join(ROOT, "notebooks", "solutions")];

/** All notebooks, those with solutions last. */
export function allNotebooks(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder).filter((name) => name.endsWith(".ipynb")).sort().map((name) => join(folder, name))
  );
}

/** The file of the notebook `name`, a path or a name with or without `.ipynb`; `undefined` if there is none. */
export function findNotebook(name: string): string | undefined {
  return [ROOT, ...FOLDERS].flatMap((folder) => [resolve(folder, name), resolve(folder, `${name}.ipynb`)])
    .find((file) => file.endsWith(".ipynb") && isFile(file));
}

/** Whether `path` is a file that can be asked for. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** `path` as it is written in the project's folder, with slashes. */
export function inProject(path: string): string {
  return relative(ROOT, path).replaceAll("\\", "/");
}

/** Do all of `acts`, `count` at a time. */
export async function inParallel(acts: readonly (() => Promise<void>)[], count: number): Promise<void> {
  const queue = acts.values();
  await Promise.all(Array.from({ length: count }, async () => {
    for (const act of queue) await act();
  }));
}

/** Look, again and again, until `isRight` or for `bound` milliseconds; what was seen last. */
export async function poll<T>(look: () => Promise<T>, isRight: (seen: T) => boolean, bound: number): Promise<T> {
  for (let waited = 0;; waited += POLL_INTERVAL) {
    const seen = await look();
    if (isRight(seen) || waited >= bound) return seen;
    await sleep(POLL_INTERVAL);
  }
}

/** In milliseconds. */
const POLL_INTERVAL = 200;

/** Run `command` in `cwd` to its end. Its output is what it wrote on both streams, without colours. */
export function run(command: string, args: readonly string[], cwd: string = ROOT) {
  const options = { cwd, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } } as const;
  const { error, status, stdout, stderr } = spawnSync(command, args, options);
  if (error !== undefined) throw new UsageError(`cannot start ${command}: ${error.message}`);
  return { status, output: stdout + stderr };
}

/** Run `command`, which must succeed. */
export function mustRun(command: string, args: readonly string[], cwd: string = ROOT): void {
  const { status, output } = run(command, args, cwd);
  if (status === 0) return;
  throw new UsageError(`${command} ${args.join(" ")} ended with status ${status}:\n${output.trim()}`);
}

/** Whether `command` can be started and succeeds. */
export function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: ROOT }).status === 0;
}
