/**
 * A write-ahead log: what a node must not forget, in a directory, frame by frame.
 *
 * Read on in `wal/frame.ts` and `wal/payload.ts` (the bytes), `wal/scan.ts` (torn tail or damage) and
 * `wal/recover.ts` (what a directory says). What a reader who has seen disks fail will ask:
 *
 * - **When is a frame durable?** After one `append` and one `fdatasync`, which stores the length of a grown file too. Files
 *   are never preallocated, so a file's end is where its last write ended; zeros behind it would be dropped all the same.
 * - **And the file's name?** A new segment or snapshot is written under a temporary name, synced, renamed, and the directory is
 *   synced: only then does anything rely on it. So is the parent of a new log's directory, whoever made that.
 * - **What if a sector is half written?** Then the checksum of the last frame does not match, and nobody was told about that
 *   frame. A frame never shares a write with an earlier one; that a disk spoils bytes next to those it writes is assumed not to
 *   happen, and found out by the checksums if it does.
 * - **What if `fdatasync` fails?** The kernel may have dropped the bytes and forgotten that it had to write them, so that a second
 *   call would succeed with nothing written. There is none: the log is poisoned, and the frame cut off (Rebello et al., "Can
 *   Applications Recover from fsync Failures?", ATC 2020).
 * - **What if the disk lies?** Then nothing helps but another node.
 *
 * @module
 */
import type { ConfState } from "../raft/types.ts";
import { emptyLog, type LogEnd, stepsOf, type Update, type WalOptions } from "./append.ts";
import { openLog } from "./open.ts";
import type { Recovered } from "./recover.ts";
import { messageOf, WalError } from "./wal_error.ts";

export type { Update, WalOptions };

/** A log that is open for writing; one at a time in a directory. */
export class Wal {
  readonly #log: LogEnd;
  readonly #release: () => void;
  /** Why it can no longer be used. */
  #failure: WalError | null = null;
  /** Whether a write that does not block is under way. */
  #busy = false;

  private constructor(log: LogEnd, release: () => void) {
    this.#log = log;
    this.#release = release;
  }

  /**
   * Open the log in `directory`, and say what is in it; `null` if it is new. A new one is on the disk when this returns.
   *
   * @param directory Where it is; made if it is not there, in a directory that is.
   * @param confState The cluster that a new log begins with.
   * @throws {WalError} `Damaged`, `NewerVersion`, `ForeignFile` or `Unreadable`; `Poisoned` if a new log cannot be written.
   * @throws {LockedError} if another process has it open.
   */
  static open(directory: string, confState: ConfState, options: WalOptions): { wal: Wal; found: Recovered | null } {
    const { found, file, release } = openLog(directory, options.files);
    const empty = emptyLog(directory, options);
    if (found !== null) {
      const { segments, header, end, log: { before, snapshot } } = found;
      return { wal: new Wal({ ...empty, segments, header, end, before, snapshot, file }, release), found };
    }
    const wal = new Wal(empty, release);
    const hardState = { term: 0, vote: null, commit: 0 };
    try {
      wal.write({ hardState, from: 1, entries: [], before: { index: 0, term: 0 }, confState, snapshot: null });
    } catch (error) {
      wal.close();
      throw error;
    }
    return { wal, found };
  }

  /**
   * Append a frame; it is durable when this returns.
   *
   * @throws {WalError} `Poisoned`, now and from now on, if it could not be written; `Busy` or `Closed`.
   */
  write(update: Update): void {
    this.requireIdle();
    try {
      for (const { file, bytes } of stepsOf(this.#log, update)) {
        file.append(bytes);
        file.sync();
      }
    } catch (error) {
      throw this.#poison(error);
    }
  }

  /** As `write`, without blocking, but for making, renaming and removing files now and then. One call at a time. */
  async writeAsync(update: Update): Promise<void> {
    this.requireIdle();
    this.#busy = true;
    try {
      for (const { file, bytes } of stepsOf(this.#log, update)) {
        await file.appendAsync(bytes);
        await file.syncAsync();
      }
    } catch (error) {
      throw this.#poison(error);
    } finally {
      this.#busy = false;
    }
  }

  /** @throws {WalError} `Poisoned` or `Closed`. */
  requireUsable(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** @throws {WalError} `Poisoned`, `Closed` or `Busy`. */
  requireIdle(): void {
    this.requireUsable();
    if (!this.#busy) return;
    throw new WalError("Busy", `Cannot use ${this.#log.directory} now: await the syncAsync that is under way`);
  }

  /** Let go of the files. */
  close(): void {
    if (this.#failure?.kind === "Closed") return;
    if (this.#busy) this.requireIdle();
    const { directory, file } = this.#log;
    this.#failure = new WalError("Closed", `Cannot use the log in ${directory}: it was closed; open it again`);
    file?.close();
    this.#release();
  }

  /**
   * No later call succeeds. The frame that failed is cut off if it can be: the system may go on showing it although the disk
   * does not have it, and then whoever opens the log next would believe it.
   */
  #poison(cause: unknown): WalError {
    try {
      this.#log.file?.truncate(this.#log.end.offset);
    } catch {
      // What matters is the first failure.
    }
    this.#failure = new WalError(
      "Poisoned",
      `Cannot use the log in ${this.#log.directory}: a write failed (${messageOf(cause)}), ` +
        "and what is on the disk is unknown; close it, see to the disk, and open it again",
      { cause },
    );
    return this.#failure;
  }
}
