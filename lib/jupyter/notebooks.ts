/**
 * `notebooks`: run the notebooks, each from a fresh kernel, and keep their outputs or compare them with what is kept.
 *
 * @module
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import * as z from "zod/mini";
import { flag, parseCommandLine, wholeNumber } from "../cli/options.ts";
import { count, word } from "../trace/text.ts";
import { PICTURES } from "../notebook/show.ts";
import { UsageError } from "../cli/usage_error.ts";
import { craftProblems } from "./craft.ts";
import { Kernel, type KernelName, UNEXPLAINED, usableKernels } from "./kernel.ts";
import {
  type Cell,
  codeCells,
  describe,
  type Notebook,
  type Output,
  parseNotebook,
  type Problem,
  serialise,
} from "./notebook_file.ts";
import { pack } from "./pack.ts";
import { allNotebooks, findNotebook, inParallel, inProject, run, WORKSHOP } from "./project.ts";

const HELP = `Usage: deno task notebooks [OPTION ...] [NOTEBOOK ...]

Runs the notebooks, each from a fresh kernel, and keeps their outputs in them. Without a NOTEBOOK: all in notebooks/ and
notebooks/solutions/. Exit status: 0 if all is well, 1 if a notebook fails, 2 if the command line is wrong.

Options:
  --check        change nothing: run on both kernels, compare every output with what is kept, check the craft, and
                 that every label of every figure can be read
  --kernel K     deno or tslab (default: tslab, with --check both; without Node, deno)
  --bound S      the most that a cell may take, in seconds (default 60)
  --help         this text
`;

const SHAPE = {
  check: flag,
  kernel: z.optional(z.enum(["deno", "tslab"], { error: "must be deno or tslab" })),
  bound: z._default(wholeNumber(1, 3600), 60),
};

/** How many kernels run at the same time: one more than a small machine has cores, since a kernel that starts waits a lot. */
const RUNS = 3;

/** Run `notebooks` with `args`; the exit status. */
export async function notebooks(args: readonly string[]): Promise<number> {
  const { options, words } = parseCommandLine(args, SHAPE, HELP);
  const isCheck = options.check;
  const paths = pathsOf(words);
  const notebooks = paths.map((path) => parseNotebook(readFileSync(path, "utf8"), inProject(path)));
  // To keep outputs, the first kernel is enough.
  const kernels = options.kernel === undefined ? usableKernels().slice(0, isCheck ? 2 : 1) : [options.kernel];
  if (kernels.includes("tslab")) pack();
  const broken = new Set<string>();
  const tell = (path: string, problems: readonly Problem[]) => {
    for (const problem of problems) console.log(describe(inProject(path), problem));
    if (problems.length > 0) broken.add(path);
  };
  const types = typeCheck(notebooks);
  paths.forEach((path, i) => tell(path, [...types[i], ...(isCheck ? craftProblems(notebooks[i], path) : [])]));
  // If code does not pass the type check, nothing is run.
  const runs = types.flat().length > 0
    ? []
    : paths.flatMap((path, i) =>
      kernels.map((kernel) => async () =>
        tell(path, await runUntilClear(() => runNotebook(notebooks[i], path, kernel, options.bound, isCheck)))
      )
    );
  await inParallel(runs, RUNS);
  const all = count(paths.length, "notebook");
  const done = `${all} ${isCheck ? "checked" : "run, outputs kept"} (${kernels.join(", ")})`;
  console.log(broken.size > 0 ? `${broken.size} of ${all} failed` : done);
  return broken.size > 0 ? 1 : 0;
}

/** The files of the notebooks that `names` mean, all if there are none. */
function pathsOf(names: readonly string[]): string[] {
  return names.length === 0 ? allNotebooks() : names.map((name) => {
    const path = findNotebook(name);
    if (path !== undefined) return path;
    const known = allNotebooks().map(inProject).join(", ");
    throw new UsageError(`unknown notebook ${word(name)}; the notebooks are: ${known}`);
  });
}

/** Run a notebook, and once more if a kernel says that a cell has failed and does not show how: Deno's does so now and then. */
async function runUntilClear(run: () => Promise<Problem[]>): Promise<Problem[]> {
  const problems = await run();
  return problems.some(({ detail }) => detail.startsWith(UNEXPLAINED)) ? await run() : problems;
}

/**
 * Run a notebook on `kernel`, and write its outputs into it or compare them with what it keeps. The first failure ends the run. A
 * cell may take `bound` seconds.
 */
