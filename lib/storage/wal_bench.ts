/**
 * How fast the log on disk is, beside plain loops that do only the unavoidable: write the same bytes and sync them, read the
 * same files and checksum them. And what a recovered log weighs in memory.
 *
 * ```sh
 * deno run --v8-flags=--expose-gc --allow-read --allow-write=.jupyter lib/wal/wal_bench.ts
 * ```
 *
 * Both sides take turns, frame by frame or run by run, so that whatever else the machine does meets both.
 *
 * @module
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import process from "node:process";
import { FileStorage } from "./file_storage.ts";
import { MemoryFiles } from "./memory_files.ts";
import type { Entry } from "../raft/mod.ts";
import { readLog } from "./read_log.ts";
import { printRecovery } from "./recovery_bench.ts";
import { CONF_STATE, DIRECTORY, entriesFrom, median, milliseconds, newPlace, printRow, whole } from "./tools_bench.ts";

const ENTRIES_A_FRAME = [1, 16, 256];
/** Bytes of data in an entry. */
const APPEND_SIZE = 64;
const FRAMES = 250;
const APPEND_RUNS = 15;

/** Write frames to a storage, and the same bytes to a plain file, in turn; milliseconds each. */
function appendPair(entriesAFrame: number): { readonly storage: number; readonly plain: number } {
  const batches = Array.from(
    { length: FRAMES },
    (_, i) => entriesFrom(1 + i * entriesAFrame, entriesAFrame, APPEND_SIZE),
  );
  const bytes = bytesOf(batches);
  const storage = FileStorage.open(newPlace(), CONF_STATE);
  const fd = openSync(newPlace(), "ax");
  const times = { storage: 0, plain: 0 };
  for (const [i, entries] of batches.entries()) {
    const sides = [
      () => {
        times.storage += milliseconds(() => {
          storage.append(entries);
          storage.sync();
        });
      },
      () => {
        times.plain += milliseconds(() => {
          writeSync(fd, bytes[i]);
          fdatasyncSync(fd);
        });
      },
    ];
    // Whoever goes second finds the disk as the first has left it.
    for (const side of i % 2 === 0 ? sides : sides.reverse()) side();
  }
  closeSync(fd);
  storage.close();
  return times;
}

/** The frames of a log that is written so. */
function bytesOf(batches: readonly Entry[][]): Uint8Array[] {
  const files = new MemoryFiles();
  const storage = FileStorage.open("log", CONF_STATE, { files });
  for (const entries of batches) {
    storage.append(entries);
    storage.sync();
  }
  const { frames } = readLog("log", files);
  const log = files.read(frames[0].file);
  return frames.slice(1).map(({ offset, bytes }) => log.subarray(offset, offset + bytes));
}

function printAppends(): void {
  console.log(`Appends: ${FRAMES} frames, ${APPEND_SIZE} bytes an entry; medians of ${APPEND_RUNS} runs.\n`);
  printRow("Entries a frame", "Entries a second", "Plain writes and syncs", "Ratio");
  printRow("---:", "---:", "---:", "---:");
  for (const entriesAFrame of ENTRIES_A_FRAME) {
    console.error(`appends, ${entriesAFrame} entries a frame`);
    appendPair(entriesAFrame);
    const runs = Array.from({ length: APPEND_RUNS }, () => appendPair(entriesAFrame));
    const rate = (times: readonly number[]) => whole(entriesAFrame * FRAMES / median(times) * 1e3);
    const ratio = median(runs.map(({ storage, plain }) => plain / storage)).toFixed(2);
    printRow(entriesAFrame, rate(runs.map(({ storage }) => storage)), rate(runs.map(({ plain }) => plain)), ratio);
  }
}

if (import.meta.main) {
  mkdirSync(DIRECTORY, { recursive: true });
  try {
    const { deno, v8 } = process.versions;
    console.log(`${navigator.hardwareConcurrency} processors, Deno ${deno}, V8 ${v8}.\n`);
    printAppends();
    printRecovery();
  } finally {
    rmSync(DIRECTORY, { recursive: true });
  }
}
