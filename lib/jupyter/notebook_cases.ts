/** Small notebooks for tests. */
import { type Notebook, parseNotebook } from "./notebook_file.ts";

/** A cell: prose, or code with what is kept of a run. */
export type Piece = { prose: string; id?: string } | { code: string; count?: number; outputs?: unknown[] };

/** Some prose, of sixty words. */
export const PROSE = "A majority of three nodes is two, and any two majorities share a node. ".repeat(4).trim();

/** What every notebook opens with. Its link leads on from any folder two below the project's. */
export const OPENING = `[Next](../../README.md)

# A title

What you learn here in one sentence.

5 minutes to read.

- [One](#One)
- [Two](#Two)`;

/** Every method of the console that writes to stdout, each before and after another output. */
const PRINTS = String.raw`import process from "node:process";
console.log("a", { x: 1 });
console.group("group %d", 1);
console.table([{ node: 1, role: "leader" }]);
await show([{ node: 1, role: "leader" }]);
console.dir({ a: { b: { c: { d: 1 } } } });
console.groupCollapsed();
await show("text\nof two lines");
console.groupEnd();
console.count();
console.groupEnd();
console.countReset();
console.count(), console.dirxml([1], "x"), console.clear();
process.stdout.write("written\n");
console.info("i"), console.debug("%o", [1]);`;

/** What it prints before and after the table that it shows. */
export const PRINTED = [
  `a { x: 1 }
group 1
  ┌─────────┬──────┬──────────┐
  │ (index) │ node │ role     │
  ├─────────┼──────┼──────────┤
  │ 0       │ 1    │ 'leader' │
  └─────────┴──────┴──────────┘
`,
  `  { a: { b: { c: [Object] } } }
    text
    of two lines
  default: 1
default: 1
[ 1 ] x
written
i
[ 1, [length]: 1 ]
`,
] as const;

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15">node 1</text></svg>';

/** A notebook that breaks no rule. */
export const GOOD: readonly Piece[] = [
  { prose: OPENING },
  { code: `import { exercise, predict, reveal, show, versions } from "hello-raft";\nconst SVG = '${SVG}';`, count: 1 },
  { prose: `## One\n\n${PROSE}` },
  { code: PRINTS, count: 2 },
  { prose: `## Two\n\n${PROSE}` },
  { code: 'await show({ title: "Found", alt: "In words", caption: "To read", svg: async () => SVG });', count: 3 },
  { prose: `Which?\n\n- **a** this\n- **b** that` },
  { code: 'const guess = predict("");', count: 4 },
  { prose: PROSE },
  { code: 'reveal(guess, "b");', count: 5 },
  { prose: `- **a** is not.\n- **b** is right.\n\n${PROSE}` },
  { code: "// exercise( and exercise(\nconsole.log(typeof exercise, versions());", count: 6 },
  { prose: "[Previous](../../README.md)" },
];

/** `pieces` as a file. */
export function fileOf(pieces: readonly Piece[]): string {
  const cells = pieces.map((piece) =>
    "prose" in piece
      ? { cell_type: "markdown", id: piece.id, source: piece.prose }
      : { cell_type: "code", source: piece.code, execution_count: piece.count, outputs: piece.outputs }
  );
  return JSON.stringify({ nbformat: 4, cells });
}

/** `pieces` as a notebook. */
export const notebookOf = (pieces: readonly Piece[]): Notebook => parseNotebook(fileOf(pieces), "a test");

/** `GOOD`, with `piece` in the place of cell `number`. */
export const goodBut = (number: number, piece: Piece): Piece[] => GOOD.with(number - 1, piece);

/** A code cell that kept `output`. */
export const keeps = (output: unknown): Piece => ({ code: "1;", count: 2, outputs: [output] });

/** A code cell that kept `html`. */
export const shows = (html: string): Piece => keeps({ output_type: "display_data", data: { "text/html": html } });
