/**
 * What a node owes to clients (thesis §6.3, §6.4): it has taken their requests, and answers each when it has applied the very entry
 * that it appended for it, or when it may answer a read from its store.
 *
 * Nothing of this is written down. A node that stops owes nothing any more, and one that gets an entry in a snapshot does not know
 * what applying it did: their clients hear nothing, and ask again.
 *
 * @module
 */
import type { Command, RequestId } from "./command.ts";
import type { AppliedEntry } from "./node_turn.ts";
import type { Index, NodeId, Term } from "./raft/mod.ts";
import type { ReadWay } from "./trace/rows.ts";

/** What a client asks a node for. */
export interface Request {
  /** Whose it is. */
  readonly by: RequestId;
  /** What is asked for. It carries `by` as well, if it is to be carried out once. */
  readonly command: Command;
  /** How, if it is a `Get`; anything else goes through the log. */
  readonly way: ReadWay;
}

/** What a node answers. */
export type Reply =
  /** It is done; `value` is what a `Get` found, `null` if nothing. */
  | { readonly kind: "done"; readonly value: string | null }
  /** The node cannot: it does not lead (`leader` is whom it takes for the leader), or another entry took the place. */
  | { readonly kind: "refused"; readonly leader: NodeId | null };

/** Takes the one answer to a request, if there ever is one. */
export type Receiver = (reply: Reply) => void;

/** What one node owes. */
export class Requests {
  /** By the index at which the node, as leader, has appended the command; more than one if it has lost what stood there before. */
  readonly #writes = new Map<Index, { readonly term: Term; readonly receive: Receiver }[]>();
  /** By the number of the read. */
  readonly #reads = new Map<number, Receiver>();

  /**
   * The node has appended what was asked for. If it appended something at that index before, that is gone here, but may be elsewhere
   * and be committed yet: it is answered once the index is applied.
   */
  appended(index: Index, term: Term, receive: Receiver): void {
    this.#writes.set(index, [...this.#writes.get(index) ?? [], { term, receive }]);
  }

  /** The node is to answer this read when it can. */
  asked(number: number, receive: Receiver): void {
    this.#reads.set(number, receive);
  }

  /** The node has applied these: whoever waits for one of them is answered. */
  applied(entries: readonly AppliedEntry[]): void {
    for (const { index, term, outcome } of entries) {
      const owed = this.#writes.get(index) ?? [];
      this.#writes.delete(index);
      const did = outcome.kind === "Repeated" ? outcome.outcome : outcome;
      const done: Reply = { kind: "done", value: did?.kind === "Get" ? did.value : null };
      for (const write of owed) write.receive(write.term === term ? done : { kind: "refused", leader: null });
    }
  }

  /** The read of this number is answered. */
  answered(number: number, value: string | null): void {
    const receive = this.#reads.get(number);
    this.#reads.delete(number);
    receive?.({ kind: "done", value });
  }
}
