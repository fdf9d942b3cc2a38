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
import { UsageError } from "../cli/usage_error.ts";
import { codeCells, type Notebook, type Problem } from "./notebook_file.ts";
import { DENO, run, WORKSHOP } from "./project.ts";

/** Every error of `deno check`: its message, the file's name, which is the notebook's index, and the line. */
const ERROR = /(?<=^|\n)(?:error: )?([A-Z][^]*?)\n? +at \S*\/(\d+)\.ts:(\d+):\d+/g;

/** What `deno check` finds in the code of `notebooks`, for each of them. */
export function typeCheck(notebooks: readonly Notebook[]): Problem[][] {
  const folder = join(WORKSHOP, `check-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const files = notebooks.map((_, i) => join(folder, `${i}.ts`));
  notebooks.forEach((notebook, i) => {
    writeFileSync(files[i], [...codeCells(notebook).map(({ cell }) => cell.source), "export {};\n"].join("\n"));
  });
  const { status, output } = run(DENO, ["check", "--quiet", ...files]);
  rmSync(folder, { recursive: true });
  const errors = [...output.matchAll(ERROR)];
  if (status !== 0 && errors.length === 0) throw new UsageError(`deno check ended with status ${status}:\n${output}`);
  return notebooks.map((notebook, i) => {
    // The number of the cell with each line of the notebook's code.
    const cells = codeCells(notebook).flatMap(({ number, cell }) => cell.source.split("\n").map(() => number));
    return errors.filter(([, , file]) => Number(file) === i)
      .map(([, message, , line]) => ({ cell: cells[Number(line) - 1] ?? null, rule: "types", detail: message.trim() }));
  });
}
