import { deepStrictEqual, match, ok } from "node:assert/strict";
import { craftProblems } from "./craft.ts";
import { GOOD, goodBut, notebookOf, OPENING, type Piece, PROSE } from "./notebook_cases.ts";

const SURROUNDINGS = { bytes: 1000, isSolution: false, resolves: (link: string) => link === "good.ipynb" };

const problemsOf = (pieces: readonly Piece[], more: Partial<typeof SURROUNDINGS> = {}) =>
  craftProblems(notebookOf(pieces), { ...SURROUNDINGS, ...more });

const stream = (name: string, text: string) => ({ output_type: "stream", name, text });
const html = (text: string) => ({ output_type: "display_data", data: { "text/html": text }, metadata: {} });
const code = (text: string, ...outputs: unknown[]): Piece => ({ code: text, count: 2, outputs });
const lines = (count: number) => Array.from({ length: count }, (_, i) => `console.log(${i});`).join("\n");
const many = (count: number): Piece[] =>
  GOOD.map((piece) => "code" in piece ? { ...piece, code: lines(count) } : piece);

Deno.test("a good notebook breaks no rule", () => deepStrictEqual(problemsOf(GOOD), []));

const BROKEN: [what: string, pieces: readonly Piece[], cell: number | null, rule: string, says: RegExp][] = [
  ["a cell of 50 lines", goodBut(4, code(lines(50))), 4, "length", /^50 lines/],
  ["cells of 7 lines", many(7), null, "length", /half of the cells have 7/],
  ["cells of 16 lines", many(16), null, "length", /a tenth of the cells have 16/],
  ["two cells of code in a row", goodBut(3, { code: "1;", count: 2 }), 3, "prose", /between/],
  [
    "little prose",
    GOOD.map((piece) => "prose" in piece ? { prose: "few" } : piece),
    null,
    "prose",
    /^1 words .* 40 to 110/,
  ],
  ["no title", goodBut(1, { prose: OPENING.replace("# A title", "A title") }), 1, "opening", /a title/],
  [
    "no promise",
    goodBut(1, { prose: OPENING.replace("What you learn here in one sentence.", "") }),
    1,
    "opening",
    /promise/,
  ],
  ["no time to read", goodBut(1, { prose: OPENING.replace("minutes", "") }), 1, "opening", /time/],
  ["no contents", goodBut(1, { prose: OPENING.replace(/^- .*$/gm, "") }), 1, "opening", /contents/],
  ["a dead heading", goodBut(1, { prose: OPENING.replace("#Two", "#Three") }), 1, "opening", /#Three/],
  ["no way on", goodBut(1, { prose: OPENING.replace(/^.*\n/, "") }), 1, "links", /Previous or Next/],
  ["no way back", goodBut(9, { prose: "The end." }), 9, "links", /Previous or Next/],
  ["a dead link", goodBut(9, { prose: "[Previous](gone.ipynb)" }), 9, "links", /gone\.ipynb/],
  ["a cell that was not run", goodBut(4, { code: "1;" }), 4, "execution count", /null where 2/],
  ["a count of another run", goodBut(4, { code: "1;", count: 7 }), 4, "execution count", /7 where 2/],
  ["a stored error", goodBut(4, code("1;", stream("stderr", "Error"))), 4, "stored error", /error/],
  ["chance", goodBut(4, code("console.log(Math.random());")), 4, "repeatable", /Math\.random/],
  ["a clock", goodBut(4, code("console.log(Date.now());")), 4, "repeatable", /Date\.now/],
  ["no alt", goodBut(4, code("1;", html('<img src="x">'))), 4, "text alternative", /image/],
  ["an empty alt", goodBut(4, code("1;", html('<img alt=" " src="x">'))), 4, "text alternative", /image/],
  ["no alt in prose", goodBut(3, { prose: `## One\n\n![](good.ipynb)\n\n${PROSE}` }), 3, "text alternative", /image/],
  ["one exercise", goodBut(8, { code: "exercise(versions());", count: 4 }), null, "exercises", /^1,/],
  ["no versions", goodBut(8, { code: "exercise(); exercise();", count: 4 }), null, "versions", /versions\(\)/],
];

for (const [what, pieces, cell, rule, says] of BROKEN) {
  Deno.test(`${what} is named by its cell and its rule`, () => {
    const problems = problemsOf(pieces);
    const found = problems.find((problem) =>
      problem.cell === cell && problem.rule === rule && says.test(problem.detail)
    );
    ok(found !== undefined, JSON.stringify(problems));
  });
}

Deno.test("a large file is named by its size", () => {
  match(problemsOf(GOOD, { bytes: 600_001 })[0].detail, /^600001 bytes/);
});

Deno.test("solutions need no exercises", () => {
  const pieces = goodBut(8, { code: "console.log(versions());", count: 4 });
  deepStrictEqual(problemsOf(pieces, { isSolution: true }), []);
});
