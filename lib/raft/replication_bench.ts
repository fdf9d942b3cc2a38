/**
 * How fast the core replicates, and how near it comes to the bound of `bound_bench.ts`; run by `deno task bench`.
 *
 * One thread; every node has its own storage and state machine and runs the whole documented ready loop; messages are
 * passed from node to node as they are. A round is a number of calls of `propose`, and is over when every node has applied
 * all of them. The core and the bound take turns, run by run, so that whatever else the machine does meets both.
 *
 * @module
 */
import process from "node:process";
import { seededRandom } from "./random.ts";
import { Bound, command, type Contender, Table } from "./bound_bench.ts";
import { MemStorage } from "./mem_storage.ts";
import type { Message } from "./message.ts";
import { RawNode } from "./raw_node.ts";
import type { Entry, NodeId } from "./types.ts";

const NODES = [3, 5, 7];
const PROPOSALS_A_ROUND = [1, 16, 256];
const RUNS = 11;
/** Entries a run, on all nodes together. */
const ENTRIES_A_RUN = 120_000;

class Peer {
  readonly storage: MemStorage;
  readonly node: RawNode;
  readonly table = new Table();

  constructor(id: NodeId, voters: readonly NodeId[]) {
    this.storage = MemStorage.newWithConfState({ voters });
    this.node = new RawNode({ id, random: seededRandom(id), maxSizePerMsg: 1024 * 1024 }, this.storage);
  }

  apply(entries: readonly Entry[]): void {
    // The entry with which a leader begins its term is empty.
    for (const { data } of entries) if (data.length > 0) this.table.apply(data);
  }
}

/** A cluster of `RawNode`s; node 1 leads. */
class Cluster implements Contender {
  readonly tables: readonly Table[];
  delivered = 0;
  readonly #peers: readonly Peer[];
  #inFlight: Message[] = [];

  constructor(nodes: number) {
    const voters = Array.from({ length: nodes }, (_, i) => i + 1);
    this.#peers = voters.map((id) => new Peer(id, voters));
    this.tables = this.#peers.map(({ table }) => table);
    this.#peers[0].node.campaign();
    this.#settle();
    this.delivered = 0;
  }

  round(first: number, count: number): void {
    const { node } = this.#peers[0];
    for (let i = 0; i < count; i++) node.propose(command(first + i));
    this.#settle();
  }

  /** Process and deliver until no node has anything to do. */
  #settle(): void {
    do {
      for (const peer of this.#peers) if (peer.node.hasReady()) this.#drainReady(peer);
    } while (this.#deliver() > 0);
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

  #deliver(): number {
    const messages = this.#inFlight;
    this.#inFlight = [];
    for (const message of messages) this.#peers[message.to - 1].node.step(message);
    this.delivered += messages.length;
    return messages.length;
  }
}

/** Let the log grow from `from` to `to` commands, `proposals` a round; nanoseconds a command. */
function grow(contender: Contender, from: number, to: number, proposals: number): number {
  const start = performance.now();
  for (let first = from; first < to; first += proposals) contender.round(first, Math.min(proposals, to - first));
  const elapsed = performance.now() - start;
  if (contender.tables.some(({ applied }) => applied !== to)) throw new Error("Cannot count a run that is not over");
  return elapsed * 1e6 / (to - from);
}

/** The same rounds on both sides; nanoseconds a command each. */
function pair(nodes: number, proposals: number): { readonly core: number; readonly bound: number } {
  const [cluster, plain] = [new Cluster(nodes), new Bound(nodes)];
  const entries = Math.ceil(ENTRIES_A_RUN / nodes);
  const times = { core: grow(cluster, 0, entries, proposals), bound: grow(plain, 0, entries, proposals) };
  if (cluster.delivered !== plain.delivered) throw new Error("Cannot compare: the two sides sent different messages");
  return times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

function printRow(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function compare(nodes: number, proposals: number): void {
  pair(nodes, proposals);
  const runs = Array.from({ length: RUNS }, () => pair(nodes, proposals));
  const [core, bound] = [median(runs.map((run) => run.core)), median(runs.map((run) => run.bound))];
  const ratio = median(runs.map((run) => run.bound / run.core));
  const best = Math.min(...runs.map((run) => run.core));
  console.error(`${nodes} nodes, ${proposals} proposals a round: at best ${whole(1e9 / best)} entries a second`);
  printRow(nodes, proposals, whole(1e9 / core), whole(1e9 / bound), ratio.toFixed(2));
}

if (import.meta.main) {
  const { deno, v8 } = process.versions;
  console.log(`${navigator.hardwareConcurrency} processors, Deno ${deno}, V8 ${v8}; medians of ${RUNS} runs.\n`);
  for (const nodes of NODES) for (const proposals of PROPOSALS_A_ROUND) pair(nodes, proposals);
  printRow("Nodes", "Proposals a round", "Entries a second", "The bound's", "Ratio");
  printRow("---:", "---:", "---:", "---:", "---:");
  for (const nodes of NODES) for (const proposals of PROPOSALS_A_ROUND) compare(nodes, proposals);
}
