/**
 * What may be said of a cluster before it starts.
 *
 * Floor 7.
 *
 * @module
 */
import { z } from "zod";
import type { Observer } from "./event.ts";
import type { Ticks } from "./raft/mod.ts";

/** A cluster that cannot be, or something that was awaited and did not happen. */
export class ClusterError extends Error {
  /** Always `"ClusterError"`. */
  override readonly name = "ClusterError";
}

const schema = z.strictObject({
  nodes: z.int().min(1).max(9).default(3),
  seed: z.int().default(1),
  latency: z.int().min(1).default(1),
  electionTick: z.int().min(2).default(10),
  heartbeatTick: z.int().min(1).default(3),
  maxSizePerMsg: z.number().min(0).default(1 << 20),
  maxInflightMsgs: z.int().min(1).default(256),
  observer: z.custom<Observer>((value) => typeof value === "function").default(() => () => {}),
});

/** What may be said of a cluster; everything has a default. */
export interface ClusterOptions {
  /** How many nodes, 1 to 9; their ids are 1, 2, 3, … Default 3. */
  readonly nodes?: number;
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
    throw new ClusterError(`Cannot make a cluster: ${issue.path.join(".") || "options"}: ${issue.message}`);
  }
  if (result.data.electionTick > result.data.heartbeatTick) return result.data;
  throw new ClusterError("Cannot make a cluster: electionTick: must be greater than heartbeatTick");
}