async function runNotebook(notebook: Notebook, path: string, kernel: KernelName, bound: number, isCheck: boolean) {
  const ran = new Map<number, Cell>();
  const problems: Problem[] = [];
  await using running = await Kernel.start(kernel, dirname(path));
  const looks = isCheck && kernel === "deno"; // pictures are the same on every kernel
  if (looks) await running.execute(`Object.assign(globalThis, { ${PICTURES}: [] });`, bound * 1000);
  for (const { number, cell } of codeCells(notebook)) {
    const { outputs, failure } = await running.execute(cell.source, bound * 1000);
    if (failure !== null) return [{ cell: number, rule: `run on ${kernel}`, detail: failed(failure, outputs) }];
    const detail = difference(cell.outputs, outputs);
    if (isCheck && detail !== null) problems.push({ cell: number, rule: `outputs on ${kernel}`, detail });
    ran.set(number, { ...cell, outputs, execution_count: ran.size + 1 });
  }
  if (looks) problems.push(...pictureProblems(await running.execute(LOOK, bound * 1000)));
  console.error(`${inProject(path)} on ${kernel}: ${ran.size} cells`);
  if (!isCheck) writeFileSync(path, serialise({ cells: notebook.cells.map((cell, i) => ran.get(i + 1) ?? cell) }));
  return problems;
}

/** Code that looks at all pictures in the kernel, and prints of which what cannot be read: the pictures are large. */
const LOOK = `const { overlapsIn, textsIn } = await import(${
  JSON.stringify(new URL("../charts/overlap_cases.ts", import.meta.url))
});
console.log(JSON.stringify(${PICTURES}.flatMap((svg) => overlapsIn(svg).map((what) => textsIn(svg)[0] + ": " + what))));`;

/** What cannot be read in the pictures, as a cell printed it. */
function pictureProblems({ outputs: [printed] }: { readonly outputs: readonly Output[] }): Problem[] {
  const details = z.array(z.string()).parse(JSON.parse(textOf(printed).replace(/^stdout: /, "")));
  return details.map((detail) => ({ cell: null, rule: "figure", detail }));
}

/** The failure, and what the cell had shown before. */
function failed(failure: string, outputs: readonly Output[]): string {
  const shown = outputs.map((output) => output.output_type === "stream" ? output.text : "").join("").trim();
  return shown === "" || failure.includes(shown) ? failure : `${failure}\nthe cell's output: ${shown}`;
}

/** The first output of a run that is not what is kept; `null` if they are the same. */
export function difference(kept: readonly Output[], came: readonly Output[]): string | null {
  const [before, after] = [kept.map(textOf), came.map(textOf)];
  const longer = before.length > after.length ? before : after;
  const at = longer.findIndex((_, i) => before[i] !== after[i]);
  return at < 0 ? null : `output ${at + 1} is not what is kept\n${firstDifference(before[at] ?? "", after[at] ?? "")}`;
}

/** Everything there is to an output. */
function textOf(output: Output): string {
  if (output.output_type === "stream") return `${output.name}: ${output.text}`;
  if (output.output_type === "error") return `error: ${output.ename}: ${output.evalue}`;
  return `${output.output_type}: ${Object.entries(output.data).map(([type, text]) => `${type}: ${text}`).join("\n")}`;
}

/** How much of two texts is shown around their first difference, in characters. */
const AROUND = 40;

/** The first place where two texts differ, in its surroundings. */
function firstDifference(kept: string, came: string): string {
  let at = 0;
  while (at < kept.length && kept[at] === came[at]) at++;
  const part = (text: string) => {
    const [from, to] = [Math.max(0, at - AROUND), at + AROUND];
    return `${from > 0 ? "…" : ""}${JSON.stringify(text.slice(from, to)).slice(1, -1)}${to < text.length ? "…" : ""}`;
  };
  return `  kept  ${part(kept)}\n  came  ${part(came)}`;
}

/** Every error of `deno check`: its message, the file's name, which is the notebook's index, and the line. */
const ERROR = /(?<=^|\n)(?:error: )?([A-Z][^]*?)\n? +at \S*\/(\d+)\.ts:(\d+):\d+/g;

/**
 * What `deno check` finds in the code of `notebooks`, for each of them: all code of each as one module. Both kernels would run
 * code that does not pass: Deno's checks no types, tslab's compiler checks cell by cell.
 */
function typeCheck(notebooks: readonly Notebook[]): Problem[][] {
  const folder = join(WORKSHOP, `check-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const files = notebooks.map((_, i) => join(folder, `${i}.ts`));
  notebooks.forEach((notebook, i) => {
    writeFileSync(files[i], [...codeCells(notebook).map(({ cell }) => cell.source), "export {};\n"].join("\n"));
  });
  const { status, output } = run(process.execPath, ["check", "--quiet", ...files]);
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
