/**
 * `browser`: the player and the notebooks as a reader sees them, in a browser and in JupyterLab.
 *
 * Where there is no browser or no JupyterLab it says so and does nothing, unless `CI` is `true`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { type Browser, openBrowser } from "../../jupyter/browser.ts";
import { findNotebooks, ROOT } from "../../jupyter/files.ts";
import { installedJupyter } from "../../jupyter/jupyter_lab.ts";
import { describe } from "../../jupyter/problem.ts";
import { withLab } from "./lab.ts";
import { look } from "./notebook.ts";
import { asksForHelp, BROWSER_HELP, CHROMIUM } from "./options.ts";
import { playerProblems } from "./player.ts";
import { write } from "../terminal.ts";

const say = (line: string) => write(Deno.stderr, `${line}\n`);

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
  const chromium = await openBrowser(CHROMIUM);
  try {
    const isPlayed = await lookAtPlayer(chromium);
    const areSeen = await lookAtNotebooks(chromium, notebooks);
    return isPlayed && areSeen ? 0 : 1;
  } finally {
    await chromium.close();
  }
}

/** Whether the player is as it should be. */
async function lookAtPlayer(browser: Browser): Promise<boolean> {
  const problems = await playerProblems(browser);
  for (const problem of problems) write(Deno.stdout, `${describe("the player", problem)}\n`);
  if (problems.length === 0) write(Deno.stdout, "the player's page seen\n");
  return problems.length === 0;
}

/** Whether every notebook is as it should be. */
async function lookAtNotebooks(browser: Browser, notebooks: readonly string[]): Promise<boolean> {
  let broken = 0;
  await withLab(browser, say, async (lab) => {
    for (const path of notebooks) {
      const problems = await look(lab, path, say);
      for (const problem of problems) write(Deno.stdout, `${describe(relative(ROOT, path), problem)}\n`);
      if (problems.length > 0) broken++;
    }
  });
  const count = `${notebooks.length} ${notebooks.length === 1 ? "notebook" : "notebooks"}`;
  write(Deno.stdout, broken === 0 ? `${count} seen in JupyterLab\n` : `${broken} of ${count} failed\n`);
  return broken === 0;
}
