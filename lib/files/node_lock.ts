/**
 * A lock on a directory that a killed process does not keep.
 *
 * Floor 5. `node:fs` has no `flock`, so a lock is an empty file whose name says who holds it: the process, and when it
 * began, because the number of a dead process is given to another one some day. A file of that name is made first, and
 * then the others are looked at. Of two processes that do so at the same time at least one sees the other, whatever the
 * order, and gives up; never do both go on. (Both may give up. That is safe: try again.)
 *
 * When a process began is read in `/proc` on Linux; Deno lets a program do so only with `--allow-all`. Where it cannot be
 * read, the number alone decides, and where even that cannot be asked (Deno without `--allow-run`), the holder counts as
 * alive. The lock means something among the processes of one machine that see each other's numbers: not over a network
 * file system, and not between containers.
 *
 * @module
 */
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import process from "node:process";
import { LockedError } from "./files.ts";

const LOCK_FILE = /^lock-(\d+)-(\w+)$/;
const UNKNOWN = "0";
const ENDED = "ended";

/** Whether `name` is that of a lock file. */
export function isLockFile(name: string): boolean {
  return LOCK_FILE.test(name);
}

/** See `Files.lock`. */
export function lockDirectory(directory: string): () => void {
  const own = `lock-${process.pid}-${startOf(process.pid)}`;
  try {
    closeSync(openSync(`${directory}/${own}`, "wx"));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new LockedError(directory, process.pid, `that is this process: close it first (or remove a stale ${own})`);
  }
  const release = () => rmSync(`${directory}/${own}`, { force: true });
  for (const name of readdirSync(directory)) {
    const [, pid, start] = LOCK_FILE.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    if (isAlive(Number(pid), start)) {
      release();
      throw new LockedError(directory, Number(pid), `end that process first (its lock is the file ${name})`);
    }
    // Nobody can make this name again: the process is gone.
    rmSync(`${directory}/${name}`, { force: true });
  }
  return release;
}

/** Whether the process with this number runs, and is the one that began at `start`. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything else, such as a lack of permission to ask, does not prove that it is dead.
    if (codeOf(error) === "ESRCH") return false;
  }
  const now = startOf(pid);
  return now !== ENDED && (start === UNKNOWN || now === UNKNOWN || now === start);
}

/** When a process began, as far as it can be known: clock ticks since the machine did, and which of its starts that was. */
function startOf(pid: number): string {
  try {
    // The second field is the program's name in parentheses, and may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    // The third is its state: a killed process is a zombie until its parent has asked what became of it.
    if (fields[0] === "Z") return ENDED;
    const ticks = fields[19];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    return ticks === undefined ? UNKNOWN : `${ticks}x${boot}`;
  } catch {
    return UNKNOWN;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
