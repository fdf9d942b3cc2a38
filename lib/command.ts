/**
 * What clients ask of the store, and how it is written into the log.
 *
 * A log entry is opaque to Raft; here its bytes get a meaning. They come from a disk or another node, so they are
 * checked when they are read.
 *
 * @module
 */
import * as z from "zod/mini";

/** A client's request: it numbers them, so that the same one is known again. */
export interface RequestId {
  /** The client: 1, 2, 3, … */
  readonly client: number;
  /** Its request: 1, 2, 3, … */
  readonly request: number;
}

/** What a client asks of the store. A key is not empty; a value is any text. */
export type Command =
  & (
    /** Set `key` to `value`. */
    | { readonly kind: "Put"; readonly key: string; readonly value: string }
    /** Remove `key`. */
    | { readonly kind: "Delete"; readonly key: string }
    /** Read `key`. It is answered through the log: as of its own place in it, never from an outdated store. */
    | { readonly kind: "Get"; readonly key: string }
  )
  & {
    /** Whose request it is, if it is to be carried out once however often it is sent (thesis §6.3). */
    readonly by?: RequestId;
  };

/** Bytes or a value that are no command. */
export class CommandError extends Error {
  /** Always `"CommandError"`. */
  override readonly name = "CommandError";

  /**
   * A problem with a field.
   *
   * @param field The field that is wrong; `"bytes"` if there are no fields to speak of.
   */
  constructor(readonly field: string, problem: string) {
    super(`Cannot read a command: ${field}: ${problem}`);
  }
}

const text = z.string("must be a string");
const key = text.check(z.minLength(1, "must not be empty"));
const number = z.int("must be a whole number").check(z.minimum(1, "must be at least 1"));
const by = z.exactOptional(z.strictObject({ client: number, request: number }));

const commandSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("Put"), key, value: text, by }),
  z.strictObject({ kind: z.literal("Delete"), key, by }),
  z.strictObject({ kind: z.literal("Get"), key, by }),
], { error: "must be Put, Delete or Get" });

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Commands to bytes and back.
 *
 * @example
 * ```ts
 * import { Codec } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bytes = Codec.encode({ kind: "Put", key: "x", value: "1" });
 * deepStrictEqual(Codec.decode(bytes), { kind: "Put", key: "x", value: "1" });
 * ```
 */
export const Codec = {
  /**
   * The bytes of `command`: a small JSON object.
   *
   * @throws {CommandError} naming the field, if it is no command.
   */
  encode: (command: Command): Uint8Array => encoder.encode(JSON.stringify(check(command))),
  /**
   * The command in `bytes`.
   *
   * @throws {CommandError} naming the field that is malformed, unknown or of the wrong type.
   */
  decode: (bytes: Uint8Array): Command => check(parse(bytes)),
};

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new CommandError("bytes", "must be JSON in UTF-8");
  }
}

function check(value: unknown): Command {
  const result = commandSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue.code === "unrecognized_keys") throw new CommandError(issue.keys[0], "is no field of a command");
  throw new CommandError(issue.path.length === 0 ? "bytes" : issue.path.join("."), issue.message);
}
