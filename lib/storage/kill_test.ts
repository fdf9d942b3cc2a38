/**
 * Real processes write to a log on real files, and are killed with SIGKILL, again and again; or their files cannot grow.
 *
 * A killed process leaves the system running: what it wrote is not lost even if it was not synced, and what it was about to do
 * is not done. So this tries out the order of the steps, torn writes, recovery over and over, and the lock that a dead
 * process leaves; `crash_test.ts` is about machines that lose what was not synced.
 */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { readdirSync, truncateSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { MemStorage, randomInts } from "../raft/mod.ts";
import { confState } from "../raft/storage_cases.ts";
import { textOf } from "./crash_cases.ts";
import { withDirectory } from "./directory_cases.ts";
import { writeStep } from "./kill_writer_cases.ts";
import { sortNames } from "./names.ts";
import { nodeFiles } from "./node_files.ts";
import { readLog } from "./read_log.ts";
import { recover } from "./recover.ts";

/** Loops at the same time, each with a log of its own; and how many processes each of them kills. */
const [LOOPS, KILLS] = [4, 50];
/** A process that is not killed for so long is stuck. */
const STUCK_MS = 30_000;
/** At most so many steps are written and not acknowledged when a process is killed. */
const AHEAD = 8;

/** Knows what all processes so far have promised, and compares with it what they left. */
class Ledger {
  /** The step that comes next, and how many a process has promised so far. */
  next = 1;
  promised = 0;
  #model = MemStorage.newWithConfState(confState);

  constructor(readonly directory: string) {}

  /** Compare what a process has said with what it found and left. Throws if they differ. */
  settle(text: string): void {
    const said = text.split("\n").slice(0, -1).filter((line) => line !== "large");
    if (said.length > 0) strictEqual(said[0], `found ${textOf(this.#model)}`, "what the one before it left is found");
    for (const line of said.slice(1)) {
      strictEqual(line, `step ${this.next}`);
      this.#step();
      this.promised++;
    }
    const names = sortNames(nodeFiles.list(this.directory) ?? []);
    const found = recover(this.directory, nodeFiles, names, {})?.memory ?? MemStorage.newWithConfState(confState);
    const [left, promised] = [textOf(found), textOf(this.#model)];
    for (let more = 0; more < AHEAD && textOf(this.#model) !== left; more++) this.#step();
    if (textOf(this.#model) !== left) strictEqual(left, promised, "no step is missing that was promised");
    this.#model = found;
  }

  #step(): void {
    writeStep(this.#model, this.next++);
  }
}

/** The command that runs a writer. */
function writerCommand({ directory, next }: Ledger): [program: string, ...args: string[]] {
  const writer = fileURLToPath(new URL("./kill_writer_cases.ts", import.meta.url));
  const permissions = ["--allow-read", `--allow-write=${directory}`, "--allow-run"];
  return [Deno.execPath(), "run", "--quiet", "--no-check", ...permissions, writer, directory, `${next}`];
}

/** Run a writer, kill it when it says a line or after so many milliseconds, and settle. */
async function runAndKill(ledger: Ledger, moment: string | number, afterKill = () => {}): Promise<void> {
  const [program, ...args] = writerCommand(ledger);
  const child = new Deno.Command(program, { args, stdout: "piped", stderr: "piped" }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), typeof moment === "number" ? moment : STUCK_MS);
  const complaint = new Response(child.stderr).text();
  let text = "";
  let isAwaited = typeof moment === "string";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (!isAwaited || !text.includes(`\n${moment}\n`)) continue;
    child.kill("SIGKILL");
    isAwaited = false;
  }
  const { signal } = await child.status;
  clearTimeout(timer);
  strictEqual(signal, "SIGKILL", `a process ended by itself: ${await complaint}`);
  ok(!isAwaited, "a process said too little in too long a time");
  afterKill();
  ledger.settle(text);
}

/** Of five processes one is killed when it has hardly begun, two within a large write, and two after some step. */
async function killLoop(ledger: Ledger, kills: number, seed: number, afterKill?: () => void): Promise<void> {
  const random = randomInts(seed);
  for (let life = 0; life < kills; life++) {
    const step = `step ${ledger.next + random(0, 40)}`;
    const moment = life % 5 === 0 ? random(20, 100) : life % 5 < 3 ? "large" : step;
    await runAndKill(ledger, moment, afterKill);
  }
}

Deno.test("processes killed while they write lose nothing that they promised", () =>
  withDirectory(async (parent) => {
    await Promise.all(Array.from({ length: LOOPS }, async (_, loop) => {
      const ledger = new Ledger(`${parent}/log-${loop}`);
      await killLoop(ledger, KILLS, 1 + loop);
      ok(ledger.promised > 5 * KILLS, `work was done: ${ledger.promised}`);
      const locks = readdirSync(ledger.directory).filter((name) => name.startsWith("lock-"));
      ok(locks.length <= 2, `a dead process' lock is taken over: ${locks}`);
    }));
  }));

Deno.test("a log that loses a frame that was promised does not pass", () =>
  withDirectory(async (parent) => {
    const ledger = new Ledger(`${parent}/log`);
    const loseFrames = () => {
      const { frames } = readLog(ledger.directory, nodeFiles);
      const first = frames.find(({ file }) => file === frames.at(-1)?.file);
      if (first !== undefined) truncateSync(first.file, first.offset + first.bytes);
    };
    await rejects(killLoop(ledger, 10, 2, loseFrames), /no step is missing|which are missing|snapshot cannot be read/);
  }));

/** The exit code of a process that signal 25 has ended, as a shell would say it. */
const SIGNALLED = 128 + 25;

for (const atLimit of ["error", "signal"] as const) {
  Deno.test({
    name: `a file that cannot grow (${atLimit}) ends the writer, and nothing that it promised is lost`,
    ignore: process.platform === "win32",
    fn: () =>
      withDirectory(async (parent) => {
        const ledger = new Ledger(`${parent}/log`);
        // In blocks of 512 bytes; the last ones are within a large write.
        for (const blocks of [4, 9, 700, 1500]) {
          const script = `${atLimit === "error" ? 'trap "" XFSZ; ' : ""}ulimit -f ${blocks}; exec "$@"`;
          const args = ["-c", script, "sh", ...writerCommand(ledger)];
          const child = new Deno.Command("sh", { args, stdout: "piped", stderr: "piped" });
          const { code, signal, stdout, stderr } = await child.output();
          const [said, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
          deepStrictEqual([code, signal], atLimit === "signal" ? [SIGNALLED, "SIGXFSZ"] : [1, null], complaint);
          if (atLimit === "error") match(complaint, /Cannot use the log in .*: a write failed \(.*\).*; close it/);
          ledger.settle(said);
          await runAndKill(ledger, `step ${ledger.next + 30}`);
        }
        ok(ledger.promised > 4 * 30, `${ledger.promised}`);
      }),
  });
}
