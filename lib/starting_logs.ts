/**
 * The logs that a cluster is to start from: what they hold, and whether one that keeps the rules of Raft can have come to them
 * (paper §5.3, §5.4).
 *
 * @module
 */
import { majority, type Term } from "./raft/mod.ts";
import { nodeList } from "./trace/text.ts";

/** Logs to start from: for node 1, 2, 3, … the term of each entry, from index 1 on (as in the paper's Figure 7). */
export type Logs = readonly (readonly Term[])[];

/** The most entries of all logs together. */
const MOST_ENTRIES = 100_000;

/** Where a node has the first entry of a term, and which term is before it. */
type Start = ReturnType<typeof startsIn>[number];

/** Why `nodes` nodes cannot start from `logs`, each of them terms that never fall; `null` if they can. */
export function logsProblem(logs: Logs, nodes: number): string | null {
  const entries = logs.reduce((sum, log) => sum + log.length, 0);
  if (entries > MOST_ENTRIES) return `must be at most ${MOST_ENTRIES} entries, and are ${entries}`;
  const all = Array.from({ length: nodes }, (_, i) => logs.at(i) ?? []);
  const starts = new Map<Term, Start>();
  for (const start of all.flatMap(startsIn)) {
    const other = starts.get(start.term) ?? start;
    // Log Matching (§5.3): whoever holds an entry of a term holds what its one leader held before it.
    if (other.index !== start.index || other.before !== start.before) {
      return `must have one leader per term: term ${start.term} begins ${placeOf(other)}, but ${placeOf(start)}`;
    }
    starts.set(start.term, other);
  }
  const inOrder = [...starts.values()].sort((a, b) => b.term - a.term);
  for (const [later, start] of inOrder.entries()) {
    // A later leader of whom no entry is left may have spread any log after this election.
    if (inOrder[0].term - start.term > later) continue;
    const ahead = all.flatMap((log, i) => isAhead(log, start, all) ? [i + 1] : []);
    if (nodes - ahead.length >= majority(nodes)) continue;
    // Leader Completeness (§5.4): what a majority holds may be committed, and every later leader has it.
    return `must let each leader be elected: that of term ${start.term} (${placeOf(start)}) was behind ${
      nodeList(ahead)
    }`;
  }
  return null;
}

/**
 * The values that the entries of `logs` put, log by log: a letter for each, and `aa`, `ab`, … after `z`; the same where index and
 * term are the same.
 */
export function valuesIn(logs: Logs): string[][] {
  const values = new Map<string, string>();
  return logs.map((log) =>
    log.map((term, i) => {
      const entry = `${i}@${term}`;
      const value = values.get(entry) ?? letters(values.size);
      values.set(entry, value);
      return value;
    })
  );
}

/** 0 is `a`, 25 is `z`, 26 is `aa`. */
function letters(number: number): string {
  const last = String.fromCharCode("a".charCodeAt(0) + number % 26);
  return number < 26 ? last : letters(Math.floor(number / 26) - 1) + last;
}

function startsIn(log: readonly Term[], i: number) {
  const entries = log.map((term, at) => ({ node: i + 1, term, index: at + 1, before: log[at - 1] ?? 0 }));
  return entries.filter(({ term, before }) => term !== before);
}

function placeOf({ node, index, before }: Start): string {
  return `at index ${index}${before === 0 ? "" : ` after term ${before}`} on node ${node}`;
}

/** Whether a node never voted for this leader: its log was more up to date (§5.4.1), and did not come from a later one. */
function isAhead(log: readonly Term[], { term, index, before }: Start, all: Logs): boolean {
  const last = log.at(-1) ?? 0;
  if (last >= term || last < before || (last === before && log.length < index)) return false;
  return !all.some((other) => other[log.length - 1] === last && other[other.length - 1] >= term);
}
