/**
 * Real directories for tests: under `.jupyter/`, where tests may write.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";

const PARENT = fileURLToPath(new URL("../../.jupyter", import.meta.url));

/** Make a directory of this test's own. */
export function makeDirectory(): string {
  mkdirSync(PARENT, { recursive: true });
  return mkdtempSync(`${PARENT}/storage-${process.pid}-`);
}

/** Give `use` a directory of its own, and remove it with all that is in it. */
export async function withDirectory(use: (directory: string) => void | Promise<void>): Promise<void> {
  const directory = makeDirectory();
  try {
    await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
