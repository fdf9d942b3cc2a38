/**
 * Carry out a recorded run on this library's `RawNode`, and compare every answer with the crate's.
 *
 * @module
 */
import { type ConfigOptions, InvariantViolation, seededRandom } from "../raft/mod.ts";
import { FormatError, type Header, type Operation, type RecordedRun } from "./format.ts";
import { Mailbox, type NodeOperation, RecordedNode } from "./recorded_node.ts";
import { wireState } from "./wire.ts";

/** A place in which two answers differ. */
export interface Mismatch {
  /** Where, as a path. */
  readonly path: string;
  /** The crate's answer there. */
  readonly expected: unknown;
  /** This library's answer there. */
  readonly actual: unknown;
}

/** The first answer that was not the crate's. */
export interface Difference extends Mismatch {
  /** The number of the operation, from 1. */
  readonly number: number;
  /** The operation as recorded. */
  readonly operation: Operation;
  /** Up to three operations on the same node before it, the latest last. */
  readonly before: readonly Operation[];
}

/**
 * The first difference between a run and what this library does; `null` if every answer is the same.
 *
 * @throws {FormatError} if the run contradicts itself: it names a node or a message that does not exist.
 */
export function replay({ header, operations }: RecordedRun): Difference | null {
  const mailbox = new Mailbox();
  const members = new Map<number, RecordedNode>();
  for (const [i, operation] of operations.entries()) {
    if (operation.op === "drop") {
      mailbox.take(operation.message);
      continue;
    }
    const { node } = operation;
    if (operation.op === "init") {
      const voters = header.voters.includes(node) ? header.voters : [];
      members.set(node, new RecordedNode(optionsOf(header, node), voters, mailbox));
    }
    const member = members.get(node);
    if (member === undefined) throw new FormatError(`Cannot replay: node ${node} was never started`);
    const mismatch = carryOut(member, operation);
    if (mismatch !== null) {
      const before = operations.slice(0, i).filter((other) => other.op !== "drop" && other.node === node).slice(-3);
      return { number: i + 1, operation, before, ...mismatch };
    }
  }
  return null;
}

function carryOut(recorded: RecordedNode, operation: NodeOperation): Mismatch | null {
  let answer;
  try {
    answer = recorded.perform(operation);
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return { path: "the call", expected: "an answer", actual: `InvariantViolation: ${error.message}` };
  }
  for (const [field, value] of Object.entries(operation.state)) {
    if (value === null) delete recorded.expected[field];
    else recorded.expected[field] = value;
  }
  return firstMismatch({ ...operation, ...answer }, operation, "") ??
    firstMismatch(wireState(recorded.node), recorded.expected, "state");
}

/** The recorded nodes draw no election timeouts: each has its own. */
function optionsOf({ config, nodes, electionTimeouts }: Header, id: number): ConfigOptions {
  if (!nodes.includes(id)) throw new FormatError(`Cannot replay: node ${id} is not in the header`);
  const { maxEntriesPerMessage, ...options } = config;
  const maxSizePerMsg = maxEntriesPerMessage === 1 ? 0 : Infinity;
  const fixedTimeout = electionTimeouts[nodes.indexOf(id)];
  return { ...options, id, maxSizePerMsg, random: seededRandom(0), fixedTimeout, crateFlaws: true };
}

/** The first place in which two answers differ. */
function firstMismatch(actual: unknown, expected: unknown, path: string): Mismatch | null {
  if (!isComposite(actual) || !isComposite(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return actual === expected ? null : { path, expected, actual };
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const key of keys) {
    const mismatch = firstMismatch(actual[key], expected[key], path === "" ? key : `${path}.${key}`);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
