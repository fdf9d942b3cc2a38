/**
 * A lock on a directory that a killed process does not keep.
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

/** The lock files of this thread. */
const held = new Set<string>();

/** See `Files.lock`. */
export function lockDirectory(directory: string): () => void {
  const own = `lock-${process.pid}-${startOf(process.pid)}`;
  const file = `${directory}/${own}`;
  try {
    closeSync(openSync(file, "wx"));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new LockedError(directory, process.pid, hintOnOwn(file));
  }
  held.add(file);
  const release = () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
  for (const name of readdirSync(directory)) {
    const [, pid, start] = LOCK_FILE.exec(name) ?? [];
    if (pid === undefined || name === own) continue;
    const path = `${directory}/${name}`;
    const holder = holderOf(Number(pid), start);
    if (holder !== "gone") {
      release();
      const other = holder === "alive" ? ` (its lock is ${path})` : `; if it is another program by now, remove ${path}`;
      throw new LockedError(directory, Number(pid), `end that process first${other}`);
    }
    // Nobody can make this name again: the process is gone.
    rmSync(path, { force: true });
  }
  return release;
}

/** What to do if `file`, which has the name of this process's own lock, is there already. */
function hintOnOwn(file: string): string {
  if (held.has(file)) return "that is this process: close it first";
  return "that is the number of this process, but it was not opened here: " +
    `if no thread and no other container has it open, remove ${file}`;
}

/** What is known of the process with this number that began at `start`; `perhaps` another one has the number by now. */
function holderOf(pid: number, start: string): "alive" | "perhaps" | "gone" {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything else, such as a lack of permission to ask, does not prove that it is dead.
    if (codeOf(error) === "ESRCH") return "gone";
  }
  const now = startOf(pid);
  if (now === ENDED) return "gone";
  if (start === UNKNOWN || now === UNKNOWN) return "perhaps";
  return now === start ? "alive" : "gone";
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
