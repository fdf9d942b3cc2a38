import { deepStrictEqual } from "node:assert/strict";
import { MemStorage } from "./mod.ts";
import { storageCases } from "./storage_cases.ts";

storageCases("MemStorage", (confState) => MemStorage.newWithConfState(confState));

Deno.test("MemStorage lists the voters in ascending order, each once", () => {
  const { confState } = MemStorage.newWithConfState({ voters: [3, 10, 1, 3] }).initialState();
  deepStrictEqual(confState, { voters: [1, 3, 10] });
});
