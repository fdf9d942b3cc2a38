/**
 * Files in memory that forget what was not synced when the machine crashes, and fail when told to.
 *
 * To see what a log on disk has to cope with, and to test that it does: every operation is recorded, so a run can
 * be stopped after each of them, and what of the unsynced data survives is the caller's choice, not chance.
 *
 * @module
 */
import { type Files, LockedError, type OpenFile, parentOf } from "./files.ts";

/**
 * What of the unsynced data survives a crash: nothing; everything; or, as a number, all names and lengths that were cut,
 * and of the bytes that were appended to each file since its last sync the first so many.
 */
export type Survival = "none" | "all" | number;

/** Something that was done, or tried, with files. */
export interface FileOperation {
  /** What was done. */
  readonly kind: "append" | "sync" | "truncate" | "makeDirectory" | "create" | "rename" | "remove" | "syncDirectory";
  /** To which file or directory; of a rename, the new name. */
  readonly path: string;
  /** How many bytes were to be appended, or to remain; 0 where there are none to speak of. */
  readonly bytes: number;
}

/** How an operation fails: not at all done, or, if it appends, after so many bytes. */
export type Fault = "error" | { readonly afterBytes: number };

/**
 * Files in memory.
 *
 * @example What was not synced is gone.
 * ```ts
 * import { MemoryFiles } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const files = new MemoryFiles();
 * files.makeDirectory("d");
 * const file = files.create("d/votes");
 * files.syncDirectory("d");
 * file.append(new Uint8Array([1, 2, 3]));
 * file.sync();
 * file.append(new Uint8Array([4, 5]));
 * files.crash(1);
 * strictEqual(files.read("d/votes").length, 4);
 * ```
 */
export class MemoryFiles implements Files {
  /** Everything that was done or tried since the beginning, in order. */
  readonly operations: FileOperation[] = [];
  readonly #faults = new Map<number, Fault>();
  #stopAt = Infinity;
  /** Counts the crashes: a file opened before one is of no use behind it. */
  #life = 0;
  /** `null` is a directory. */
  #names = new Map<string, Content | null>();
  #durableNames = new Map<string, Content | null>();
  #locks = new Set<string>();

  /** Let the operation with this number fail; the first of all is number 0. */
  failAt(operation: number, fault: Fault): void {
    this.#faults.set(operation, fault);
  }

  /** Stop before the operation with this number: it and all later ones fail, undone, until `crash` or `kill`. */
  stopAt(operation: number): void {
    this.#stopAt = operation;
  }

