/**
 * The first 32 bytes of a segment: what it is, which one, and what it goes on from.
 *
 * In bytes, little end first:
 *
 * ```text
 *  0  8  magic           "hraftlog"
 *  8  4  version         1
 * 12  4  number          1, 2, 3, …: as in its name
 * 16  8  first frame     the number of its first frame
 * 24  4  before          the checksum of the frame before that; 0 in segment 1
 * 28  4  checksum        CRC-32 of the 28 bytes before
 * ```
 *
 * These 32 bytes keep their places in all versions, so that a newer file is not taken for a damaged one.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { u64At, viewOf } from "./bytes.ts";

/** Bytes of a segment's header. */
export const HEADER_SIZE = 32;
/** The version of the format written here. */
export const VERSION = 1;

const MAGIC = new TextEncoder().encode("hraftlog");
const CHECKED = 28;

/** What a segment's header says. */
export interface SegmentHeader {
  /** Its place among the segments. Numbers are never used twice, so old bytes of another segment fit nowhere. */
  readonly number: number;
  /** The number of its first frame. */
  readonly firstFrame: number;
  /** The checksum of the frame before its first one. */
  readonly before: number;
  /** The header's own: the first frame follows on it, and all frames' checksums begin with it. */
  readonly checksum: number;
}

/** Why bytes are no header: an unknown file or a newer version, or damage. */
export interface HeaderProblem {
  /** What is wrong. */
  readonly why: string;
  /** The version, if the header is whole and of a later one than this program knows. */
  readonly newer: number | null;
}

/** A new header, and its bytes. */
export function newHeader(
  number: number,
  firstFrame: number,
  before: number,
): { readonly header: SegmentHeader; readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(HEADER_SIZE);
  const view = viewOf(bytes);
  bytes.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, number, true);
  view.setBigUint64(16, BigInt(firstFrame), true);
  view.setUint32(24, before, true);
  const checksum = crc32(bytes.subarray(0, CHECKED));
  view.setUint32(28, checksum, true);
  return { header: { number, firstFrame, before, checksum }, bytes };
}

/** What the first bytes of segment `number` say, or why they are not its header. */
export function decodeHeader(bytes: Uint8Array, number: number): SegmentHeader | HeaderProblem {
  if (bytes.length < HEADER_SIZE) return problem(`the header is cut short: ${bytes.length} of ${HEADER_SIZE} bytes`);
  if (MAGIC.some((byte, i) => byte !== bytes[i])) return problem("it does not begin as a segment of a log does");
  const view = viewOf(bytes);
  const checksum = view.getUint32(28, true);
  if (crc32(bytes.subarray(0, CHECKED)) !== checksum) return problem("the checksum of the header does not match");
  const version = view.getUint32(8, true);
  if (version !== VERSION) return { why: `its format is version ${version}`, newer: version };
  if (view.getUint32(12, true) !== number) return problem(`it is segment ${view.getUint32(12, true)} by its header`);
  return { number, firstFrame: u64At(view, 16), before: view.getUint32(24, true), checksum };
}

function problem(why: string): HeaderProblem {
  return { why, newer: null };
}
