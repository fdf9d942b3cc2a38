/**
 * Why a log on disk cannot be used.
 *
 * @module
 */

/** What is wrong. */
export type WalErrorKind =
  /** What was durable once is no longer there as it was written. The node must not vote. */
  | "Damaged"
  /** A later version of this program wrote it. */
  | "NewerVersion"
  /** There is a file in the directory that does not belong to a log. */
  | "ForeignFile"
  /** The files cannot be read or written. */
  | "Unreadable"
  /** A write failed before; what is durable is unknown until the log is opened again. */
  | "Poisoned"
  /** A write that does not block is under way. */
  | "Busy"
  /** It was closed. */
  | "Closed";

/** A log on disk that cannot be used. Unless the kind is `Poisoned`, nothing in it was changed. */
export class WalError extends Error {
  /** Always `"WalError"`. */
  override readonly name = "WalError";
  /** What is wrong. */
  readonly kind: WalErrorKind;

  /** `message` says what could not be done, why, and what to do. */
  constructor(kind: WalErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Where something is wrong. */
export interface Place {
  /** Path of the file. */
  readonly file: string;
  /** Bytes from its beginning. */
  readonly offset: number;
  /** The number of the frame that should be there. */
  readonly frame: number;
}

/** That something durable was lost. `why` says what was found instead, and how that is known to be no torn write. */
export function damaged({ file, offset, frame }: Place, why: string): WalError {
  return new WalError(
    "Damaged",
    `Cannot open the log: ${file}, offset ${offset}, frame ${frame}: ${why}. ` +
      "This node lost data that it may have acknowledged; it must not vote: " +
      "remove it from the cluster, or restore the damaged file",
  );
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
