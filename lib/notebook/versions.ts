/**
 * What a notebook ran on.
 *
 * The runtime is not among it: what a notebook shows is the same on all of them.
 *
 * @module
 */

/** The packages a notebook's outputs depend on; a test holds them to deno.json. */
const VERSIONS: Readonly<Record<string, string>> = {
  "hello-raft": "0.1.0",
  "zod": "4.6.7",
  "@observablehq/plot": "0.6.17",
};

/**
 * The versions of this library and of what it is made with, in one line.
 *
 * @example
 * ```ts
 * import { versions } from "hello-raft";
 *
 * console.log(versions());
 * ```
 */
export function versions(): string {
  return Object.entries(VERSIONS).map(([name, version]) => `${name} ${version}`).join(", ");
}
