/**
 * Carry out a recorded run on this library's `RawNode`, and compare every answer with the crate's.
 *
 * @module
 */
import { type ConfigOptions, InvariantViolation } from "../raft/mod.ts";
import { firstMismatch, type Mismatch } from "./compare.ts";
import { FormatError, type Header, type Operation, type RecordedRun } from "./format.ts";
import { Mailbox } from "./mailbox.ts";
import { type NodeOperation, RecordedNode } from "./recorded_node.ts";
import { wireState } from "./wire.ts";

/** The first answer that was not the crate's. */
export interface Difference extends Mismatch {
  /** The number of the operation, from 1. */
  readonly number: number;
  /** The operation as recorded. */
  readonly operation: Operation;
  /** Up to three operations on the same node before it, the latest last. */
  readonly before: readonly Operation[];
}

interface Member {
  readonly recorded: RecordedNode;
  /** The state the crate was in: a recorded operation names only what changed. */
  readonly expected: Record<string, unknown>;
}

/**
 * The first difference between `run` and what this library does; `null` if every answer is the same.
 *
 * @throws {FormatError} if the run contradicts itself: it names a node or a message that does not exist.
 */
export function replay(run: RecordedRun): Difference | null {
  const mailbox = new Mailbox();
  const members = new Map<number, Member>();
  for (const [i, operation] of run.operations.entries()) {
    if (operation.op === "drop") {
      mailbox.take(operation.message);
      continue;
    }
    const { node } = operation;
    if (operation.op === "init") {
      members.set(node, {
        recorded: new RecordedNode(optionsOf(run.header, node), run.header.voters, mailbox),
        expected: {},
      });
    }
    const member = members.get(node);
    if (member === undefined) throw new FormatError(`Cannot replay: node ${node} was never started`);
    const mismatch = carryOut(member, operation);
    if (mismatch !== null) {
      const before = run.operations.slice(0, i).filter((other) => other.op !== "drop" && other.node === node).slice(-3);
      return { number: i + 1, operation, before, ...mismatch };
    }
  }
  return null;
}

function carryOut({ recorded, expected }: Member, operation: NodeOperation): Mismatch | null {
  let answer;
  try {
    answer = recorded.perform(operation);
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return { path: "the call", expected: "an answer", actual: `InvariantViolation: ${error.message}` };
  }
  for (const [field, value] of Object.entries(operation.state)) {
    if (value === null) delete expected[field];
    else expected[field] = value;
  }
  return firstMismatch({ ...operation, ...answer }, operation, "") ??
    firstMismatch(wireState(recorded.node), expected, "state");
}

/** The recorded nodes draw no election timeouts: each has its own. */
function optionsOf({ config, nodes, electionTimeouts }: Header, id: number): ConfigOptions {
  const electionTimeout = electionTimeouts.at(nodes.indexOf(id)) ?? 0;
  if (!nodes.includes(id)) throw new FormatError(`Cannot replay: node ${id} is not in the header`);
  return {
    id,
    electionTick: config.electionTick,
    heartbeatTick: config.heartbeatTick,
    maxSizePerMsg: config.maxEntriesPerMessage === 1 ? 0 : Infinity,
    maxInflightMsgs: config.maxInflightMsgs,
    seed: 0,
    fixedTimeout: electionTimeout,
  };
}
