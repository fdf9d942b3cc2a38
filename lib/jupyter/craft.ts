/**
 * The craft of a notebook, as far as a program can see it: what a reader meets, from the first cell to the last.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Cell, codeCells, type Notebook, type Output, type Problem, serialise } from "./notebook_file.ts";

/** The most lines of code in any cell. */
const MOST_LINES = 40;

/** The most lines of code in the middle one of the cells by their lengths, and in the one that nine tenths do not exceed. */
const QUANTILES = [[0.5, "half", 6], [0.9, "a tenth", 15]] as const;

/** Words of prose for each cell of code, on average. */
const WORDS = { least: 40, most: 110 } as const;

/** Chance and clocks: with them, no run is like another. */
const UNREPEATABLE = /Math\.random|Date\.now|\bnew\s+Date\b|performance\.now/;

/** What prints a time, or the places of a kernel's own code. */
const OTHER_EVERYWHERE = /\bconsole\s*[?.[]+["'\s]*(time(?:Log|End)?|trace)\b/;

/** An image without a text alternative, or with an empty one, in HTML or Markdown. */
const NO_ALTERNATIVE = /<img\b(?![^>]*\balt="[^"]*[^"\s])|!\[\s*\]\(/;

/** The most a stored notebook may have, in bytes: what is larger is slow to load and to review. */
const MOST_BYTES = 1_200_000;

type Check = (holds: boolean, cell: number | null, rule: string, detail: string) => void;

/** The rules that the notebook at `path` breaks. */
export function craftProblems(notebook: Notebook, path: string): Problem[] {
  const found: Problem[] = [];
  const check: Check = (holds, cell, rule, detail) => holds || found.push({ cell, rule, detail });
  for (const rule of [ids, lengths, prose, opening, links, executions, textAlternatives, predictions, closing]) {
    rule(notebook, check, path);
  }
  const bytes = Buffer.byteLength(serialise(notebook));
  check(bytes <= MOST_BYTES, null, "size", `${bytes} bytes; at most ${MOST_BYTES}`);
  return found;
}

/** Each cell has an id of its own: Jupyter changes an id that stands twice, and marks the notebook as changed. */
function ids({ cells }: Notebook, check: Check): void {
  const known = cells.map(({ id }, i) => id ?? `cell-${i + 1}`);
  known.forEach((id, i) => {
    const first = known.indexOf(id);
    check(first === i, i + 1, "id", `it has the id ${id} of cell ${first + 1}`);
  });
}

function lengths(notebook: Notebook, check: Check): void {
  const counts = codeCells(notebook).map(({ number, cell }) => {
    const lines = cell.source.split("\n").filter((line) => line.trim() !== "").length;
    check(lines <= MOST_LINES, number, "length", `${lines} lines of code; at most ${MOST_LINES}`);
    return lines;
  });
  counts.sort((a, b) => a - b);
  for (const [share, longer, most] of QUANTILES) {
    const lines = counts[Math.ceil(share * counts.length) - 1] ?? 0;
    check(lines <= most, null, "length", `${longer} of the cells have ${lines} lines or more; at most ${most}`);
  }
}

function prose({ cells }: Notebook, check: Check): void {
  const isCode = (i: number) => cells[i]?.cell_type === "code";
  cells.forEach((_, i) =>
    check(!isCode(i) || !isCode(i - 1), i + 1, "prose", "no prose between this cell of code and the one before")
  );
  const average = Math.round(wordCount(proseOf(cells)) / Math.max(1, cells.filter((_, i) => isCode(i)).length));
  const detail = `${average} words for each cell of code; ${WORDS.least} to ${WORDS.most}`;
  check(average >= WORDS.least && average <= WORDS.most, null, "prose", detail);
}

function proseOf(cells: Notebook["cells"]): string {
  return cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => source).join("\n\n");
}

/** How many words a reader reads: no code, no addresses, no comments. */
function wordCount(markdown: string): number {
  const text = markdown.replace(/^```[^]*?^```/gm, "").replace(/<[^>]*>/g, " ").replace(/\]\([^)]*\)/g, "]");
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,§-]*/gu)?.length ?? 0;
}

