/**
 * What may be said of a cluster before it starts.
 *
 * @module
 */
import * as z from "zod/mini";
import type { DiskOf } from "./storage/disk.ts";
import type { DemoNode } from "./node.ts";
import type { Observer } from "./trace/rows.ts";
import { newConfig, RaftError, type ReadOnlyOption, seededRandom, type Ticks } from "./raft/mod.ts";
import { isBetween, MOST, MOST_TICKS, shown, wholeText } from "./arguments.ts";
import { type Logs, logsProblem } from "./starting_logs.ts";

export type { Logs };

/** A cluster that cannot be, or something that was awaited and did not happen. */
export class ClusterError extends Error {
  /** Always `"ClusterError"`. */
  override readonly name = "ClusterError";
}

const LOGS = `must be a list of terms a node, each a whole number from 1 to ${MOST} and not less than the one before`;
const FUNCTION = "must be a function";
/** How a leader makes sure that it leads, when a client reads. */
export const READ_ONLY = ["safe", "leaseBased"] as const satisfies readonly ReadOnlyOption[];
const TRUTH = "must be true or false";

const isLog = (log: unknown) => Array.isArray(log) && log.every((term, i) => isBetween(term, i === 0 ? 1 : log[i - 1]));
const isFunction = (value: unknown) => typeof value === "function";

function whole(least: number, most: number) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `must be ${wholeText(input, least, most)}, and is ${shown(input)}`;
  return z.custom<number>((value) => isBetween(value, least, most), { error });
}

/** What concerns the cluster as a whole is checked here, the rest by `newConfig`. */
const schema = z.strictObject({
  nodes: z._default(whole(1, 9), 3),
  spares: z._default(whole(0, 8), 0),
  seed: z._default(z.int("must be a whole number"), 1),
  latency: z._default(whole(1, MOST_TICKS), 1),
  electionTick: z._default(whole(1, MOST_TICKS), 10),
  heartbeatTick: z._default(whole(1, MOST_TICKS), 3),
  maxSizePerMsg: z._default(z.custom<number>(), 1 << 20),
  maxInflightMsgs: z._default(whole(1, MOST), 256),
  preVote: z._default(z.boolean(TRUTH), false),
  checkQuorum: z._default(z.boolean(TRUTH), false),
  readOnlyOption: z._default(z.enum(READ_ONLY, `must be ${READ_ONLY.join(" or ")}`), "safe"),
  snapshotEvery: z._default(z.nullable(whole(1, MOST)), null),
  logs: z._default(z.custom<Logs>((value) => Array.isArray(value) && value.every(isLog), LOGS), []),
  diskOf: z._default(z.nullable(z.custom<DiskOf>(isFunction, FUNCTION)), null),
  onStart: z._default(z.custom<(node: DemoNode) => void>(isFunction, FUNCTION), () => () => {}),
  observer: z._default(z.custom<Observer>(isFunction, FUNCTION), () => () => {}),
}, "must be an object");

/** What may be said of a cluster; everything has a default. */
export interface ClusterOptions {
  /** How many nodes, 1 to 9; their ids are 1, 2, 3, … Default 3. */
  readonly nodes?: number;
  /**
   * How many of them, the last ones, are no members of the cluster at first, fewer than `nodes`: they run, know whom it
   * begins with, and wait to be added. Default 0.
   */
  readonly spares?: number;
  /** Decides every election timeout. Default 1. */
  readonly seed?: number;
  /** Ticks a message takes. Default 1. */
  readonly latency?: Ticks;
  /** The least election timeout; the greatest is one less than twice that. Default 10. */
  readonly electionTick?: Ticks;
  /** Ticks between heartbeats. Default 3. */
  readonly heartbeatTick?: Ticks;
  /** The most bytes of entries a message carries. Default 1 MiB. */
  readonly maxSizePerMsg?: number;
  /** The most messages with entries on their way to one follower. Default 256. */
  readonly maxInflightMsgs?: number;
  /** Whether a node asks whether it could win before it campaigns (PreVote, thesis §9.6). Default: no. */
  readonly preVote?: boolean;
  /** Whether a leader that hears from no majority steps down (CheckQuorum, thesis §6.2). Default: no. */
  readonly checkQuorum?: boolean;
  /** Whether a leader asks a majority before it answers a read, or trusts its lease (thesis §6.4). Default: it asks. */
  readonly readOnlyOption?: ReadOnlyOption;
  /**
   * After so many applied entries a node makes a snapshot by itself, and keeps the last half of them in its log; `null`, the
   * default: only where `compact` is called.
   */
  readonly snapshotEvery?: number | null;
  /** Logs to start from, every node in the greatest term of any of them. Default: empty, in term 0. */
  readonly logs?: Logs;
  /** Where each node keeps its log. Default: in memory, where a crash loses nothing. */
  readonly diskOf?: DiskOf | null;
  /** Called with every node that starts, at first and again. */
  readonly onStart?: (node: DemoNode) => void;
  /** Told of everything that happens. */
  readonly observer?: Observer;
}

/**
 * `options`, with everything that was left out.
 *
 * @throws {ClusterError} naming the option that is wrong.
 */
export function completeOptions(options: ClusterOptions): Required<ClusterOptions> {
  const result = schema.safeParse(options);
  if (!result.success) {
    const [issue] = result.error.issues;
    if (issue.code === "unrecognized_keys") throw impossible(`unknown option ${issue.keys[0]}`);
    throw impossible(`${issue.path.join(".") || "options"}: ${issue.message}`);
  }
  const complete = result.data;
  const { logs, nodes, spares, diskOf, seed } = complete;
  if (spares >= nodes) throw impossible(`spares: must be fewer than nodes (${nodes}), and is ${spares}`);
  const founders = nodes - spares;
  if (logs.length > founders) throw impossible(`${logs.length} logs for ${founders} nodes`);
  const problem = logsProblem(logs, founders);
  if (problem !== null) throw impossible(`logs ${problem}`);
  if (logs.length > 0 && diskOf !== null) {
    throw impossible("logs to start from are kept in memory; leave out either logs or diskOf");
  }
  try {
    newConfig({ ...complete, id: 1, random: seededRandom(seed) });
  } catch (error) {
    if (error instanceof RaftError) throw new ClusterError(`Cannot make a cluster. ${error.message}`);
    throw error;
  }
  return complete;
}

function impossible(problem: string): ClusterError {
  return new ClusterError(`Cannot make a cluster: ${problem}`);
}
