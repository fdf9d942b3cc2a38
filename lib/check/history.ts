/**
 * What no single node knows: who led which term, what was committed, what was applied. The checker remembers it.
 *
 * @module
 */
import type { HardState, Index, NodeId, Raft, Storage, Term } from "../raft/mod.ts";

/** A committed entry, and the term in which it was first seen to be committed. */
export interface Committed {
  /** The entry's own term. */
  readonly term: Term;
  /** The term of the node that committed it. */
  readonly committedIn: Term;
}

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
  readonly log: LogCopy;
  /** On a leader: match by node. */
  readonly matchIndex: ReadonlyMap<NodeId, Index>;
}

/** The terms of a log. */
export interface LogCopy {
  readonly firstIndex: Index;
  readonly terms: readonly Term[];
}

/** What is remembered over a whole run. */
export class History {
  readonly leaderOf = new Map<Term, NodeId>();
  readonly committed = new Map<Index, Committed>();
  /** What was applied at an index, as text. */
  readonly applied = new Map<Index, string>();
  /** By index and term: the entry's data as text, and the term before it. */
  readonly entries = new Map<string, string>();
  readonly memories = new Map<NodeId, Memory>();
  /** The highest index seen to be committed. */
  lastCommitted: Index = 0;
}

/** The terms of a node's whole log, unstable end included. */
export function copyLog(raft: Raft): LogCopy {
  const firstIndex = raft.log.firstIndex();
  const last = raft.log.lastIndex();
  const terms = last < firstIndex ? [] : raft.log.slice(firstIndex, last + 1, Infinity).map(({ term }) => term);
  return { firstIndex, terms };
}

/** The term at `index`; `undefined` if it is not there. */
export function termIn({ firstIndex, terms }: LogCopy, index: Index): Term | undefined {
  return terms[index - firstIndex];
}

/** The index behind the last entry. */
export function endOf({ firstIndex, terms }: LogCopy): Index {
  return firstIndex + terms.length;
}
