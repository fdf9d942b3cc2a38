/**
 * A write-ahead log: what a node must not forget, in a directory, frame by frame.
 *
 * Read on in `frame.ts` (the bytes) and `recover.ts` (what a directory says; torn tail or damage). What a reader
 * who has seen disks fail will ask:
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
 * - **Whose log is it?** Every file says so: a node does not start on the log of another one, or of another cluster.
 * - **Is the configuration known after every crash?** Every frame leaves it known: a segment begins with a checkpoint, which says
 *   it, and a change is written as a checkpoint. If that one is torn, the configuration is the one before.
 * - **What if the disk lies?** Then nothing helps but another node.
 *
 * @module
 */
import type { ConfState, Snapshot } from "../raft/types.ts";
import { crc32 } from "./crc32.ts";
import { type Files, LockedError, messageOf, type OpenFile, parentOf, WalError } from "./files.ts";
import { encodeFrame, newHeader, NOBODY } from "./frame.ts";
import type { Checkpoint, FrameContent, Owner, Position, SnapshotRef } from "./frame.ts";
import { requireLogFiles, segmentName, snapshotName } from "./names.ts";
import { recover, type Recovered, type Segment } from "./recover.ts";

/** What a sync makes durable: the log as it is now, but of its entries only those that changed. */
export interface Update extends Omit<FrameContent, "checkpoint">, Omit<Checkpoint, "snapshot"> {
  /** A snapshot that the log does not have yet. */
  readonly newSnapshot: Snapshot | null;
}

/** Bytes for a file, to be appended and then synced. */
type Step = readonly [OpenFile, Uint8Array];

/** How a log is opened: where its files are, when one is followed by another, and by whom; `null` is anyone. */
type WalOptions = { readonly files: Files; readonly segmentBytes: number; readonly owner: Owner | null };

/** A log that was opened, and what was in it; `null` if it is new. */
type Opened = { readonly wal: Wal; readonly found: Recovered | null };

/** A log that is open for writing; one at a time in a directory. */
export class Wal {
  /** The last segment, open; `null` while there is none. */
  #file: OpenFile | null = null;
  /** Where the next frame goes. */
  #end: Position = { offset: 0, frame: 1, checksum: 0 };
  /** All segments, the last one last. */
  #segments: readonly Segment[] = [];
  /** The last one that was written. A frame is one if it has something else to say. */
  #checkpoint: Checkpoint | null = null;
  /** Why the log can no longer be used. */
  #failure: WalError | null = null;
  #isClosed = false;

  private constructor(
    readonly directory: string,
    private readonly files: Files,
    private readonly segmentBytes: number,
    private owner: Owner,
    private readonly release: () => void,
  ) {}

  /**
   * Open the log in `directory`, and say what is in it; `null` if it is new. A new one is on the disk when this returns.
   *
   * Nothing is changed before all that is to be kept has been read and found right. Every step can be cut off by a crash and
   * done again with the same result.
   *
   * @param directory Where it is; made if it is not there, in a directory that is.
   * @param confState The cluster that a new log begins with.
   * @param options `segmentBytes`: a segment that has at least so many bytes is followed by a new one. `owner`: who opens
   * it; `null` if it may be anyone's, and a new one is nobody's.
   * @throws {WalError} `Damaged`, `OtherVersion`, `ForeignFile` or `Unreadable`; `Poisoned` if a new log cannot be written.
   * @throws {LockedError} if another process has it open.
   */
  static open(directory: string, confState: ConfState, { files, segmentBytes, owner }: WalOptions): Opened {
    let wal: Wal | null = null;
    try {
      const there = files.list(directory);
      if (there === null) files.makeDirectory(directory);
      else requireLogFiles(directory, there);
      wal = new Wal(directory, files, segmentBytes, owner ?? NOBODY, files.lock(directory));
      // What was there before the lock may have been written to.
      const names = requireLogFiles(directory, files.list(directory) ?? []);
      const found = recover(directory, files, names, owner ?? {});
      if (found === null) wal.#begin(confState, names.unfinished);
      else wal.#repair(found);
      return { wal, found };
    } catch (error) {
      wal?.close();
      if (error instanceof WalError || error instanceof LockedError) throw error;
      throw new WalError("Unreadable", `Cannot open the log in ${directory}: ${messageOf(error)}`, { cause: error });
    }
  }

