import { deepStrictEqual, throws } from "node:assert/strict";
import { InvariantViolation } from "../raft/mod.ts";
import { exercise, property } from "./exercise.ts";
import { printed } from "./printed_cases.ts";

const check = (votes: number) => votes === 3 ? null : `${votes} votes are not it.`;

Deno.test("an exercise that nobody touched says so, and is not checked", () => {
  for (const untouched of [null, undefined]) {
    const lines = printed(() =>
      exercise("votes", untouched, () => {
        throw new Error("checked");
      })
    );
    deepStrictEqual(lines, [
      'Exercise "votes": not attempted yet. Put your answer in place of null, and run this cell again.',
    ]);
  }
});

Deno.test("a right answer is accepted, a wrong one explained, zero and nothing among the wrong", () => {
  deepStrictEqual(printed(() => exercise("votes", 3, check)), ['Exercise "votes": right.']);
  deepStrictEqual(printed(() => exercise("votes", 2, check)), ['Exercise "votes": not yet. 2 votes are not it.']);
  deepStrictEqual(printed(() => exercise("votes", 0, check)), ['Exercise "votes": not yet. 0 votes are not it.']);
});

Deno.test("an answer that throws is told what it threw; nothing is thrown at the reader", () => {
  for (const thrown of [new Error("no such node"), "no such node"]) {
    const attempt = () => {
      throw thrown;
    };
    const lines = printed(() => exercise("call", attempt, (call) => call()));
    deepStrictEqual(lines, ['Exercise "call": not yet. It stopped with an error: no such node']);
  }
});

Deno.test("a property says that it holds, and throws its name if not", () => {
  deepStrictEqual(printed(() => property("two and two are four", 2 + 2 === 4)), ["Holds: two and two are four"]);
  throws(() => property("two and two are five", 2 + 2 === 5), new InvariantViolation("two and two are five"));
});
