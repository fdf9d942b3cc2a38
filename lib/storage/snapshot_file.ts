/**
 * Snapshots, each in a file of its own.
 *
 * 8 bytes of magic, `"hraftsnp"`, then the data; length and checksum are in the frame that names it. The file gets its
 * name when its content is on the disk, and counts from when a frame names it: a crash in between leaves a file that nobody
 * asks for.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import type { Files } from "./files.ts";
import { snapshotName } from "./names.ts";
import type { SnapshotRef } from "./payload.ts";
import { messageOf } from "./wal_error.ts";

const MAGIC = new TextEncoder().encode("hraftsnp");

/** The bytes of a snapshot's file. */
export function encodeSnapshot(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(MAGIC.length + data.length);
  bytes.set(MAGIC);
  bytes.set(data, MAGIC.length);
  return bytes;
}

/** The data of the snapshot that a frame names, or why its file does not give it. */
export function readSnapshot(directory: string, files: Files, ref: SnapshotRef): Uint8Array | string {
  let bytes: Uint8Array;
  try {
    bytes = files.read(`${directory}/${snapshotName(ref.number)}`);
  } catch (error) {
    return `the snapshot cannot be read: ${messageOf(error)}`;
  }
  const data = bytes.subarray(MAGIC.length);
  if (MAGIC.some((byte, i) => byte !== bytes[i])) return "the file does not begin as a snapshot does";
  if (data.length !== ref.size) return `the snapshot has ${data.length} bytes instead of ${ref.size}`;
  if (crc32(data) !== ref.checksum) return "the checksum of the snapshot does not match";
  return data;
}
