import { match, strictEqual } from "node:assert/strict";
import { checkLeaving } from "./leaving.ts";

Deno.test("seven messages: the leader's three may leave, in whatever order and however often they are named", () => {
  for (const numbers of [[3, 4, 7], [7, 4, 3], [4, 3, 7], [3, 3, 4, 7], [7, 3, 4, 7]]) {
    strictEqual(checkLeaving(numbers), null);
  }
});

Deno.test("seven messages: the first that is not so is named, with its reason", () => {
  const wrong: [numbers: number[], says: RegExp][] = [
    [[3, 4], /Message 7 may leave: the others are a majority/],
    [[3, 7], /Message 4 may leave/],
    [[4, 7], /Message 3 may leave: it promises nothing/],
    [[3, 4, 6, 7], /Message 6 must wait: the crate's rule goes by role/],
    [[3, 4, 5, 7], /Message 5 must wait: the leader will count/],
    [[1, 3, 4, 7], /Message 1 must wait/],
    [[2, 3, 4, 7], /Message 2 must wait/],
    [[], /Message 3 may leave/],
    [[1, 2, 3, 4, 5, 6, 7], /Message 1 must wait/],
    [[3, 4, 8], /numbers from 1 to 7/],
  ];
  for (const [numbers, says] of wrong) match(checkLeaving(numbers) ?? "right", says, numbers.join());
});
