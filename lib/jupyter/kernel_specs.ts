/**
 * How the kernels are started: Jupyter's kernel specifications, in the project's own folder.
 *
 * Jupyter finds them where `JUPYTER_PATH` names `.jupyter`; nothing is installed for the user or the machine.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DENO } from "./process.ts";

/** The kernels. */
export type KernelName = "deno" | "tslab";

/** A kernel specification. */
export interface KernelSpec {
  /** The program and its arguments; `{connection_file}` stands for a path. */
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: "typescript";
  readonly env: Readonly<Record<string, string>>;
}

/** How `name` is started for the project in the folder `root`. */
export function kernelSpec(name: KernelName, root: string): KernelSpec {
  const env = { NO_COLOR: "1" };
  if (name === "deno") {
    const argv = [DENO, "jupyter", "--kernel", "--conn", "{connection_file}"];
    return { argv, display_name: "Deno", language: "typescript", env };
  }
  const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
  const argv = ["node", tslab, "kernel", "--config-path", "{connection_file}"];
  return { argv, display_name: "TypeScript (tslab)", language: "typescript", env };
}

/** Write the specifications of `names` to `.jupyter/kernels/` in the folder `root`. */
export function writeKernelSpecs(names: readonly KernelName[], root: string): void {
  for (const name of names) {
    const folder = join(root, ".jupyter", "kernels", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(name, root), null, 2)}\n`);
  }
}
