/**
 * The content of one file in memory: as programs see it, and as the disk has it.
 *
 * Part of `memory_files.ts`.
 *
 * @module
 */
import type { OpenFile } from "./files.ts";

/**
 * What of the unsynced data survives a crash: nothing; everything; or, as a number, all names and lengths that were cut,
 * and of the bytes that were appended to each file since its last sync the first so many.
 */
export type Survival = "none" | "all" | number;

/** The content of a file. */
export interface Content {
  /** As programs see it. Never changed in place. */
  bytes: Uint8Array;
  /** As of the last sync. */
  durable: Uint8Array;
  /** Since the last sync, what stands before this length has not changed. */
  intact: number;
  /** From where to where a sync that failed has left bytes that no later one will write. */
  dropped: { readonly from: number; readonly to: number } | null;
}

/** A content that is durable. */
export function durableContent(bytes: Uint8Array): Content {
  return { bytes, durable: bytes, intact: bytes.length, dropped: null };
}

/** What the world has to say about operations on a file. */
export interface World {
  /** How many of `bytes` are appended; throws if the operation fails altogether. */
  attempt(kind: "append" | "sync" | "truncate", bytes: number): number;
  /** Whether the next operation is going to fail. */
  fails(): boolean;
  /** From now on all operations fail. */
  close(): void;
}

/** The file at `path`, open for writing. */
export function openContent(path: string, content: Content, { attempt, fails, close }: World): OpenFile {
  const appendAll = (bytes: Uint8Array) => {
    const written = attempt("append", bytes.length);
    append(content, bytes.subarray(0, written));
    if (written < bytes.length) throw new Error(`ENOSPC: only ${written} of ${bytes.length} bytes fit in ${path}`);
  };
  const syncAll = () => {
    if (fails()) failSync(content);
    attempt("sync", 0);
    sync(content);
  };
  return {
    append: appendAll,
    appendAsync: (bytes) => Promise.resolve().then(() => appendAll(bytes)),
    sync: syncAll,
    syncAsync: () => Promise.resolve().then(syncAll),
    truncate: (size) => {
      attempt("truncate", size);
      truncate(content, size);
    },
    close,
  };
}

function append(content: Content, bytes: Uint8Array): void {
  const both = new Uint8Array(content.bytes.length + bytes.length);
  both.set(content.bytes);
  both.set(bytes, content.bytes.length);
  content.bytes = both;
}

function truncate(content: Content, size: number): void {
  content.bytes = content.bytes.slice(0, size);
  content.intact = Math.min(content.intact, size);
  if (content.dropped !== null && content.dropped.from >= size) content.dropped = null;
}

/** Let the disk have what programs see; but it has zeros where an earlier sync has failed. */
function sync(content: Content): void {
  const { bytes, dropped } = content;
  content.durable = dropped === null ? bytes : bytes.slice().fill(0, dropped.from, dropped.to);
  content.intact = bytes.length;
}

/**
 * A sync that fails. As Linux does it, the system gives up on these bytes, and takes them for written: programs go on seeing
 * them, and the disk never will.
 */
function failSync(content: Content): void {
  content.dropped = { from: content.dropped?.from ?? content.intact, to: content.bytes.length };
}

/** Let programs see what a crash leaves. */
export function survive(content: Content, survival: Survival): void {
  if (survival === "none") content.bytes = content.durable;
  else if (survival !== "all") content.bytes = content.bytes.slice(0, content.intact + survival);
  content.dropped = null;
  sync(content);
}
