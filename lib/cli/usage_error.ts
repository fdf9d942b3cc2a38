/**
 * What is wrong with a command line, or with a file or directory that it names.
 *
 * @module
 */
import { visible, word } from "../trace/text.ts";

/** A command line that cannot be carried out: one line that names what is wrong, and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What the system did: a full disk, a permission that is missing. */
class SystemError extends Error {
  override readonly name = "SystemError";
}

/** What the system says of a path that means nothing, or something else. */
const MISTAKES: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ELOOP", "ENAMETOOLONG"]);

/** What `act` gives; if it fails, "cannot read FILE: why" in one line. */
export function attempt<T>(verb: "read" | "write" | "use", path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const message = `cannot ${verb} ${word(path)}: ${reasonOf(error)}`;
    const isOwn = error instanceof Error && !isOfSystem(error);
    throw isOwn || MISTAKES.has(codeOf(error)) ? new UsageError(message) : new SystemError(message);
  }
}

/** What the system says, without the names of files; what Deno says of a permission, with the flag that gives it. */
function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return /^(.*?\(os error \d+\))/s.exec(message)?.[1] ?? message.split(/[,\n]/)[0];
}

/** What is wrong with what the user wrote; with a log on disk, or with the system. Their modules are loaded only where they are used. */
const OF_USERS = ["UsageError", "ScenarioError", "ClusterError", "NetworkError"];
const OTHERS = ["WalError", "LockedError", "SystemError"];

/**
 * What is to be said of `error`, or of its cause, if a user or the system is why: a message without controls, and the exit
 * status. `null` if it is a fault of this program.
 */
export function explained(error: unknown): { readonly message: string; readonly status: 1 | 2 } | null {
  const errors = [error, error instanceof Error ? error.cause : null].filter((each) => each instanceof Error);
  const told = errors.find((each) => OF_USERS.includes(each.name) || OTHERS.includes(each.name) || isOfSystem(each));
  if (told === undefined) return null;
  const message = told.message.split("\n").map(visible).join("\n");
  return { message, status: OF_USERS.includes(told.name) ? 2 : 1 };
}

/** Whether the system says so, or Deno, which was not given a permission: in its own words or in those of Node. */
function isOfSystem(error: Error): boolean {
  return Object.values(Deno.errors).some((kind) => error instanceof kind) || /\(os error \d+\)/.test(error.message) ||
    /^E[A-Z0-9]+$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? `${error.code}` : "";
}
