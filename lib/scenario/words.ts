/**
 * Nodes in a sentence.
 *
 * Floor 7.
 *
 * @module
 */
import type { NodeId } from "../raft/mod.ts";

/** `node 1`; `nodes 1, 2 and 4`; four and more that follow each other are `nodes 1 to 5`. */
export function nodeList(ids: readonly NodeId[], conjunction: "and" | "or" = "and"): string {
  if (ids.length === 0) return "no node";
  const sorted = [...ids].sort((a, b) => a - b);
  if (sorted.length === 1) return `node ${sorted[0]}`;
  const noun = conjunction === "and" ? "nodes" : "node";
  const isRun = sorted.length >= 4 && sorted.every((id, i) => id === sorted[0] + i);
  if (isRun && conjunction === "and") return `nodes ${sorted[0]} to ${sorted.at(-1)}`;
  return `${noun} ${sorted.slice(0, -1).join(", ")} ${conjunction} ${sorted.at(-1)}`;
}
