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
import { count, word } from "../trace/text.ts";
import { UsageError } from "../cli/usage_error.ts";
import { freePort, kernelSpec, START_BOUND, usableKernels } from "./kernel.ts";
import { installedJupyter, startLab } from "./lab.ts";
import { type Browser, lookAt, openBrowser } from "./lab_page.ts";
import { describe, parseNotebook } from "./notebook_file.ts";
import { playerProblems } from "./player_page.ts";
import { allNotebooks, inParallel, inProject, poll, WORKSHOP } from "./project.ts";

/** Where Debian's Chromium is. */
const CHROMIUM = "/usr/bin/chromium";

const HELP = `Usage: deno task browser

Opens pages of players in Chromium, uses every control with the mouse and with keys, and audits what is seen. Then opens every notebook in JupyterLab, untrusted and
after Run All, and looks whether every figure is displayed, every player is a film strip and then can be played, no
notebook is marked as changed when it is opened, no prompt lies over it, and no error is shown. Where JupyterLab or ${CHROMIUM} is missing it says so and does nothing,
unless CI is "true". Exit status: 0, or 1 if something is not as it should be.`;

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
  await using chromium = await openBrowser(CHROMIUM);
  const found = await playerProblems(chromium);
  for (const detail of found) console.log(`the player: its page alone: ${detail}`);
  if (found.length === 0) console.log("the player's page seen");
  const areSeen = await lookAtNotebooks(chromium);
  return found.length === 0 && areSeen ? 0 : 1;
}

/** Whether every notebook is as it should be. */
async function lookAtNotebooks(browser: Browser): Promise<boolean> {
  const paths = allNotebooks();
  const [name] = usableKernels();
  const { display_name, language } = kernelSpec(name);
  const metadata = { kernelspec: { display_name, language, name } };
  let broken = 0;
  await withLab(async (url, folder) => {
    const looks = paths.map((path, i) => async () => {
      const text = readFileSync(path, "utf8");
      const copy = inProject(path).replaceAll("/", "-");
      // As it is, unless the kernel that it names is missing.
      const opened = name === "tslab" ? text : JSON.stringify({ ...JSON.parse(text), metadata });
      writeFileSync(join(folder, copy), opened);
      const problems = await lookAt(parseNotebook(text, inProject(path)), browser, url(`tab-${i}`), copy);
      for (const problem of problems) console.log(describe(inProject(path), problem));
      if (problems.length > 0) broken++;
      console.error(`${inProject(path)}: ${problems.length === 0 ? "seen" : "not as it should be"}`);
    });
    await inParallel(looks, TABS);
  });
  const all = count(paths.length, "notebook");
  console.log(broken === 0 ? `${all} seen in JupyterLab` : `${broken} of ${all} failed`);
  return broken === 0;
}

/** Do `act` with a JupyterLab that nobody has used before, and the folder of its notebooks. */
async function withLab(act: (url: (workspace: string) => string, folder: string) => Promise<void>): Promise<void> {
  const folder = join(WORKSHOP, `lab-${process.pid}`);
  const [config, notebooks] = [join(folder, "config"), join(folder, "notebooks")];
  mkdirSync(notebooks, { recursive: true });
  const [port, token] = [await freePort(), randomUUID()];
  const own = ["--no-browser", "--allow-root", "--expose-app-in-browser", "--log-level=ERROR"];
  const server = [`--port=${port}`, "--ServerApp.port_retries=0", `--IdentityProvider.token=${token}`];
  const env = { JUPYTER_CONFIG_DIR: config, JUPYTER_DATA_DIR: join(folder, "data") };
  const jupyter = startLab([...own, ...server, `--ServerApp.root_dir=${notebooks}`], env);
  const end = once(jupyter, "close");
  try {
    const base = `http://127.0.0.1:${port}`;
    const isThere = () => fetch(`${base}/api?token=${token}`).then(({ ok }) => ok, () => false);
    if (!await poll(isThere, (is) => is, START_BOUND)) throw new Error("JupyterLab does not answer");
    await act((workspace) => `${base}/lab/workspaces/${workspace}?token=${token}`, notebooks);
  } finally {
    jupyter.kill("SIGTERM");
    await end;
    rmSync(folder, { recursive: true, force: true });
  }
}
