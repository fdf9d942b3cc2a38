import { deepStrictEqual } from "node:assert/strict";
import { MemStorage } from "./mod.ts";
import { entry, logOf } from "./paper_cases.ts";
import { confState, read, storageCases } from "./storage_cases.ts";

storageCases("MemStorage", (confState) => MemStorage.newWithConfState(confState));

Deno.test("MemStorage can begin with entries that are there already", () => {
  const storage = MemStorage.newWithEntries(confState, { index: 2, term: 1 }, [entry(1, 3), entry(2, 4)]);
  deepStrictEqual([storage.firstIndex(), storage.term(2), storage.lastIndex()], [3, 1, 4]);
});

Deno.test("a clone of a MemStorage holds the same, and changes on its own", () => {
  const storage = MemStorage.newWithConfState(confState);
  storage.append(logOf([1, 1]));
  const copy = storage.clone();
  copy.append([entry(2, 2), entry(2, 3)]);
  copy.setCommit(1);
  deepStrictEqual([read(storage), storage.initialState().hardState.commit], [logOf([1, 1]), 0]);
  deepStrictEqual(read(copy), logOf([1, 2, 2]));
});
