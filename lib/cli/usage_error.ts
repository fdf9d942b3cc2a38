/**
 * What is wrong with a command line, or with a file or directory that it names.
 *
 * @module
 */
import { visible, word } from "../trace/text.ts";

/** What the user asks for cannot be done: one line that names what is wrong, and what would be right; and the exit status. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** `status` is 2, but for what the system did: a full disk, a permission that is missing. */
  constructor(message: string, readonly status: 1 | 2 = 2) {
    super(message);
  }
}

/** What the system says of a path that means nothing, or something else: the user's mistake. */
const MISTAKES = ["ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ELOOP", "ENAMETOOLONG"];

/** What `act` gives; if it fails, "cannot read FILE: why" in one line. */
export function attempt<T>(verb: "read" | "write" | "use", path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const status = isOfSystem(error) && !MISTAKES.includes(codeOf(error)) ? 1 : 2;
    throw new UsageError(`cannot ${verb} ${word(path)}: ${reasonOf(error)}`, status);
  }
}

/** What the system says, without the names of files; what Deno says of a permission, with the flag that gives it. */
function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return /^(.*?\(os error \d+\))/s.exec(message)?.[1] ?? message.split(/[,\n]/)[0];
}

/** Errors that say all that can be said. Their modules are loaded only where they are used. */
const STATUS = new Map<string, 1 | 2>([["ScenarioError", 2], ["ClusterError", 2], ["WalError", 1], ["LockedError", 1]]);

/**
 * What is to be said of `error`, or of its cause, if a user or the system is why: a message without controls, and the exit
 * status. `null` if it is a fault of this program.
 */
export function explained(error: unknown): { readonly message: string; readonly status: 1 | 2 } | null {
  for (const each of [error, error instanceof Error ? error.cause : null]) {
    if (!(each instanceof Error)) continue;
    const status = each instanceof UsageError ? each.status : STATUS.get(each.name) ?? (isOfSystem(each) ? 1 : null);
    if (status !== null) return { message: each.message.split("\n").map(visible).join("\n"), status };
  }
  return null;
}

/** Whether the system says so, in the words of Deno or of Node, or Deno, which was not given a permission. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable || /^E[A-Z0-9]+$/.test(codeOf(error)) ||
    /\(os error \d+\)/.test(`${error}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? `${error.code}` : "";
}