  #begin(confState: ConfState, unfinished: readonly string[]): void {
    this.#remove(unfinished);
    // Whoever made the directory may have been killed before its name was on the disk.
    this.files.syncDirectory(parentOf(this.directory));
    const hardState = { term: 0, vote: null, commit: 0 };
    this.write({ hardState, from: 1, entries: [], before: { index: 0, term: 0 }, confState, newSnapshot: null });
  }

  /**
   * Make durable what was recovered, and only then remove the rest.
   *
   * What is read need not be on the disk: a process that was killed between its write and its sync leaves bytes, and between
   * a rename and the sync of the directory a name, that only the running machine knows of.
   */
  #repair({ end, segments, checkpoint, torn, obsolete }: Recovered): void {
    const { number, owner } = segments[segments.length - 1].header;
    const file = this.files.open(`${this.directory}/${segmentName(number)}`);
    this.#file = file;
    this.#end = end;
    this.#segments = segments;
    this.#checkpoint = checkpoint;
    if (this.owner === NOBODY) this.owner = owner;
    if (torn) file.truncate(end.offset);
    file.sync();
    this.files.syncDirectory(this.directory);
    this.#remove(obsolete);
  }

  /**
   * Append a frame; it is durable when this returns.
   *
   * @throws {WalError} `Poisoned`, now and from now on, if it could not be written; `Closed`.
   */
  write(update: Update): void {
    this.requireUsable();
    try {
      for (const [file, bytes] of this.#steps(update)) {
        file.append(bytes);
        file.sync();
      }
    } catch (error) {
      throw this.#poison(error);
    }
  }

  /** As `write`, without blocking, but for making, renaming and removing files now and then. One call at a time. */
  async writeAsync(update: Update): Promise<void> {
    this.requireUsable();
    try {
      for (const [file, bytes] of this.#steps(update)) {
        await file.appendAsync(bytes);
        await file.syncAsync();
      }
    } catch (error) {
      throw this.#poison(error);
    }
  }

  /** @throws {WalError} `Poisoned` or `Closed`. */
  requireUsable(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Let go of the files. No write may be under way. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const message = `Cannot use the log in ${this.directory}: it was closed; open it again`;
    this.#failure ??= new WalError("Closed", message);
    this.#file?.close();
    this.release();
  }

  /**
   * Everything that makes `update` durable, in order; the next step is asked for when the one before it is on the disk. What
   * goes between two steps is done then.
   */
  *#steps({ hardState, from, entries, before, confState, newSnapshot }: Update): Generator<Step> {
    const known = this.#checkpoint;
    const snapshot = newSnapshot === null ? known?.snapshot ?? null : yield* this.#writeSnapshot(newSnapshot);
    const isNews = snapshot !== known?.snapshot || confState !== known.confState || before.index !== known.before.index;
    const isFull = this.#file === null || this.#end.offset >= this.segmentBytes;
    const checkpoint = isFull || isNews ? { before, confState, snapshot } : null;
    const content = { hardState, from, entries, checkpoint };
    if (this.#file === null || isFull) yield* this.#beginSegment(content);
    else yield* this.#appendFrame(this.#file, content);
    if (checkpoint === null) return;
    this.#checkpoint = checkpoint;
    this.#discard(checkpoint, known?.snapshot ?? null);
  }

  *#writeSnapshot({ metadata, data }: Snapshot): Generator<Step, SnapshotRef> {
    const number = this.#end.frame;
    const file = this.#create(snapshotName(number));
    try {
      const [, header] = newHeader("snapshot", 0, this.#end, this.owner);
      const bytes = new Uint8Array(header.length + data.length);
      bytes.set(header);
      bytes.set(data, header.length);
      yield [file, bytes];
    } finally {
      file.close();
    }
    this.#giveName(snapshotName(number));
    return { ...metadata, number, size: data.length, checksum: crc32(data) };
  }

  /** Only a segment that begins with a whole frame gets its name. */
  *#beginSegment(content: FrameContent): Generator<Step> {
    const last = this.#segments.at(-1);
    const [header, bytes] = newHeader("segment", (last?.header.number ?? 0) + 1, this.#end, this.owner);
    const name = segmentName(header.number);
    const file = this.#create(name);
    this.#file?.close();
    this.#file = file;
    this.#segments = [...this.#segments, { header, lastIndex: last?.lastIndex ?? 0 }];
    this.#end = header.first;
    yield [file, bytes];
    yield* this.#appendFrame(file, content);
    this.#giveName(name);
  }

  *#appendFrame(file: OpenFile, content: FrameContent): Generator<Step> {
    const segment = this.#segments[this.#segments.length - 1];
    const [bytes, end] = encodeFrame(content, this.#end, segment.header);
    yield [file, bytes];
    this.#end = end;
    segment.lastIndex = Math.max(segment.lastIndex, content.from + content.entries.length - 1);
  }

  #create(name: string): OpenFile {
    return this.files.create(`${this.directory}/${name}.tmp`);
  }

  #giveName(name: string): void {
    this.files.rename(`${this.directory}/${name}.tmp`, `${this.directory}/${name}`);
    this.files.syncDirectory(this.directory);
  }

  #remove(names: readonly string[]): void {
    for (const name of names) this.files.remove(`${this.directory}/${name}`);
  }

  /** Remove what no frame needs any more: segments whose entries are all compacted, and the snapshot that was replaced. */
  #discard({ before, snapshot }: Checkpoint, replaced: SnapshotRef | null): void {
    const { length } = this.#segments;
    const needed = this.#segments.findIndex(({ lastIndex }, i) => lastIndex > before.index || i === length - 1);
    const removed = this.#segments.slice(0, needed).map(({ header }) => segmentName(header.number));
    this.#segments = this.#segments.slice(needed);
    if (replaced !== null && replaced !== snapshot) removed.push(snapshotName(replaced.number));
    this.#remove(removed);
  }

  /**
   * No later call succeeds. The frame that failed is cut off if it can be: the system may go on showing it although the disk
   * does not have it, and then whoever opens the log next would believe it.
   */
  #poison(cause: unknown): WalError {
    try {
      this.#file?.truncate(this.#end.offset);
    } catch {
      // What matters is the first failure.
    }
    const message = `Cannot use the log in ${this.directory}: a write failed (${messageOf(cause)}), ` +
      "and what is on the disk is unknown; close it, see to the disk, and open it again";
    this.#failure = new WalError("Poisoned", message, { cause });
    return this.#failure;
  }
}
