import { deepStrictEqual, ok } from "node:assert/strict";
import { craftProblems } from "./craft.ts";
import { GOOD, goodBut, keeps, notebookOf, OPENING, type Piece, PROSE, shows } from "./notebook_cases.ts";
import { ROOT } from "./project.ts";

const code = (text: string): Piece => ({ code: text, count: 2 });
const lines = (count: number) => "console.log(1);\n".repeat(count);
const many = (count: number): Piece[] =>
  GOOD.map((piece) => "code" in piece ? { ...piece, code: lines(count) } : piece);
const opens = (from: string | RegExp, to: string) => goodBut(1, { prose: OPENING.replace(from, to) });

const problemsOf = (pieces: readonly Piece[], folder: string) =>
  craftProblems(notebookOf(pieces), `${ROOT}/notebooks/${folder}/x.ipynb`);

Deno.test("a good notebook breaks no rule, and solutions need no exercises", () => {
  deepStrictEqual(problemsOf(GOOD, "images"), []);
  deepStrictEqual(problemsOf(goodBut(8, { code: "console.log(versions());", count: 4 }), "solutions"), []);
});

const STORED: [rule: string, says: RegExp] = ["stored error", /an error/];
const BROKEN: [what: string, pieces: readonly Piece[], cell: number | null, rule: string, says: RegExp][] = [
  ["a cell of 50 lines", goodBut(4, code(lines(50))), 4, "length", /^50 lines/],
  ["cells of 7 lines", many(7), null, "length", /half of the cells have 7/],
  ["cells of 16 lines", many(16), null, "length", /a tenth of the cells have 16/],
  ["two cells of code in a row", goodBut(3, code("1;")), 3, "prose", /between/],
  ["little prose", GOOD.map((p) => "prose" in p ? { prose: "few" } : p), null, "prose", /^1 words .* 40 to 110/],
  ["no title", opens("# A title", "A title"), 1, "opening", /a title/],
  ["no promise", opens("What you learn here in one sentence.", ""), 1, "opening", /promise/],
  ["no time to read", opens("minutes", ""), 1, "opening", /time/],
  ["no contents", opens(/^- .*$/gm, ""), 1, "opening", /contents/],
  ["a dead heading", opens("#Two", "#Three"), 1, "opening", /#Three/],
  ["no way on", opens(/^.*\n/, ""), 1, "links", /Previous or Next/],
  ["no way back", goodBut(9, { prose: "The end." }), 9, "links", /Previous or Next/],
  ["a dead link", goodBut(9, { prose: "[Previous](gone.ipynb)" }), 9, "links", /gone\.ipynb/],
  ["a cell that was not run", goodBut(4, { code: "1;", count: 7 }), 4, "execution count", /7 where 2/],
  ["chance", goodBut(4, code("Math.random();")), 4, "repeatable", /^Math\.random/],
  ["a clock", goodBut(4, code("new  Date();")), 4, "repeatable", /^new {2}Date/],
  ["a stored error", goodBut(4, keeps({ output_type: "error", ename: "e", evalue: "", traceback: [] })), 4, ...STORED],
  ["stored stderr", goodBut(4, keeps({ output_type: "stream", name: "stderr", text: "e" })), 4, ...STORED],
  ["a large file", goodBut(4, shows("x".repeat(600_000))), null, "size", /^60\d{4} bytes; at most 600000/],
  ["no alt", goodBut(4, shows('<img src="x">')), 4, "text alternative", /image/],
  ["an empty alt", goodBut(4, shows('<img alt=" " src="x">')), 4, "text alternative", /image/],
  ["no alt in prose", goodBut(3, { prose: `## One\n\n![](x)\n\n${PROSE}` }), 3, "text alternative", /image/],
  ["one exercise", goodBut(8, { code: "exercise(versions());", count: 4 }), null, "exercises", /^1,/],
  ["no versions", goodBut(8, { code: "exercise(); exercise();", count: 4 }), null, "versions", /versions\(\)/],
];

Deno.test("what breaks a rule is named by its cell and its rule", () => {
  for (const [what, pieces, cell, rule, says] of BROKEN) {
    const found = problemsOf(pieces, "images").filter((problem) => problem.cell === cell && problem.rule === rule);
    ok(found.some(({ detail }) => says.test(detail)), `${what}: ${JSON.stringify(found)}`);
  }
});
