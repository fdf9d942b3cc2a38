/**
 * The bound that `replication_bench.ts` holds the core against: the same rounds, with the unavoidable work alone.
 *
 * The same messages and answers are made and delivered, the same entries go into as many logs and the same values into as
 * many maps. Nothing else happens: no terms, no roles, no logs that may differ, no storage, no `Ready`. It sends what the
 * crate sends, message for message: one `Append` a proposal and follower; when the commit index moves, one more to each
 * follower whose window is not full, and to the others when they answer; and an answer to each of them.
 *
 * @module
 */
import { majorityIndex } from "./configuration.ts";
import type { Append, AppendAccepted } from "./message.ts";
import type { Entry, Index, NodeId } from "./types.ts";

/** One side of the comparison: some nodes that replicate commands. */
export interface Contender {
  /** Commit and apply `count` commands on every node; the first is command number `first`. */
  round(first: number, count: number): void;
  /** Messages delivered since the first round began. */
  readonly delivered: number;
  /** The state machine of every node. */
  readonly tables: readonly Table[];
}

/** Commands as bytes, a key and a value each; made once, for what a client does is not measured. */
const COMMANDS: readonly Uint8Array[] = Array.from({ length: 16 * 1024 }, (_, i) => {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(0, i % 1024);
  view.setFloat64(4, i);
  return new Uint8Array(view.buffer);
});

/** The bytes of command `number`. */
export function command(number: number): Uint8Array {
  return COMMANDS[number % COMMANDS.length];
}

/** One node's state machine. */
export class Table {
  /** The last value of every key. */
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

const TERM = 1;
const LEADER: NodeId = 1;
/** The default of `Config.maxInflightMsgs`. */
const WINDOW = 256;

class Peer {
  readonly log: Entry[] = [];
  readonly table = new Table();
  committed: Index = 0;
  inbox: Append[] = [];

  constructor(readonly id: NodeId) {}

  commitTo(index: Index): void {
    while (this.committed < index) this.table.apply(this.log[this.committed++].data);
  }

  append(message: Append): AppendAccepted {
    for (const entry of message.entries) this.log.push(entry);
    const matchIndex = message.prevLogIndex + message.entries.length;
    this.commitTo(message.leaderCommit);
    const { id: from, committed: commit } = this;
    return { type: "AppendResponse", from, to: LEADER, term: TERM, success: true, matchIndex, commit };
  }
}

/** A leader and its followers, without Raft. */
export class Bound implements Contender {
  readonly tables: readonly Table[];
  delivered = 0;
  readonly #leader: Peer;
  readonly #followers: readonly Peer[];
  /** What each node holds, by its id less one. */
  readonly #matchIndex: Index[];
  #inbox: AppendAccepted[] = [];

  /** @param nodes How many nodes there are. */
  constructor(nodes: number) {
    const peers = Array.from({ length: nodes }, (_, i) => new Peer(i + 1));
    [this.#leader, ...this.#followers] = peers;
    this.#matchIndex = peers.map(() => 0);
    this.tables = peers.map(({ table }) => table);
  }

  /** See {@link Contender.round}. */
  round(first: number, count: number): void {
    for (let i = 0; i < count; i++) this.#propose(command(first + i));
    this.#matchIndex[LEADER - 1] = this.#leader.log.length;
    while (this.#deliverToFollowers() > 0) this.#deliverToLeader();
  }

  #propose(data: Uint8Array): void {
    const index = this.#leader.log.length;
    const entry: Entry = { type: "command", term: TERM, index: index + 1, data };
    this.#leader.log.push(entry);
    for (const follower of this.#followers) this.#send(follower, index, [entry]);
  }

  #send({ id: to, inbox }: Peer, prevLogIndex: Index, entries: readonly Entry[]): void {
    const { committed: leaderCommit } = this.#leader;
    const header = { from: LEADER, to, term: TERM };
    inbox.push({ type: "Append", ...header, prevLogIndex, prevLogTerm: TERM, entries, leaderCommit });
  }

  #deliverToFollowers(): number {
    const before = this.delivered;
    for (const follower of this.#followers) {
      const appends = follower.inbox;
      if (appends.length > 0) follower.inbox = [];
      for (const append of appends) this.#inbox.push(follower.append(append));
      this.delivered += appends.length;
    }
    return this.delivered - before;
  }

  #deliverToLeader(): void {
    const answers = this.#inbox;
    this.#inbox = [];
    this.delivered += answers.length;
    for (const { from, matchIndex } of answers) {
      if (matchIndex <= this.#matchIndex[from - 1]) continue;
      const wasFull = this.#isFull(from);
      this.#matchIndex[from - 1] = matchIndex;
      const commit = majorityIndex(this.#matchIndex);
      if (commit > this.#leader.committed) {
        this.#leader.commitTo(commit);
        for (const follower of this.#followers) if (!this.#isFull(follower.id)) this.#notify(follower);
      } else if (wasFull) this.#notify(this.#followers[from - 2]);
    }
  }

  /** Tell the commit index. */
  #notify(follower: Peer): void {
    this.#send(follower, this.#leader.log.length, []);
  }

  /** Whether as many `Append`s as may be are on their way to `id`: each of them has one entry. */
  #isFull(id: NodeId): boolean {
    return this.#leader.log.length - this.#matchIndex[id - 1] >= WINDOW;
  }
}
