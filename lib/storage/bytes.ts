/**
 * Numbers as bytes, little end first.
 *
 * Terms, indices and the like are 64 bits wide on disk, of which a JavaScript number keeps 53 exactly: what does
 * not fit is refused when it is read.
 *
 * @module
 */
import { assert } from "../raft/assert.ts";

const HIGH = 2 ** 32;
const FIRST_SIZE = 4096;

/** Room to put bytes together in, used again and again. */
export class Scratch {
  #view = new DataView(new ArrayBuffer(FIRST_SIZE));

  /** At least `size` bytes. What was there is overwritten. */
  take(size: number): DataView {
    if (size > this.#view.byteLength) {
      this.#view = new DataView(new ArrayBuffer(Math.max(size, 2 * this.#view.byteLength)));
    }
    return this.#view;
  }
}

/** Put 64 bits at `offset`. */
export function putU64(view: DataView, offset: number, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, "a number in the log is whole and not negative");
  view.setUint32(offset, value % HIGH, true);
  view.setUint32(offset + 4, Math.floor(value / HIGH), true);
}

/** A view of the same bytes. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/**
 * The 64 bits at `offset`.
 *
 * @throws {RangeError} if they are beyond `Number.MAX_SAFE_INTEGER`, or past the end.
 */
export function u64At(view: DataView, offset: number): number {
  const value = view.getUint32(offset + 4, true) * HIGH + view.getUint32(offset, true);
  if (value > Number.MAX_SAFE_INTEGER) throw new RangeError(`the number at byte ${offset} is too large`);
  return value;
}
