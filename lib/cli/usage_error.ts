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

/** What is wrong with what the user wrote; with a log on disk. Their modules are loaded only where they are used. */
const OF_USERS = ["UsageError", "ScenarioError", "ClusterError", "NetworkError"];
const OF_LOGS = ["WalError", "LockedError"];

/**
 * What is to be said of `error`, or of its cause, if a user or the system is why: a message without controls, and the exit
 * status. `null` if it is a fault of this program.
 */
export function explained(error: unknown): { readonly message: string; readonly status: 1 | 2 } | null {
  const errors = [error, error instanceof Error ? error.cause : null].filter((each) => each instanceof Error);
  const told = errors.find((each) => OF_USERS.includes(each.name) || OF_LOGS.includes(each.name) || isOfSystem(each));
  if (told === undefined) return null;
  const message = told.message.split("\n").map(visible).join("\n");
  return { message, status: OF_USERS.includes(told.name) ? 2 : 1 };
}

/** Whether the system says so, or Deno, which was not given a permission: in its own words or in those of Node. */
function isOfSystem(error: Error): boolean {
  return Object.values(Deno.errors).some((kind) => error instanceof kind) || /\(os error \d+\)/.test(error.message) ||
    ("code" in error && /^E[A-Z0-9]+$/.test(`${error.code}`));
}
