/**
 * The craft of a notebook, as far as a program can see it: what a reader meets, from the first cell to the last.
 *
 * @module
 */
import { contents, images, links, proseWords } from "./markdown.ts";
import { type Cell, codeCells, type Notebook, sourceOf } from "./notebook_file.ts";
import { mimeText } from "./outputs.ts";
import type { Problem } from "./problem.ts";

/** What cannot be seen in the cells. */
export interface Surroundings {
  /** The size of the file, in bytes. */
  readonly bytes: number;
  /** Worked solutions have no exercises left. */
  readonly isSolution: boolean;
  /** Whether a link leads to a file that is there. */
  readonly resolves: (link: string) => boolean;
}

/** The most a file may have, in bytes: what is larger is slow to load and to review. */
const MOST_BYTES = 600_000;

/** The most lines of code in half of the cells, in nine tenths of them, and in any. */
const MOST_LINES = { median: 6, ninetieth: 15, any: 40 } as const;

/** Words of prose for each cell of code, on average. */
const WORDS = { least: 40, most: 110 } as const;

/** Chance and clocks: with them, no run is like another. */
const UNREPEATABLE = /Math\.random|Date\.now|\bnew\s+Date\b|performance\.now/;

/** The rules that `notebook` breaks. */
export function craftProblems(notebook: Notebook, surroundings: Surroundings): Problem[] {
  return [
    ...lengths(notebook),
    ...prose(notebook),
    ...opening(notebook),
    ...ends(notebook, surroundings),
    ...executed(notebook),
    ...textAlternatives(notebook),
    ...exercises(notebook, surroundings),
    ...size(surroundings),
  ];
}

function problem(cell: number | null, rule: string, detail: string): Problem {
  return { cell, rule, detail };
}

function lengths(notebook: Notebook): Problem[] {
  const cells = codeCells(notebook).map(({ number, cell }) => ({ number, lines: linesOf(cell) }));
  const sorted = cells.map(({ lines }) => lines).sort((a, b) => a - b);
  const part = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const found = cells.filter(({ lines }) => lines > MOST_LINES.any)
    .map(({ number, lines }) => problem(number, "length", `${lines} lines of code; at most ${MOST_LINES.any}`));
  const [median, ninetieth] = [part(0.5), part(0.9)];
  if (median > MOST_LINES.median) {
    found.push(problem(null, "length", `half of the cells have ${median} lines or more; at most ${MOST_LINES.median}`));
  }
  if (ninetieth > MOST_LINES.ninetieth) {
    const detail = `a tenth of the cells have ${ninetieth} lines or more; at most ${MOST_LINES.ninetieth}`;
    found.push(problem(null, "length", detail));
  }
  return found;
}

function linesOf(cell: Cell): number {
  return sourceOf(cell).split("\n").filter((line) => line.trim() !== "").length;
}

function prose({ cells }: Notebook): Problem[] {
  const found = cells.flatMap((cell, i) =>
    i > 0 && cell.cell_type === "code" && cells[i - 1].cell_type === "code"
      ? [problem(i + 1, "prose", "no prose between this cell of code and the one before")]
      : []
  );
  const code = cells.filter(({ cell_type }) => cell_type === "code").length;
  const words = cells.filter(({ cell_type }) => cell_type === "markdown")
    .reduce((sum, cell) => sum + proseWords(sourceOf(cell)), 0);
  const average = Math.round(words / Math.max(1, code));
  if (average < WORDS.least || average > WORDS.most) {
    const detail = `${average} words for each cell of code; ${WORDS.least} to ${WORDS.most}`;
    found.push(problem(null, "prose", detail));
  }
  return found;
}

