/**
 * A notebook as a reader sees it in JupyterLab: untrusted, and run.
 *
 * Floor 9.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { NOTHING, OpenNotebook, type Seen } from "../../jupyter/browser.ts";
import { ROOT } from "../../jupyter/files.ts";
import type { KernelName } from "../../jupyter/kernel_specs.ts";
import { codeCells, parseNotebook } from "../../jupyter/notebook_file.ts";
import type { Problem } from "../../jupyter/problem.ts";
import { nodeVersion } from "../../jupyter/process.ts";
import { imageProblems, runProblems } from "../../jupyter/seen.ts";
import type { Lab } from "./lab.ts";
import { notebookPlayerProblems } from "./player.ts";

/** The most that JupyterLab may take to show a notebook, and to run one, in milliseconds. */
const BOUND = { show: 60_000, run: 120_000 } as const;

/** Everything that is wrong with what is seen of the notebook at `path`: untrusted in both themes, and run on both kernels. */
export async function look(lab: Lab, path: string, say: (line: string) => void): Promise<Problem[]> {
  const text = readFileSync(path, "utf8");
  const notebook = parseNotebook(text);
  const name = relative(ROOT, path).replace(/[/\\]/g, "-");
  const problems: Problem[] = [];
  let kept = NOTHING;
  for (const theme of ["Dark", "Light"] as const) {
    lab.folder.setTheme(theme);
    lab.folder.add(name, text, "deno", "kept");
    const rule = `untrusted, ${theme.toLowerCase()} theme`;
    const problemsOf = (seen: Seen): Problem[] => [
      ...(seen.light === (theme === "Light") ? [] : [{ cell: null, rule, detail: "the theme is not this one" }]),
      ...imageProblems(notebook, seen, rule, "strip"),
    ];
    kept = await untrusted(lab, name, (seen) => problemsOf(seen).length === 0);
    problems.push(...problemsOf(kept));
    const players = kept.cells.flatMap(({ players }) => players).length;
    say(
      `${relative(ROOT, path)}: ${rule}: ${kept.cells.flatMap(({ images }) => images).length} figures` +
        (players === 0 ? "" : `, ${players === 1 ? "one player" : `${players} players`} as a film strip`),
    );
  }
  const kernels: KernelName[] = nodeVersion() === null ? ["deno"] : ["tslab", "deno"];
  for (const kernel of kernels) {
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
    problems.push(...problemsOf(came), ...played);
    say(
      `${relative(ROOT, path)}: ${rule}: ${came.cells.length} cells` +
        (players.length === 0 ? "" : `, ${players.length === 1 ? "one player" : `${players.length} players`} played`),
    );
  }
  return problems;
}

/** What is seen of a notebook that nobody has trusted. */
async function untrusted(lab: Lab, name: string, isRight: (seen: Seen) => boolean): Promise<Seen> {
  const open = await OpenNotebook.open(lab.browser, lab.url(name));
  const seen = await open.see(isRight, BOUND.show);
  await open.close();
  return seen;
}

/** What is seen of a notebook of `cells` cells of code after all of them have run. */
async function runAll(open: OpenNotebook, cells: number, isRight: (seen: Seen) => boolean): Promise<Seen> {
  await open.see((seen) => seen.idle && seen.cells.length === cells, BOUND.show);
  await open.runAll();
  return await open.see(isRight, BOUND.run);
}
