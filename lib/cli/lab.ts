/**
 * `lab`: the notebooks in JupyterLab.
 *
 * @module
 */
import { relative } from "node:path";
import { findNotebooks, ROOT } from "../jupyter/files.ts";
import { findJupyter } from "../jupyter/jupyter_lab.ts";
import { writeKernelSpecs } from "../jupyter/kernel_specs.ts";
import { pack } from "../jupyter/pack.ts";
import { nodeVersion, ProcessError } from "../jupyter/process.ts";
import { write } from "./terminal.ts";

const HELP = `Usage: deno task lab [ARGUMENT ...]

Opens the notebooks in JupyterLab, with both kernels: tslab on Node, and Deno's. Every ARGUMENT is passed on to jupyter lab,
for instance --no-browser or --port 8899. Where no JupyterLab is installed, one is put into .venv, with Python 3.9 or newer.
`;

/** Run `lab` with `args`; the exit status. Interrupts are JupyterLab's own: it asks whether they are meant. */
export async function lab(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  const say = (line: string) => write(Deno.stderr, `${line}\n`);
  try {
    const [first = "README.md"] = findNotebooks([]).found.map((path) => relative(ROOT, path).replaceAll("\\", "/"));
    const child = await launch(
      await findJupyter(ROOT, say),
      [`--LabApp.default_url=/lab/tree/${first}`, ...args],
      {},
      say,
    );
    Deno.addSignalListener("SIGINT", () => {});
    Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
    return (await child.status).code;
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    say(`error: ${error.message}`);
    return 1;
  }
}

/** Start JupyterLab with the project's kernels. */
export async function launch(
  jupyter: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<Deno.ChildProcess> {
  const hasNode = nodeVersion() !== null;
  writeKernelSpecs(hasNode ? ["tslab", "deno"] : ["deno"], ROOT);
  if (!hasNode) say("no Node 20.19, 22.12 or newer is on PATH: choose Deno's kernel in the notebooks");
  else if (await pack(ROOT)) say("the library is packed for Node");
  const paths = [`${ROOT}/.jupyter`, Deno.env.get("JUPYTER_PATH")].filter((path) => path !== undefined);
  const JUPYTER_PATH = paths.join(Deno.build.os === "windows" ? ";" : ":");
  return new Deno.Command(jupyter, { args: ["lab", ...args], cwd: ROOT, env: { ...env, JUPYTER_PATH } }).spawn();
}
