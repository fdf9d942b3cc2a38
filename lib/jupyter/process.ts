/**
 * Other programs, run to their end.
 *
 * @module
 */
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";

/** The Deno that runs this. */
export const DENO: string = process.execPath;

/** A program that could not be found, or did not succeed. */
export class ProcessError extends Error {
  /** Always `"ProcessError"`. */
  override readonly name = "ProcessError";
}

/** What a program left behind. */
export interface Ended {
  readonly status: number | null;
  /** What it wrote on both of its outputs, without colours. */
  readonly output: string;
}

/** Run `command` in `cwd` to its end. */
export function run(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1" };
    const child = spawn(command, [...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => output += text);
    }
    child.on("error", ({ message }) => reject(new ProcessError(`cannot start ${command}: ${message}`)));
    child.on("close", (status) => resolve({ status, output }));
  });
}

/** Run `command`, which must succeed; what it wrote. */
export async function mustRun(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { status, output } = await run(command, args, cwd);
  if (status === 0) return output;
  throw new ProcessError(`${command} ${args.join(" ")} ended with status ${status}:\n${output.trim()}`);
}

/** The version of the Node on PATH, if it can load this library: 20.19, 22.12, or newer. `null` if there is none. */
export function nodeVersion(): string | null {
  const { status, stdout } = spawnSync("node", ["--version"], { encoding: "utf8" });
  if (status !== 0) return null;
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(stdout) ?? [];
  const oldest = major === "20" ? 19 : major === "22" ? 12 : 0;
  return Number(major) >= 20 && Number(major) !== 21 && Number(minor) >= oldest ? stdout.trim() : null;
}
