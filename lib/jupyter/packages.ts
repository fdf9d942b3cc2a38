/**
 * The packages that only the notebooks' tools use.
 *
 * They are heavy, and deno.json does not name them: Deno fetches everything that its lock file knows before the first
 * demo runs. They have a lock file of their own, `lib/jupyter/deno.lock`.
 *
 * @module
 */

/** The kernel on Node, the types of Node that its compiler can read, the sockets of Jupyter's protocol, a driver for a browser. */
export const PACKAGES: readonly string[] = [
  "npm:tslab@1.0.22",
  "npm:@types/node@18.19.130",
  "npm:zeromq@6.8.0",
  "npm:playwright-core@1.65.1",
];

/** A module that imports them all, for `deno install --entrypoint`. */
export function entrypoint(): string {
  return PACKAGES.map((name) => `import ${JSON.stringify(name)};\n`).join("");
}

/** Load a package by the name it has in `PACKAGES`; deno.lock must not know of it, so its types are the caller's. */
export async function load(name: "zeromq" | "playwright-core"): Promise<unknown> {
  const specifier = PACKAGES.find((other) => other.startsWith(`npm:${name}@`));
  return await import(String(specifier));
}
