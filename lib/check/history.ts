/**
 * What no single node knows: who led which term, what was committed, what was applied. The checker remembers it.
 *
 * @module
 */
import type { ConfState, Entry, HardState, Index, NodeId, Raft, Storage, Term } from "../raft/mod.ts";

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
}

/** The term at `index`; `undefined` if it is not in `log`. */
export function termIn(log: readonly Entry[], index: Index): Term | undefined {
  return log[index - (log.at(0)?.index ?? 0)]?.term;
}
