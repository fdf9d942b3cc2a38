/**
 * The craft of a notebook, as far as a program can see it: what a reader meets, from the first cell to the last.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { codeCells, type Notebook, type Problem } from "./notebook_file.ts";

/** The most lines of code in half of the cells, in nine tenths of them, and in any. */
const MOST_LINES = { median: 6, ninetieth: 15, any: 40 } as const;

/** Words of prose for each cell of code, on average. */
const WORDS = { least: 40, most: 110 } as const;

/** The rules that the notebook at `path` breaks. */
export function craftProblems(notebook: Notebook, path: string): Problem[] {
  return [
    ...lengths(notebook),
    ...prose(notebook),
    ...opening(notebook),
    ...links(notebook, path),
    ...executionCounts(notebook),
    ...textAlternatives(notebook),
    ...closing(notebook, path),
  ];
}

function problem(cell: number | null, rule: string, detail: string): Problem {
  return { cell, rule, detail };
}

function lengths(notebook: Notebook): Problem[] {
  const cells = codeCells(notebook).map(({ number, cell }) => ({
    number,
    lines: cell.source.split("\n").filter((line) => line.trim() !== "").length,
  }));
  const sorted = cells.map(({ lines }) => lines).sort((a, b) => a - b);
  const shares = [["half", 0.5, MOST_LINES.median], ["a tenth", 0.9, MOST_LINES.ninetieth]] as const;
  return [
    ...cells.filter(({ lines }) => lines > MOST_LINES.any)
      .map(({ number, lines }) => problem(number, "length", `${lines} lines of code; at most ${MOST_LINES.any}`)),
    ...shares.flatMap(([name, share, most]) => {
      const lines = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
      if (lines <= most) return [];
      return [problem(null, "length", `${name} of the cells have ${lines} lines or more; at most ${most}`)];
    }),
  ];
}

function prose({ cells }: Notebook): Problem[] {
  const found = cells.flatMap((cell, i) =>
    cell.cell_type === "code" && cells[i - 1]?.cell_type === "code"
      ? [problem(i + 1, "prose", "no prose between this cell of code and the one before")]
      : []
  );
  const code = cells.filter(({ cell_type }) => cell_type === "code").length;
  const average = Math.round(wordCount(proseOf(cells)) / Math.max(1, code));
  if (average < WORDS.least || average > WORDS.most) {
    const detail = `${average} words for each cell of code; ${WORDS.least} to ${WORDS.most}`;
    found.push(problem(null, "prose", detail));
  }
  return found;
}

function proseOf(cells: Notebook["cells"]): string {
  return cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => source).join("\n\n");
}

/** How many words a reader reads: no code, no addresses, no comments. */
function wordCount(markdown: string): number {
  const text = markdown.replace(/^```[^]*?^```/gm, "").replace(/<[^>]*>/g, " ").replace(/\]\([^)]*\)/g, "]");
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,§-]*/gu)?.length ?? 0;
}

function opening({ cells }: Notebook): Problem[] {
  const first = cells.findIndex(({ cell_type }) => cell_type === "code");
  const [text, all] = [proseOf(first < 0 ? cells : cells.slice(0, first)), proseOf(cells)];
  const contents = [...text.matchAll(/\]\(#([^)\s]+)\)/g)].map(([, anchor]) => decodeURIComponent(anchor));
  const headings = [...all.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.trim().replace(/ /g, "-"));
  const parts: [what: string, there: boolean][] = [
    ["a title (# …)", /^# \S/m.test(text)],
    ["a promise: a sentence right below the title", /^# .*\n+(?![#\-*|\d])[^\n]*\w+ \w+ \w+/m.test(text)],
    ["the time to read, in minutes", /\d+\s*min/.test(text)],
    ["its contents: links to its headings", contents.length >= 2],
  ];
  return [
    ...parts.filter(([, there]) => !there)
      .map(([what]) => problem(1, "opening", `the notebook does not open with ${what}`)),
    ...contents.filter((anchor) => !headings.includes(anchor) && !all.includes(`id="${anchor}"`))
      .map((anchor) => problem(1, "opening", `no heading for the link #${anchor}`)),
  ];
}

function links({ cells }: Notebook, path: string): Problem[] {
  const leadsOn = /\[[^\]]*(Previous|Next)[^\]]*\]\(|(Previous|Next)[^\n]*\]\(/;
  return cells.flatMap((cell, i) => {
    const text = cell.cell_type === "code" ? "" : cell.source.replace(/^```[^]*?^```/gm, "");
    const files = [...text.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, address]) => address)
      .filter((address) => !/^(https?:|mailto:|#|data:)/.test(address));
    const dead = files.filter((file) => !existsSync(join(dirname(path), decodeURIComponent(file.split(/[#?]/)[0]))))
      .map((file) => problem(i + 1, "links", `${file} leads nowhere`));
    if ((i > 0 && i < cells.length - 1) || leadsOn.test(text)) return dead;
    return [...dead, problem(i + 1, "links", "the first and the last cell have a link Previous or Next")];
  });
}

function executionCounts(notebook: Notebook): Problem[] {
  const cells = codeCells(notebook);
  const i = cells.findIndex(({ cell }, i) => cell.execution_count !== i + 1);
  if (i < 0) return [];
  const detail = `${cells[i].cell.execution_count} where ${i + 1} should be; run: deno task notebooks`;
  return [problem(cells[i].number, "execution count", detail)];
}

function textAlternatives({ cells }: Notebook): Problem[] {
  return cells.flatMap((cell, i) => {
    const shown = cell.cell_type === "markdown"
      ? [cell.source]
      : cell.outputs.flatMap((output) => output.output_type === "display_data" ? Object.values(output.data) : []);
    return shown.flatMap(textAlternativesIn).filter((alt) => alt.trim() === "")
      .map(() => problem(i + 1, "text alternative", "an image without one"));
  });
}

/** The text alternatives of the images in Markdown or HTML; `""` where one is missing. */
export function textAlternativesIn(text: string): string[] {
  const html = [...text.matchAll(/<img\b[^>]*>/g)].map(([tag]) => /\balt="([^"]*)"/.exec(tag)?.[1] ?? "");
  return [...html, ...[...text.matchAll(/!\[([^\]]*)\]\(/g)].map(([, alt]) => alt)];
}

/** Exercises, except in the solutions, and the versions. */
function closing(notebook: Notebook, path: string): Problem[] {
  const code = codeCells(notebook).map(({ cell }) => cell.source);
  const count = code.join("\n").match(/\bexercise\(/g)?.length ?? 0;
  const isSolution = basename(dirname(path)) === "solutions";
  return [
    ...(isSolution || count >= 2 ? [] : [problem(null, "exercises", `${count}, marked by exercise(…); 2 or more`)]),
    ...(code.at(-1)?.includes("versions(")
      ? []
      : [problem(null, "versions", "the last cell of code does not print versions()")]),
  ];
}