function opening(notebook: Notebook): Problem[] {
  const first = notebook.cells.findIndex(({ cell_type }) => cell_type === "code");
  const cells = first < 0 ? notebook.cells : notebook.cells.slice(0, first);
  const text = cells.map(sourceOf).join("\n\n");
  const missing = [
    ["a title (# …)", /^# \S/m.test(text)],
    ["a promise: a sentence right below the title", /^# .*\n+(?![#\-*|\d])[^\n]*\w+ \w+ \w+/m.test(text)],
    ["the time to read, in minutes", /\d+\s*min/.test(text)],
    ["its contents: links to its headings", contents(text).length >= 2],
  ].filter(([, there]) => !there).map(([what]) => problem(1, "opening", `the notebook does not open with ${what}`));
  const all = notebook.cells.filter(({ cell_type }) => cell_type === "markdown").map(sourceOf).join("\n\n");
  const headings = [...all.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.trim().replace(/ /g, "-"));
  const dead = contents(text).filter((anchor) => !headings.includes(anchor) && !all.includes(`id="${anchor}"`))
    .map((anchor) => problem(1, "opening", `no heading for the link #${anchor}`));
  return [...missing, ...dead];
}

function ends({ cells }: Notebook, { resolves }: Surroundings): Problem[] {
  const found = [0, cells.length - 1].flatMap((i) => {
    const there = cells[i]?.cell_type === "markdown" && /\[[^\]]*(Previous|Next)[^\]]*\]\(|(Previous|Next)[^\n]*\]\(/
      .test(sourceOf(cells[i]));
    return there ? [] : [problem(i + 1, "links", "the first and the last cell have a link Previous or Next")];
  });
  const dead = cells.flatMap((cell, i) =>
    cell.cell_type === "code" ? [] : links(sourceOf(cell)).filter((link) => !resolves(link))
      .map((link) => problem(i + 1, "links", `${link} leads nowhere`))
  );
  return [...found, ...dead];
}

function executed(notebook: Notebook): Problem[] {
  const cells = codeCells(notebook);
  const found = cells.flatMap(({ number, cell }) => {
    const isError = cell.outputs.some((output) =>
      output.output_type === "error" || (output.output_type === "stream" && output.name === "stderr")
    );
    const [chance] = UNREPEATABLE.exec(sourceOf(cell)) ?? [];
    return [
      ...(isError ? [problem(number, "stored error", "an error is among the outputs")] : []),
      ...(chance === undefined ? [] : [problem(number, "repeatable", `${chance} makes every run another`)]),
    ];
  });
  const i = cells.findIndex(({ cell }, i) => cell.execution_count !== i + 1);
  if (i >= 0) {
    const detail = `${cells[i].cell.execution_count} where ${i + 1} should be; run: deno task notebooks`;
    found.push(problem(cells[i].number, "execution count", detail));
  }
  return found;
}

function textAlternatives({ cells }: Notebook): Problem[] {
  return cells.flatMap((cell, i) => {
    const shown = cell.cell_type === "markdown"
      ? [sourceOf(cell)]
      : cell.outputs.flatMap((output) =>
        output.output_type === "display_data" ? Object.values(output.data).map((value) => mimeText(value)) : []
      );
    return shown.flatMap(images).filter(({ alt }) => alt.trim() === "")
      .map(() => problem(i + 1, "text alternative", "an image without one"));
  });
}

function exercises(notebook: Notebook, { isSolution }: Surroundings): Problem[] {
  const code = codeCells(notebook).map(({ cell }) => sourceOf(cell));
  const found: Problem[] = [];
  const count = code.join("\n").match(/\bexercise\(/g)?.length ?? 0;
  if (!isSolution && count < 2) found.push(problem(null, "exercises", `${count}, marked by exercise(…); 2 or more`));
  if (!code.at(-1)?.includes("versions(")) {
    found.push(problem(null, "versions", "the last cell of code does not print versions()"));
  }
  return found;
}

function size({ bytes }: Surroundings): Problem[] {
  return bytes <= MOST_BYTES ? [] : [problem(null, "size", `${bytes} bytes; at most ${MOST_BYTES}`)];
}
