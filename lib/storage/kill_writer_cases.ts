/**
 * A process that writes to a log as fast as it can, until it is killed: see `kill_loop_cases.ts`.
 *
 * What it says on its standard output is what it has promised: `found DIGEST` when the log is open, then
 * `step I index INDEX term TERM vote VOTE` for each step whose sync has returned; and `large` before it writes much. Syncs
 * block for some steps, and do not for the next ones, which so may share a sync.
 *
 * @module
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { FileStorage } from "./file_storage.ts";
import { nodeFiles } from "./node_files.ts";
import { randomInts } from "../raft/mod.ts";
import { CONF_STATE, digestOf, endsLarge, SEGMENT_BYTES, writeStep } from "./kill_steps_cases.ts";

/** Steps in a row whose syncs are of the same kind, and how many of them may wait for one that does not block. */
const STRETCH = 12;
const WAITING = 3;

const [directory, seed] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);
const storage = FileStorage.open(directory, CONF_STATE, { files: nodeFiles, segmentBytes: SEGMENT_BYTES });
say(`found ${digestOf(storage)}`);
const random = randomInts(Number(seed));
let waiting = Promise.resolve();
for (let i = 1;; i++) {
  writeStep(storage, random);
  const { term, vote } = storage.initialState().hardState;
  const promise = `step ${i} index ${storage.lastIndex()} term ${term} vote ${vote}`;
  if (endsLarge(storage)) say("large");
  if (Math.floor(i / STRETCH) % 2 === 0) {
    await waiting;
    storage.sync();
    say(promise);
  } else {
    waiting = storage.syncAsync().then(() => void say(promise));
    if (i % WAITING === 0) await waiting;
  }
}
