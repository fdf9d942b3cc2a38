/**
 * Real files, by `node:fs`: on Deno and on Node.
 *
 * Floor 5. `fdatasync` is enough for a file that has grown: POSIX has it store whatever is needed to read the data again,
 * the length included, and leaves out only such things as the time of the last change.
 *
 * @module
 */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  write,
  writeSync,
} from "node:fs";
import process from "node:process";
import { promisify } from "node:util";
import type { Files, OpenFile } from "./files.ts";
import { lockDirectory } from "./node_lock.ts";

const dataSync = promisify(fdatasync);

/**
 * The file system of this machine.
 *
 * @example
 * ```ts
 * import { nodeFiles } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(nodeFiles.list("/no/such/directory"), null);
 * ```
 */
export const nodeFiles: Files = {
  list(directory) {
    try {
      return readdirSync(directory).sort();
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  },
  makeDirectory: (directory) => void mkdirSync(directory),
  create: (path) => openFile(path, "ax"),
  open: (path) => openFile(path, constants.O_WRONLY | constants.O_APPEND),
  read(path) {
    const { buffer, byteOffset, byteLength } = readFileSync(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  rename: renameSync,
  remove: unlinkSync,
  syncDirectory(directory) {
    // Windows keeps the names of files durable by itself, and cannot open a directory.
    if (process.platform === "win32") return;
    const fd = openSync(directory, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  },
  lock: lockDirectory,
};

/** Whatever `flags` say, every write goes to the end. */
function openFile(path: string, flags: "ax" | number): OpenFile {
  const fd = openSync(path, flags);
  const requireAll = (written: number, { length }: Uint8Array) => {
    if (written < length) throw new Error(`Cannot write ${path}: only ${written} of ${length} bytes were written`);
  };
  return {
    append: (bytes) => requireAll(writeSync(fd, bytes), bytes),
    appendAsync: (bytes) =>
      new Promise((resolve, reject) =>
        write(fd, bytes, (error, written) => {
          if (error) return reject(error);
          try {
            resolve(requireAll(written, bytes));
          } catch (short) {
            reject(short);
          }
        })
      ),
    sync: () => fdatasyncSync(fd),
    syncAsync: () => dataSync(fd),
    truncate: (size) => ftruncateSync(fd, size),
    close: () => closeSync(fd),
  };
}