  /** The machine loses power and comes back: all files are closed and all locks released. No faults remain planned. */
  crash(survival: Survival): void {
    if (survival === "none") this.#names = new Map(this.#durableNames);
    for (const path of this.#names.keys()) if (!this.#isDirectory(parentOf(path))) this.#names.delete(path);
    for (const content of this.#names.values()) content?.survive(survival);
    this.#durableNames = new Map(this.#names);
    this.kill();
    this.#faults.clear();
  }

  /** The program is killed, and the machine goes on: all files are closed and all locks released, and nothing is lost. */
  kill(): void {
    this.#life++;
    this.#locks = new Set();
    this.#stopAt = Infinity;
  }

  /** Put a file there, durable and unrecorded, in place of what was there: for damage of any kind. */
  put(path: string, bytes: Uint8Array): void {
    const content = new Content(bytes.slice());
    this.#names.set(path, content);
    this.#durableNames.set(path, content);
  }

  /** Other files with the same content, all of it durable, and nothing recorded. */
  copy(): MemoryFiles {
    const copy = new MemoryFiles();
    for (const [path, content] of this.#names) copy.#names.set(path, content && new Content(content.bytes));
    copy.#durableNames = new Map(copy.#names);
    return copy;
  }

  /** See {@link Files.list}. */
  list(directory: string): string[] | null {
    if (!this.#isDirectory(directory)) return null;
    const paths = [...this.#names.keys()].filter((path) => parentOf(path) === directory);
    return paths.map((path) => path.slice(path.lastIndexOf("/") + 1)).sort();
  }

  /** See {@link Files.makeDirectory}. */
  makeDirectory(path: string): void {
    this.#requireNew(path);
    this.#do({ kind: "makeDirectory", path, bytes: 0 });
    this.#names.set(path, null);
  }

  /** See {@link Files.create}. */
  create(path: string): OpenFile {
    this.#requireNew(path);
    this.#do({ kind: "create", path, bytes: 0 });
    this.#names.set(path, new Content(new Uint8Array()));
    return this.open(path);
  }

  /** See {@link Files.open}. */
  open(path: string): OpenFile {
    const content = this.#content(path);
    const life = this.#life;
    let isOpen = true;
    const attempt = (kind: FileOperation["kind"], bytes = 0): number => {
      if (!isOpen || life !== this.#life) throw new Error(`EBADF: ${path} is no longer open`);
      return this.#do({ kind, path, bytes });
    };
    const append = (bytes: Uint8Array) => {
      const written = attempt("append", bytes.length);
      content.append(bytes.subarray(0, written));
      if (written < bytes.length) throw new Error(`ENOSPC: only ${written} of ${bytes.length} bytes fit in ${path}`);
    };
    const sync = () => {
      if (this.#faults.get(this.operations.length) === "error") content.failSync();
      attempt("sync");
      content.sync();
    };
    return {
      append,
      appendAsync: (bytes) => Promise.resolve().then(() => append(bytes)),
      sync,
      syncAsync: () => Promise.resolve().then(sync),
      truncate: (size) => {
        attempt("truncate", size);
        content.truncate(size);
      },
      close: () => void (isOpen = false),
    };
  }

  /** See {@link Files.read}. */
  read(path: string): Uint8Array {
    return this.#content(path).bytes.slice();
  }

  /** See {@link Files.rename}. */
  rename(from: string, to: string): void {
    const content = this.#content(from);
    this.#do({ kind: "rename", path: to, bytes: 0 });
    this.#names.delete(from);
    this.#names.set(to, content);
  }

  /** See {@link Files.remove}. */
  remove(path: string): void {
    this.#content(path);
    this.#do({ kind: "remove", path, bytes: 0 });
    this.#names.delete(path);
  }

  /** See {@link Files.syncDirectory}. */
  syncDirectory(path: string): void {
    this.#do({ kind: "syncDirectory", path, bytes: 0 });
    const isIn = ([name]: [string, unknown]) => parentOf(name) === path;
    const others = [...this.#durableNames].filter((entry) => !isIn(entry));
    this.#durableNames = new Map([...others, ...[...this.#names].filter(isIn)]);
  }

  /** See {@link Files.lock}. All of it happens in one program, which is process 1 here. */
  lock(directory: string): () => void {
    if (this.#locks.has(directory)) throw new LockedError(directory, 1, "close it first");
    this.#locks.add(directory);
    const locks = this.#locks;
    return () => void locks.delete(directory);
  }

  /** Whether there is such a directory, in one that is there. `.` and `/` always are. */
  #isDirectory(path: string): boolean {
    return path === "." || path === "/" || (this.#names.get(path) === null && this.#isDirectory(parentOf(path)));
  }

  #requireNew(path: string): void {
    if (this.#names.has(path)) throw new Error(`EEXIST: ${path} is there already`);
    if (!this.#isDirectory(parentOf(path))) throw new Error(`ENOENT: there is no directory ${parentOf(path)}`);
  }

  #content(path: string): Content {
    const content = this.#names.get(path);
    if (!content) throw new Error(`ENOENT: there is no file ${path}`);
    return content;
  }

  /** Record an operation; how many of its bytes are written if it appends. Throws if it is to fail altogether. */
  #do(operation: FileOperation): number {
    const number = this.operations.length;
    if (number >= this.#stopAt) throw new Error(`EIO: the machine stopped before ${operation.kind} ${operation.path}`);
    this.operations.push(operation);
    const fault = this.#faults.get(number);
    if (fault === "error") throw new Error(`EIO: cannot ${operation.kind} ${operation.path}`);
    return Math.min(operation.bytes, fault?.afterBytes ?? Infinity);
  }
}

/** The content of a file: as programs see it, and as the disk has it. A new one is durable. */
class Content {
  /** As of the last sync. */
  #durable: Uint8Array;
  /** Since the last sync, what stands before this length has not changed. */
  #intact: number;
  /** From where to where a sync that failed has left bytes that no later one will write. */
  #dropped: { readonly from: number; readonly to: number } | null = null;

  /** `bytes` are what programs see, never changed in place. */
  constructor(public bytes: Uint8Array) {
    this.#durable = bytes;
    this.#intact = bytes.length;
  }

  append(more: Uint8Array): void {
    const both = new Uint8Array(this.bytes.length + more.length);
    both.set(this.bytes);
    both.set(more, this.bytes.length);
    this.bytes = both;
  }

  truncate(size: number): void {
    this.bytes = this.bytes.slice(0, size);
    this.#intact = Math.min(this.#intact, size);
    if (this.#dropped !== null && this.#dropped.from >= size) this.#dropped = null;
  }

  /** Let the disk have what programs see; but it has zeros where an earlier sync has failed. */
  sync(): void {
    const dropped = this.#dropped;
    this.#durable = dropped === null ? this.bytes : this.bytes.slice().fill(0, dropped.from, dropped.to);
    this.#intact = this.bytes.length;
  }

  /**
   * A sync that fails. As several file systems of Linux do, the system gives up on these bytes, and takes them for written:
   * programs go on seeing them, and the disk never will.
   */
  failSync(): void {
    this.#dropped = { from: this.#dropped?.from ?? this.#intact, to: this.bytes.length };
  }

  /** Let programs see what a crash leaves. */
  survive(survival: Survival): void {
    if (survival === "none") this.bytes = this.#durable;
    else if (survival !== "all") this.bytes = this.bytes.slice(0, this.#intact + survival);
    this.#dropped = null;
    this.sync();
  }
}
