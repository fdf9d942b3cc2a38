import { match, ok, strictEqual } from "node:assert/strict";
import { checkQuorumOn } from "../scenario/mod.ts";
import { play } from "../scenario/run.ts";
import { checkConclusions } from "./conclusions.ts";
import { range } from "./cases.ts";

Deno.test("what may be concluded: three sentences are true, in whatever order and however often they are named", () => {
  for (const numbers of [[1, 3, 4], [4, 3, 1], [3, 1, 4], [1, 1, 3, 4], [4, 1, 3, 4]]) {
    strictEqual(checkConclusions(numbers), null);
  }
});

Deno.test("what may be concluded: the first that is not so is named, with its reason", () => {
  const wrong: [numbers: number[], says: RegExp][] = [
    [[], /Sentence 1 is true: such a write is committed/],
    [[1, 2, 3, 4], /Sentence 2 is false: the store may have applied later writes/],
    [[1, 4], /Sentence 3 is true: a follower's store may lag/],
    [[1, 3], /Sentence 4 is true: nobody will ever/],
    [[1, 3, 4, 5], /Sentence 5 is false: the second may be carried out first/],
    [[1, 3, 4, 6], /Sentence 6 is false: after the least election timeout/],
    [[1, 3, 4, 7], /numbers from 1 to 6/],
  ];
  for (const [numbers, says] of wrong) match(checkConclusions(numbers) ?? "right", says, numbers.join());
});

Deno.test("with CheckQuorum two nodes may lead at once, as sentence 6 says", () => {
  const hasTwo = (seed: number) => {
    const { trace } = play(checkQuorumOn, { seed });
    return trace.scenes().some(({ tick }) => trace.at(tick).filter(({ role }) => role === "leader").length > 1);
  };
  ok(range(1, 40).some(hasTwo));
});
