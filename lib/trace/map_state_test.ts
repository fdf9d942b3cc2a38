import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { MapState } from "./map_state.ts";

Deno.test("a map does not see what becomes of the maps that grow from it", () => {
  const maps = [MapState.of([["x", 1]])];
  const changes: [string, number | undefined][] = [["y", 2], ["x", 3], ["y", undefined], ["y", 4], ["x", undefined]];
  for (const [key, value] of changes) maps.push(maps[maps.length - 1].set(key, value));
  const seen = maps.map((map) => [map.get("x"), map.get("y"), map.values().sort()]);
  deepStrictEqual(seen, [
    [1, undefined, [1]],
    [1, 2, [1, 2]],
    [3, 2, [2, 3]],
    [3, undefined, [3]],
    [3, 4, [3, 4]],
    [undefined, 4, [4]],
  ]);
  throws(() => maps[0].set("z", 5), /only the last of the maps that share their values grows/);
  strictEqual(maps[0].get("z"), undefined);
});
