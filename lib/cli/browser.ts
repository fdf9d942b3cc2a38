/**
 * `browser`: the notebooks as a reader sees them, in JupyterLab and a browser.
 *
 * Floor 9. Where there is no browser or no JupyterLab it says so and does nothing, unless `CI` is `true`.
 *
 * @module
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { type Browser, NOTHING, openBrowser, OpenNotebook, type Seen } from "../jupyter/browser.ts";
import { findNotebooks, ROOT } from "../jupyter/files.ts";
import { findJupyter, installedJupyter } from "../jupyter/jupyter_lab.ts";
import type { KernelName } from "../jupyter/kernel_specs.ts";
import { LabFolder } from "../jupyter/lab_settings.ts";
import { codeCells, parseNotebook } from "../jupyter/notebook_file.ts";
import { describe, type Problem } from "../jupyter/problem.ts";
import { nodeVersion } from "../jupyter/process.ts";
import { imageProblems, runProblems } from "../jupyter/seen.ts";
import { asksForHelp, BROWSER_HELP, CHROMIUM } from "./browser_options.ts";
import { launch } from "./lab.ts";
import { write } from "./terminal.ts";

/** The most that JupyterLab may take to show a notebook, and to run one, in milliseconds. */
const BOUND = { show: 60_000, run: 120_000 } as const;

const say = (line: string) => write(Deno.stderr, `${line}\n`);

/** A JupyterLab that runs, and the browser that looks at it. */
interface Lab {
  readonly folder: LabFolder;
  readonly browser: Browser;
  /** The address of a notebook in the folder. */
  readonly url: (name: string) => string;
}

/** Run `browser`; the exit status. */
export async function browser(args: readonly string[]): Promise<number> {
  if (asksForHelp(args)) {
    write(Deno.stdout, BROWSER_HELP);
    return 0;
  }
  const notebooks = findNotebooks([]).found;
  const missing = [
    ...(existsSync(CHROMIUM) ? [] : [`no ${CHROMIUM}`]),
    ...(await installedJupyter(ROOT) !== null || Deno.env.get("CI") === "true"
      ? []
      : ["no JupyterLab on PATH or in .venv"]),
  ];
  if (missing.length > 0) {
    write(Deno.stdout, `skipped, the notebooks in JupyterLab and a browser: ${missing.join(", ")}\n`);
    return Deno.env.get("CI") === "true" ? 1 : 0;
  }
  const broken = await withLab(async (lab) => {
    let broken = 0;
    for (const path of notebooks) {
      const problems = await look(lab, path);
      for (const problem of problems) write(Deno.stdout, `${describe(relative(ROOT, path), problem)}\n`);
      if (problems.length > 0) broken++;
    }
    return broken;
  });
  const count = `${notebooks.length} ${notebooks.length === 1 ? "notebook" : "notebooks"}`;
  write(Deno.stdout, broken === 0 ? `${count} seen in JupyterLab\n` : `${broken} of ${count} failed\n`);
  return broken === 0 ? 0 : 1;
}

/** Do `act` with a JupyterLab that nobody has used before. */
async function withLab<T>(act: (lab: Lab) => Promise<T>): Promise<T> {
  const folder = new LabFolder(ROOT);
  const [port, token] = [freePort(), crypto.randomUUID()];
  const args = [
    "--no-browser",
    "--allow-root",
    "--expose-app-in-browser",
    `--port=${port}`,
    "--ServerApp.port_retries=0",
    `--IdentityProvider.token=${token}`,
    `--ServerApp.root_dir=${folder.notebooks}`,
    "--log-level=ERROR",
  ];
  const jupyter = await launch(await findJupyter(ROOT, say), args, folder.env, say);
  const browser = await openBrowser(CHROMIUM);
  try {
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/api?token=${token}`);
    return await act({
      folder,
      browser,
      url: (name) => `${base}/lab/workspaces/${name.replace(/\W/g, "-")}/tree/${name}?token=${token}`,
    });
  } finally {
    await browser.close();
    jupyter.kill("SIGTERM");
    await jupyter.status;
    rmSync(folder.path, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<void> {
  for (let waited = 0; waited < BOUND.show; waited += 500) {
    const response = await fetch(url).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("JupyterLab does not answer");
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Everything that is wrong with what is seen of the notebook at `path`: untrusted in both themes, and run on both kernels. */
async function look(lab: Lab, path: string): Promise<Problem[]> {
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
      ...imageProblems(notebook, seen, rule),
    ];
    kept = await untrusted(lab, name, (seen) => problemsOf(seen).length === 0);
    problems.push(...problemsOf(kept));
    say(`${relative(ROOT, path)}: ${rule}: ${kept.cells.flatMap(({ images }) => images).length} figures`);
  }
  const kernels: KernelName[] = nodeVersion() === null ? ["deno"] : ["tslab", "deno"];
  for (const kernel of kernels) {
    lab.folder.add(`${kernel}-${name}`, text, kernel, "none");
    const rule = `run all on ${kernel}`;
    const problemsOf = (seen: Seen) => [
      ...runProblems(notebook, kept, seen, rule),
      ...imageProblems(notebook, seen, rule),
    ];
    const came = await runAll(
      lab,
      `${kernel}-${name}`,
      codeCells(notebook).length,
      (seen) => problemsOf(seen).length === 0,
    );
    problems.push(...problemsOf(came));
    say(`${relative(ROOT, path)}: ${rule}: ${came.cells.length} cells`);
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
async function runAll(lab: Lab, name: string, cells: number, isRight: (seen: Seen) => boolean): Promise<Seen> {
  const open = await OpenNotebook.open(lab.browser, lab.url(name));
  await open.see((seen) => seen.idle && seen.cells.length === cells, BOUND.show);
  await open.runAll();
  const seen = await open.see(isRight, BOUND.run);
  await open.close();
  return seen;
}
