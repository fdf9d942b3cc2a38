/**
 * Where things are in the project's folder.
 *
 * @module
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url)).replace(/[/\\]$/, "");

/** Where notebooks are, in their order. */
const FOLDERS = [join(ROOT, "notebooks"), join(ROOT, "notebooks", "solutions")];

/** The notebooks that `names` mean, each a path or a name with or without `.ipynb`; without names all there are. */
export function findNotebooks(names: readonly string[]): { found: string[]; unknown: string[] } {
  if (names.length === 0) return { found: FOLDERS.flatMap(notebooksIn), unknown: [] };
  const found: string[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const candidates = [ROOT, ...FOLDERS].flatMap((
      folder,
    ) => [resolve(folder, name), resolve(folder, `${name}.ipynb`)]);
    const path = candidates.find((file) => file.endsWith(".ipynb") && existsSync(file) && statSync(file).isFile());
    if (path === undefined) unknown.push(name);
    else found.push(path);
  }
  return { found, unknown };
}

function notebooksIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".ipynb")).sort().map((name) => join(folder, name));
}

/** Whether the notebook at `path` has the solutions of another one. */
export function isSolution(path: string): boolean {
  return basename(dirname(path)) === "solutions";
}

/** Whether a link in the notebook at `path` leads to a file that is there. */
export function resolvesFrom(path: string): (link: string) => boolean {
  return (link) => existsSync(join(dirname(path), decodeURIComponent(link.split(/[#?]/)[0])));
}
