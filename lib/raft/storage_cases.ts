/**
 * What every storage must do, whatever it writes to: one suite, run over each of them.
 *
 * @module
 */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { ConfState, Entry, Index, Storage, StorageErrorKind, Term, WritableStorage } from "./mod.ts";
import { entrySize, InvariantViolation, newConfState } from "./mod.ts";
import { bytes, entry, logOf, snapshotAt } from "./paper_cases.ts";

/** The configuration of every storage here. */
export const confState: ConfState = newConfState({ voters: [1, 2, 3] });

/** The whole log. */
export function read(storage: Storage): Entry[] {
  return storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity);
}

function fails(kind: StorageErrorKind, call: () => unknown): void {
  throws(call, { name: "StorageError", kind });
}

/** Register the suite for the storages that `makeStorage` makes; each call makes a new, empty one. */
export function storageCases(name: string, makeStorage: (confState: ConfState) => WritableStorage): void {
  /** A storage of these terms that is compacted up to and including `compacted`. */
  function storageOf(terms: readonly Term[], compacted: Index = 0): WritableStorage {
    const storage = makeStorage(confState);
    storage.append(logOf(terms));
    if (compacted > 0) storage.createSnapshot(compacted, bytes("state"));
    storage.compact(compacted + 1);
    return storage;
  }

  Deno.test(`${name} is empty at first`, () => {
    const storage = makeStorage(confState);
    deepStrictEqual(storage.initialState(), { hardState: { term: 0, vote: null, commit: 0 }, confState });
    deepStrictEqual([storage.firstIndex(), storage.lastIndex(), storage.term(0)], [1, 0, 0]);
    deepStrictEqual(read(storage), []);
    fails("SnapshotTemporarilyUnavailable", () => storage.snapshot());
  });

  Deno.test(`${name} keeps the hard state and the configuration, which it gives to the snapshots made from then on`, () => {
    const storage = storageOf([1, 1]);
    storage.setHardState({ term: 3, vote: 2, commit: 1 });
    deepStrictEqual(storage.initialState().hardState, { term: 3, vote: 2, commit: 1 });
    storage.setCommit(2);
    const joint = newConfState({ voters: [1, 2], votersOutgoing: [1, 2, 3], learnersNext: [3], autoLeave: true });
    storage.setConfState(joint);
    deepStrictEqual(storage.initialState(), { hardState: { term: 3, vote: 2, commit: 2 }, confState: joint });
    deepStrictEqual(storage.createSnapshot(1, bytes("state")).confState, joint);
  });

  Deno.test(`${name} refuses a gap, and entries where the log is compacted`, () => {
    throws(() => storageOf([1, 1]).append([entry(1, 4)]), InvariantViolation);
    throws(() => storageOf([1, 1, 1], 2).append([entry(1, 2)]), InvariantViolation);
  });

  Deno.test(`${name} gives out entries up to a size, but at least one`, () => {
    const storage = makeStorage(confState);
    const entries = [entry(1, 1, "a"), entry(1, 2, "bcd"), entry(1, 3, "")];
    storage.append(entries);
    const sizes = entries.map(entrySize);
    for (const [maxSize, count] of [[0, 1], [sizes[0], 1], [sizes[0] + sizes[1] - 1, 1], [sizes[0] + sizes[1], 2]]) {
      deepStrictEqual(storage.entries(1, 4, maxSize), entries.slice(0, count), `${maxSize} bytes`);
    }
    deepStrictEqual(storage.entries(1, 4, Infinity), entries);
    deepStrictEqual(storage.entries(2, 3, Infinity), entries.slice(1, 2));
    deepStrictEqual(storage.entries(2, 2, Infinity), []);
  });

  Deno.test(`${name} says what is compacted, and what is not there yet`, () => {
    const storage = storageOf([1, 2, 3, 4], 2);
    deepStrictEqual([storage.firstIndex(), storage.lastIndex()], [3, 4]);
    deepStrictEqual([2, 3, 4].map((index) => storage.term(index)), [2, 3, 4]);
    fails("Compacted", () => storage.term(1));
    fails("Unavailable", () => storage.term(5));
    fails("Compacted", () => storage.entries(2, 4, Infinity));
    fails("Unavailable", () => storage.entries(3, 6, Infinity));
  });

  Deno.test(`${name} compacts what a snapshot stands for, and nothing else`, () => {
    const storage = storageOf([1, 2, 3, 4]);
    fails("Unavailable", () => storage.compact(2));
    storage.createSnapshot(3, bytes("state"));
    fails("Unavailable", () => storage.compact(5));
    strictEqual(storage.firstIndex(), 1);
    storage.compact(3);
    storage.compact(2);
    deepStrictEqual([storage.firstIndex(), storage.term(2)], [3, 2]);
    storage.compact(4);
    deepStrictEqual([storage.firstIndex(), storage.lastIndex(), storage.term(3)], [4, 4, 3]);
    deepStrictEqual(read(storage), [entry(4, 4)]);
  });

  Deno.test(`${name} holds what a list of entries would hold, whatever is written to it`, () => {
    const writes = fc.array(
      fc.record({ back: fc.nat(4), count: fc.nat(4), compact: fc.boolean() }),
      { maxLength: 30 },
    );
    fc.assert(fc.property(writes, (writes) => {
      const storage = makeStorage(confState);
      let list: Entry[] = [];
      let first = 1;
      for (const [i, { back, count, compact }] of writes.entries()) {
        const from = Math.max(first, first + list.length - back);
        const entries = Array.from({ length: count }, (_, k) => entry(i + 1, from + k, `${i}`));
        storage.append(entries);
        if (count > 0) list = [...list.slice(0, from - first), ...entries];
        if (compact && list.length > 1) {
          storage.createSnapshot(first, bytes(""));
          storage.compact(first + 1);
          list = list.slice(1);
          first++;
        }
        deepStrictEqual(read(storage), list);
        strictEqual(storage.firstIndex(), first);
        strictEqual(storage.lastIndex(), first + list.length - 1);
      }
    }));
  });

  Deno.test(`${name} keeps the latest snapshot of the application`, () => {
    const storage = storageOf([1, 2, 3]);
    const metadata = { index: 2, term: 2, confState };
    deepStrictEqual(storage.createSnapshot(2, bytes("two")), metadata);
    deepStrictEqual(storage.snapshot(), { metadata, data: bytes("two") });
    fails("SnapshotOutOfDate", () => storage.createSnapshot(1, bytes("one")));
    fails("Unavailable", () => storage.createSnapshot(4, bytes("four")));
    deepStrictEqual(storage.snapshot().data, bytes("two"));
    storage.createSnapshot(3, bytes("three"));
    deepStrictEqual(storage.snapshot().metadata, { index: 3, term: 3, confState });
    deepStrictEqual(read(storage), logOf([1, 2, 3]), "a snapshot alone discards nothing");
  });

  Deno.test(`${name} replaces its whole log by the leader's snapshot`, () => {
    const storage = storageOf([1, 1, 1]);
    storage.setHardState({ term: 1, vote: 2, commit: 1 });
    storage.applySnapshot(snapshotAt(9, 4, [1, 2]));
    deepStrictEqual([storage.firstIndex(), storage.lastIndex(), storage.term(9)], [10, 9, 4]);
    const { hardState, confState } = storage.initialState();
    deepStrictEqual([hardState.term, hardState.commit, confState.voters], [4, 9, [1, 2]]);
    strictEqual(storage.snapshot().metadata.index, 9);
    storage.append([entry(5, 10)]);
    deepStrictEqual(read(storage), [entry(5, 10)]);
    storage.applySnapshot(snapshotAt(10, 3));
    strictEqual(storage.initialState().hardState.term, 4, "a later term is kept");
  });

  Deno.test(`${name} refuses a snapshot from before its first entry`, () => {
    const storage = storageOf([1, 1, 1, 1], 3);
    fails("SnapshotOutOfDate", () => storage.applySnapshot(snapshotAt(3, 1)));
    deepStrictEqual([storage.firstIndex(), storage.lastIndex()], [4, 4]);
    storage.applySnapshot(snapshotAt(4, 1));
    strictEqual(storage.firstIndex(), 5);
  });
}
