/**
 * "Find the byte" and "Write the recovery" (notebook 04): what a log on disk makes of a torn tail, and of damage.
 *
 * @module
 */
import { decodeHeader, rawFrameAt, viewOf } from "../storage/frame.ts";
import { flipped, openBytes, otherTails, sampleBytes, tornTails, withTail } from "./sample_log.ts";

/** Three bytes of the sample log: one that both logs refuse if it is flipped, one that only the torn one does, one that neither does. */
export interface ThreeBytes {
  /** Both refuse. */
  readonly both: number;
  /** The whole one opens, the torn one refuses. */
  readonly onlyTorn: number;
  /** Both open. */
  readonly neither: number;
}

/** Where the torn log of the exercise ends: in the middle of frame 5. */
const TORN = 850;

/**
 * Whether flipping these bytes of the sample log has the effects they are named for.
 *
 * @returns What is wrong with the first that has another one; `null` if none has.
 *
 * @example
 * ```ts
 * import { checkBytes } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkBytes({ both: 0, onlyTorn: 1, neither: 2 }) ?? "", /byte 1/);
 * ```
 */
export function checkBytes(attempt: ThreeBytes): string | null {
  for (const wanted of ["both", "onlyTorn", "neither"] as const) {
    const at = attempt[wanted];
    if (!Number.isInteger(at) || at < 0 || at >= TORN) {
      return `${at} is no byte of both logs: take one from 0 to ${TORN - 1}.`;
    }
    const found = refusedBy(at);
    if (found !== wanted) return `You named byte ${at} for ${wanted}, and it is one for ${found}. What follows it?`;
  }
  return null;
}

/** Which of the two logs, whole and torn, refuse to open with a bit of this byte flipped. */
function refusedBy(at: number): keyof ThreeBytes | "onlyWhole" {
  const bytes = flipped(sampleBytes(), at);
  const [whole, torn] = [bytes, bytes.slice(0, TORN)].map((each) => openBytes(each).refused !== null);
  if (whole) return torn ? "both" : "onlyWhole";
  return torn ? "onlyTorn" : "neither";
}

/** What can be found at an offset of a log; `null` if it is not there. */
export type FindFrame = (at: number) => { readonly number: number; readonly length: number } | null;

/** A log, as the reader's recovery sees it. */
export interface LogToRecover {
  /** Its bytes. */
  readonly length: number;
  /** From here on they are zeros. */
  readonly zerosFrom: number;
  /** The frame that begins at an offset, and is valid there. */
  readonly frame: FindFrame;
  /** The head that stands at an offset. */
  readonly head: FindFrame;
}

/** How many bytes of a log are to be kept, or that it is to be refused. */
export type Recovery = (log: LogToRecover) => number | "refuse";

/** Where the first frame ends: what is cut or flipped before it is another matter. */
const FIRST_END = 316;

/**
 * Whether a recovery does as the library with every cut, every flip and every tail of the sample log.
 *
 * @returns The first log with which it does not; `null` if there is none.
 *
 * @example
 * ```ts
 * import { checkRecovery } from "hello-raft";
 * import { match } from "node:assert/strict";
 *
 * match(checkRecovery(() => "refuse") ?? "", /you said refuse; it is 892/);
 * ```
 */
export function checkRecovery(recovery: Recovery): string | null {
  for (const [what, bytes] of damagedLogs()) {
    const { refused, kept } = openBytes(bytes);
    const right = refused === null ? kept : "refuse";
    const said = recovery(asSeen(bytes));
    if (said === right) continue;
    if (refused !== null) return `The log ${what}: you said ${said}; it must be refused: ${refused}.`;
    return `The log ${what}: you said ${said}; it is ${right}.`;
  }
  return null;
}

function damagedLogs(): [what: string, bytes: Uint8Array][] {
  const log = sampleBytes();
  const tails = [...tornTails(), ...otherTails()];
  const logs = tails.map(([name, tail]): [string, Uint8Array] => [`with ${name} behind frame 5`, withTail(tail)]);
  for (let at = FIRST_END; at < log.length; at++) {
    logs.push([`cut at byte ${at}`, log.slice(0, at)], [`with a bit of byte ${at} flipped`, flipped(log, at)]);
  }
  return logs;
}

/** The bytes of the sample log, for a recovery to look at. Its header is whole. */
function asSeen(bytes: Uint8Array): LogToRecover {
  const [view, header] = [viewOf(bytes), decodeHeader("the log", bytes, 1)];
  let zerosFrom = bytes.length;
  while (bytes[zerosFrom - 1] === 0) zerosFrom--;
  const found = (at: number) => {
    if (typeof header === "string" || !(at >= 0 && at < bytes.length)) return null;
    return rawFrameAt(view, at, header);
  };
  return {
    length: bytes.length,
    zerosFrom,
    frame: (at) => {
      const frame = found(at);
      return frame === null || "head" in frame ? null : frame;
    },
    // A head stands behind the checksum of its frame, four bytes.
    head: (at) => {
      const frame = found(at - 4);
      return frame !== null && "head" in frame ? frame.head : frame;
    },
  };
}
