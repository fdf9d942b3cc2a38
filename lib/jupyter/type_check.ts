/**
 * The strict type check of notebooks: all code of each as one module.
 *
 * Both kernels would run code that does not pass: Deno's checks no types, tslab's compiler checks cell by cell.
 *
 * @module
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { codeCells, type Notebook, type Problem } from "./notebook_file.ts";
import { DENO, ProcessError, run, WORKSHOP } from "./project.ts";

/** Every error of `deno check`: its message, the file's name, which is the notebook's index, and the line. */
const ERROR = /(?<=^|\n)(?:error: )?([A-Z][^]*?)\n? +at \S*\/(\d+)\.ts:(\d+):\d+/g;

/** What `deno check` finds in the code of `notebooks`, for each of them. */
export function typeCheck(notebooks: readonly Notebook[]): Problem[][] {
  const folder = join(WORKSHOP, `check-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const files = notebooks.map((notebook, i) => {
      const code = codeCells(notebook).map(({ cell }) => cell.source);
      writeFileSync(join(folder, `${i}.ts`), `${code.join("\n")}\nexport {};\n`);
      return join(folder, `${i}.ts`);
    });
    const { status, output } = run(DENO, ["check", "--quiet", ...files]);
    if (status === 0) return notebooks.map(() => []);
    const errors = [...output.matchAll(ERROR)];
    if (errors.length === 0) throw new ProcessError(`deno check ended with status ${status}:\n${output}`);
    return notebooks.map((notebook, i) =>
      errors.filter(([, , file]) => Number(file) === i).map(([, message, , line]) => ({
        cell: cellAt(notebook, Number(line)),
        rule: "types",
        detail: message.trim(),
      }))
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The number of the cell with this line of the notebook's code. */
function cellAt(notebook: Notebook, line: number): number | null {
  let last = 0;
  for (const { number, cell } of codeCells(notebook)) {
    last += cell.source.split("\n").length;
    if (line <= last) return number;
  }
  return null;
}
