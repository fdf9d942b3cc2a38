import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { RaftLog } from "./log.ts";
import { entrySize, type Index, InvariantViolation, MemStorage, type Term } from "./mod.ts";
import { entry, logOf, snapshotAt, voters } from "./paper_cases.ts";
import { Unstable } from "./unstable.ts";

/** A storage of these terms. */
function storageWith(terms: readonly Term[]): MemStorage {
  const storage = MemStorage.newWithConfState({ voters: voters(3) });
  storage.append(logOf(terms));
  return storage;
}

/** A log of these terms, of which the last `unstable` entries are not stored yet. */
function logWith(terms: readonly Term[], unstable = 0): RaftLog {
  const stored = terms.length - unstable;
  const log = new RaftLog(storageWith(terms.slice(0, stored)));
  log.append(logOf(terms).slice(stored));
  return log;
}

Deno.test("RaftLog goes on where its storage ends, and knows the term just before its first entry", () => {
  const storage = storageWith([1, 2, 3]);
  storage.createSnapshot(2, new Uint8Array());
  storage.compact(3);
  const log = new RaftLog(storage);
  deepStrictEqual([log.firstIndex(), log.lastIndex(), log.lastTerm()], [3, 3, 3]);
  deepStrictEqual([log.committed, log.applied, log.persisted], [2, 2, 3]);
  log.append([entry(4, 4)]);
  deepStrictEqual([1, 2, 3, 4, 5].map((index) => log.term(index)), [undefined, 2, 3, 4, undefined]);
});

Deno.test("RaftLog gives out entries across the border of what is stored, up to a size but at least one", () => {
  const log = logWith([1, 1, 2, 2], 2);
  const size = entrySize(entry(1, 1));
  const cases: [Index, Index, number, Index[]][] = [
    [1, 5, Infinity, [1, 2, 3, 4]],
    [1, 5, 0, [1]],
    [1, 5, 2 * size, [1, 2]],
    [1, 5, 3 * size, [1, 2, 3]],
    [1, 5, 4 * size - 1, [1, 2, 3]],
    [3, 5, size, [3]],
  ];
  for (const [low, high, maxSize, expected] of cases) {
    deepStrictEqual(log.slice(low, high, maxSize).map(({ index }) => index), expected, `${low} to ${high}, ${maxSize}`);
  }
});

Deno.test("RaftLog keeps what is committed, and commits and applies no more than it has", () => {
  const log = logWith([1, 1, 2], 1);
  log.commitTo(2);
  log.commitTo(1);
  deepStrictEqual(log.commitInfo(), { commit: 2, commitTerm: 1 });
  throws(() => log.commitTo(4), InvariantViolation);
  throws(() => log.truncate(2), InvariantViolation);
  throws(() => logWith([1]).appliedTo(1), InvariantViolation, "not committed");
  log.commitTo(3);
  throws(() => log.appliedTo(3), InvariantViolation, "not stored");
  log.appliedTo(2);
  throws(() => log.appliedTo(1), InvariantViolation);
  log.appliedTo(0);
  strictEqual(log.applied, 2);
});

Deno.test("RaftLog hands over to be applied what is committed and stored", () => {
  const storage = storageWith([1, 1]);
  const log = new RaftLog(storage);
  log.append([entry(1, 3), entry(1, 4)]);
  const next = (since: Index) => log.nextEntriesSince(since, Infinity).map(({ index }) => index);
  deepStrictEqual([log.hasNextEntriesSince(0), next(0)], [false, []]);
  log.commitTo(4);
  deepStrictEqual([log.hasNextEntriesSince(0), next(0), next(1), next(2)], [true, [1, 2], [2], []]);
  storage.append(log.unstable.entries);
  log.unstable.stableEntries({ index: 4, term: 1 });
  deepStrictEqual(next(2), [], "stored somewhere is not yet durable");
  strictEqual(log.maybePersist({ index: 4, term: 1 }), true);
  deepStrictEqual(next(2), [3, 4]);
});

Deno.test("RaftLog begins anew from a snapshot", () => {
  const log = logWith([1, 1, 1]);
  log.commitTo(1);
  log.restore(snapshotAt(9, 2));
  deepStrictEqual([log.firstIndex(), log.lastIndex(), log.lastTerm()], [10, 9, 2]);
  deepStrictEqual([log.committed, log.persisted], [9, 1], "of the old log only committed entries are in the snapshot");
  deepStrictEqual([log.term(1), log.term(9)], [undefined, 2]);
  strictEqual(log.hasNextEntriesSince(9), false);
  log.append([entry(2, 10)]);
  strictEqual(log.maybePersist({ index: 3, term: 1 }), true, "an old write may still be reported");
  log.maybePersistSnapshot(9);
  strictEqual(log.persisted, 9);
  throws(() => log.maybePersistSnapshot(10), InvariantViolation);
  throws(() => logWith([1], 0).maybePersistSnapshot(5), InvariantViolation);
});

Deno.test("Unstable drops an entry and all after it, stored ones too, and appends where it ends", () => {
  const unstableOf = (...terms: Term[]) => {
    const unstable = new Unstable(5);
    unstable.append(terms.map((term, i) => entry(term, 5 + i)));
    return unstable;
  };
  for (const [from, offset, terms] of [[7, 5, [1, 1, 2]], [5, 5, [2]], [3, 3, [2]]] as const) {
    const unstable = unstableOf(1, 1, 1);
    unstable.truncate(from);
    unstable.append([entry(2, from)]);
    deepStrictEqual([unstable.offset, unstable.entries.map(({ term }) => term)], [offset, terms], `from ${from} on`);
  }
  throws(() => unstableOf(1).append([entry(1, 7)]), InvariantViolation, "there is no gap in a log");
  throws(() => unstableOf(1).append([entry(1, 5)]), InvariantViolation, "nothing is overwritten by an append");
});

Deno.test("Unstable has its snapshot stored before the entries after it", () => {
  const unstable = new Unstable(1);
  throws(() => unstable.stableSnapshot(9), InvariantViolation);
  unstable.restore(snapshotAt(9, 3));
  unstable.append([entry(3, 10)]);
  throws(() => unstable.stableEntries({ index: 10, term: 3 }), InvariantViolation);
  throws(() => unstable.stableSnapshot(8), InvariantViolation);
  unstable.stableSnapshot(9);
  throws(() => unstable.stableEntries({ index: 10, term: 2 }), InvariantViolation);
  unstable.stableEntries({ index: 10, term: 3 });
  deepStrictEqual([unstable.offset, unstable.entries, unstable.snapshot], [11, [], null]);
});
