/**
 * `lab`: the notebooks in JupyterLab, the one that is installed, or else one in the project's own folder.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { UsageError } from "../cli/usage_error.ts";
import { kernelSpec, usableKernels } from "./kernel.ts";
import { pack } from "./pack.ts";
import { allNotebooks, inProject, mustRun, ROOT, succeeds, WORKSHOP } from "./project.ts";

const HELP = `Usage: deno task lab [ARGUMENT ...]

Opens the notebooks in JupyterLab, with both kernels: tslab on Node, and Deno's. Every ARGUMENT is passed on to jupyter lab,
for instance --no-browser or --port 8899. Where no JupyterLab is installed, one is put into .venv, with Python 3.9 or newer.`;

/** The JupyterLab that is installed into `.venv` where there is none. */
const JUPYTERLAB = "jupyterlab==4.5.11";

/** JupyterLab's settings here, wherever the user has none: it does not ask a newcomer whether it may fetch news. */
const SETTINGS = { "@jupyterlab/apputils-extension:notification": { fetchNews: "false" } };

/** Where a virtual environment has its programs. */
const BIN = join(ROOT, ".venv", process.platform === "win32" ? "Scripts" : "bin");

/** Run `lab` with `args`; the exit status. Interrupts are JupyterLab's own: it asks whether they are meant. */
export async function lab(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  const [first] = allNotebooks().map(inProject);
  const child = startLab([`--LabApp.default_url=/lab/tree/${first}`, ...args]);
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [status] = await once(child, "close");
  return status ?? 1;
}

/** Start JupyterLab with the project's kernels and settings. */
export function startLab(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const jupyter = installedJupyter() ?? installJupyter();
  const kernels = usableKernels();
  for (const name of kernels) {
    writeJson(join(WORKSHOP, "kernels", name), "kernel.json", kernelSpec(name));
  }
  writeJson(join(WORKSHOP, "config", "labconfig"), "default_setting_overrides.json", SETTINGS);
  if (kernels.includes("tslab")) pack();
  // Jupyter finds kernels and settings there; nothing is installed for the user or the machine.
  const JUPYTER_PATH = pathList(WORKSHOP, process.env.JUPYTER_PATH);
  const JUPYTER_CONFIG_PATH = pathList(join(WORKSHOP, "config"), process.env.JUPYTER_CONFIG_PATH);
  const all = { ...process.env, ...env, JUPYTER_PATH, JUPYTER_CONFIG_PATH };
  return spawn(jupyter, ["lab", ...args], { cwd: ROOT, env: all, stdio: "inherit" });
}

function writeJson(folder: string, name: string, value: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

function pathList(...paths: readonly (string | undefined)[]): string {
  return paths.filter((path) => path !== undefined).join(delimiter);
}

/** The `jupyter` with JupyterLab, on PATH or in `.venv`; `null` if there is none. */
export function installedJupyter(): string | null {
  return ["jupyter", join(BIN, "jupyter")].find((jupyter) => succeeds(jupyter, ["lab", "--version"])) ?? null;
}

/** Install JupyterLab into `.venv`; its `jupyter`. */
function installJupyter(): string {
  const isNew = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
  const python = ["python3", "python", "py"].find((python) => succeeds(python, ["-c", isNew]));
  if (python === undefined) {
    throw new UsageError(
      "there is no JupyterLab on PATH, and no Python 3.9 or newer with venv to install it with; " +
        "install one of them (on Debian: apt install python3-venv), then run: deno task lab",
    );
  }
  console.error(`there is no JupyterLab on PATH: installing ${JUPYTERLAB} into .venv`);
  mustRun(python, ["-m", "venv", ".venv"]);
  mustRun(join(BIN, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", JUPYTERLAB]);
  return join(BIN, "jupyter");
}
