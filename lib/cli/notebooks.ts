/**
 * `notebooks`: run the notebooks, and keep their outputs or compare them with what is kept.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { compare } from "../jupyter/compare.ts";
import { craftProblems } from "../jupyter/craft.ts";
import { KernelError } from "../jupyter/kernel_client.ts";
import { type KernelName, writeKernelSpecs } from "../jupyter/kernel_specs.ts";
import { findNotebooks, isSolution, resolvesFrom, ROOT } from "../jupyter/files.ts";
import { type Notebook, NotebookError, parseNotebook, serialise } from "../jupyter/notebook_file.ts";
import { pack } from "../jupyter/pack.ts";
import { describe, type Problem } from "../jupyter/problem.ts";
import { nodeVersion, ProcessError } from "../jupyter/process.ts";
import { runNotebook } from "../jupyter/run_notebook.ts";
import { typeCheck } from "../jupyter/type_check.ts";
import { NOTEBOOKS_HELP, type NotebooksOptions, parseNotebooksOptions } from "./notebooks_options.ts";
import { word } from "../trace/text.ts";
import { write } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Run `notebooks` with `args`; the exit status. */
export async function notebooks(args: readonly string[]): Promise<number> {
  const options = parseNotebooksOptions(args);
  if (options.help) {
    write(Deno.stdout, NOTEBOOKS_HELP);
    return 0;
  }
  try {
    return await all(options);
  } catch (error) {
    if (!(error instanceof ProcessError) && !(error instanceof KernelError)) throw error;
    write(Deno.stderr, `error: ${error.message}\n`);
    return 1;
  }
}

async function all(options: NotebooksOptions): Promise<number> {
  const paths = findNotebooks(options.names);
  if (paths.unknown.length > 0) {
    const known = findNotebooks([]).found.map((path) => relative(ROOT, path)).join(", ") || "none yet";
    throw new UsageError(`unknown notebook ${word(paths.unknown[0])}; the notebooks are: ${known}`);
  }
  const kernels = kernelsFor(options);
  writeKernelSpecs(kernels, ROOT);
  if (kernels.includes("tslab") && await pack(ROOT)) write(Deno.stderr, "the library is packed for Node\n");
  let broken = 0;
  for (const path of paths.found) {
    const problems = options.check ? await check(path, kernels, options) : await keep(path, kernels[0], options);
    for (const problem of problems) write(Deno.stdout, `${describe(relative(ROOT, path), problem)}\n`);
    if (problems.length > 0) broken++;
  }
  write(Deno.stdout, summary(paths.found.length, broken, options, kernels));
  return broken === 0 ? 0 : 1;
}

/** Both kernels, or the one that is asked for, or what there is without Node. To keep outputs, the first of them is enough. */
function kernelsFor({ kernel, check }: NotebooksOptions): KernelName[] {
  const hasNode = nodeVersion() !== null;
  if (kernel === "tslab" && !hasNode) {
    throw new UsageError("--kernel tslab needs Node 20.19, 22.12 or newer on PATH, and there is none");
  }
  if (kernel !== undefined) return [kernel];
  if (!hasNode) write(Deno.stderr, "no Node 20.19, 22.12 or newer is on PATH: only Deno's kernel is used\n");
  const both: KernelName[] = hasNode ? ["tslab", "deno"] : ["deno"];
  return check ? both : both.slice(0, 1);
}

/** Run the notebook at `path` and write its outputs into it. */
async function keep(path: string, kernel: KernelName, options: NotebooksOptions): Promise<Problem[]> {
  const { notebook } = read(path);
  const problems = await typeCheck(notebook, path, ROOT);
  if (problems.length > 0) return problems;
  const ran = await runNotebook(notebook, runOptions(path, kernel, options));
  if ("rule" in ran) return [ran];
  writeFileSync(path, serialise(ran));
  return [];
}

/** Everything that is wrong with the notebook at `path`. */
async function check(path: string, kernels: readonly KernelName[], options: NotebooksOptions): Promise<Problem[]> {
  const { notebook, bytes } = read(path);
  const problems = craftProblems(notebook, { bytes, isSolution: isSolution(path), resolves: resolvesFrom(path) });
  problems.push(...await typeCheck(notebook, path, ROOT));
  const runs = kernels.map(async (kernel) => {
    const ran = await runNotebook(notebook, runOptions(path, kernel, options));
    return "rule" in ran ? [ran] : compare(notebook, ran, kernel);
  });
  return problems.concat(...await Promise.all(runs));
}

function runOptions(path: string, kernel: KernelName, { bound }: NotebooksOptions) {
  const name = relative(ROOT, path);
  const progress = (done: number, all: number) => {
    if (done === all || done % 10 === 0) write(Deno.stderr, `${name} on ${kernel}: ${done} of ${all} cells\n`);
  };
  return { kernel, root: ROOT, path, bound: bound * 1000, progress };
}

function read(path: string): { notebook: Notebook; bytes: number } {
  try {
    const bytes = readFileSync(path);
    return { notebook: parseNotebook(bytes.toString()), bytes: bytes.length };
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    throw new UsageError(`${word(relative(ROOT, path))}: ${error.message.split("\n")[0]}`);
  }
}

function summary(all: number, broken: number, { check }: NotebooksOptions, kernels: readonly KernelName[]): string {
  const count = `${all} ${all === 1 ? "notebook" : "notebooks"}`;
  if (broken > 0) return `${broken} of ${count} failed\n`;
  return `${count} ${check ? "checked" : "run, outputs kept"} (${kernels.join(", ")})\n`;
}
