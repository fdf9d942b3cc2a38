/**
 * Lists in a sentence: nodes, entries.
 *
 * @module
 */
import type { NodeId, Term } from "../raft/mod.ts";

/** `1`, `1 and 2`, `1, 2 and 3`. */
export function list(words: readonly (string | number)[], conjunction: "and" | "or" = "and"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** `node 1`; `nodes 1, 2 and 4`; four and more that follow each other are `nodes 1 to 5`. */
export function nodeList(ids: readonly NodeId[], conjunction: "and" | "or" = "and"): string {
  if (ids.length === 0) return "no node";
  const sorted = [...ids].sort((a, b) => a - b);
  if (sorted.length === 1) return `node ${sorted[0]}`;
  const noun = conjunction === "and" ? "nodes" : "node";
  const isRun = sorted.length >= 4 && sorted.every((id, i) => id === sorted[0] + i);
  if (isRun && conjunction === "and") return `nodes ${sorted[0]} to ${sorted.at(-1)}`;
  return `${noun} ${list(sorted, conjunction)}`;
}

/** The entries of a log, by their terms: `entries of the terms 1 1 2`. */
export function entriesText(terms: readonly Term[]): string {
  if (terms.length === 0) return "no entry";
  return terms.length === 1 ? `one entry, of term ${terms[0]}` : `entries of the terms ${terms.join(" ")}`;
}
