/**
 * Whether a cluster that keeps the rules of Raft can have come to the logs that it is to start from (paper §5.3, §5.4).
 *
 * @module
 */
import { type Index, majority, type NodeId, type Term } from "./raft/mod.ts";
import { nodeList } from "./trace/text.ts";

/** Logs to start from: for node 1, 2, 3, … the term of each entry, from index 1 on (as in the paper's Figure 7). */
export type Logs = readonly (readonly Term[])[];

/** The most entries of all logs together. */
const MOST_ENTRIES = 100_000;

/** Where the first entry of a term is: on which node, at which index, and behind an entry of which term. */
interface Beginning {
  readonly node: NodeId;
  readonly term: Term;
  readonly index: Index;
  readonly before: Term;
}

/** Why `nodes` nodes cannot start from `logs`, each of them terms that never fall; `null` if they can. */
export function logsProblem(logs: Logs, nodes: number): string | null {
  const entries = logs.reduce((sum, log) => sum + log.length, 0);
  if (entries > MOST_ENTRIES) return `must be at most ${MOST_ENTRIES} entries, and are ${entries}`;
  const all = Array.from({ length: nodes }, (_, i) => logs.at(i) ?? []);
  const beginnings = new Map<Term, Beginning>();
  for (const beginning of all.flatMap(beginningsOf)) {
    const other = beginnings.get(beginning.term) ?? beginning;
    if (other.index !== beginning.index || other.before !== beginning.before) return mismatch(other, beginning);
    beginnings.set(beginning.term, other);
  }
  const inOrder = [...beginnings.values()].sort((a, b) => a.term - b.term);
  const last = inOrder.at(-1)?.term ?? 0;
  for (const [i, beginning] of inOrder.entries()) {
    // A later leader of whom no entry is left may have spread any log after this election.
    if (last - beginning.term > inOrder.length - 1 - i) continue;
    const refusing = all.flatMap((log, i) => refuses(log, beginning, all) ? [i + 1] : []);
    if (nodes - refusing.length < majority(nodes)) return noElection(beginning, refusing);
  }
  return null;
}

function beginningsOf(log: readonly Term[], i: number): Beginning[] {
  return log.flatMap((term, at) => {
    const before = log[at - 1] ?? 0;
    return term === before ? [] : [{ node: i + 1, term, index: at + 1, before }];
  });
}

/** Whether a node can never have voted for this leader: its log was more up to date (§5.4.1), and no later leader's since. */
function refuses(log: readonly Term[], { term, index, before }: Beginning, all: Logs): boolean {
  const last = log.at(-1) ?? 0;
  if (last >= term || last < before || (last === before && log.length < index)) return false;
  return !all.some((other) => other[log.length - 1] === last && other[other.length - 1] >= term);
}

/** Log Matching (§5.3): whoever holds an entry of a term holds what its one leader held before it. */
function mismatch(one: Beginning, other: Beginning): string {
  const place = ({ node, index, before }: Beginning) =>
    `at index ${index}${before === 0 ? "" : ` after term ${before}`} on node ${node}`;
  return `must have one leader per term: term ${one.term} begins ${place(one)}, but ${place(other)}`;
}

/** Leader Completeness (§5.4): what a majority holds may be committed, and a later leader has it. */
function noElection({ node, term, index, before }: Beginning, refusing: readonly NodeId[]): string {
  const log = index === 1 ? "an empty log" : `a log that ended with index ${index - 1} of term ${before}`;
  return `must leave a majority for each leader: that of term ${term} (node ${node} has its entries from index ${index} on) ` +
    `was elected with ${log}, which is behind ${nodeList(refusing)}`;
}
