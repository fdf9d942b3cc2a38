/**
 * The few things that a log on disk asks of a file system, when each of them is durable, and the errors of both.
 *
 * Two implementations: `nodeFiles` for real files, `MemoryFiles` for files that crash and fail when told to.
 * Paths are joined with `/`; a directory's path has none at its end.
 *
 * @module
 */

/** A file that is open for writing at its end. */
export interface OpenFile {
  /**
   * Write `bytes` at the end. Not durable before `sync`.
   *
   * @throws {Error} unless all of them were written; some of them may have been.
   */
  append(bytes: Uint8Array): void;
  /** As `append`, without blocking. One call at a time. */
  appendAsync(bytes: Uint8Array): Promise<void>;
  /**
   * Make the content and the length durable: `fdatasync`. The file's name is the directory's matter.
   *
   * @throws {Error} if that failed; what is durable is then unknown, and asking again does not tell.
   */
  sync(): void;
  /** As `sync`, without blocking. */
  syncAsync(): Promise<void>;
  /** Cut the file to `size` bytes. Not durable before `sync`. */
  truncate(size: number): void;
  /** Let go of the file. */
  close(): void;
}

/** A file system. Every call may throw an error of the system, for example if access is denied. */
export interface Files {
  /** The names in `directory`, in ascending order; `null` if there is no such directory. */
  list(directory: string): string[] | null;
  /** Make a directory, in one that is there. Its name is durable after `syncDirectory` of that one. */
  makeDirectory(directory: string): void;
  /** Make a new, empty file. Its name is durable after `syncDirectory`. */
  create(path: string): OpenFile;
  /** Open a file that is there. */
  open(path: string): OpenFile;
  /** The whole content of a file. */
  read(path: string): Uint8Array;
  /** Give a file another name in the same directory, at once. The new name is durable after `syncDirectory`. */
  rename(from: string, to: string): void;
  /** Remove a file. It may come back after a crash until `syncDirectory`. */
  remove(path: string): void;
  /** Make the names in `directory` durable. */
  syncDirectory(directory: string): void;
  /**
   * Keep other processes from locking `directory`.
   *
   * @returns What to call to let go of it.
   * @throws {LockedError} if a living process has it.
   */
  lock(directory: string): () => void;
}

/** The directory that a file or a directory is in. Without a name before it, that is `.`, where the program runs. */
export function parentOf(path: string): string {
  const end = path.replace(/\/+$/, "").lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, Math.max(end, 1));
}

/** A directory that another process, or this one, is already using. */
export class LockedError extends Error {
  /** What tells it from other errors. */
  override readonly name = "LockedError";

  /** `pid` is the process that has it; `hint` says what to do. */
  constructor(directory: string, readonly pid: number, hint: string) {
    super(`Cannot lock ${directory}: process ${pid} has it open; ${hint}`);
  }
}

/**
 * What is wrong with a log on disk.
 *
 * - `Damaged`: what was durable once is no longer there as it was written. The node must not vote.
 * - `OtherVersion`: a later or an earlier version of this program wrote it.
 * - `ForeignFile`: there is a file in the directory that does not belong to a log, or to one of another node or cluster.
 * - `Unreadable`: the files cannot be read or written.
 * - `Poisoned`: a write failed before; what is durable is unknown until the log is opened again.
 * - `Busy`: a write that does not block is under way.
 * - `Closed`: it was closed.
 */
export type WalErrorKind = "Damaged" | "OtherVersion" | "ForeignFile" | "Unreadable" | "Poisoned" | "Busy" | "Closed";

/** A log on disk that cannot be used. Unless the kind is `Poisoned`, nothing in it was changed. */
export class WalError extends Error {
  /** What tells it from other errors. */
  override readonly name = "WalError";

  /** `kind` is what is wrong; `message` says what could not be done, why, and what to do. */
  constructor(readonly kind: WalErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
