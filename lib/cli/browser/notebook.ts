/**
 * A notebook as a reader sees it in JupyterLab: untrusted, and run.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { OpenNotebook, type Seen } from "../../jupyter/browser.ts";
import { ROOT } from "../../jupyter/files.ts";
import type { KernelName } from "../../jupyter/kernel_specs.ts";
import { codeCells, type Notebook, parseNotebook } from "../../jupyter/notebook_file.ts";
import { describe, type Problem } from "../../jupyter/problem.ts";
import { nodeVersion } from "../../jupyter/process.ts";
import { imageProblems, promptOf, runProblems } from "../../jupyter/seen.ts";
import type { Lab } from "./lab.ts";
import { notebookPlayerProblems } from "./player.ts";

/** The most that JupyterLab may take, in milliseconds: to show a notebook, to run one, and then to show what came of it. */
const BOUND = { show: 60_000, run: 120_000, settle: 10_000 } as const;

/**
 * How often a run on Deno's kernel is looked at until it is right. On a busy machine that kernel may go on to the next cell
 * before an output is out, and puts it there, or JupyterLab drops it.
 */
const ATTEMPTS = 3;

/** Everything that is wrong with what is seen of the notebook at `path`: untrusted in both themes, and run on both kernels. */
export async function look(lab: Lab, path: string, say: (line: string) => void): Promise<Problem[]> {
  const text = readFileSync(path, "utf8");
  const own = relative(ROOT, path);
  const copy = { notebook: parseNotebook(text), text, name: own.replace(/[/\\]/g, "-") };
  const tell = (line: string) => say(`${own}: ${line}`);
  const { kept, problems } = await lookUntrusted(lab, copy, tell);
  if (nodeVersion() !== null) problems.push(...await lookAtRun(lab, copy, kept, "tslab", tell));
  for (let attempt = 1;; attempt++) {
    const onDeno = await lookAtRun(lab, { ...copy, name: `${attempt}-${copy.name}` }, kept, "deno", tell);
    if (onDeno.length === 0 || attempt === ATTEMPTS) return [...problems, ...onDeno];
    tell("run all on deno: not as kept, so once more:");
    for (const problem of onDeno) say(describe(own, problem));
  }
}

/** A notebook to look at. */
interface Copy {
  readonly notebook: Notebook;
  readonly text: string;
  /** Its file among those that JupyterLab serves. */
  readonly name: string;
}

/** What is seen of a notebook that nobody has trusted, and what is wrong with it. */
async function lookUntrusted(lab: Lab, { notebook, text, name }: Copy, tell: (line: string) => void) {
  lab.folder.add(name, text, "deno", "kept");
  const open = await OpenNotebook.open(lab.browser, lab.url(name));
  let kept = await open.see(({ cells }) => cells.length > 0, BOUND.show);
  const problems: Problem[] = [];
  for (const theme of ["Light", "Dark"] as const) {
    const rule = `untrusted, ${theme.toLowerCase()} theme`;
    const problemsOf = (seen: Seen): Problem[] => [
      ...(seen.light === (theme === "Light") ? [] : [{ cell: null, rule, detail: "the theme is not this one" }]),
      ...imageProblems(notebook, seen, rule, "strip"),
    ];
    await open.setTheme(theme);
    kept = await open.see((seen) => problemsOf(seen).length === 0, BOUND.show);
    problems.push(...problemsOf(kept));
    const figures = kept.cells.flatMap(({ images }) => images).length;
    tell(`${rule}: ${figures} figures${countPlayers(kept.cells.flatMap(({ players }) => players), "as a film strip")}`);
  }
  await open.close();
  return { kept, problems };
}

/** What is wrong with a notebook after all of its cells have run, held against what is `kept`. */
async function lookAtRun(
  lab: Lab,
  { notebook, text, name }: Copy,
  kept: Seen,
  kernel: KernelName,
  tell: (line: string) => void,
): Promise<Problem[]> {
  lab.folder.add(`${kernel}-${name}`, text, kernel, "none");
  const rule = `run all on ${kernel}`;
  const problemsOf = (seen: Seen) => [
    ...runProblems(notebook, kept, seen, rule),
    ...imageProblems(notebook, seen, rule, "frame"),
  ];
  const open = await OpenNotebook.open(lab.browser, lab.url(`${kernel}-${name}`));
  const came = await runAll(open, codeCells(notebook).length, (seen) => problemsOf(seen).length === 0);
  const players = await open.players();
  const played: Problem[] = [];
  for (const player of players) played.push(...await notebookPlayerProblems(open.page, player, rule));
  await open.close();
  tell(`${rule}: ${came.cells.length} cells${countPlayers(players, "played")}`);
  return [...problemsOf(came), ...played];
}

/** What is seen of a notebook of `cells` cells of code after all of them have run. */
async function runAll(open: OpenNotebook, cells: number, isRight: (seen: Seen) => boolean): Promise<Seen> {
  await open.see((seen) => seen.idle && seen.cells.length === cells, BOUND.show);
  await open.runAll();
  await open.see((seen) => seen.idle && seen.cells.every(({ prompt }, i) => prompt === promptOf(i)), BOUND.run);
  return await open.see(isRight, BOUND.settle);
}

function countPlayers(players: readonly unknown[], what: string): string {
  if (players.length === 0) return "";
  return `, ${players.length === 1 ? "one player" : `${players.length} players`} ${what}`;
}
