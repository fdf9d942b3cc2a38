/** Clusters in which something has happened already, and ways to look at what happens next. */
import { throws } from "node:assert/strict";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster_options.ts";
import type { Command } from "./command.ts";
import type { NodeId } from "./raft/mod.ts";
import { Trace } from "./trace/trace.ts";

/** Ask for x to be `value`. */
export const put = (value: string): Command => ({ kind: "Put", key: "x", value });

/** It throws a ClusterError that says this. */
export const fails = (call: () => unknown, message: RegExp) => throws(call, { name: "ClusterError", message });

/** A cluster with a leader, whose first entry everyone has applied. */
export function led(
  options: ClusterOptions = {},
): { cluster: Cluster; leader: NodeId; followers: NodeId[]; trace: Trace } {
  const trace = new Trace();
  const cluster = new Cluster({ ...options, observer: trace.record });
  cluster.runUntil("everyone has applied the leader's first entry", () => {
    return cluster.nodes().every((node) => node.status().applied === 1);
  });
  const leader = leaderOf(cluster);
  return { cluster, leader, followers: cluster.ids.filter((id) => id !== leader), trace };
}

/** Its id; 0 if there is none. */
export function leaderOf(cluster: Cluster): NodeId {
  return cluster.leader()?.id ?? 0;
}

/** Run until every running node has `value`. */
export function spread(cluster: Cluster, value: string): void {
  cluster.runUntil(`x is ${value}`, () => cluster.nodes().every((node) => node.store.get("x") === value));
}

/** What became of the messages of one type that went to `to`, in order. */
export function fates(trace: Trace, type: string, to: NodeId): string[] {
  return trace.of("message").filter((row) => row.type === type && row.to === to).map(({ event }) => event);
}
