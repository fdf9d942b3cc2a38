/**
 * `notebooks`: run the notebooks, and keep their outputs or compare them with what is kept.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { flag, parseCommandLine, wholeNumber } from "../cli/options.ts";
import { count, word } from "../trace/text.ts";
import { UsageError } from "../cli/usage_error.ts";
import { craftProblems } from "./craft.ts";
import type { KernelName } from "./kernel.ts";
import { codeCells, describe, type Notebook, parseNotebook, type Problem, serialise } from "./notebook_file.ts";
import { pack } from "./pack.ts";
import { allNotebooks, findNotebook, hasNode, inParallel, inProject } from "./project.ts";
import { compare, runNotebook } from "./run.ts";
import { typeCheck } from "./type_check.ts";

const HELP = `Usage: deno task notebooks [OPTION ...] [NOTEBOOK ...]

Runs the notebooks, each from a fresh kernel, and keeps their outputs in them. Without a NOTEBOOK: all in notebooks/ and
notebooks/solutions/. Exit status: 0 if all is well, 1 if a notebook fails, 2 if the command line is wrong.

Options:
  --check        change nothing: run on both kernels, compare every output with what is kept, check the craft
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
  const kernels = kernelsFor(options.kernel, isCheck);
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
      kernels.map((kernel) => async () => tell(path, await run(notebooks[i], path, kernel, options.bound, isCheck)))
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
    const known = allNotebooks().map(inProject).join(", ") || "none yet";
    throw new UsageError(`unknown notebook ${word(name)}; the notebooks are: ${known}`);
  });
}

/** Both kernels, or the one that is asked for, or what there is without Node. To keep outputs, the first of them is enough. */
function kernelsFor(kernel: KernelName | undefined, isCheck: boolean): KernelName[] {
  const isOnNode = hasNode();
  if (kernel !== undefined) return [kernel];
  if (!isOnNode) console.error("no Node 20.19, 22.12 or newer is on PATH: only Deno's kernel is used");
  const both: KernelName[] = isOnNode ? ["tslab", "deno"] : ["deno"];
  return isCheck ? both : both.slice(0, 1);
}

/** Run a notebook, and write its outputs into it or compare them with what it keeps. */
async function run(notebook: Notebook, path: string, kernel: KernelName, bound: number, isCheck: boolean) {
  const ran = await runNotebook(notebook, path, kernel, bound * 1000);
  if (ran.cells === undefined) return [ran];
  console.error(`${inProject(path)} on ${kernel}: ${codeCells(notebook).length} cells`);
  if (isCheck) return compare(notebook, ran, kernel);
  writeFileSync(path, serialise(ran));
  return [];
}
