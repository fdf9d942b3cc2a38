/**
 * What can be done with a runtime: a world in which every node is a task of its own, and time passes by itself.
 *
 * @module
 */
import type { ClusterOptions } from "../cluster_options.ts";
import type { Command } from "../command.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import { MOST_TICKS, requireWhole } from "../arguments.ts";
import type { Appended } from "../service.ts";
import type { World } from "../world.ts";
import type { Clock } from "./clock.ts";

/** What may be said of a runtime; everything has a default. */
export interface RuntimeOptions extends ClusterOptions {
  /** Milliseconds that a tick takes, at least. Default 10. */
  readonly tickMs?: number;
  /**
   * The most messages and requests that wait for a node. More messages are lost, and requests wait. With room for fewer
   * than there are nodes, it can be the same node's answer that is lost each time. Default 1024.
   */
  readonly inboxSize?: number;
  /** Ends the run when it aborts. */
  readonly signal?: AbortSignal;
  /** Where time comes from. Default: the real clock. */
  readonly clock?: Clock;
}

/** A runtime that cannot do what it is asked, or that came to an end. */
export class RuntimeError extends Error {
  /** Always `"RuntimeError"`. */
  override readonly name = "RuntimeError";
}

/** Nodes that run, a network between them, and time that passes. */
export interface Runtime extends World {
  /**
   * Wait for the end of the next tick. On a virtual clock time passes only while somebody does.
   *
   * @throws {RuntimeError} if the run is over; naming the node if one failed.
   */
  nextTick(): Promise<void>;
  /**
   * Ask a node, or the leader if none is named, to carry out `command`; waits while its inbox is full.
   *
   * @returns Where it was appended; `null` if it was passed on to the leader, so that nobody knows yet.
   * @throws {ClusterError} if there is no leader to ask, or the node does not run.
   * @throws {RaftError} `ProposalDropped` if the node knows no leader.
   * @throws {RuntimeError} if the node stopped before it came to that.
   */
  submit(command: Command, id?: NodeId): Promise<Appended | null>;
  /** End every task, and wait until nothing is left running. */
  close(): Promise<void>;
}

/**
 * Let ticks pass until `condition` holds.
 *
 * @param what What is awaited, as a sentence.
 * @returns The tick at which it held.
 * @throws {RuntimeError} if it does not within `maxTicks` ticks (at most 1,000,000), or the run is over.
 */
export async function runUntil(
  runtime: Runtime,
  what: string,
  condition: () => boolean,
  maxTicks: Ticks = 1000,
): Promise<Ticks> {
  requireWhole(RuntimeError, "Cannot run: maxTicks", maxTicks, 0, MOST_TICKS);
  const start = runtime.now;
  while (!condition()) {
    if (runtime.now - start >= maxTicks) throw new RuntimeError(`Cannot go on: never in ${maxTicks} ticks: ${what}`);
    await runtime.nextTick();
  }
  return runtime.now;
}