function opening({ cells }: Notebook, check: Check): void {
  const first = cells.findIndex(({ cell_type }) => cell_type === "code");
  const [text, all] = [proseOf(first < 0 ? cells : cells.slice(0, first)), proseOf(cells)];
  const contents = [...text.matchAll(/\]\(#([^)\s]+)\)/g)].map(([, anchor]) => decodeURIComponent(anchor));
  const headings = [...all.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.trim().replace(/ /g, "-"));
  const opensWith = (holds: boolean, what: string) =>
    check(holds, 1, "opening", `the notebook does not open with ${what}`);
  opensWith(/^# \S/m.test(text), "a title (# …)");
  opensWith(/^# .*\n+(?![#\-*|\d])[^\n]*\w+ \w+ \w+/m.test(text), "a promise: a sentence right below the title");
  opensWith(/\d+\s*min/.test(text), "the time to read, in minutes");
  opensWith(contents.length >= 2, "its contents: links to its headings");
  for (const anchor of contents) {
    const isThere = headings.includes(anchor) || all.includes(`id="${anchor}"`);
    check(isThere, 1, "opening", `no heading for the link #${anchor}`);
  }
}

function links({ cells }: Notebook, check: Check, path: string): void {
  const leadsOn = /\[[^\]]*(Previous|Next)[^\]]*\]\(|(Previous|Next)[^\n]*\]\(/;
  cells.forEach((cell, i) => {
    const text = cell.cell_type === "code" ? "" : cell.source.replace(/^```[^]*?^```/gm, "");
    for (const [, address] of text.matchAll(/\]\(([^)\s]+)[^)]*\)/g)) {
      if (/^(https?:|mailto:|#|data:)/.test(address)) continue;
      const file = join(dirname(path), decodeURIComponent(address.split(/[#?]/)[0]));
      check(existsSync(file), i + 1, "links", `${address} leads nowhere`);
    }
    const isBetween = i > 0 && i < cells.length - 1;
    check(isBetween || leadsOn.test(text), i + 1, "links", "the first and the last cell have a link Previous or Next");
  });
}

/** One run from a fresh kernel, without an error, and with the same outputs as any other. */
function executions(notebook: Notebook, check: Check): void {
  codeCells(notebook).forEach(({ number, cell: { source, outputs, execution_count } }, i) => {
    const detail = `${execution_count} where ${i + 1} should be; run: deno task notebooks`;
    check(execution_count === i + 1, number, "execution count", detail);
    const isError = (output: Output) => output.output_type === "error" || "name" in output && output.name === "stderr";
    check(!outputs.some(isError), number, "stored error", "an error is among the outputs");
    const chance = UNREPEATABLE.exec(source)?.[0];
    check(chance === undefined, number, "repeatable", `${chance} makes every run another`);
    const method = OTHER_EVERYWHERE.exec(source)?.[1];
    const why = `console.${method} prints something else in every run or kernel; use console.log`;
    check(method === undefined, number, "repeatable", why);
  });
}

function textAlternatives({ cells }: Notebook, check: Check): void {
  cells.forEach((cell, i) => {
    const shown = cell.cell_type === "markdown"
      ? [cell.source]
      : cell.outputs.flatMap((output) => output.output_type === "display_data" ? Object.values(output.data) : []);
    check(!shown.some((text) => NO_ALTERNATIVE.test(text)), i + 1, "text alternative", "an image without one");
  });
}

/** The options of a question, or the reasons for them: the bold letters that begin the items of a list. */
function lettersIn(cell: Cell | undefined): string {
  const source = cell?.cell_type === "markdown" ? cell.source : "";
  return [...source.matchAll(/^- \*\*([a-d])\*\*/gm)].map(([, letter]) => letter).join("");
}

/** A question stands once, in prose, and so does the reason for each option; the right ones are spread over the letters. */
function predictions({ cells }: Notebook, check: Check): void {
  const right: string[] = [];
  cells.forEach((cell, i) => {
    const [, name] = cell.cell_type === "code" && /const (\w+) = predict\(/.exec(cell.source) || [];
    if (name === undefined) return;
    const broken = (holds: boolean, detail: string) => check(holds, i + 1, "prediction", detail);
    broken(cell.source.includes(`${name} = predict("")`), 'a reader finds predict("")');
    const options = lettersIn(cells[i - 1]);
    broken(options.length > 1, "the prose before it has no options: - **a** …");
    const answer = new RegExp(`reveal\\(${name}, "([a-d])"\\)`);
    const at = cells.findIndex(({ source }) => answer.test(source));
    broken(at > i, `no later cell has reveal(${name}, …)`);
    if (at < 0) return;
    right.push(answer.exec(cells[at].source)?.[1] ?? "");
    const reasons = lettersIn(cells[at + 1]);
    broken(reasons === options, `the prose after reveal has reasons for "${reasons}", the options are "${options}"`);
  });
  for (const letter of new Set(right)) {
    const count = right.filter((each) => each === letter).length;
    const detail = `${letter} is right in ${count} of ${right.length}; at most in half of them`;
    check(right.length < 4 || 2 * count <= right.length, null, "prediction", detail);
  }
}

/** Exercises, except in the solutions, and the versions. */
function closing(notebook: Notebook, check: Check, path: string): void {
  const code = codeCells(notebook).map(({ cell }) => cell.source);
  const count = code.join("\n").match(/\bexercise\(/g)?.length ?? 0;
  const isSolution = basename(dirname(path)) === "solutions";
  check(isSolution || count >= 2, null, "exercises", `${count}, marked by exercise(…); 2 or more`);
  const hasVersions = code.at(-1)?.includes("versions(") ?? false;
  check(hasVersions, null, "versions", "the last cell of code does not print versions()");
}
