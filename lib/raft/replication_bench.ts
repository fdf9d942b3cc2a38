/**
 * How fast the core replicates, and how near it comes to a bound: the same rounds with the unavoidable work alone; run
 * by `deno task bench`.
 *
 * One thread; every node of the core has its own storage and state machine and runs the whole documented ready loop. A
 * round is a number of calls of `propose`, and is over when every node has applied all of them. The bound makes and
 * delivers the same messages, puts the same entries into as many logs and the same values into as many maps, and does
 * nothing else: no terms, no roles, no logs that may differ, no storage, no `Ready`. The two take turns, run by run, so
 * that whatever else the machine does meets both.
 *
 * @module
 */
import process from "node:process";
import { majorityIndex } from "./configuration.ts";
import type { Append, AppendAccepted, Entry, Index, Message, NodeId } from "./mod.ts";
import { MemStorage, RawNode, seededRandom } from "./mod.ts";

/** Nodes, and proposals a round. */
const CASES = [3, 5, 7].flatMap((nodes) => [1, 16, 256].map((proposals) => [nodes, proposals] as const));
const RUNS = 11;
/** Entries a run, on all nodes together. */
const ENTRIES_A_RUN = 120_000;

/** Commands as bytes, a key and a value each; made once, for what a client does is not measured. */
const COMMANDS: readonly Uint8Array[] = Array.from({ length: 16 * 1024 }, (_, i) => {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(0, i % 1024);
  view.setFloat64(4, i);
  return new Uint8Array(view.buffer);
});

/** One node's state machine. */
class Table {
  readonly values = new Map<number, number>();
  applied = 0;

  apply(data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.values.set(view.getUint32(0), view.getFloat64(4));
    this.applied++;
  }
}

class Peer {
  readonly table = new Table();
  readonly node: RawNode;

  constructor(id: NodeId, readonly storage: MemStorage) {
    this.node = new RawNode({ id, random: seededRandom(id), maxSizePerMsg: 1024 * 1024 }, storage);
  }

  apply(entries: readonly Entry[]): void {
    // The entry with which a leader begins its term is empty.
    for (const { data } of entries) if (data.length > 0) this.table.apply(data);
  }
}

/** A cluster of `RawNode`s; node 1 leads. */
class Core {
  readonly tables: readonly Table[];
  /** Messages delivered since the first round began. */
  delivered = 0;
  readonly #peers: readonly Peer[];
  #inFlight: Message[] = [];

  constructor(nodes: number) {
    const voters = Array.from({ length: nodes }, (_, i) => i + 1);
    this.#peers = voters.map((id) => new Peer(id, MemStorage.newWithConfState({ voters })));
    this.tables = this.#peers.map(({ table }) => table);
    this.#peers[0].node.campaign();
    this.#settle();
    this.delivered = 0;
  }

  /** Commit and apply `count` commands on every node; the first is command number `first`. */
  round(first: number, count: number): void {
    for (let i = 0; i < count; i++) this.#peers[0].node.propose(COMMANDS[(first + i) % COMMANDS.length]);
    this.#settle();
  }

  #settle(): void {
    let messages: Message[];
    do {
      for (const peer of this.#peers) if (peer.node.hasReady()) this.#drainReady(peer);
      messages = this.#inFlight;
      this.#inFlight = [];
      for (const message of messages) this.#peers[message.to - 1].node.step(message);
      this.delivered += messages.length;
    } while (messages.length > 0);
  }

  #drainReady(peer: Peer): void {
    const { node, storage } = peer;
    const ready = node.ready();
    this.#send(ready.messages);
    if (ready.snapshot !== null) storage.applySnapshot(ready.snapshot);
    peer.apply(ready.committedEntries);
    storage.append(ready.entries);
    if (ready.hs !== null) storage.setHardState(ready.hs);
    this.#send(ready.persistedMessages);
    const light = node.advance(ready);
    if (light.commitIndex !== null) storage.setCommit(light.commitIndex);
    this.#send(light.messages);
    peer.apply(light.committedEntries);
    node.advanceApply();
  }

  #send(messages: readonly Message[]): void {
    for (const message of messages) this.#inFlight.push(message);
  }
}

const TERM = 1;
const LEADER: NodeId = 1;
/** The default of `Config.maxInflightMsgs`. */
const WINDOW = 256;

