/**
 * How fast the log on disk is, beside plain loops that do only the unavoidable: write the same bytes and sync them, read the
 * same files and checksum them.
 *
 * ```sh
 * deno run --v8-flags=--expose-gc --allow-read --allow-write=.jupyter lib/storage/wal_bench.ts
 * ```
 *
 * Both sides take turns, frame by frame or run by run, so that whatever else the machine does meets both.
 *
 * @module
 */
import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import process from "node:process";
import { crc32 } from "node:zlib";
import type { Entry } from "../raft/mod.ts";
import { confState } from "../raft/storage_cases.ts";
import { openReal, withDirectory } from "./directory_cases.ts";
import { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";
import { readLog } from "./read_log.ts";

const ENTRIES_A_FRAME = [1, 16, 256];
/** Bytes of data in an entry. */
const [APPEND_SIZE, RECOVERY_SIZES] = [64, [64, 256, 1024]];
const [FRAMES, APPEND_RUNS] = [250, 15];
const [RECOVERED, BATCH, RECOVERY_RUNS] = [1_000_000, 256, 9];

/** So many batches of entries, with so many bytes of data in each. */
function* batches(count: number, entriesEach: number, size: number): Generator<Entry[]> {
  for (let first = 1; first <= count * entriesEach; first += entriesEach) {
    yield Array.from({ length: entriesEach }, (_, i) => {
      return { type: "command", term: 1, index: first + i, data: new Uint8Array(size).fill(first + i) };
    });
  }
}

/** Milliseconds of the log, and of the plain loop beside it. */
type Times = { log: number; plain: number };

/** Write frames to a storage, and the same bytes to a plain file, in turn. */
function appendPair(directory: string, entriesAFrame: number): Times {
  const entries = [...batches(FRAMES, entriesAFrame, APPEND_SIZE)];
  const write = (storage: FileStorage, i: number) => {
    storage.append(entries[i]);
    storage.sync();
  };
  const files = new MemoryFiles();
  const copy = FileStorage.open("log", confState, { files });
  for (const i of entries.keys()) write(copy, i);
  const frames = readLog("log", files).frames.slice(1);
  const bytes = files.read(frames[0].file);
  const storage = openReal(`${directory}/log`);
  const fd = openSync(`${directory}/plain`, "ax");
  const writePlainly = (i: number) => {
    writeSync(fd, bytes.subarray(frames[i].offset, frames[i].offset + frames[i].bytes));
    fdatasyncSync(fd);
  };
  const times = { log: 0, plain: 0 };
  for (const i of entries.keys()) {
    // Whoever goes second finds the disk as the first has left it.
    if (i % 2 === 0) times.log += milliseconds(() => write(storage, i));
    times.plain += milliseconds(() => writePlainly(i));
    if (i % 2 === 1) times.log += milliseconds(() => write(storage, i));
  }
  closeSync(fd);
  storage.close();
  return times;
}

/** Recover a log, and read its files and checksum them. */
function recoverPair(directory: string): Times {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc === "function") gc();
  const plain = milliseconds(() => {
    for (const name of readdirSync(directory)) crc32(readFileSync(`${directory}/${name}`));
  });
  const log = milliseconds(() => {
    const storage = openReal(directory);
    if (storage.lastIndex() < RECOVERED) throw new Error("Cannot count a recovery that lost entries");
    storage.close();
  });
  return { log, plain };
}

function milliseconds(act: () => void): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function printRow(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.map((cell) => cell.toLocaleString("en-GB", { maximumFractionDigits: 2 })).join(" | ")} |`);
}

if (import.meta.main) {
  const { deno, v8 } = process.versions;
  console.log(`${navigator.hardwareConcurrency} processors, Deno ${deno}, V8 ${v8}.\n`);
  console.log(`Appends: ${FRAMES} frames, ${APPEND_SIZE} bytes an entry; medians of ${APPEND_RUNS} runs.\n`);
  printRow("Entries a frame", "Entries a second", "Plain writes and syncs", "Ratio");
  printRow("---:", "---:", "---:", "---:");
  for (const entriesAFrame of ENTRIES_A_FRAME) {
    const runs: Times[] = [];
    // The first one warms up.
    await withDirectory((place) => appendPair(place, entriesAFrame));
    for (let i = 0; i < APPEND_RUNS; i++) runs.push(await withDirectory((place) => appendPair(place, entriesAFrame)));
    const rate = (times: readonly number[]) => Math.round(entriesAFrame * FRAMES / median(times) * 1e3);
    const [log, plain] = [rate(runs.map(({ log }) => log)), rate(runs.map(({ plain }) => plain))];
    printRow(entriesAFrame, log, plain, median(runs.map(({ log, plain }) => plain / log)));
  }
  console.log(`\nRecovery of ${RECOVERED} entries, ${BATCH} a frame; medians of ${RECOVERY_RUNS} runs.\n`);
  printRow("Bytes an entry", "Recovery, ms", "Plain, ms", "Ratio");
  printRow("---:", "---:", "---:", "---:");
  for (const size of RECOVERY_SIZES) {
    await withDirectory((directory) => {
      const storage = openReal(`${directory}/log`);
      for (const entries of batches(Math.ceil(RECOVERED / BATCH), BATCH, size)) {
        storage.append(entries);
        storage.sync();
      }
      storage.close();
      const runs = Array.from({ length: 1 + RECOVERY_RUNS }, () => recoverPair(`${directory}/log`)).slice(1);
      const [log, plain] = [median(runs.map(({ log }) => log)), median(runs.map(({ plain }) => plain))];
      printRow(size, Math.round(log), Math.round(plain), median(runs.map(({ log, plain }) => log / plain)));
    });
  }
}
