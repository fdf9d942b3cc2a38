/**
 * How long it takes to recover a log of a million entries, beside reading the same files and checksumming them; and what it
 * weighs in memory then. Part of `wal_bench.ts`.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { crc32 } from "node:zlib";
import { FileStorage } from "./file_storage.ts";
import { MemStorage, type Storage } from "../raft/mod.ts";
import { CONF_STATE, entriesFrom, median, milliseconds, newPlace, printRow, whole } from "./tools_bench.ts";

/** Bytes of data in an entry. */
const SIZES = [64, 256, 1024];
const RECOVERED = 1_000_000;
const RECOVERY_RUNS = 9;
const BATCH = 256;

/** A log of a million entries on disk. */
function writeLog(size: number): string {
  const place = newPlace();
  const storage = FileStorage.open(place, CONF_STATE);
  for (let first = 1; first <= RECOVERED; first += BATCH) {
    storage.append(entriesFrom(first, Math.min(BATCH, RECOVERED - first + 1), size));
    storage.sync();
  }
  storage.close();
  return place;
}

function readPlainly(place: string): void {
  for (const name of readdirSync(place)) crc32(readFileSync(`${place}/${name}`));
}

function recover(place: string): void {
  const storage = FileStorage.open(place, CONF_STATE);
  if (storage.lastIndex() !== RECOVERED) throw new Error("Cannot count a recovery that lost entries");
  storage.close();
}

/** What is left in memory of what `make` gives, in bytes an entry: objects, and buffers beside them. */
function weigh(make: () => Storage): { readonly heap: number; readonly buffers: number } {
  const before = memory();
  const storage = make();
  const after = memory();
  if (storage.lastIndex() !== RECOVERED) throw new Error("Cannot weigh a storage that lost entries");
  return { heap: (after.heap - before.heap) / RECOVERED, buffers: (after.buffers - before.buffers) / RECOVERED };
}

function memory(): { readonly heap: number; readonly buffers: number } {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, buffers: external };
}

function collectGarbage(): void {
  const gc: unknown = Reflect.get(globalThis, "gc");
  if (typeof gc !== "function") throw new Error("Cannot weigh memory: run with --v8-flags=--expose-gc");
  gc();
  gc();
}

function memStorage(size: number): MemStorage {
  const storage = MemStorage.newWithConfState(CONF_STATE);
  for (let first = 1; first <= RECOVERED; first += BATCH) {
    storage.append(entriesFrom(first, Math.min(BATCH, RECOVERED - first + 1), size));
  }
  return storage;
}

/** Both tables. */
export function printRecovery(): void {
  const places = SIZES.map((size) => {
    console.error(`writing ${whole(RECOVERED)} entries of ${size} bytes`);
    return writeLog(size);
  });
  printRecoveries(places);
  printWeights(places);
}

function printRecoveries(places: readonly string[]): void {
  console.log(`\nRecovery of ${whole(RECOVERED)} entries, ${BATCH} a frame; medians of ${RECOVERY_RUNS} runs.\n`);
  printRow("Bytes an entry", "ms", "Plain reading and checksum, ms", "Ratio");
  printRow("---:", "---:", "---:", "---:");
  for (const [i, place] of places.entries()) {
    const pair = () => {
      collectGarbage();
      const plain = milliseconds(() => readPlainly(place));
      collectGarbage();
      return { plain, recovery: milliseconds(() => recover(place)) };
    };
    pair();
    console.error(`recovery, ${SIZES[i]} bytes an entry`);
    const runs = Array.from({ length: RECOVERY_RUNS }, pair);
    const ratio = median(runs.map(({ plain, recovery }) => recovery / plain)).toFixed(2);
    printRow(
      SIZES[i],
      whole(median(runs.map((run) => run.recovery))),
      whole(median(runs.map((run) => run.plain))),
      ratio,
    );
  }
}

function printWeights(places: readonly string[]): void {
  console.log(`\nMemory of ${whole(RECOVERED)} entries, bytes an entry.\n`);
  printRow("Data", "FileStorage, heap", "buffers", "MemStorage, heap", "buffers", "Ratio of the sums");
  printRow("---:", "---:", "---:", "---:", "---:", "---:");
  for (const [i, place] of places.entries()) {
    console.error(`memory, ${SIZES[i]} bytes an entry`);
    const mem = weigh(() => memStorage(SIZES[i]));
    const file = weigh(() => FileStorage.open(place, CONF_STATE));
    const ratio = (file.heap + file.buffers) / (mem.heap + mem.buffers);
    printRow(SIZES[i], ...[file.heap, file.buffers, mem.heap, mem.buffers].map(whole), ratio.toFixed(2));
  }
}
