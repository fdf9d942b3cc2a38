/**
 * The strict type check of a notebook: all of its code as one module.
 *
 * Both kernels would run code that does not pass: Deno's checks no types, tslab's compiler checks cell by cell.
 *
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { codeCells, type Notebook, sourceOf } from "./notebook_file.ts";
import type { Problem } from "./problem.ts";
import { DENO, run } from "./process.ts";

/** Every error of `deno check`: its message, and the line it is about. */
const ERROR = /^(TS\d+ \[ERROR\]: [^]*?)\n {4}at \S*?:(\d+):\d+$/gm;

/** What `deno check` finds in the code of `notebook`, cell by cell. */
export async function typeCheck(notebook: Notebook, path: string, root: string): Promise<Problem[]> {
  const cells = codeCells(notebook);
  const starts: number[] = [];
  const lines: string[] = [];
  for (const { cell } of cells) {
    starts.push(lines.length + 1);
    lines.push(...sourceOf(cell).split("\n"));
  }
  const folder = join(root, ".jupyter", "check");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(path, ".ipynb")}-${process.pid}.ts`);
  writeFileSync(file, `${lines.join("\n")}\nexport {};\n`);
  try {
    const { status, output } = await run(DENO, ["check", "--quiet", file], root);
    if (status === 0) return [];
    const problems = [...output.matchAll(ERROR)].map(([, message, line]): Problem => {
      const i = starts.findLastIndex((start) => start <= Number(line));
      return { cell: cells[i]?.number ?? null, rule: "types", detail: message.trim() };
    });
    return problems.length > 0 ? problems : [unparsed(output, starts, cells)];
  } finally {
    rmSync(file, { force: true });
  }
}

/** Code that cannot even be parsed. */
function unparsed(output: string, starts: readonly number[], cells: ReturnType<typeof codeCells>): Problem {
  const [, line] = /\.ts:(\d+):\d+/.exec(output) ?? [];
  const i = line === undefined ? -1 : starts.findLastIndex((start) => start <= Number(line));
  return { cell: cells[i]?.number ?? null, rule: "types", detail: output.split(/\n {4}at /)[0].trim() };
}
