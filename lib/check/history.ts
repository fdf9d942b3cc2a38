/**
 * What no single node knows: who led which term, what was committed, what was applied. The checker remembers it.
 *
 * @module
 */
import {
  type ConfState,
  type Entry,
  type HardState,
  type Index,
  newConfState,
  type NodeId,
  type Raft,
  type Storage,
  type Term,
} from "../raft/mod.ts";
import type { RequestId } from "../command.ts";
import type { ApplyRow } from "../trace/rows.ts";

/** A node as it is now. */
export interface View {
  readonly id: NodeId;
  readonly running: boolean;
  /** Its variables. */
  readonly raft: Raft;
  /** What is durable of it. */
  readonly storage: Storage;
}

/** What a node was at the last look. */
export interface Memory {
  readonly running: boolean;
  readonly term: Term;
  readonly vote: NodeId | null;
  readonly commit: Index;
  /** What was durable of term, vote and commit index. */
  readonly stored: HardState;
  /** The highest index that was durable. */
  readonly persisted: Index;
  readonly role: Raft["role"]["kind"];
  /** The configuration in force. */
  readonly confState: ConfState;
  /** Its whole log, unstable end included. */
  readonly log: readonly Entry[];
  /** On a leader: match by node. */
  readonly matchIndex: ReadonlyMap<NodeId, Index>;
}

/** What is remembered over a whole run. */
export class History {
  readonly leaderOf = new Map<Term, NodeId>();
  /** By term and node: whom it voted for. */
  readonly votes = new Map<string, NodeId>();
  /** The term of a committed entry, and the term of the node that was first seen to have committed it. */
  readonly committed = new Map<Index, { readonly term: Term; readonly committedIn: Term }>();
  /** What was applied at an index, as text. */
  readonly applied = new Map<Index, string>();
  /** By index and term: the entry's data as text, and the term before it. */
  readonly entries = new Map<string, string>();
  readonly memories = new Map<NodeId, Memory>();
  /** The highest index seen to be committed. */
  lastCommitted: Index = 0;
  /** The same, as told by rows. */
  toldCommitted: Index = 0;
  /** By number of a read: the highest index that was committed when it was asked for. */
  readonly reads = new Map<number, Index>();
  /** By index and term: whose request the entry is. */
  readonly requestOf = new Map<string, RequestId>();
  /** By client and number: the index whose entry carried the request out; `null` as long as none has. */
  readonly requests = new Map<string, Index | null>();
  /** Terms in which a node campaigned because the leader had asked it to. */
  readonly transfers = new Set<Term>();
  /** Configurations, each from the index of its change on, the one that the cluster began with first. */
  readonly #configurations: { readonly index: Index; readonly confState: ConfState }[];
  /** By key: its values, each from its index on; `null` where it was deleted. */
  readonly #values = new Map<string, { readonly index: Index; readonly value: string | null }[]>();

  /** A history that has just begun, with this configuration. */
  constructor(founders: ConfState = newConfState({ voters: [] })) {
    this.#configurations = [{ index: 0, confState: founders }];
  }

  /** The configuration of a node that has applied the log up to `index`. */
  configurationAt(index: Index): ConfState {
    const known = this.#configurations.findLast((change) => change.index <= index);
    return (known ?? this.#configurations[0]).confState;
  }

  /** The configuration that is farthest in the log. */
  get latestConfiguration(): ConfState {
    return this.configurationAt(Infinity);
  }

  /** The change at `index` leads to `confState`: whether that is news. */
  changeTo(index: Index, confState: ConfState): boolean {
    const isNews = index > (this.#configurations.at(-1)?.index ?? 0);
    if (isNews) this.#configurations.push({ index, confState });
    return isNews;
  }

  /** An entry was applied somewhere; each index counts once. */
  learn({ index, outcome }: ApplyRow): void {
    if (outcome.kind !== "Put" && outcome.kind !== "Delete") return;
    const values = this.#values.get(outcome.key) ?? [];
    this.#values.set(outcome.key, values);
    const value = outcome.kind === "Put" ? outcome.value : null;
    if (index > (values.at(-1)?.index ?? 0)) values.push({ index, value });
  }

  /** What a store that has applied the log up to `index` holds at `key`. */
  valueAt(key: string, index: Index): string | null {
    return this.#values.get(key)?.findLast((known) => known.index <= index)?.value ?? null;
  }
}

/** A node as it is, as it was at the last look, and what is known of the whole cluster. */
export interface Look {
  readonly view: View;
  /** Its log now. */
  readonly now: Memory["log"];
  readonly before: Memory | undefined;
  readonly history: History;
  /** Every node as it is. */
  readonly nodes: readonly View[];
}

/** The term at `index`; `undefined` if it is not in `log`. */
export function termIn(log: readonly Entry[], index: Index): Term | undefined {
  return log[index - (log.at(0)?.index ?? 0)]?.term;
}

/** The term at `index` in `storage`. */
export function storedTerm(storage: Storage, index: Index): Term | "compacted" | "missing" {
  if (index < storage.firstIndex() - 1) return "compacted";
  return index > storage.lastIndex() ? "missing" : storage.term(index);
}
