import { deepStrictEqual } from "node:assert/strict";
import { MemStorage } from "./mod.ts";
import { entry } from "./paper_cases.ts";
import { confState, storageCases } from "./storage_cases.ts";

storageCases("MemStorage", (confState) => MemStorage.newWithConfState(confState));

Deno.test("MemStorage can begin with entries that are there already", () => {
  const storage = MemStorage.newWithEntries(confState, { index: 2, term: 1 }, [entry(1, 3), entry(2, 4)]);
  deepStrictEqual([storage.firstIndex(), storage.term(2), storage.lastIndex()], [3, 1, 4]);
});
