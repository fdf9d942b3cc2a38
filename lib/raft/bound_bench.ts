/**
 * The bound `replication_bench.ts` measures the core against: the same rounds with the unavoidable work alone.
 *
 * The same entries, messages and answers go through the same queues, and the same values into the same maps, but nothing
 * is checked: no terms, no roles, no windows, no logs that may differ, no storage that may fail. No Raft that sends one
 * `Append` a proposal and follower, and tells every new commit index at once, can do with less.
 *
 * @module
 */
import type { Append, AppendResponse } from "./message.ts";
import { quorumIndex } from "./quorum.ts";
import type { Entry, Index, NodeId } from "./types.ts";

/** What both sides of the comparison do. */
export interface Contender {
  /** Commit and apply `count` proposals everywhere; the first gets the number `first`. */
  round(first: number, count: number): void;
  /** How many messages were delivered so far. */
  readonly delivered: number;
  /** How many entries with data every node has applied; throws if they do not agree. */
  applied(): number;
}

/** Commands as bytes, a key and a value each; made once, for what a client does is not measured. */
const COMMANDS: readonly Uint8Array[] = Array.from({ length: 16 * 1024 }, (_, i) => {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(0, i % 1024);
  view.setFloat64(4, i);
  return new Uint8Array(view.buffer);
});

/** The bytes of a proposal. */
export function command(number: number): Uint8Array {
  return COMMANDS[number % COMMANDS.length];
}

/** One node's state machine. */
export class Table {
  readonly values = new Map<number, number>();
  /** How many commands it has applied. */
  applied = 0;

  /** Apply the command in `data`. */
  apply(data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.values.set(view.getUint32(0), view.getFloat64(4));
    this.applied++;
  }
}

/** How many commands all of `tables` have applied, with the same result. */
export function appliedByAll(tables: readonly Table[]): number {
  const [first, ...others] = tables;
  for (const { applied, values } of others) {
    const isSame = applied === first.applied && values.size === first.values.size;
    if (!isSame || values.entries().some(([key, value]) => first.values.get(key) !== value)) {
      throw new Error("Cannot go on measuring: the nodes have applied different commands");
    }
  }
  return first.applied;
}

const TERM = 1;
const LEADER: NodeId = 1;

/** One node: a log, a commit index and a table. */
class Peer {
  readonly log: Entry[] = [];
  readonly table = new Table();
  committed: Index = 0;

  commitTo(index: Index): void {
    while (this.committed < index) this.table.apply(this.log[this.committed++].data);
  }
}

class Follower extends Peer {
  constructor(readonly id: NodeId) {
    super();
  }

  append(message: Append): AppendResponse {
    for (const entry of message.entries) this.log.push(entry);
    const index = message.index + message.entries.length;
    this.commitTo(Math.min(message.commit, index));
    return {
      type: "AppendResponse",
      from: this.id,
      to: LEADER,
      term: TERM,
      index,
      reject: null,
      commit: this.committed,
    };
  }
}

/** A leader and its followers, without Raft. */
export class Bound implements Contender {
  readonly #leader = new Peer();
  readonly #followers: readonly Follower[];
  /** What each node holds, by its id less one. */
  readonly #matched: Index[];
  #appends: Append[] = [];
  #answers: AppendResponse[] = [];
  delivered = 0;

  constructor(nodes: number) {
    this.#followers = Array.from({ length: nodes - 1 }, (_, i) => new Follower(i + 2));
    this.#matched = new Array(nodes).fill(0);
  }

  round(first: number, count: number): void {
    for (let i = 0; i < count; i++) this.#propose(command(first + i));
    // The leader's own write is done when its messages are sent.
    this.#matched[LEADER - 1] = this.#leader.log.length;
    while (this.#deliverToFollowers() > 0) this.#deliverToLeader();
  }

  applied(): number {
    return appliedByAll([this.#leader.table, ...this.#followers.map(({ table }) => table)]);
  }

  #propose(data: Uint8Array): void {
    const index = this.#leader.log.length;
    const entry: Entry = { term: TERM, index: index + 1, data };
    this.#leader.log.push(entry);
    for (const follower of this.#followers) this.#send(follower, index, [entry]);
  }

  #send(follower: Follower, index: Index, entries: readonly Entry[]): void {
    const { committed: commit } = this.#leader;
    const [from, to, term, logTerm] = [LEADER, follower.id, TERM, TERM];
    this.#appends.push({ type: "Append", from, to, term, index, logTerm, entries, commit });
  }

  #deliverToFollowers(): number {
    const messages = this.#appends;
    this.#appends = [];
    for (const message of messages) this.#answers.push(this.#followers[message.to - 2].append(message));
    this.delivered += messages.length;
    return messages.length;
  }

  #deliverToLeader(): void {
    const messages = this.#answers;
    this.#answers = [];
    for (const { from, index } of messages) {
      if (index <= this.#matched[from - 1]) continue;
      this.#matched[from - 1] = index;
      const commit = quorumIndex(this.#matched);
      if (commit <= this.#leader.committed) continue;
      this.#leader.commitTo(commit);
      for (const follower of this.#followers) this.#send(follower, this.#leader.log.length, []);
    }
    this.delivered += messages.length;
  }
}
