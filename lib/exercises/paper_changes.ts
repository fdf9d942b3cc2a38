/**
 * Changes of the configuration as in the paper (§6), and without the rule that was missing in the thesis's first account of
 * changes of one node: doubles, to see what the rule is for.
 *
 * @module
 */
import type { DemoNode } from "../node.ts";
import { decodeConfChange, type Entry } from "../raft/mod.ts";
import { applyConfChange } from "../raft/membership.ts";

/**
 * A hook that puts a change in force on a node as soon as it is in the node's log, as in the paper, and not when it is
 * applied. For changes of one node; one that is removed from a log again stays in force.
 *
 * @example
 * ```ts
 * import { Cluster, inForceWhenAppended } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const cluster = new Cluster({ nodes: 4, spares: 1, onStart: inForceWhenAppended });
 * cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
 * cluster.run(5);
 * cluster.confChange({ transition: "auto", changes: [{ type: "addNode", node: 4 }] });
 * deepStrictEqual(cluster.leader()?.status().progress.map(({ id }) => id), [1, 2, 3, 4]);
 * ```
 */
export function inForceWhenAppended({ raft, raft: { log } }: DemoNode): void {
  const append = log.append.bind(log);
  const putInForce = (entries: readonly Entry[]) => {
    for (const { type, data } of entries) if (type === "configuration") applyConfChange(raft, decodeConfChange(data));
  };
  putInForce(log.entries(log.applied + 1, Infinity) ?? []);
  log.append = (entries) => {
    append(entries);
    putInForce(entries);
  };
}

/**
 * A hook that lets a leader take a change before it has committed an entry of its own term, as the crate does. The crate's
 * other flaws come with it (`Config.crateFlaws`).
 */
export function takesChangesAtOnce({ raft: { config } }: DemoNode): void {
  Object.assign(config, { crateFlaws: true });
}
