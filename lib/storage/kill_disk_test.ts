/** What a real disk can refuse: room, permission, and a directory that is not for a log. */
import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import { chmodSync, closeSync, openSync, readdirSync } from "node:fs";
import process from "node:process";
import { FileStorage } from "./file_storage.ts";
import { withDirectory } from "./directory_cases.ts";
import { CONF_STATE } from "./kill_steps_cases.ts";
import { Ledger, promisesIn, runAndKill, writerCommand } from "./kill_loop_cases.ts";

const FIRST = "0000000001.log";
/** The exit code of a process that signal 25 has ended, as a shell would say it. */
const SIGNALLED = 128 + 25;

/** Run a writer in a shell that lets no file grow beyond so many blocks of 512 bytes, up to its end. */
async function runLimited(directory: string, seed: number, blocks: number, atLimit: "error" | "signal") {
  const trap = atLimit === "error" ? 'trap "" XFSZ; ' : "";
  const script = `${trap}ulimit -f ${blocks}; exec "$@"`;
  const args = ["-c", script, "sh", ...writerCommand(directory, seed)];
  const child = new Deno.Command("sh", { args, stdout: "piped", stderr: "piped" }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const { code, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const text = new TextDecoder();
  return { code, signal, said: promisesIn(text.decode(stdout)), complaint: text.decode(stderr) };
}

for (const atLimit of ["error", "signal"] as const) {
  Deno.test({
    name: `a file that cannot grow (${atLimit}) ends the writer, and nothing that it promised is lost`,
    ignore: process.platform === "win32",
    fn: () =>
      withDirectory(async (parent) => {
        const directory = `${parent}/log`;
        const ledger = new Ledger(directory);
        for (const [seed, blocks] of [[1, 64], [3, 100], [5, 2000], [7, 5000]]) {
          const { code, signal, said, complaint } = await runLimited(directory, seed, blocks, atLimit);
          deepStrictEqual([code, signal], atLimit === "signal" ? [SIGNALLED, "SIGXFSZ"] : [1, null], complaint);
          if (atLimit === "error") match(complaint, /Cannot use the log in .*: a write failed \(.*\).*; close it/);
          ledger.settle(said, seed);
          ledger.settle(await runAndKill(directory, seed + 1, { line: "step 40 " }), seed + 1);
        }
        ok(ledger.moments.acknowledged > 4 * 40 - 1, JSON.stringify(ledger.moments));
      }),
  });
}

Deno.test("a directory that may not be written to is named, and the log in it is left as it is", () =>
  withDirectory((parent) => {
    const directory = `${parent}/log`;
    FileStorage.open(directory, CONF_STATE).close();
    const refused = { kind: "Unreadable", message: /^Cannot open the log in .*(EACCES|denied)/ } as const;
    for (const [path, mode] of [[directory, 0o500], [`${directory}/${FIRST}`, 0o400]] as const) {
      chmodSync(path, mode);
      try {
        // The superuser may write, whatever the mode says.
        if (!mayWrite(path === directory ? `${directory}/lock-99999999-0` : path)) {
          throws(() => FileStorage.open(directory, CONF_STATE), refused);
          if (path === directory) throws(() => FileStorage.open(`${directory}/new`, CONF_STATE), refused);
        }
      } finally {
        chmodSync(path, 0o700);
      }
    }
    FileStorage.open(directory, CONF_STATE).close();
    deepStrictEqual(readdirSync(directory), [FIRST]);
  }));

/** Whether a file can be written to, or made. */
function mayWrite(path: string): boolean {
  try {
    closeSync(openSync(path, "a"));
    return true;
  } catch {
    return false;
  }
}
