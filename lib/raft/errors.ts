/**
 * What can go wrong because of the caller or the world. A broken invariant is something else: `assert.ts`.
 *
 * @module
 */

/** Which mistake it was; the names are the crate's (`raft::Error`), but for those after `ConfChangeInvalid`, which it does not check. */
export type RaftErrorKind =
  /** A parameter that makes no sense. */
  | "ConfigInvalid"
  /** There is no leader to take the proposal, or the leader has too much uncommitted already. Try again later. */
  | "ProposalDropped"
  /** A response from a node that is not in the configuration. */
  | "StepPeerNotFound"
  /** A message of a type that does not travel between nodes. */
  | "StepLocalMsg"
  /** A change of the configuration that cannot be made (the crate's `ConfChangeError`). */
  | "ConfChangeInvalid"
  /** A campaign of a node that does not vote. */
  | "NotPromotable"
  /** A read without a context to know its answer by. */
  | "ReadInvalid"
  /** A message with a number that is none, or with entries that do not follow on each other: damaged or forged. */
  | "MessageInvalid"
  /** A call that changes the node between `ready` and `advance`. */
  | "ReadyOutstanding"
  /** An `advance` of something else than the last `Ready`. */
  | "NotTheLastReady";

/**
 * A call that could not be carried out. Nothing has changed.
 *
 * @example
 * ```ts
 * import { RaftError } from "hello-raft/raft";
 *
 * const error = new RaftError("ProposalDropped", "Cannot propose: no leader is known; try again later");
 * console.log(error.kind);
 * ```
 */
export class RaftError extends Error {
  /** Which error it is. */
  override readonly name = "RaftError";
  /** Which mistake it was. */
  readonly kind: RaftErrorKind;

  /** `message` says what could not be done, and what to do. */
  constructor(kind: RaftErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
