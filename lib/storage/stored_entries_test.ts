/** Logs that are recovered and go on: what was read from the disk, and what was appended since, are one log. */
import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Index } from "../raft/mod.ts";
import { bytes, entry } from "../raft/paper_cases.ts";
import { confState, read } from "../raft/storage_snapshot_cases.ts";
import { ONE_SEGMENT, PLACE } from "./crash_cases.ts";
import { readLog } from "./read_log.ts";
import { SMALL, Twins } from "./twins_cases.ts";

/** Entries in the logs of the tests: six that are recovered, and four that are appended then. */
const [RECOVERED, LAST] = [6, 10];

/** Some entries that were recovered, and behind them some that were appended then. */
function recoveredTwins(segmentBytes?: number): Twins {
  const twins = new Twins(segmentBytes);
  twins.append(1, 1, RECOVERED);
  twins.recover();
  twins.append(1, RECOVERED + 1, LAST);
  return twins;
}

/** The index of the last entry of each segment. */
function lastIndices({ files }: Twins): Index[] {
  const segments = Map.groupBy(readLog(PLACE, files).frames, ({ file }) => file).values();
  return [...segments].map((frames) => {
    const last = frames[frames.length - 1];
    return last.valid ? last.from + last.entries.length - 1 : 0;
  });
}

Deno.test("in these tests segments end among the recovered entries, and those end within a segment", () => {
  deepStrictEqual(lastIndices(recoveredTwins()), [1, 3, 5, 7, 9, 10]);
});

Deno.test("a limit in bytes counts on from recovered entries to those that were appended since", () => {
  const { disk } = recoveredTwins();
  const count = (maxSize: number) => disk.entries(RECOVERED - 1, LAST + 1, maxSize).length;
  deepStrictEqual([0, 34, 35, 53, 54, 73, 74, 94, 95, 117, Infinity].map(count), [1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 6]);
});

Deno.test("an entry in place of any other, recovered or not, is behind those before it, also after a crash", () => {
  for (const segmentBytes of [SMALL, ONE_SEGMENT]) {
    for (let at = 1; at <= LAST; at++) {
      const twins = recoveredTwins(segmentBytes);
      twins.append(2, at, at + 1);
      twins.recover();
      twins.append(3, at + 1, LAST);
      twins.recover();
    }
  }
});

Deno.test("a recovered entry that was overwritten is back after a crash, if that was not synced", () => {
  for (let at = 1; at <= RECOVERED; at++) {
    const twins = recoveredTwins();
    twins.disk.append([entry(2, at), entry(2, at + 1)]);
    strictEqual(twins.disk.lastIndex(), at + 1);
    twins.recover();
  }
});

Deno.test("a log is compacted up to any entry, recovered or not, and the last of a segment too", () => {
  for (let at = 1; at <= LAST; at++) {
    const twins = recoveredTwins();
    twins.write((storage) => {
      storage.createSnapshot(at, bytes("state"));
      storage.compact(at + 1);
      storage.sync();
    });
    twins.append(2, LAST + 1, LAST + 2);
    twins.recover();
    strictEqual(twins.disk.firstIndex(), at + 1);
    deepStrictEqual(twins.disk.snapshot(), twins.memory.snapshot());
  }
});

Deno.test("a snapshot is made at any entry, recovered or not", () => {
  const twins = recoveredTwins();
  for (let at = 1; at <= LAST; at++) {
    twins.write((storage) => {
      deepStrictEqual(storage.createSnapshot(at, bytes(`${at}`)), { index: at, term: 1, confState });
      storage.sync();
    });
    twins.recover();
    deepStrictEqual(twins.disk.snapshot(), twins.memory.snapshot());
  }
});

Deno.test("a recovered entry has data of its own: not the segment's, and new for whoever asks again", () => {
  const { disk } = recoveredTwins();
  const before = read(disk);
  const recovered = disk.entries(1, RECOVERED + 1, Infinity);
  for (const { data, index } of recovered) {
    strictEqual(data.buffer.byteLength, index);
    data.fill(0);
  }
  deepStrictEqual(read(disk), before);
  notStrictEqual(disk.entries(1, 2, Infinity)[0].data, recovered[0].data);
});

Deno.test("a log that is recovered every now and then answers as one that was always in memory", () => {
  const writes = fc.array(
    fc.record({
      back: fc.nat(5),
      count: fc.nat(3),
      discard: fc.option(fc.nat(5), { freq: 3 }),
      sync: fc.boolean(),
      recover: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  fc.assert(fc.property(writes, (writes) => {
    const twins = new Twins();
    let covered = 0;
    for (const [i, { back, count, discard, sync, recover }] of writes.entries()) {
      const from = Math.max(covered + 1, twins.memory.lastIndex() + 1 - back);
      const entries = Array.from({ length: count }, (_, k) => entry(i + 1, from + k, "x".repeat(7 * k)));
      twins.write((storage) => storage.append(entries));
      if (discard !== null && twins.memory.lastIndex() > covered) {
        covered = Math.min(covered + 1 + discard, twins.memory.lastIndex());
        twins.write((storage) => {
          storage.createSnapshot(covered, bytes("state"));
          storage.compact(covered + 1 - (discard % 2));
        });
      }
      if (sync || recover) twins.disk.sync();
      if (recover) twins.recover();
    }
  }));
});
