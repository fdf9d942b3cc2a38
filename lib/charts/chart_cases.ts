/** Runs for the charts to draw: quiet ones, and ones in which nodes stop, links are cut, logs are compacted, and members change. */
import { Client } from "../client.ts";
import { Cluster } from "../cluster.ts";
import type { Command } from "../command.ts";
import type { ConfChange } from "../raft/mod.ts";
import { Trace } from "../trace/trace.ts";

/** A cluster, and the trace of it. */
export function begin(nodes: number, seed: number) {
  const trace = new Trace();
  return { trace, cluster: new Cluster({ nodes, seed, observer: trace.record }) };
}

/** A leader, `puts` writes one a tick, and some ticks more. */
export function quiet(nodes: number, seed: number, puts = 3): Trace {
  const { trace, cluster } = begin(nodes, seed);
  elect(cluster);
  for (let i = 1; i <= puts; i++) write(cluster, { kind: "Put", key: "x", value: `${i}` });
  cluster.run(6);
  return trace;
}

/** The first leader is cut off with at most one other node, writes on, and is joined again. */
export function divided(nodes: number, seed: number): Trace {
  const { trace, cluster } = begin(nodes, seed);
  const alone = elect(cluster);
  const minority = nodes > 3 ? [alone, (alone % nodes) + 1] : [alone];
  cluster.network.partition(minority, cluster.ids.filter((id) => !minority.includes(id)));
  write(cluster, { kind: "Put", key: "city", value: "Łódź & <Bergen>" }, alone);
  write(cluster, { kind: "Delete", key: "x" }, alone);
  cluster.run(35);
  if (cluster.leader() !== null) write(cluster, { kind: "Put", key: "y", value: "\u001b[31m" }, cluster.leader()?.id);
  cluster.run(8);
  cluster.network.heal();
  cluster.run(25);
  return trace;
}

/** A node stops and misses so much that only a snapshot helps; then the leader stops. */
export function crashing(nodes: number, seed: number): Trace {
  const { trace, cluster } = begin(nodes, seed);
  const leader = elect(cluster);
  const away = (leader % nodes) + 1;
  cluster.stop(away);
  for (let i = 1; i <= 6 && nodes > 2; i++) {
    write(cluster, { kind: "Put", key: "key", value: "v".repeat(i * i) }, leader);
  }
  cluster.run(8);
  if (cluster.isRunning(leader)) cluster.node(leader).compact(1);
  cluster.restart(away);
  cluster.run(15);
  cluster.stop(leader);
  cluster.run(30);
  cluster.restart(leader);
  cluster.run(12);
  return trace;
}

/** Everybody is alone for a while; then links lead one way only, a clock is paused, and a node stops. */
export function muddled(nodes: number, seed: number): Trace {
  const { trace, cluster } = begin(nodes, seed);
  cluster.run(20);
  cluster.network.partition(...cluster.ids.map((id) => [id]));
  cluster.run(25);
  cluster.network.heal();
  for (const id of cluster.ids.slice(2)) cluster.network.cut(1, id);
  cluster.run(20);
  cluster.pauseClock(1);
  cluster.stop(nodes);
  cluster.run(30);
  cluster.network.heal();
  cluster.resumeClock(1);
  cluster.run(5);
  return trace;
}

/** `ticks` ticks with a write every third, in which links are cut and nodes stop again and again. */
export function long(nodes: number, seed: number, ticks: number): Trace {
  const { trace, cluster } = begin(nodes, seed);
  for (let tick = 1; tick <= ticks; tick++) {
    const id = (Math.floor(tick / 97) % nodes) + 1;
    if (tick % 97 === 0) cluster.stop(id);
    if (tick % 97 === 48 && !cluster.isRunning(id)) cluster.restart(id);
    if (tick % 61 === 0 && nodes > 1) cluster.network.partition([1], cluster.ids.slice(1));
    if (tick % 61 === 40) cluster.network.heal();
    if (tick % 3 === 0 && cluster.leader() !== null) cluster.propose({ kind: "Put", key: "n", value: `${tick}` });
    cluster.tick();
  }
  return trace;
}

function elect(cluster: Cluster): number {
  cluster.runUntil("a leader is elected", () => cluster.leader() !== null);
  return cluster.leader()?.id ?? 1;
}

function write(cluster: Cluster, command: Command, id?: number): void {
  cluster.propose(command, id);
  cluster.tick();
}

/**
 * A leader hands over its lead, the next one does so in vain; it is cut off and, once there is another leader, read in two ways
 * beside the others.
 */
export function handedOver(nodes: number, seed: number): Trace {
  const { trace, cluster } = begin(nodes, seed);
  const first = elect(cluster);
  write(cluster, { kind: "Put", key: "x", value: "old" });
  const second = (first % nodes) + 1;
  if (nodes === 1) return trace;
  cluster.transfer(second);
  cluster.run(14);
  cluster.network.intercept(({ type }) => type === "TimeoutNow" ? "drop" : "carry");
  if (cluster.leader() !== null) cluster.transfer(first);
  cluster.run(14);
  const leader = cluster.leader()?.id ?? first;
  cluster.network.partition([leader], cluster.ids.filter((id) => id !== leader));
  cluster.run(45);
  const next = cluster.leader()?.id ?? leader;
  write(cluster, { kind: "Put", key: "x", value: "new" }, next);
  cluster.run(5);
  for (const id of [leader, next]) for (const way of ["store", "readIndex"] as const) cluster.read("x", way, id);
  cluster.run(5);
  return trace;
}

/** Three clients write and read in every way; answers are lost, and the leader stops. */
export function retried(nodes: number, seed: number): Trace {
  const { trace, cluster } = begin(nodes, seed);
  const leader = elect(cluster);
  const [writer, other, reader] = [1, 2, 3].map((id) => new Client(cluster, id));
  writer.loseAnswer(1);
  writer.ask({ kind: "Put", key: "x", value: "1" }, { to: leader, sessions: false, timeout: 8 });
  cluster.run(3);
  other.ask({ kind: "Put", key: "y", value: "a longer value" }, { timeout: 8 });
  for (const way of ["log", "readIndex", "store"] as const) {
    reader.ask({ kind: "Get", key: "x" }, { way, timeout: 8 });
  }
  cluster.run(15);
  cluster.stop(leader);
  writer.ask({ kind: "Delete", key: "x" }, { timeout: 8 });
  cluster.run(40);
  reader.ask({ kind: "Get", key: "x" }, { way: "readIndex", timeout: 8 });
  cluster.run(2);
  return trace;
}

/**
 * Of five nodes three are members. Node 4 comes as a learner, and then votes; nodes 3 and 4 make way for 5 at once, through a
 * joint configuration that is left explicitly; and last the leader removes itself.
 */
export function membership(seed = 1): Trace {
  const trace = new Trace();
  const cluster = new Cluster({ nodes: 5, spares: 2, seed, observer: trace.record });
  const leader = elect(cluster);
  const change = (transition: ConfChange["transition"], ...changes: ConfChange["changes"]) => {
    cluster.confChange({ transition, changes });
    cluster.run(9);
  };
  write(cluster, { kind: "Put", key: "x", value: "1" });
  cluster.run(4);
  change("auto", { type: "addLearnerNode", node: 4 });
  change("auto", { type: "addNode", node: 4 });
  const gone = cluster.ids.filter((id) => id < 5 && id !== leader).slice(1);
  change("explicit", ...gone.map((node) => ({ type: "removeNode", node } as const)), { type: "addNode", node: 5 });
  change("auto");
  change("auto", { type: "removeNode", node: leader });
  cluster.run(40);
  return trace;
}
