/**
 * Who holds the entries of a leader's log (paper §5.3, §5.4.2; matchIndex of Figure 2, as it is and not as the leader knows it).
 *
 * Functions of the trace's rows.
 *
 * @module
 */
import type { NodeRow } from "../trace/rows.ts";
import { type Index, majority, type NodeId, type Term } from "../raft/mod.ts";
import type { Trace } from "../trace/trace.ts";
import { logsAt, type LogState } from "./logs.ts";
import { nodeList } from "./text.ts";

/** An entry of a leader's log, and who holds it. */
export interface Holding {
  /** Its index. */
  readonly index: Index;
  /** Its term. */
  readonly term: Term;
  /** The nodes that have stored it, stopped ones too. */
  readonly nodes: readonly NodeId[];
  /** Whether the leader has committed it. */
  readonly isCommitted: boolean;
  /** Whether its term is older than the leader's. */
  readonly isOld: boolean;
}

/** The entries that the log of `leader` holds, as it was at the end of that row's tick. */
export function holdingsOf(trace: Trace, leader: NodeRow): Holding[] {
  const logs = logsAt(trace, leader.tick);
  const applied = new Map(
    trace.of("apply").filter(({ tick }) => tick <= leader.tick).map(({ index, term }) => [index, term]),
  );
  const entries = logs.find(({ row }) => row.node === leader.node)?.entries.values() ?? [];
  return [...entries].map(({ index, term }) => ({
    index,
    term,
    nodes: logs.filter((log) => termAt(log, index, applied) === term).map(({ row }) => row.node),
    isCommitted: index <= leader.commit,
    isOld: term < leader.term,
  }));
}

/** What a log has compacted was applied, so that its term is the same in every log. */
function termAt({ row, entries }: LogState, index: Index, applied: ReadonlyMap<Index, Term>): Term | null {
  return (index < row.firstIndex ? applied.get(index) : entries.get(index)?.term) ?? null;
}

/** Which entries whom, in words; entries of which the same is said share it. */
export function holdingsText(holdings: readonly Holding[], nodes: number): string {
  const runs: { first: Index; last: Index; fact: string }[] = [];
  for (const holding of holdings) {
    const fact = factOf(holding, nodes);
    const run = runs.at(-1);
    if (run?.fact === fact) run.last = holding.index;
    else runs.push({ first: holding.index, last: holding.index, fact });
  }
  const name = (first: Index, last: Index) => (first === last ? `index ${first}` : `indices ${first} to ${last}`);
  return runs.map(({ first, last, fact }) => `${name(first, last)} ${fact}`).join("; ");
}

function factOf({ term, nodes: holders, isCommitted, isOld }: Holding, nodes: number): string {
  const where = holders.length === nodes && nodes > 1 ? "every node" : nodeList(holders);
  const amount = holders.length >= majority(nodes) ? "a majority" : "no majority";
  const old = isOld ? ", which is older than the leader's," : "";
  return `of term ${term}${old} on ${where}, ${amount}, ${isCommitted ? "committed" : "not committed"}`;
}
