/**
 * `browser`: the player and the notebooks as a reader sees them, in a browser and in JupyterLab.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { word } from "../trace/text.ts";
import { UsageError } from "../cli/usage_error.ts";
import { freePorts } from "./kernel.ts";
import { installedJupyter, startLab } from "./lab.ts";
import { type Browser, LabPage, openBrowser, type Seen } from "./lab_page.ts";
import { describe, parseNotebook, type Problem } from "./notebook_file.ts";
import { playerProblems } from "./player_check.ts";
import { allNotebooks, countNotebooks, hasNode, inProject, poll, WORKSHOP } from "./project.ts";
import { displayProblems, hasRun, type When } from "./seen.ts";

/** Where Debian's Chromium is. */
const CHROMIUM = "/usr/bin/chromium";

const HELP = `Usage: deno task browser

Opens a player's page in Chromium, and plays it with keys and mouse. Then opens every notebook in JupyterLab, untrusted and
after Run All, and looks whether every figure is displayed, every player is a film strip and then can be played, and
no error is shown. Where JupyterLab or ${CHROMIUM} is missing it says so and does nothing,
unless CI is "true". Exit status: 0, or 1 if something is not as it should be.`;

/** The most that JupyterLab may take, in milliseconds: to answer, to show a notebook, to run it, to show what came of it. */
const BOUND = { answer: 60_000, show: 60_000, run: 120_000, settle: 10_000 } as const;

/** How many notebooks are looked at at the same time, each in a tab of its own. */
const TABS = 2;

/** Run `browser`; the exit status. */
export async function browser(args: readonly string[]): Promise<number> {
  const other = args.find((arg) => arg !== "--help" && arg !== "-h");
  if (other !== undefined) throw new UsageError(`unknown argument ${word(other)}; browser takes --help only`);
  if (args.length > 0) {
    console.log(HELP);
    return 0;
  }
  const isCI = process.env.CI === "true";
  const missing = existsSync(CHROMIUM) ? [] : [`no ${CHROMIUM}`];
  if (!isCI && installedJupyter() === null) missing.push("no JupyterLab on PATH or in .venv");
  if (missing.length > 0) {
    console.log(`skipped, the notebooks in JupyterLab and a browser: ${missing.join(", ")}`);
    return isCI ? 1 : 0;
  }
  const chromium = await openBrowser(CHROMIUM);
  try {
    const found = await playerProblems(chromium);
    for (const detail of found) console.log(`the player: its page alone: ${detail}`);
    if (found.length === 0) console.log("the player's page seen");
    const areSeen = await lookAtNotebooks(chromium);
    return found.length === 0 && areSeen ? 0 : 1;
  } finally {
    await chromium.close();
  }
}

/** Whether every notebook is as it should be. */
async function lookAtNotebooks(browser: Browser): Promise<boolean> {
  const paths = allNotebooks();
  const queue = [...paths];
  let broken = 0;
  await withLab(async (url, folder) => {
    const work = async (_: unknown, tab: number) => {
      const lab = await LabPage.open(browser, url(`tab-${tab}`));
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
        const problems = await look(lab, folder, path);
        for (const problem of problems) console.log(describe(inProject(path), problem));
        if (problems.length > 0) broken++;
        console.error(`${inProject(path)}: ${problems.length === 0 ? "seen" : "not as it should be"}`);
      }
    };
    await Promise.all(Array.from({ length: TABS }, work));
  });
  const count = countNotebooks(paths.length);
  console.log(broken === 0 ? `${count} seen in JupyterLab` : `${broken} of ${count} failed`);
  return broken === 0;
}

/** What is wrong with the notebook at `path`: as nobody has trusted it yet, and after all of its cells have run. */
async function look(lab: LabPage, folder: string, path: string): Promise<Problem[]> {
  const text = readFileSync(path, "utf8");
  const notebook = parseNotebook(text, inProject(path));
  const name = hasNode() ? "tslab" : "deno";
  const kernelspec = { display_name: name, language: "typescript", name };
  const copy = inProject(path).replaceAll("/", "-");
  writeFileSync(join(folder, copy), JSON.stringify({ ...JSON.parse(text), metadata: { kernelspec } }));
  await lab.openNotebook(copy);
  const problemsOf = (seen: Seen, when: When) => displayProblems(notebook, seen, when);
  const untrusted = await lab.see((seen) => problemsOf(seen, "untrusted").length === 0, BOUND.show);
  await lab.see(({ isIdle }) => isIdle, BOUND.show);
  await lab.runAll();
  await lab.see((seen) => seen.isIdle && hasRun(seen), BOUND.run);
  const run = await lab.see((seen) => problemsOf(seen, "run all").length === 0, BOUND.settle);
  await lab.closeNotebook();
  return [...problemsOf(untrusted, "untrusted"), ...problemsOf(run, "run all")];
}

/** Do `act` with a JupyterLab that nobody has used before, and the folder of its notebooks. */
async function withLab(act: (url: (workspace: string) => string, folder: string) => Promise<void>): Promise<void> {
  const folder = join(WORKSHOP, `lab-${process.pid}`);
  const [config, notebooks] = [join(folder, "config"), join(folder, "notebooks")];
  mkdirSync(notebooks, { recursive: true });
  const [[port], token] = [await freePorts(1), randomUUID()];
  const own = ["--no-browser", "--allow-root", "--expose-app-in-browser", "--log-level=ERROR"];
  const server = [`--port=${port}`, "--ServerApp.port_retries=0", `--IdentityProvider.token=${token}`];
  const env = { JUPYTER_CONFIG_DIR: config, JUPYTER_DATA_DIR: join(folder, "data") };
  const jupyter = startLab([...own, ...server, `--ServerApp.root_dir=${notebooks}`], env);
  const end = once(jupyter, "close");
  try {
    const base = `http://127.0.0.1:${port}`;
    const isThere = () => fetch(`${base}/api?token=${token}`).then(({ ok }) => ok, () => false);
    if (!await poll(isThere, (is) => is, BOUND.answer)) throw new Error("JupyterLab does not answer");
    await act((workspace) => `${base}/lab/workspaces/${workspace}?token=${token}`, notebooks);
  } finally {
    jupyter.kill("SIGTERM");
    await end;
    rmSync(folder, { recursive: true, force: true });
  }
}
