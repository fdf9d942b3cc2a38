/**
 * Nodes in a sentence.
 *
 * Floor 7.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";

/** `node 1`; `nodes 1, 2 and 3`. */
export function nodeList(ids: readonly NodeId[], conjunction: "and" | "or" = "and"): string {
  if (ids.length === 0) return "no node";
  const sorted = [...ids].sort((a, b) => a - b);
  if (sorted.length === 1) return `node ${sorted[0]}`;
  const noun = conjunction === "and" ? "nodes" : "node";
  return `${noun} ${sorted.slice(0, -1).join(", ")} ${conjunction} ${sorted.at(-1)}`;
}
