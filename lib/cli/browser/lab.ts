/**
 * A JupyterLab that runs for as long as it is looked at.
 *
 * @module
 */
import { rmSync } from "node:fs";
import type { Browser } from "../../jupyter/browser.ts";
import { ROOT } from "../../jupyter/files.ts";
import { findJupyter } from "../../jupyter/jupyter_lab.ts";
import { LabFolder } from "../../jupyter/lab_settings.ts";
import { launch } from "../lab.ts";

/** The most that JupyterLab may take to answer, in milliseconds. */
const BOUND = 60_000;

/** A JupyterLab that runs, and the browser that looks at it. */
export interface Lab {
  readonly folder: LabFolder;
  readonly browser: Browser;
  /** The address of a notebook in the folder. */
  readonly url: (name: string) => string;
}

/** Do `act` with a JupyterLab that nobody has used before. */
export async function withLab<T>(
  browser: Browser,
  say: (line: string) => void,
  act: (lab: Lab) => Promise<T>,
): Promise<T> {
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
  try {
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/api?token=${token}`);
    return await act({
      folder,
      browser,
      url: (name) => `${base}/lab/workspaces/${name.replace(/\W/g, "-")}/tree/${name}?token=${token}`,
    });
  } finally {
    jupyter.kill("SIGTERM");
    await jupyter.status;
    rmSync(folder.path, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<void> {
  for (let waited = 0; waited < BOUND; waited += 500) {
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
