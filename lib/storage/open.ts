/**
 * Making a directory ready to be written to: one process, a whole log, nothing left over.
 *
 * Nothing is changed before all that is to be kept has been read and found right. Every step can be cut off by a
 * crash and done again with the same result.
 *
 * @module
 */
import { dirname } from "node:path";
import { type Files, LockedError, type OpenFile } from "./files.ts";
import { requireLogFiles, segmentName } from "./names.ts";
import { recover, type Recovered } from "./recover.ts";
import { messageOf, WalError } from "./wal_error.ts";

/** The log of a directory, open. */
export interface Opened {
  /** What was in it; `null` if it is new. */
  readonly found: Recovered | null;
  /** The last segment; `null` if there is none yet. */
  readonly file: OpenFile | null;
  /** Give up the lock. */
  readonly release: () => void;
}

/** Open the log in `directory`, which is made if it is not there. */
export function openLog(directory: string, files: Files): Opened {
  try {
    const names = files.list(directory);
    if (names === null) files.makeDirectory(directory);
    else requireLogFiles(directory, names);
  } catch (error) {
    throw asWalError(directory, error);
  }
  const release = lock(directory, files);
  try {
    // What was there before the lock may have been written to.
    const names = requireLogFiles(directory, files.list(directory) ?? []);
    const found = recover(directory, files, names);
    if (found !== null) return { found, file: repair(directory, files, found), release };
    for (const name of names.unfinished) files.remove(`${directory}/${name}`);
    // Whoever made the directory may have been killed before its name was on the disk.
    files.syncDirectory(dirname(directory));
    return { found, file: null, release };
  } catch (error) {
    release();
    throw asWalError(directory, error);
  }
}

/**
 * Make durable what was recovered, and only then remove the rest.
 *
 * What is read need not be on the disk: a process that was killed between its write and its sync leaves bytes, and between
 * a rename and the sync of the directory a name, that only the running machine knows of.
 */
function repair(directory: string, files: Files, { header, end, torn, leftovers }: Recovered): OpenFile {
  const file = files.open(`${directory}/${segmentName(header.number)}`);
  try {
    if (torn) file.truncate(end.offset);
    file.sync();
    files.syncDirectory(directory);
    for (const name of leftovers) files.remove(`${directory}/${name}`);
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}

function lock(directory: string, files: Files): () => void {
  try {
    return files.lock(directory);
  } catch (error) {
    throw error instanceof LockedError ? error : asWalError(directory, error);
  }
}

function asWalError(directory: string, error: unknown): WalError {
  if (error instanceof WalError) return error;
  return new WalError("Unreadable", `Cannot open the log in ${directory}: ${messageOf(error)}`, { cause: error });
}
