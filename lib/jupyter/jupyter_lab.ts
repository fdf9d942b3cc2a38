/**
 * JupyterLab: the one that is installed, or else one in the project's own folder.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { mustRun, ProcessError, run } from "./process.ts";

/** The JupyterLab that is installed into `.venv` where there is none. */
const JUPYTERLAB = "jupyterlab==4.5.11";

/** Where a virtual environment has its programs. */
const BIN = process.platform === "win32" ? "Scripts" : "bin";

/** The `jupyter` with JupyterLab: on PATH, or in `.venv` of the folder `root`, where it is installed if need be. */
export async function findJupyter(root: string, say: (line: string) => void): Promise<string> {
  const installed = await installedJupyter(root);
  if (installed !== null) return installed;
  const python = await findPython(root);
  say(`there is no JupyterLab on PATH: installing ${JUPYTERLAB} into .venv`);
  if (!existsSync(join(root, ".venv", BIN, "python"))) await mustRun(python, ["-m", "venv", ".venv"], root);
  const options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await mustRun(join(root, ".venv", BIN, "python"), [...options, JUPYTERLAB], root);
  return own(root);
}

/** The `jupyter` with JupyterLab that is there already; `null` if none is. */
export async function installedJupyter(root: string): Promise<string | null> {
  for (const jupyter of ["jupyter", own(root)]) {
    if (await succeeds(jupyter, ["lab", "--version"], root)) return jupyter;
  }
  return null;
}

function own(root: string): string {
  return join(root, ".venv", BIN, "jupyter");
}

async function findPython(root: string): Promise<string> {
  const isNew = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))";
  for (const python of ["python3", "python", "py"]) if (await succeeds(python, ["-c", isNew], root)) return python;
  throw new ProcessError(
    "there is no JupyterLab on PATH, and no Python 3.9 or newer with venv to install it with; " +
      "install one of them (on Debian: apt install python3-venv), then run: deno task lab",
  );
}

async function succeeds(command: string, args: readonly string[], cwd: string): Promise<boolean> {
  try {
    return (await run(command, args, cwd)).status === 0;
  } catch (error) {
    if (error instanceof ProcessError) return false;
    throw error;
  }
}
