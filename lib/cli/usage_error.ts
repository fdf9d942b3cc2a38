/**
 * What is wrong with a command line, or with a file or directory that it names.
 *
 * @module
 */

/** A command line that cannot be carried out: one line that names what is wrong, and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What the system says of a file, without its name. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^(.*?\(os error \d+\))/s.exec(message)?.[1] ?? message.split(/[,\n]/)[0];
}

/** Whether `error` is about a log on disk, which says all that can be said; the log's modules are loaded only where logs are kept. */
export function isDiskError(error: unknown): error is Error {
  return error instanceof Error && ["WalError", "LockedError"].includes(error.name);
}
