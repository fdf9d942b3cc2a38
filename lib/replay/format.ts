/**
 * Recorded runs of the crate `raft` 0.7: their format, checked on reading.
 *
 * A run is gzipped JSON lines: a header, then one operation a line with what the crate answered. The library's
 * own words are used inside; this file and `wire.ts` know the crate's.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const id = z.int().min(1);
const count = z.int().min(0);

const headerSchema = z.object({
  profile: z.string(),
  seed: z.int(),
  nodes: z.array(id).min(1),
  voters: z.array(id).min(1),
  electionTimeouts: z.array(count),
  config: z.object({
    electionTick: count,
    heartbeatTick: count,
    maxEntriesPerMessage: z.literal(1).nullable(),
    maxInflightMsgs: count,
    checkQuorum: z.boolean(),
    preVote: z.boolean(),
    readOnlyOption: z.enum(["safe", "leaseBased"]),
  }),
}).refine((header) => header.electionTimeouts.length === header.nodes.length, "one election timeout a node");

const onNode = { node: id, state: z.record(z.string(), z.unknown()) };
const answered = { ...onNode, error: z.string().nullable() };

const confChange = z.object({
  transition: z.enum(["auto", "implicit", "explicit"]),
  changes: z.array(z.object({ type: z.enum(["addNode", "addLearnerNode", "removeNode"]), node: id })),
});

/** An operation, and what the crate answered. */
const operationSchema = z.discriminatedUnion("op", [
  z.object({ op: z.literal("init"), ...onNode }),
  z.object({ op: z.literal("tick"), ...onNode, result: z.boolean() }),
  z.object({ op: z.literal("campaign"), ...answered }),
  z.object({ op: z.literal("propose"), ...answered, data: z.string() }),
  z.object({ op: z.literal("proposeConfChange"), ...answered, confChange }),
  z.object({ op: z.literal("readIndex"), ...onNode, context: z.string() }),
  z.object({ op: z.literal("transferLeader"), ...onNode, to: id }),
  z.object({ op: z.literal(["ready", "readyAsync"]), ...onNode, ready: z.record(z.string(), z.unknown()) }),
  z.object({ op: z.literal("persist"), ...onNode, number: count, messages: z.array(z.unknown()) }),
  z.object({ op: z.literal(["deliver", "duplicate"]), ...answered, message: count }),
  z.object({ op: z.literal("drop"), message: count }),
  z.object({ op: z.literal("reportSnapshot"), ...onNode, peer: id, ok: z.boolean() }),
  z.object({ op: z.literal("compact"), ...onNode, index: count }),
  z.object({ op: z.literal("restart"), ...onNode, applied: count }),
]);

/** The first line of a run. */
export type Header = z.infer<typeof headerSchema>;
/** Every other line of a run. */
export type Operation = z.infer<typeof operationSchema>;

/** A recorded run. */
export interface RecordedRun {
  /** Its first line. */
  readonly header: Header;
  /** Its other lines. */
  readonly operations: readonly Operation[];
}

/** A file that is no recorded run. */
export class FormatError extends Error {
  /** Which error it is. */
  override readonly name = "FormatError";
}

/**
 * The run in `bytes`.
 *
 * @param bytes Gzipped JSON lines.
 * @throws {FormatError} naming the line that is wrong, and what is wrong with it.
 */
export function readRecordedRun(bytes: Uint8Array): RecordedRun {
  const text = attempt(() => gunzipSync(bytes).toString("utf8"), "a recorded run: the file is not gzipped JSON lines");
  const [first, ...rest] = text.trimEnd().split("\n")
    .map((line, i): unknown => attempt(() => JSON.parse(line), `line ${i + 1}: it is not JSON`));
  const header = check(headerSchema, first, 1);
  return { header, operations: rest.map((line, i) => check(operationSchema, line, i + 2)) };
}

function attempt<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch {
    throw new FormatError(`Cannot read ${what}`);
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, line: number): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw new FormatError(`Cannot read line ${line}: ${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
}
