/**
 * What is wrong with a command line, or with a file or directory that it names.
 *
 * @module
 */
import { word } from "../trace/text.ts";

/** A command line that cannot be carried out: one line that names what is wrong, and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `act` gives; if it fails, "cannot read FILE: why" in one line. */
export function attempt<T>(verb: "read" | "write" | "use", path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`cannot ${verb} ${word(path)}: ${reasonOf(error)}`);
  }
}

/** What the system says, without the names of files. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^(.*?\(os error \d+\))/s.exec(message)?.[1] ?? message.split(/[,\n]/)[0];
}

/** Whether `error` is about a log on disk, which says all that can be said; the log's modules are loaded only where logs are kept. */
export function isDiskError(error: unknown): error is Error {
  return error instanceof Error && ["WalError", "LockedError"].includes(error.name);
}
