/** Processes killed while they write, and files that cannot grow. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { readdirSync, truncateSync } from "node:fs";
import process from "node:process";
import { withDirectory } from "./directory_cases.ts";
import { killLoop, Ledger, promisesIn, runAndKill, writerCommand } from "./kill_loop_cases.ts";
import { nodeFiles } from "./node_files.ts";
import { readLog } from "./read_log.ts";

/** Loops at the same time, each with a log of its own. */
const LOOPS = 4;
const KILLS = 50;

Deno.test("200 processes killed while they write lose nothing that they promised, and vote once in a term", () =>
  withDirectory(async (parent) => {
    await Promise.all(Array.from({ length: LOOPS }, async (_, loop) => {
      const directory = `${parent}/log-${loop}`;
      const seen = await killLoop({ directory, kills: KILLS, seed: 1 + 1000 * loop });
      strictEqual(seen.kills, KILLS);
      ok(
        seen.acknowledged > KILLS && seen.terms > KILLS && seen.segments > 5,
        `work was done: ${JSON.stringify(seen)}`,
      );
      ok(seen.beforeOpen < KILLS / 2, "most were killed under load");
      const locks = readdirSync(directory).filter((name) => name.startsWith("lock-"));
      ok(locks.length <= 2, `a dead process' lock is taken over: ${locks}`);
    }));
  }));

Deno.test("a log that loses a frame that was promised does not pass", () =>
  withDirectory(async (parent) => {
    const directory = `${parent}/log`;
    const loseFrames = () => {
      const { frames } = readLog(directory, nodeFiles);
      const first = frames.find(({ file }) => file === frames.at(-1)?.file);
      if (first !== undefined) truncateSync(first.file, first.offset + first.bytes);
    };
    await rejects(
      killLoop({ directory, kills: 10, seed: 2, afterKill: loseFrames }),
      /is not older than|one vote|no step is missing|which are missing/,
    );
  }));

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
