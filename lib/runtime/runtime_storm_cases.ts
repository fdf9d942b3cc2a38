/**
 * Tasks in bad weather, all from one seed: messages lost, doubled and late, partitions, slow and failing disks whose writes
 * end in any order, crashes while a write is under way, which is lost or kept. What must never happen is asserted.
 *
 * @module
 */
import type { Observer, TraceRow } from "../trace/rows.ts";
import type { DemoNode } from "../node.ts";
import { assert, type NodeId, type RandomInt, seededRandom, type Storage } from "../raft/mod.ts";
import { VirtualClock } from "./clock.ts";
import { type Runtime, runUntil } from "./runtime.ts";
import { agrees, Safety } from "./safety_cases.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { startRuntime } from "./start.ts";

/** How often what was seen. */
export interface StormMoments {
  elections: number;
  applied: number;
  /** Crashes while a write was under way, which was lost, or was there afterwards. */
  lostWrites: number;
  keptWrites: number;
  failedDisks: number;
  snapshots: number;
}

/** What may be different in a storm. */
export interface RuntimeStormOptions {
  readonly mutation?: (node: DemoNode) => void;
  /** Whether it is asserted that what is sent is durable; else only what follows from it. */
  readonly checksDurability?: boolean;
  readonly observer?: Observer;
  /** Called when a tick is over. */
  readonly afterTick?: (runtime: Runtime) => void;
}

const ROUNDS = 100;
const TICK_MS = 10;

/** Live through the storm of `seed`, and clear up after it. */
export async function runtimeStorm(seed: number, options: RuntimeStormOptions = {}): Promise<StormMoments> {
  const storm = new Storm(seed, options);
  const runtime = await startRuntime("tasks", {
    ...storm.settings(),
    tickMs: TICK_MS,
    clock: storm.clock,
    diskOf: (id, initial) => storm.newDisk(id, initial),
    observer: (row) => storm.hear(row),
    ...(options.mutation === undefined ? {} : { mutation: options.mutation }),
  });
  try {
    for (let round = 0; round < ROUNDS; round++) {
      storm.disturb(runtime);
      await runtime.nextTick();
      options.afterTick?.(runtime);
    }
    await storm.clearUp(runtime);
  } finally {
    await runtime.close();
  }
  return storm.moments;
}

class Storm {
  readonly clock = new VirtualClock();
  readonly moments: StormMoments = {
    elections: 0,
    applied: 0,
    lostWrites: 0,
    keptWrites: 0,
    failedDisks: 0,
    snapshots: 0,
  };
  readonly #random: RandomInt;
  readonly #disks = new Map<NodeId, SimulatedDisk>();
  readonly #safety: Safety;
  #isOver = false;
  #proposals = 0;

  constructor(readonly seed: number, readonly options: RuntimeStormOptions) {
    this.#random = seededRandom(seed);
    const { checksDurability = true } = options;
    this.#safety = new Safety(checksDurability ? (id) => this.#disks.get(id)?.durable ?? null : null);
  }

  settings() {
    const maxSizePerMsg = this.#one([0, 60, 1 << 20]);
    const inboxSize = this.#one([6, 20, 1000]);
    return { seed: this.seed, nodes: this.#one([1, 3, 3, 5]), latency: this.#one([1, 2]), maxSizePerMsg, inboxSize };
  }

  newDisk(id: NodeId, initial: Storage): SimulatedDisk {
    const slowest = this.#one([1, TICK_MS, 4 * TICK_MS]);
    const disk = new SimulatedDisk(initial, this.clock, {
      delay: () => this.#random(0, this.#isOver ? 5 : slowest),
      fails: () => {
        const fails = !this.#isOver && this.#chance(2);
        if (fails) this.moments.failedDisks++;
        return fails;
      },
      keeps: () => {
        const keeps = this.#chance(500);
        this.moments[keeps ? "keptWrites" : "lostWrites"]++;
        return keeps;
      },
    });
    this.#disks.set(id, disk);
    return disk;
  }

  hear(row: TraceRow): void {
    this.options.observer?.(row);
    if (row.kind === "apply") this.moments.applied++;
    if (row.kind === "ready" && row.snapshot !== null) this.moments.snapshots++;
    this.#safety.hear(row);
    this.moments.elections = this.#safety.elections;
  }

  disturb(runtime: Runtime): void {
    const { network, ids } = runtime;
    for (const { id } of [...network.inFlight()]) {
      const fate = this.#random(0, 1000);
      if (fate < 20) network.duplicateMessage(id);
      else if (fate < 50) network.dropMessage(id);
      else if (fate < 80) network.releaseMessage(id);
    }
    if (this.#chance(100)) network.heal();
    if (this.#chance(20)) {
      const isLeft = ids.map(() => this.#chance(500));
      network.partition(ids.filter((_, i) => isLeft[i]), ids.filter((_, i) => !isLeft[i]));
    }
    const running = runtime.nodes().map(({ id }) => id);
    for (const id of ids) {
      if (!running.includes(id) && this.#chance(200)) runtime.restart(id);
      else if (running.includes(id) && this.#chance(40)) runtime.stop(id);
      else if (running.includes(id) && this.#chance(20)) runtime.node(id).compact(this.#random(0, 3));
    }
    const up = runtime.nodes();
    if (up.length === 0 || !this.#chance(500)) return;
    runtime.propose({ kind: "Put", key: `k${this.#random(0, 4)}`, value: `v${++this.#proposals}` }, this.#one(up).id);
  }

  /** Once everything is mended, there is one leader, and all logs are equal. */
  async clearUp(runtime: Runtime): Promise<void> {
    this.#isOver = true;
    runtime.network.heal();
    const running = runtime.nodes().map(({ id }) => id);
    for (const id of runtime.ids) if (!running.includes(id)) runtime.restart(id);
    await runUntil(runtime, "all agree", () => agrees(runtime), 600);
    const logs = runtime.nodes().map((node) => node.terms().join(" "));
    const shortest = Math.min(...logs.map((log) => log.length));
    assert(new Set(logs.map((log) => log.slice(log.length - shortest))).size === 1, "in the end all logs are equal");
  }

  #chance(inAThousand: number): boolean {
    return this.#random(0, 1000) < inAThousand;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#random(0, choices.length)];
  }
}