class BoundPeer {
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

/**
 * A leader and its followers, without Raft. They send what the crate sends: one `Append` a proposal and follower; when
 * the commit index moves, one more to each follower whose window is not full, and to the others when they answer; and
 * an answer to each of them.
 */
class Bound {
  readonly tables: readonly Table[];
  delivered = 0;
  readonly #leader: BoundPeer;
  readonly #followers: readonly BoundPeer[];
  /** What each node holds, by its id less one. */
  readonly #matchIndex: Index[];
  #inbox: AppendAccepted[] = [];

  constructor(nodes: number) {
    const peers = Array.from({ length: nodes }, (_, i) => new BoundPeer(i + 1));
    [this.#leader, ...this.#followers] = peers;
    this.#matchIndex = peers.map(() => 0);
    this.tables = peers.map(({ table }) => table);
  }

  round(first: number, count: number): void {
    const { log } = this.#leader;
    for (let i = 0; i < count; i++) {
      const data = COMMANDS[(first + i) % COMMANDS.length];
      const entry: Entry = { type: "command", term: TERM, index: log.length + 1, data };
      log.push(entry);
      for (const follower of this.#followers) this.#send(follower, log.length - 1, [entry]);
    }
    this.#matchIndex[LEADER - 1] = log.length;
    while (this.#deliverToFollowers() > 0) this.#deliverToLeader();
  }

  #send({ id: to, inbox }: BoundPeer, prevLogIndex: Index, entries: readonly Entry[]): void {
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
    const { log } = this.#leader;
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
        for (const follower of this.#followers) if (!this.#isFull(follower.id)) this.#send(follower, log.length, []);
      } else if (wasFull) this.#send(this.#followers[from - 2], log.length, []);
    }
  }

  /** Whether as many `Append`s as may be are on their way to `id`: each of them has one entry. */
  #isFull(id: NodeId): boolean {
    return this.#leader.log.length - this.#matchIndex[id - 1] >= WINDOW;
  }
}

/** Let the log grow to `length` commands, `proposals` a round; nanoseconds a command. */
function grow(side: Core | Bound, length: number, proposals: number): number {
  const start = performance.now();
  for (let first = 0; first < length; first += proposals) side.round(first, Math.min(proposals, length - first));
  const elapsed = performance.now() - start;
  if (side.tables.some(({ applied }) => applied !== length)) {
    throw new Error("Cannot count a run that is not over");
  }
  return elapsed * 1e6 / length;
}

/** The same rounds on both sides; nanoseconds a command each. */
function pair(nodes: number, proposals: number): { readonly core: number; readonly bound: number } {
  const [core, bound] = [new Core(nodes), new Bound(nodes)];
  const length = Math.ceil(ENTRIES_A_RUN / nodes);
  const times = { core: grow(core, length, proposals), bound: grow(bound, length, proposals) };
  if (core.delivered !== bound.delivered) throw new Error("Cannot compare: the two sides sent different messages");
  return times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** How many fit in a second, for something that takes so many nanoseconds. */
function aSecond(nanoseconds: number): string {
  return Math.round(1e9 / nanoseconds).toLocaleString("en-GB");
}

function compare(nodes: number, proposals: number): void {
  pair(nodes, proposals);
  const runs = Array.from({ length: RUNS }, () => pair(nodes, proposals));
  const [core, bound] = [median(runs.map((run) => run.core)), median(runs.map((run) => run.bound))];
  const ratio = median(runs.map((run) => run.bound / run.core));
  console.log(`| ${nodes} | ${proposals} | ${aSecond(core)} | ${aSecond(bound)} | ${ratio.toFixed(2)} |`);
}

if (import.meta.main) {
  const { deno, v8 } = process.versions;
  console.log(`${navigator.hardwareConcurrency} processors, Deno ${deno}, V8 ${v8}; medians of ${RUNS} runs.\n`);
  for (const [nodes, proposals] of CASES) pair(nodes, proposals);
  console.log(
    "| Nodes | Proposals a round | Entries a second | The bound's | Ratio |\n| ---: | ---: | ---: | ---: | ---: |",
  );
  for (const [nodes, proposals] of CASES) compare(nodes, proposals);
}
