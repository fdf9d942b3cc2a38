/**
 * Lists, numbers and foreign text in a sentence.
 *
 * @module
 */
import type { Index, NodeId, Term, Ticks } from "../raft/mod.ts";

/** `1`, `1 and 2`, `1, 2 and 3`. */
export function list(words: readonly (string | number)[], conjunction: "and" | "or" = "and"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
}

/** `add node 4, and remove node 1`. */
export function clauses(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")}, and ${parts.at(-1)}`;
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

/** `index 3`; `indices 3 and 4`; `indices 3 to 5`. */
export function indicesText(first: Index, last: Index): string {
  return first === last ? `index ${first}` : `indices ${first} ${last === first + 1 ? "and" : "to"} ${last}`;
}

/** `1 entry`, `2 entries`. */
export function count(amount: number, one: string, many: string = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** `at tick 3`, `from tick 3 to 5`. */
export function ticksText(from: Ticks, to: Ticks): string {
  return from === to ? `at tick ${from}` : `from tick ${from} to ${to}`;
}

/** `sentence` with a capital. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/**
 * `text` in one line that a terminal and XML can carry: what cannot be seen is shown by its code, as JSON writes it. JSON stays
 * the same JSON.
 */
export function visible(text: string): string {
  const codeOf = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu,
    (character) => character === "\n" ? "\\n" : character.split("").map(codeOf).join(""),
  );
}

/** `text` as one word that cannot be mistaken: in quotes if it has blanks, controls or nothing at all in it. */
export function word(text: string): string {
  return text !== "" && !/[\s"]/.test(text) && visible(text) === text ? text : quoted(text);
}

/** `text` in quotes, without controls. */
export function quoted(text: string): string {
  return visible(JSON.stringify(text));
}
