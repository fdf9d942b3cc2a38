/**
 * Real processes write to a log on real files, and are killed with SIGKILL, again and again.
 *
 * A killed process leaves the system running: what it wrote is not lost even if it was not synced, and what it was about to do
 * is not done. So this tries out the order of the steps, torn writes, recovery over and over, and the lock that a dead
 * process leaves; `crash_test.ts` is about machines that lose what was not synced.
 *
 * @module
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { nodeFiles } from "./node_files.ts";
import { MemStorage, type NodeId, type RandomInt, randomInts, type Term } from "../raft/mod.ts";
import { CONF_STATE, digestOf, writeStep } from "./kill_steps_cases.ts";
import { sortNames } from "./names.ts";
import { recover } from "./recover.ts";

/** What a loop has seen. */
export interface Moments {
  /** Processes killed. */
  kills: number;
  /** Of them, before the log was open: some within recovery. */
  beforeOpen: number;
  /** Steps whose sync had returned. */
  acknowledged: number;
  /** Kills after which a step was there that was not acknowledged; after which a frame was torn; or a file unfinished. */
  ahead: number;
  torn: number;
  unfinished: number;
  /** Segments begun, and the highest term. */
  segments: number;
  terms: number;
}

/** A loop. */
export interface KillLoop {
  /** Where the log is to be; nothing is there yet. */
  readonly directory: string;
  /** How many processes to kill. */
  readonly kills: number;
  /** The moments of the kills, and all that is written, depend on it. */
  readonly seed: number;
  /** Called after every kill, before the log is looked at: to spoil it, or to say how far the loop is. */
  readonly afterKill?: (moments: Moments) => void;
}

const STARTING_MS = 150;
/** A process that is not killed for so long is stuck. */
const STUCK_MS = 30_000;
/** At most so many steps are written and not acknowledged when a process is killed. */
const AHEAD = 8;

/** Kill processes and look at what they leave. Throws if anything acknowledged is not there, or anything else is. */
export async function killLoop({ directory, kills, seed, afterKill = () => {} }: KillLoop): Promise<Moments> {
  const random = randomInts(seed);
  const ledger = new Ledger(directory);
  for (let life = 0; life < kills; life++) {
    const said = await runAndKill(directory, seed + life, momentOf(life, random));
    ledger.moments.kills++;
    afterKill(ledger.moments);
    ledger.settle(said, seed + life);
  }
  return ledger.moments;
}

/** Knows what all processes so far have promised, and holds what they left against it. */
export class Ledger {
  readonly moments: Moments = {
    kills: 0,
    beforeOpen: 0,
    acknowledged: 0,
    ahead: 0,
    torn: 0,
    unfinished: 0,
    segments: 0,
    terms: 0,
  };
  readonly #directory: string;
  readonly #votes = new Map<Term, NodeId | null>();
  #model: MemStorage;

  /** A log in `directory`, as it is now. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#model = this.#read();
  }

  /** Compare what a process has said, which wrote what `seed` says, with what it found and left. Throws if they differ. */
  settle(said: readonly string[], seed: number): void {
    if (said.length === 0) this.moments.beforeOpen++;
    else strictEqual(said[0], `found ${digestOf(this.#model)}`, "a process finds what the one before it left");
    const writes = randomInts(seed);
    for (const [i, line] of said.slice(1).entries()) {
      writeStep(this.#model, writes);
      const { hardState: { term, vote } } = this.#model.initialState();
      strictEqual(line, `step ${i + 1} index ${this.#model.lastIndex()} term ${term} vote ${vote}`);
      this.moments.acknowledged++;
      this.#noteVote(this.#model);
    }
    const found = this.#read();
    this.#noteVote(found);
    if (catchUp(this.#model, found, writes) > 0) this.moments.ahead++;
    this.#model = found;
  }

  /** What the log comes to, read as recovery reads it, with nothing changed. */
  #read(): MemStorage {
    const names = sortNames(nodeFiles.list(this.#directory) ?? []);
    deepStrictEqual(names.foreign, []);
    const found = recover(this.#directory, nodeFiles, names);
    if (found?.torn) this.moments.torn++;
    if (names.unfinished.length > 0) this.moments.unfinished++;
    this.moments.segments = names.segments.at(-1) ?? 0;
    return found === null ? MemStorage.newWithConfState(CONF_STATE) : found.memory;
  }

  #noteVote(storage: MemStorage): void {
    const { term, vote } = storage.initialState().hardState;
    ok(term >= this.moments.terms, `term ${term} is not older than ${this.moments.terms}`);
    this.moments.terms = term;
    strictEqual(vote, this.#votes.get(term) ?? vote, `in term ${term} one vote is given, and it is not forgotten`);
    this.#votes.set(term, vote);
  }
}

/** Carry out steps until `model` is what was found: all that was acknowledged, and perhaps a few steps more. How many. */
function catchUp(model: MemStorage, found: MemStorage, writes: RandomInt): number {
  const acknowledged = digestOf(model);
  const digest = digestOf(found);
  for (let more = 0; more <= AHEAD; more++) {
    if (digestOf(model) === digest) return more;
    writeStep(model, writes);
  }
  strictEqual(
    digest,
    acknowledged,
    "the log is as it was after some step, and no step is missing that was acknowledged",
  );
  return 0;
}

/** When to kill: when a line that begins so is said, or after some time. */
export type KillMoment = { readonly line: string } | { readonly milliseconds: number };

/** Of five processes one is killed when it has hardly begun, and two within a large write. */
function momentOf(life: number, random: RandomInt): KillMoment {
  const line = `step ${random(1, 150)} `;
  if (life % 5 === 0) return { milliseconds: random(20, STARTING_MS) };
  return { line: life % 5 < 3 ? "large" : line };
}

/** The command that runs a writer. */
export function writerCommand(directory: string, seed: number): [program: string, ...args: string[]] {
  const writer = fileURLToPath(new URL("./kill_writer_cases.ts", import.meta.url));
  const permissions = ["--allow-read", `--allow-write=${directory}`, "--allow-run"];
  return [Deno.execPath(), "run", "--quiet", "--no-check", ...permissions, writer, directory, `${seed}`];
}

/** The promises in what a writer has said. */
export function promisesIn(said: string): string[] {
  return said.split("\n").slice(0, -1).filter((line) => line !== "large");
}

/** Run a writer, kill it when the moment has come, and return the lines that it has said. */
export async function runAndKill(directory: string, seed: number, moment: KillMoment): Promise<string[]> {
  const [program, ...args] = writerCommand(directory, seed);
  const child = new Deno.Command(program, { args, stdout: "piped", stderr: "piped" }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), "milliseconds" in moment ? moment.milliseconds : STUCK_MS);
  const complaint = new Response(child.stderr).text();
  let text = "";
  let isAwaited = "line" in moment;
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (isAwaited && "line" in moment && `\n${text}`.includes(`\n${moment.line}`)) {
      child.kill("SIGKILL");
      isAwaited = false;
    }
  }
  const { signal } = await child.status;
  clearTimeout(timer);
  strictEqual(signal, "SIGKILL", `a process ended by itself: ${await complaint}`);
  ok(!isAwaited, "a process said too little in too long a time");
  return promisesIn(text);
}
