/**
 * A file that a command was asked for: it is there as a whole, or not at all.
 *
 * @module
 */
import { word } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";

/**
 * Write `text` to `file`.
 *
 * @throws {UsageError} if it cannot be written; nothing is left of it then, and a file that was there is as it was.
 */
export function writeOutputFile(file: string, text: string): void {
  const beside = `${file}.${Deno.pid}.tmp`;
  try {
    Deno.writeTextFileSync(beside, text, { createNew: true });
    try {
      Deno.renameSync(beside, file);
    } catch (error) {
      Deno.removeSync(beside);
      throw error;
    }
  } catch (error) {
    throw new UsageError(`cannot write ${word(file)}: ${reasonOf(error)}`);
  }
}

/** What the system says, without the names of files. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^(.*?\(os error \d+\))/s.exec(message)?.[1] ?? message.split(/[,\n]/)[0];
}
