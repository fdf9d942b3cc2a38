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
  list: (directory) => fs.existsSync(normalize(directory)) ? fs.readdirSync(normalize(directory)).sort() : null,
  makeDirectory: (directory) => void fs.mkdirSync(normalize(directory)),
  create: (path) => openFile(path, "ax"),
  open: (path) => openFile(path, fs.constants.O_WRONLY | fs.constants.O_APPEND),
  read(path) {
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

/** Logs in real files, a directory a node under `directory`. What is there is gone on with. */
export function fileDisks(directory: string): DiskOf {
  return (id, initial): Disk => {
    const { confState } = initial.initialState();
    return { open: () => FileStorage.open(directoryOf(directory, id), confState, { files: nodeFiles }) };
  };
}

const UNKNOWN = "0";
const ENDED = "ended";

/**
 * A lock on a directory, which a killed process does not keep.
 *
 * `node:fs` has no `flock`, so a lock is an empty file whose name says who holds it: the process, and when it
 * began, because the number of a dead process is given to another one some day. A file of that name is made first, and
 * then the others are looked at. Of two processes that do so at the same time at least one sees the other, whatever the
 * order, and gives up; never do both go on. (Both may give up. That is safe: try again.)
 *
 * When a process began is read in `/proc` on Linux; Deno lets a program do so only with `--allow-all`. Where it cannot be
 * read, the number alone decides, and where even that cannot be asked (Deno without `--allow-run`), the holder counts as
 * alive. The lock means something among the processes of one machine that see each other's numbers: not over a network
 * file system, and not between containers.
 *
 * A process that is started again in a container often gets the number that it had. A lock with this number and no time
 * is not taken over all the same: it may be that of a thread, or of a living process in another container, and two that
 * write one log are worse than none. The error names the file, for a person who knows to remove it.
 */
export function lockDirectory(directory: string): () => void {
  const own = `lock-${process.pid}-${startOf(process.pid)}`;
  const file = `${directory}/${own}`;
  try {
    fs.closeSync(fs.openSync(file, "wx"));
  } catch (error) {
    if (!fs.existsSync(file)) throw error;
    const hint = "that is this process: close it first; " +
      `but if neither it nor another container with such a process has it open, remove ${file}`;
    throw new LockedError(directory, process.pid, hint);
  }
  const release = () => fs.rmSync(file, { force: true });
  for (const name of fs.readdirSync(directory)) {
    const [, pid, start] = LOCK.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    const path = `${directory}/${name}`;
    if (!isGone(Number(pid), start)) {
      release();
      const hint = `end that process first, or, if it is another program by now, remove ${path}`;
      throw new LockedError(directory, Number(pid), hint);
    }
    // Nobody can make this name again: the process is gone.
    fs.rmSync(path, { force: true });
  }
  return release;
}

/** Whether it is certain that the process with this number that began at `start` has ended. */
function isGone(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything else, such as a lack of permission to ask, does not prove that it is dead.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return true;
  }
  const now = startOf(pid);
  return now === ENDED || (start !== UNKNOWN && now !== UNKNOWN && now !== start);
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
