/**
 * Real files, by `node:fs`: on Deno and on Node. This is the only module of the parts and of the world that a browser does not
 * have, so only those import it who want real files.
 *
 * `fdatasync` is enough for a file that has grown: POSIX has it store whatever is needed to read the data again,
 * the length included, and leaves out only such things as the time of the last change.
 *
 * `..` in a path takes back the name before it, here already: Deno does so for most calls, and the system for the others,
 * and they differ where that name is a link, or not there.
 *
 * @module
 */
import fs from "node:fs";
import { normalize } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { useMachineCrc32 } from "./crc32.ts";
import type { Disk, DiskOf } from "./disk.ts";
import { FileStorage } from "./file_storage.ts";
import { type Files, LockedError, type OpenFile } from "./files.ts";
import { LOCK } from "./names.ts";

useMachineCrc32(crc32);

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
      return fs.readdirSync(normalize(directory)).sort();
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw error;
    }
  },
  makeDirectory: (directory) => void fs.mkdirSync(normalize(directory)),
  create: (path) => openFile(path, "ax"),
  open: (path) => openFile(path, fs.constants.O_WRONLY | fs.constants.O_APPEND),
  read(path) {
    // To read a pipe or a device may never end.
    if (!fs.statSync(normalize(path)).isFile()) throw new Error("it is no regular file");
    const { buffer, byteOffset, byteLength } = fs.readFileSync(normalize(path));
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  rename: (from, to) => fs.renameSync(normalize(from), normalize(to)),
  remove: (path) => fs.unlinkSync(normalize(path)),
  syncDirectory(directory) {
    // Windows keeps the names of files durable by itself, and cannot open a directory.
    if (process.platform === "win32") return;
    const fd = fs.openSync(normalize(directory), "r");
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  lock: (directory) => lockDirectory(normalize(directory)),
};

/** What the system calls an error. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}

/** Whatever `flags` say, every write goes to the end. The calls are looked up when they are made: a test puts others there. */
function openFile(path: string, flags: "ax" | number): OpenFile {
  const fd = fs.openSync(normalize(path), flags);
  const requireAll = (written: number, { length }: Uint8Array) => {
    if (written < length) throw new Error(`Cannot write ${path}: only ${written} of ${length} bytes were written`);
  };
  return {
    append: (bytes) => requireAll(fs.writeSync(fd, bytes), bytes),
    appendAsync: async (bytes) => requireAll((await promisify(fs.write)(fd, bytes)).bytesWritten, bytes),
    sync: () => fs.fdatasyncSync(fd),
    syncAsync: () => promisify(fs.fdatasync)(fd),
    truncate: (size) => fs.ftruncateSync(fd, size),
    close: () => fs.closeSync(fd),
  };
}

/** The directory of a node's log. */
export function directoryOf(directory: string, id: number): string {
  return `${directory}/node-${id}`;
}

/**
 * Logs in real files, a directory a node under `directory`. What is there is gone on with, if it belongs to that node of this
 * cluster.
 *
 * @param cluster A name that no other cluster has.
 */
export function fileDisks(directory: string, cluster: string = "hello-raft"): DiskOf {
  return (node, initial): Disk => {
    const { confState } = initial.initialState();
    const options = { files: nodeFiles, owner: { cluster, node } };
    return { open: () => FileStorage.open(directoryOf(directory, node), confState, options) };
  };
}

const UNKNOWN = "0";
const ENDED = "ended";

/**
 * A lock on a directory, which a killed process does not keep.
 *
 * `node:fs` has no `flock`, so a lock is an empty file in the directory, whatever path leads there; its name says who holds it:
 * the process, and when it began, because the number of a dead process is given to another one some day. A file of that name
 * is made first, and then the others are looked at. Of two processes that do so at the same time at least one sees the
 * other, whatever the order, and gives up; never do both go on. (Both may give up. That is safe: try again.)
 *
 * A lock is taken over if its process is certainly gone: no process has its number, or the one that has began at another
 * time. That is read in `/proc` on Linux; Deno lets a program do so only with `--allow-all`, and ask for a process only with
 * `--allow-run`. What cannot be asked counts as alive. A process that is started again in a container often gets the number
 * that it had. So a lock with a process' own number needs no `/proc`: if it is older than the process itself, somebody else
 * made it. Only a worker cannot tell when its process began, and leaves it alone.
 *
 * The lock means something among the processes of one machine that see each other's numbers: not over a network file system,
 * and not between containers that run at the same time.
 */
export function lockDirectory(directory: string): () => void {
  const own = `lock-${process.pid}-${startOf(process.pid)}`;
  const file = `${directory}/${own}`;
  if (isOlderThanThisProcess(file)) fs.rmSync(file, { force: true });
  try {
    fs.closeSync(fs.openSync(file, "wx"));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new LockedError(directory, process.pid, "that is this process: close it first");
  }
  const release = () => fs.rmSync(file, { force: true });
  for (const name of fs.readdirSync(directory)) {
    const [, pid, start] = LOCK.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    const path = `${directory}/${name}`;
    if (!isGone(Number(pid), start, path)) {
      release();
      throw new LockedError(directory, Number(pid), "end that process first");
    }
    // Nobody can make this name again: the process is gone.
    fs.rmSync(path, { force: true });
  }
  return release;
}

/** Whether it is certain that the process with this number that began at `start`, and made this lock, has ended. */
function isGone(pid: number, start: string, lock: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything else, such as a lack of permission to ask, does not prove that it is dead.
    if (codeOf(error) === "ESRCH") return true;
  }
  const now = startOf(pid);
  if (now === ENDED || (start !== UNKNOWN && now !== UNKNOWN && now !== start)) return true;
  return pid === process.pid && isOlderThanThisProcess(lock);
}

/** Whether a file is there, and was last changed before this process began. A worker knows when it began itself, no more. */
function isOlderThanThisProcess(file: string): boolean {
  const made = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return !("postMessage" in globalThis) && made < performance.timeOrigin;
}

/** When a process began, as far as it can be known: clock ticks since the machine did, and which of its starts that was. */
function startOf(pid: number): string {
  try {
    // The second field is the program's name in parentheses, and may contain anything.
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(") ") + 2).split(" ");
    // The third is its state: a killed process is a zombie until its parent has asked what became of it.
    if (fields[0] === "Z") return ENDED;
    const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    return `${fields[19]}x${boot}`;
  } catch {
    return UNKNOWN;
  }
}
