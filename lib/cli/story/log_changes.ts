/**
 * What every node's log holds, going by the rows of a run; and what is replaced in it, in words.
 *
 * @module
 */
import type { EntrySummary, TraceRow } from "../../trace/rows.ts";
import type { Index, NodeId, Term } from "../../raft/mod.ts";
import { list } from "../../trace/text.ts";

/** The logs of a run. */
export class LogChanges {
  readonly #logs = new Map<NodeId, ReadonlyMap<Index, Term>>();
  #remarkable = false;

  /** Whether somebody started with a log, or replaced entries: then it is worth while to look at the logs. */
  get remarkable(): boolean {
    return this.#remarkable;
  }

  /** Take in a row. What was replaced by it, as the end of a sentence about the node; else `null`. */
  hear(row: TraceRow): string | null {
    if (row.kind === "log") {
      this.#remarkable = true;
      this.#logs.set(row.node, new Map(row.entries.map(({ index, term }) => [index, term])));
    }
    if (row.kind !== "ready") return null;
    if (row.snapshot !== null) this.#logs.set(row.node, new Map());
    return row.entries.length === 0 ? null : this.#append(row.node, row.entries);
  }

  /** The terms of a node's entries, in the order of their indices. */
  terms(node: NodeId): readonly Term[] {
    return [...this.#logs.get(node)?.values() ?? []];
  }

  #append(node: NodeId, entries: readonly EntrySummary[]): string | null {
    const log = [...this.#logs.get(node) ?? []];
    const kept = log.filter(([index]) => index < entries[0].index);
    const added = entries.map(({ index, term }) => [index, term] as const);
    this.#logs.set(node, new Map([...kept, ...added]));
    const replaced = log.slice(kept.length);
    if (replaced.length === 0) return null;
    this.#remarkable = true;
    const [before, after] = [rangeText(replaced), rangeText(added)];
    const by = before !== after ? `${after} ${termsText(added)}` : `${ones(added)} ${termsText(added)}`;
    return `replaces ${before} ${termsText(replaced)} by ${by}`;
  }
}

type Entries = readonly (readonly [Index, Term])[];

const ones = (entries: Entries) => entries.length === 1 ? "one" : "those";

/** `index 3`; `indices 3 and 4`; `indices 3 to 5`. */
function rangeText(entries: Entries): string {
  const [first, last] = [entries[0][0], entries[entries.length - 1][0]];
  if (first === last) return `index ${first}`;
  return `indices ${first} ${last === first + 1 ? "and" : "to"} ${last}`;
}

/** `of term 1`; `of terms 1, 2 and 4`. */
function termsText(entries: Entries): string {
  const terms = [...new Set(entries.map(([, term]) => term))];
  return `of ${terms.length === 1 ? "term" : "terms"} ${list(terms)}`;
}
