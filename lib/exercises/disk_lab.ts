/**
 * A cluster of tasks on virtual time whose disks take as many ticks as one says: for what hangs on the speed of a disk.
 *
 * @module
 */
import type { Command } from "../command.ts";
import type { MemStorage, NodeId, Ticks } from "../raft/mod.ts";
import { VirtualClock } from "../runtime/clock.ts";
import { type Runtime, type RuntimeOptions, runUntil } from "../runtime/runtime.ts";
import { SimulatedDisk } from "../runtime/simulated_disk.ts";
import { startRuntime } from "../runtime/start.ts";
import { Trace } from "../trace/trace.ts";

/** A cluster of tasks, and what can be looked at. */
export interface DiskLab {
  /** The nodes. */
  readonly runtime: Runtime;
  /** What happened so far. */
  readonly trace: Trace;
  /** The disk of each node. */
  readonly disks: ReadonlyMap<NodeId, SimulatedDisk>;
}

/**
 * Start a cluster of tasks, three unless `options` say otherwise. A tick takes one millisecond of virtual time.
 *
 * @param ticksOf How many ticks a write takes on this node's disk, asked at every write.
 *
 * @example
 * ```ts
 * import { agreed, diskLab, runUntil } from "hello-raft";
 *
 * const { runtime } = await diskLab((id) => id === 1 ? 5 : 0);
 * await runUntil(runtime, "all agree", () => agreed(runtime));
 * await runtime.close();
 * ```
 */
export async function diskLab(ticksOf: (id: NodeId) => Ticks, options: RuntimeOptions = {}): Promise<DiskLab> {
  const clock = new VirtualClock();
  const trace = new Trace();
  const disks = new Map<NodeId, SimulatedDisk>();
  const diskOf = (id: NodeId, initial: MemStorage) => {
    const disk = new SimulatedDisk(initial, clock, { delay: () => ticksOf(id) });
    disks.set(id, disk);
    return disk;
  };
  const runtime = await startRuntime({ seed: 1, tickMs: 1, clock, diskOf, observer: trace.record, ...options });
  return { runtime, trace, disks };
}

/**
 * Whether all running nodes follow one leader and have applied all of its log.
 *
 * @example
 * ```ts
 * import { agreed, diskLab } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { runtime } = await diskLab(() => 0);
 * strictEqual(agreed(runtime), false); // nobody leads yet
 * await runtime.close();
 * ```
 */
export function agreed(runtime: Runtime): boolean {
  const leader = runtime.leader()?.status();
  return leader !== undefined && runtime.nodes().every((node) => {
    const { ss, applied } = node.status();
    return ss.leaderId === leader.id && applied === leader.lastIndex;
  });
}

/** A Put on disks of given speeds. */
export interface PutOnDisks {
  /** What happened. */
  readonly trace: Trace;
  /** Who was asked. */
  readonly leader: NodeId;
  /** The tick at which the leader knew the Put to be committed. */
  readonly committed: Ticks;
  /** Whose disks held it then. */
  readonly durable: readonly NodeId[];
  /** The log of each node in the end, as the terms of its entries. */
  readonly logs: readonly string[];
}

/** The tick at which the leader is asked: the heartbeats before it are answered, and the next are some ticks away. */
const ASKED = 23;

/**
 * One Put on disks of these speeds: up to tick 23 no disk takes any time; then the leader is asked, and each disk takes the
 * ticks that `ticks` gives it.
 *
 * @example
 * ```ts
 * import { putOnDisks } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { leader, committed, durable } = await putOnDisks([5, 0, 0]);
 * deepStrictEqual([leader, committed, durable], [1, 25, [2, 3]]);
 * ```
 */
export async function putOnDisks(ticks: readonly Ticks[]): Promise<PutOnDisks> {
  let isSlow = false;
  const options = { nodes: ticks.length, heartbeatTick: 9 };
  const { runtime, trace, disks } = await diskLab((id) => isSlow ? ticks[id - 1] : 0, options);
  await runUntil(runtime, "all agree", () => runtime.now >= ASKED && agreed(runtime));
  isSlow = true;
  const leader = runtime.leader()?.id ?? 0;
  const put: Command = { kind: "Put", key: "x", value: "a" };
  await runtime.submit(put);
  const hasCommitted = () => runtime.node(leader).status().hs.commit === 2;
  const committed = await runUntil(runtime, "the leader commits the Put", hasCommitted);
  const durable = runtime.ids.filter((id) => disks.get(id)?.durable.lastIndex() === 2);
  await runUntil(runtime, "all have applied it", () => agreed(runtime));
  await runtime.nextTick(); // The last answers arrive.
  const logs = runtime.nodes().map((node) => node.terms().join(" "));
  await runtime.close();
  return { trace, leader, committed, durable, logs };
}
