/**
 * Entries in a row: how many bytes they are, and whether they follow on each other.
 *
 * @module
 */
import type { Entry, Index, Term } from "./types.ts";

/** What an entry counts for against a limit in bytes: its data, and 12 for term, index and framing. */
export function entrySize(entry: Entry): number {
  return entry.data.length + 12;
}

/** The longest beginning of `entries` that has at most `maxSize` bytes, and one entry at least. */
export function limitSize(entries: Entry[], maxSize: number): Entry[] {
  if (entries.length <= 1 || maxSize === Infinity) return entries;
  let size = entrySize(entries[0]);
  let count = 1;
  while (count < entries.length && (size += entrySize(entries[count])) <= maxSize) count++;
  return count === entries.length ? entries : entries.slice(0, count);
}

/**
 * The first of `entries` that does not follow on what is before it, at first on an entry of this index and term:
 * indices have no gaps, and terms never fall (§5.3).
 */
export function firstMisplaced(index: Index, term: Term, entries: readonly Entry[]): Entry | undefined {
  for (const entry of entries) {
    index++;
    if (entry.index !== index || !Number.isInteger(entry.term) || entry.term < term) return entry;
    term = entry.term;
  }
  return undefined;
}
