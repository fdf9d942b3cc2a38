/**
 * Real files, by `node:fs`: on Deno and on Node.
 *
 * `fdatasync` is enough for a file that has grown: POSIX has it store whatever is needed to read the data again,
 * the length included, and leaves out only such things as the time of the last change.
 *
 * `..` in a path takes back the name before it, here already: Deno does so for most calls, and the system for the others,
 * and they differ where that name is a link, or not there.
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
import { normalize } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Files, OpenFile } from "./files.ts";
import { lockDirectory } from "./node_lock.ts";

/** The calls of `node:fs` on which it depends what is on the disk. */
export type DiskCalls = Readonly<{
  write(fd: number, bytes: Uint8Array, done: (error: Error | null, written: number) => void): void;
  writeSync(fd: number, bytes: Uint8Array): number;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
  fdatasyncSync(fd: number): void;
  fsyncSync(fd: number): void;
}>;

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
export const nodeFiles: Files = filesOn({ write, writeSync, fdatasync, fdatasyncSync, fsyncSync });

/** The file system of this machine, by these calls. */
export function filesOn(disk: DiskCalls): Files {
  return {
    list(directory) {
      try {
        return readdirSync(normalize(directory)).sort();
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      }
    },
    makeDirectory: (directory) => void mkdirSync(normalize(directory)),
    create: (path) => openFile(disk, path, "ax"),
    open: (path) => openFile(disk, path, constants.O_WRONLY | constants.O_APPEND),
    read(path) {
      const { buffer, byteOffset, byteLength } = readFileSync(normalize(path));
      return new Uint8Array(buffer, byteOffset, byteLength);
    },
    rename: (from, to) => renameSync(normalize(from), normalize(to)),
    remove: (path) => unlinkSync(normalize(path)),
    syncDirectory(directory) {
      // Windows keeps the names of files durable by itself, and cannot open a directory.
      if (process.platform === "win32") return;
      const fd = openSync(normalize(directory), "r");
      try {
        disk.fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    },
    lock: (directory) => lockDirectory(normalize(directory)),
  };
}

/** Whatever `flags` say, every write goes to the end. */
function openFile(disk: DiskCalls, path: string, flags: "ax" | number): OpenFile {
  const fd = openSync(normalize(path), flags);
  const dataSync = promisify(disk.fdatasync);
  const requireAll = (written: number, { length }: Uint8Array) => {
    if (written < length) throw new Error(`Cannot write ${path}: only ${written} of ${length} bytes were written`);
  };
  return {
    append: (bytes) => requireAll(disk.writeSync(fd, bytes), bytes),
    appendAsync: (bytes) =>
      new Promise((resolve, reject) =>
        disk.write(fd, bytes, (error, written) => {
          if (error) return reject(error);
          try {
            resolve(requireAll(written, bytes));
          } catch (short) {
            reject(short);
          }
        })
      ),
    sync: () => disk.fdatasyncSync(fd),
    syncAsync: () => dataSync(fd),
    truncate: (size) => ftruncateSync(fd, size),
    close: () => closeSync(fd),
  };
}
