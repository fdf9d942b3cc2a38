/**
 * What every storage must do with snapshots; part of the suite in `storage_cases.ts`.
 *
 * @module
 */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  type ConfState,
  type Entry,
  type Index,
  newConfState,
  type Snapshot,
  type Storage,
  StorageError,
  type StorageErrorKind,
  type Term,
  type WritableStorage,
} from "./mod.ts";
import { bytes, entry, logOf } from "./paper_cases.ts";

/** Makes a new, empty storage. */
export type MakeStorage = (confState: ConfState) => WritableStorage;

/** The configuration of every storage here. */
export const confState: ConfState = newConfState({ voters: [1, 2, 3] });

/** `call` fails with an error of this kind. */
export function fails(kind: StorageErrorKind, call: () => unknown): void {
  throws(call, (error: unknown) => error instanceof StorageError && error.kind === kind, kind);
}

/** The whole log. */
export function read(storage: Storage): Entry[] {
  return storage.entries(storage.firstIndex(), storage.lastIndex() + 1, Infinity);
}

/** Makes a storage of these terms that is compacted up to and including `compacted`. */
export function maker(makeStorage: MakeStorage): (terms: readonly Term[], compacted?: Index) => WritableStorage {
  return (terms, compacted = 0) => {
    const storage = makeStorage(confState);
    storage.append(logOf(terms));
    if (compacted > 0) storage.createSnapshot(compacted, bytes("state"));
    storage.compact(compacted + 1);
    return storage;
  };
}

/** Register the cases about snapshots. */
export function snapshotCases(name: string, makeStorage: MakeStorage): void {
  const storageOf = maker(makeStorage);
  const at = (index: Index, term: Term): Snapshot => ({ metadata: { index, term, confState }, data: bytes("state") });

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
    const snapshot = at(9, 4);
    storage.applySnapshot({
      ...snapshot,
      metadata: { ...snapshot.metadata, confState: newConfState({ voters: [1, 2] }) },
    });
    deepStrictEqual([storage.firstIndex(), storage.lastIndex(), storage.term(9)], [10, 9, 4]);
    const { hardState, confState } = storage.initialState();
    deepStrictEqual([hardState.term, hardState.commit, confState.voters], [4, 9, [1, 2]]);
    strictEqual(storage.snapshot().metadata.index, 9);
    storage.append([entry(5, 10)]);
    deepStrictEqual(read(storage), [entry(5, 10)]);
  });

  Deno.test(`${name} keeps a term later than its snapshot's`, () => {
    const storage = makeStorage(confState);
    storage.setHardState({ term: 7, vote: null, commit: 0 });
    storage.applySnapshot(at(9, 4));
    strictEqual(storage.initialState().hardState.term, 7);
  });

  Deno.test(`${name} refuses a snapshot from before its first entry`, () => {
    const storage = storageOf([1, 1, 1, 1], 3);
    fails("SnapshotOutOfDate", () => storage.applySnapshot(at(3, 1)));
    deepStrictEqual([storage.firstIndex(), storage.lastIndex()], [4, 4]);
    storage.applySnapshot(at(4, 1));
    strictEqual(storage.firstIndex(), 5);
  });
}
