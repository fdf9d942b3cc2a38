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
import { majority } from "./quorum.ts";
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

/** How many keys the proposals write to. */
const KEYS = 1024;

/** Two bytes of key and four of value. */
export function encode(value: number): Uint8Array {
  const key = value % KEYS;
  const data = new Uint8Array(6);
  data[0] = key;
  data[1] = key >>> 8;
  data[2] = value;
  data[3] = value >>> 8;
  data[4] = value >>> 16;
  data[5] = value >>> 24;
  return data;
}

/** One node's state machine. */
export class Table {
  readonly values = new Map<number, number>();
  /** How many commands it has applied. */
  applied = 0;

  /** Apply the command in `data`. */
  apply(data: Uint8Array): void {
    const key = data[0] | data[1] << 8;
    this.values.set(key, data[2] | data[3] << 8 | data[4] << 16 | data[5] << 24);
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
  inbox: Append[] = [];

  constructor(readonly id: NodeId) {
    super();
  }

  append(message: Append): AppendResponse {
    for (const entry of message.entries) this.log.push(entry);
    const index = message.index + message.entries.length;
    this.commitTo(Math.min(message.commit, index));
    return { type: "AppendResponse", from: this.id, to: LEADER, term: TERM, index, reject: null, commit: this.committed };
  }
}

/** A leader and its followers, without Raft. */
export class Bound implements Contender {
  readonly #leader = new Peer();
  readonly #followers: readonly Follower[];
  /** What each node holds, by its id less one. */
  readonly #matched: Index[];
  /** As `#matched`, in ascending order. */
  readonly #sorted: Index[];
  #inbox: AppendResponse[] = [];
  delivered = 0;

  constructor(nodes: number) {
    this.#followers = Array.from({ length: nodes - 1 }, (_, i) => new Follower(i + 2));
    this.#matched = new Array(nodes).fill(0);
    this.#sorted = new Array(nodes).fill(0);
  }

  round(first: number, count: number): void {
    for (let i = 0; i < count; i++) this.#propose(encode(first + i));
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
    follower.inbox.push({ type: "Append", from, to, term, index, logTerm, entries, commit });
  }

  #deliverToFollowers(): number {
    const before = this.delivered;
    for (const follower of this.#followers) {
      const messages = follower.inbox;
      if (messages.length > 0) follower.inbox = [];
      for (const message of messages) this.#inbox.push(follower.append(message));
      this.delivered += messages.length;
    }
    return this.delivered - before;
  }

  #deliverToLeader(): void {
    const messages = this.#inbox;
    this.#inbox = [];
    for (const { from, index } of messages) {
      if (index <= this.#matched[from - 1]) continue;
      this.#matched[from - 1] = index;
      const commit = this.#majorityHolds();
      if (commit <= this.#leader.committed) continue;
      this.#leader.commitTo(commit);
      for (const follower of this.#followers) this.#send(follower, this.#leader.log.length, []);
    }
    this.delivered += messages.length;
  }

  /** The highest index a majority holds. */
  #majorityHolds(): Index {
    const sorted = this.#sorted;
    for (let i = 0; i < sorted.length; i++) {
      let at = i;
      while (at > 0 && sorted[at - 1] > this.#matched[i]) sorted[at] = sorted[--at];
      sorted[at] = this.#matched[i];
    }
    return sorted[sorted.length - majority(sorted.length)];
  }
}
