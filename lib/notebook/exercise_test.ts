import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { InvariantViolation } from "../raft/mod.ts";
import { printed, printedLater } from "./console_cases.ts";
import { exercise, print, property } from "./exercise.ts";
import { predict, reveal } from "./predict.ts";

const fail = (thrown: unknown) => () => {
  throw thrown;
};

Deno.test("a right answer is accepted, a wrong one explained, zero and one that throws among the wrong; none is not checked", () => {
  const check = (votes: number) => votes === 3 ? null : `${votes} votes are not it.`;
  const untouched = "not attempted yet. Put your answer in place of null, and run this cell again.";
  const stopped = "not yet. It stopped with an error: no such node";
  const cases: [attempt: number | null | undefined, check: (votes: number) => string | null, says: string][] = [
    [null, fail("checked"), untouched],
    [undefined, fail("checked"), untouched],
    [3, check, "right."],
    [0, check, "not yet. 0 votes are not it."],
    [3, fail(new Error("no such node")), stopped],
    [3, fail("no such node"), stopped],
  ];
  for (const [attempt, check, says] of cases) {
    deepStrictEqual(printed(() => exercise("votes", attempt, check)), [`Exercise "votes": ${says}`]);
  }
});

Deno.test("a check that takes time is waited for, and an error in it is told", async () => {
  const check = (votes: number) => votes === 3 ? Promise.resolve(null) : Promise.reject(new Error("no such node"));
  const cases = [[3, "right."], [4, "not yet. It stopped with an error: no such node"]] as const;
  for (const [attempt, says] of cases) {
    deepStrictEqual(await printedLater(() => exercise("votes", attempt, check)), [`Exercise "votes": ${says}`]);
  }
});

Deno.test("a property says that it holds, and throws its name if not", () => {
  deepStrictEqual(printed(() => property("two and two are four", 2 + 2 === 4)), ["Holds: two and two are four"]);
  throws(() => property("two and two are five", 2 + 2 === 5), new InvariantViolation("two and two are five"));
});

Deno.test("a wide line is broken between words, and nothing is lost; what is signs to a console is not", () => {
  const text = "  a  " + "a word after another ".repeat(20).trim();
  const lines = printed(() => print(text));
  ok(lines.length > 1 && lines.every((line) => line.length <= 110));
  deepStrictEqual(lines.join(" ").replace(/\s+/g, " "), text.replace(/\s+/g, " "));
  ok(lines[0].startsWith("  a  a word"));
  deepStrictEqual(printed(() => ["", "100 %s of %d"].forEach(print)), ["", "100 %s of %d"]);
});

Deno.test("a prediction that was made is noted and not judged; without one nothing is said; what is no letter is refused", () => {
  const said = (letter: string) => printed(() => predict(letter));
  deepStrictEqual([said(""), said("b"), said(" C ")], [[], ["Noted: b. Run on to see."], ["Noted: c. Run on to see."]]);
  for (const letter of ["z", "toString", "ab"]) {
    ok(said(letter)[0].startsWith(`"${letter}" is none of the options`), letter);
  }
});

Deno.test("a prediction is answered, a missing one is not", () => {
  deepStrictEqual(printed(() => reveal("b", "b")), ["You predicted b. Right."]);
  deepStrictEqual(printed(() => reveal("a", "b")), ["You predicted a. It is b; both are explained below."]);
  deepStrictEqual(printed(() => reveal(null, "b")), []);
});
