/**
 * A process that writes to a log as fast as it can, until it is killed: see `kill_test.ts`.
 *
 * What it says on its standard output is what it has promised: `found STATE` when the log is open, then `step I` for each step
 * whose sync has returned; and `large` before it writes much. Syncs block for some steps, and do not for the next ones, which so
 * may share a sync.
 *
 * @module
 */
import { writeSync } from "node:fs";
import process from "node:process";
import type { WritableStorage } from "../raft/mod.ts";
import { textOf, writeBatch } from "./crash_cases.ts";
import { openReal } from "./directory_cases.ts";

/** So large that the process can be killed within the write. */
const LARGE = new Uint8Array(2 ** 20).fill(7);
/** Steps in a row whose syncs are of the same kind, and how many of them may wait for one that does not block. */
const [STRETCH, WAITING] = [12, 3];

/** Whether step `i` writes much. */
const isLarge = (i: number) => i % 9 === 5;

/** Write step `i` = 1, 2, … of all that a node writes, without a sync. */
export function writeStep(storage: WritableStorage, i: number): void {
  writeBatch(storage, i, "all");
  const { term } = storage.initialState().hardState;
  if (isLarge(i)) storage.append([{ type: "command", term, index: storage.lastIndex() + 1, data: LARGE }]);
}

if (import.meta.main) {
  const [directory, first] = process.argv.slice(2);
  const say = (line: string) => void writeSync(1, `${line}\n`);
  const storage = openReal(directory, { segmentBytes: 4096 });
  say(`found ${textOf(storage)}`);
  let waiting = Promise.resolve();
  for (let i = Number(first);; i++) {
    writeStep(storage, i);
    if (isLarge(i)) say("large");
    if (Math.floor(i / STRETCH) % 2 === 0) {
      await waiting;
      storage.sync();
      say(`step ${i}`);
    } else {
      waiting = storage.syncAsync().then(() => say(`step ${i}`));
      if (i % WAITING === 0) await waiting;
    }
  }
}
