/**
 * How fast the core replicates, and how near that is to the bound of `bound_bench.ts`; run by `deno task bench`.
 *
 * One thread, every node with its own storage and state machine, the whole documented ready loop, no serialisation
 * between nodes. A round is a number of calls of `propose`, and is over when every node has applied all of them.
 *
 * @module
 */
import { appliedByAll, Bound, command, type Contender, Table } from "./bound_bench.ts";
import { MemStorage } from "./mem_storage.ts";
import type { Message } from "./message.ts";
import { seededRandom } from "./random.ts";
import { RawNode } from "./raw_node.ts";
import type { Entry, NodeId } from "./types.ts";

const NODES = [3, 5, 7];
const PROPOSALS_PER_ROUND = [1, 16, 256];
const RUNS = 7;
/** Entries a run, divided by the number of nodes. */
const ENTRIES_PER_RUN = 150_000;
const LENGTHS = [10_000, 100_000, 1_000_000];
const LONG_RUNS = 3;
const LONG_PROPOSALS = 16;

class Peer {
  readonly storage: MemStorage;
  readonly node: RawNode;
  readonly table = new Table();

  constructor(id: NodeId, voters: readonly NodeId[]) {
    this.storage = MemStorage.newWithConfState({ voters });
    this.node = new RawNode({ id, random: seededRandom(id), maxSizePerMsg: 1024 * 1024 }, this.storage);
  }

  apply(entries: readonly Entry[]): void {
    // The entry that begins a leader's term is empty.
    for (const { data } of entries) if (data.length > 0) this.table.apply(data);
  }
}

/** A cluster of `RawNode`s, and the queues between them. */
class Cluster implements Contender {
  readonly #peers: readonly Peer[];
  #inFlight: Message[] = [];
  delivered = 0;

  constructor(nodes: number) {
    const voters = Array.from({ length: nodes }, (_, i) => i + 1);
    this.#peers = voters.map((id) => new Peer(id, voters));
    this.#peers[0].node.campaign();
    this.#settle();
  }

  round(first: number, count: number): void {
    const { node } = this.#peers[0];
    for (let i = 0; i < count; i++) node.propose(command(first + i));
    this.#settle();
  }

  applied(): number {
    return appliedByAll(this.#peers.map(({ table }) => table));
  }

  /** Process and deliver until no node has anything to do. */
  #settle(): void {
    do {
      for (const peer of this.#peers) if (peer.node.hasReady()) this.#drainReady(peer);
    } while (this.#deliver() > 0);
  }

  #deliver(): number {
    const messages = this.#inFlight;
    this.#inFlight = [];
    for (const message of messages) this.#peers[message.to - 1].node.step(message);
    this.delivered += messages.length;
    return messages.length;
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

/** Rounds from entry `from` to entry `to`; milliseconds. */
function time(contender: Contender, from: number, to: number, proposals: number): number {
  const start = performance.now();
  for (let first = from; first < to; first += proposals) contender.round(first, Math.min(proposals, to - first));
  const elapsed = performance.now() - start;
  if (contender.applied() !== to) throw new Error(`Cannot count this run: not all of ${to} entries were applied`);
  return elapsed;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

function printRow(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function compare(nodes: number, proposals: number): void {
  const entries = Math.ceil(ENTRIES_PER_RUN / nodes);
  const [cluster, bound]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    cluster.push(entries / time(new Cluster(nodes), 0, entries, proposals) * 1000);
    bound.push(entries / time(new Bound(nodes), 0, entries, proposals) * 1000);
  }
  const [ours, theirs] = [median(cluster), median(bound)];
  const best = Math.max(...cluster);
  const cells = [nodes, proposals, thousands(ours), thousands(best), thousands(theirs), (ours / theirs).toFixed(2)];
  console.error(cells.join("\t"));
  printRow(cells);
}

if (import.meta.main) {
  console.log(`${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}, V8 ${Deno.version.v8}\n`);
  for (const n of NODES) {
    for (const p of [1, 256]) {
      time(new Cluster(n), 0, 20000, p);
      time(new Bound(n), 0, 20000, p);
    }
  }
  printRow(["nodes", "proposals", "ours", "best", "bound", "ratio"]);
  for (const nodes of NODES) for (const proposals of PROPOSALS_PER_ROUND) compare(nodes, proposals);
  for (let i = 0; i < LONG_RUNS; i++) {
    for (const C of [Cluster, Bound]) {
      const c = new C(3);
      let from = 0;
      const out = [];
      for (const to of LENGTHS) {
        out.push((time(c, from, to, LONG_PROPOSALS) * 1e6 / (to - from)).toFixed(0));
        from = to;
      }
      console.log(C.name, out.join(" "), c.delivered);
    }
  }
}
