/**
 * Files that the user names: read up to a bound, and written wholly or not at all.
 *
 * @module
 */
import { lstatSync, readlinkSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const NO_FILE = "it is no regular file; name one";

/** What the regular file at `path` holds, if that is at most `most` bytes. A pipe or a device, which may never end, is not opened. */
export function readNamedFile(path: string, most: number): Uint8Array {
  const { isFile, size } = Deno.statSync(path);
  if (!isFile) throw new Error(NO_FILE);
  if (size > most) throw new Error(`it has ${size} bytes; ${most} are the most`);
  return Deno.readFileSync(path);
}

/** The file that `path` stands for, whether it is there or not: links are followed. */
export function targetOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const file = join(Deno.realPathSync(dirname(path)), basename(path));
    const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
    return isLink ? targetOf(resolve(dirname(file), readlinkSync(file))) : file;
  }
}

/** Write `content` in place of the file that `path` stands for, with its mode, once all of it is on the disk. */
export function writeNamedFile(path: string, content: string | Uint8Array): void {
  const file = targetOf(path);
  const before = statSync(file, { throwIfNoEntry: false });
  if (before?.isFile() === false) throw new Error(NO_FILE);
  if (before !== undefined) Deno.openSync(file, { write: true }).close(); // which says so if that is forbidden
  const unfinished = join(dirname(file), `.${crypto.randomUUID()}`);
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(unfinished, bytes, { createNew: true, mode: before?.mode });
    if (before !== undefined) Deno.chmodSync(unfinished, before.mode & 0o7777);
    using written = Deno.openSync(unfinished, { read: true });
    written.syncSync();
    Deno.renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
