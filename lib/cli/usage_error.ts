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

/**
 * `error` or its cause, if that says in a line all that can be said: a mistake of the user, or what the system or a log on disk
 * says. The log's modules are loaded only where logs are kept.
 */
export function explained(error: unknown): Error | undefined {
  const errors = [error, error instanceof Error ? error.cause : null].filter((each) => each instanceof Error);
  return errors.find(({ name, message }) =>
    ["UsageError", "WalError", "LockedError"].includes(name) || /\(os error \d+\)/.test(message)
  );
}
