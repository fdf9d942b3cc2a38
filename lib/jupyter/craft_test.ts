import { deepStrictEqual, ok } from "node:assert/strict";
import { craftProblems } from "./craft.ts";
import { GOOD, goodBut, keeps, notebookOf, OPENING, type Piece, PROSE, shows } from "./notebook_cases.ts";
import { describe } from "./notebook_file.ts";
import { ROOT } from "./project.ts";

const code = (text: string): Piece => ({ code: text, count: 2 });
const lines = (count: number) => "console.log(1);\n".repeat(count);
const many = (count: number) => GOOD.map((piece) => "code" in piece ? code(lines(count)) : piece);
const opens = (from: string | RegExp, to: string) => goodBut(1, { prose: OPENING.replace(from, to) });

const problemsOf = (pieces: readonly Piece[], folder: string) =>
  craftProblems(notebookOf(pieces), `${ROOT}/notebooks/${folder}/x.ipynb`);

Deno.test("a good notebook breaks no rule, and solutions need no exercises", () => {
  deepStrictEqual(problemsOf(GOOD, "images"), []);
  deepStrictEqual(problemsOf(goodBut(12, { code: "console.log(versions());", count: 6 }), "solutions"), []);
});

const BROKEN: [pieces: readonly Piece[], says: RegExp][] = [
  [goodBut(3, { prose: PROSE, id: "cell-1" }), /^x, cell 3: id: it has the id cell-1 of cell 1/],
  [goodBut(4, code(lines(50))), /^x, cell 4: length: 50 lines/],
  [many(7), /^x: length: half of the cells have 7/],
  [many(16), /^x: length: a tenth of the cells have 16/],
  [goodBut(3, code("1;")), /^x, cell 3: prose: .* between/],
  [GOOD.map((p) => "prose" in p ? { prose: "few" } : p), /^x: prose: 1 words .* 40 to 110/],
  [opens("# A title", "A title"), /^x, cell 1: opening: .* a title/],
  [opens("What you learn here in one sentence.", ""), /^x, cell 1: opening: .* promise/],
  [opens("minutes", ""), /^x, cell 1: opening: .* time/],
  [opens(/^- .*$/gm, ""), /^x, cell 1: opening: .* contents/],
  [opens("#Two", "#Three"), /^x, cell 1: opening: .* #Three/],
  [opens(/^.*\n/, ""), /^x, cell 1: links: .* Previous or Next/],
  [goodBut(13, { prose: "The end." }), /^x, cell 13: links: .* Previous or Next/],
  [goodBut(13, { prose: "[Previous](gone.ipynb)" }), /^x, cell 13: links: gone\.ipynb/],
  [goodBut(4, { code: "1;", count: 7 }), /^x, cell 4: execution count: 7 where 2/],
  [goodBut(4, code("Math.random();")), /^x, cell 4: repeatable: Math\.random/],
  [goodBut(4, code("new  Date();")), /^x, cell 4: repeatable: new {2}Date/],
  [goodBut(4, code('console.time("t");')), /^x, cell 4: repeatable: console\.time .*; use console\.log/],
  [goodBut(4, code('console\n  ?.["timeEnd"]();')), /^x, cell 4: repeatable: console\.timeEnd /],
  [goodBut(4, code("console.trace();")), /^x, cell 4: repeatable: console\.trace /],
  [goodBut(4, keeps({ output_type: "error", ename: "", evalue: "", traceback: [] })), /^x, cell 4: stored error/],
  [goodBut(4, keeps({ output_type: "stream", name: "stderr", text: "e" })), /^x, cell 4: stored error/],
  [goodBut(4, shows("x".repeat(1_200_000))), /^x: size: 120\d{4} bytes; at most 1200000/],
  [goodBut(4, shows('<img src="x">')), /^x, cell 4: text alternative/],
  [goodBut(4, shows('<img alt=" " src="x">')), /^x, cell 4: text alternative/],
  [goodBut(3, { prose: `## One\n\n![](x)\n\n${PROSE}` }), /^x, cell 3: text alternative/],
  [goodBut(12, { code: "exercise(versions());", count: 6 }), /^x: exercises: 1,/],
  [goodBut(7, { prose: "Which?" }), /^x, cell 8: prediction: .* no options/],
  [
    goodBut(8, { code: 'const guess = predict("a");', count: 4 }),
    /^x, cell 8: prediction: a reader finds predict\(""\)/,
  ],
  [goodBut(10, { code: "1;", count: 5 }), /^x, cell 8: prediction: no later cell has reveal\(guess/],
  [goodBut(11, { prose: "- **a** is not." }), /^x, cell 8: prediction: .* reasons for "a", the options are "ab"/],
  [goodBut(12, { code: "exercise(); exercise();", count: 6 }), /^x: versions: .* versions\(\)/],
];

Deno.test("the right options are spread over the letters", () => {
  const asked = (right: string, i: number) =>
    GOOD.slice(6, 11).map((piece) =>
      "code" in piece ? { code: piece.code.replaceAll("guess", `guess${i}`).replace('"b"', `"${right}"`) } : piece
    );
  const found = (letters: string) =>
    problemsOf([...letters].flatMap(asked), "images").filter(({ rule }) => rule === "prediction").map(({ detail }) =>
      detail
    );
  deepStrictEqual([found("bb"), found("abab")], [[], []]);
  deepStrictEqual(found("babb"), ["b is right in 3 of 4; at most in half of them"]);
});

Deno.test("what breaks a rule is named by its cell and its rule", () => {
  for (const [pieces, says] of BROKEN) {
    const found = problemsOf(pieces, "images").map((problem) => describe("x", problem));
    ok(found.some((line) => says.test(line)), `${says}: ${found.join("; ")}`);
  }
});
