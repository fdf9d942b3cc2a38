/**
 * Real directories for tests, under `.jupyter/`, where tests may write; and logs in them.
 *
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { FileStorage, type FileStorageOptions } from "./file_storage.ts";
import { nodeFiles } from "./node_files.ts";

const PARENT = fileURLToPath(new URL("../../.jupyter", import.meta.url));

/** Open a log in real files, of the nodes 1, 2 and 3 if it is new. */
export function openReal(directory: string, options: Partial<FileStorageOptions> = {}): FileStorage {
  return FileStorage.open(directory, { voters: [1, 2, 3] }, { files: nodeFiles, ...options });
}

/** Make a directory of this test's own. */
export function makeDirectory(): string {
  mkdirSync(PARENT, { recursive: true });
  return mkdtempSync(`${PARENT}/storage-${process.pid}-`);
}

/** Give `use` a directory of its own, and remove it with all that is in it. */
export async function withDirectory<T>(use: (directory: string) => T | Promise<T>): Promise<T> {
  const directory = makeDirectory();
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
