/**
 * Seeded runs of tasks under faults: messages are lost, doubled and overtake each other, links are cut, nodes stop, disks are
 * slow, fail and forget. What the paper promises is asserted at every row; in the end everything is mended, and all must agree.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { History } from "../check/history.ts";
import { durableBeforeSent, onlyLeadersDoNotWait, stateMachineSafety } from "../check/invariants.ts";
import type { DemoNode } from "../node.ts";
import { assert, InvariantViolation, type NodeId, randomInts } from "../raft/mod.ts";
import { sendBeforeTheWrite } from "../scenario/lost_vote.ts";
import type { DiskOf } from "../storage/disk.ts";
import type { Observer, TraceRow } from "../trace/rows.ts";
import { Trace } from "../trace/trace.ts";
import { strictTest } from "../world_cases.ts";
import { VirtualClock } from "./clock.ts";
import { type Runtime, RuntimeError, runUntil } from "./runtime.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { startRuntime } from "./start.ts";

const RUNS = 300;
const ROUNDS = 100;
const TICK_MS = 10;

/** What should be seen in such runs, and how often it was. */
const NOTHING_SEEN = { elections: 0, applied: 0, keptWrites: 0, failedDisks: 0, snapshots: 0 };
type What = keyof typeof NOTHING_SEEN;

interface FuzzOptions {
  readonly mutation?: (node: DemoNode) => void;
  /** Whether it is asserted that what is sent is durable; else only what follows from it. */
  readonly checksDurability?: boolean;
  readonly observer?: Observer;
  readonly afterTick?: (runtime: Runtime) => void;
}

/** Run the seed, and mend everything in the end. */
async function fuzzRun(seed: number, options: FuzzOptions = {}): Promise<typeof NOTHING_SEEN> {
  const { mutation = () => {}, checksDurability = true, observer = () => {}, afterTick = () => {} } = options;
  const random = randomInts(seed);
  const chance = (inAThousand: number) => random(0, 1000) < inAThousand;
  const oneOf = <T>(choices: readonly T[]): T => choices[random(0, choices.length)];
  const seen = { ...NOTHING_SEEN };
  const counted = (what: What, happens: boolean) => {
    if (happens) seen[what]++;
    return happens;
  };
  const clock = new VirtualClock();
  const disks = new Map<NodeId, SimulatedDisk>();
  const history = new History();
  let isMended = false;

  const diskOf: DiskOf = (id, initial) => {
    const slowest = oneOf([1, TICK_MS, 4 * TICK_MS]);
    const disk = new SimulatedDisk(initial, clock, {
      delay: () => random(0, isMended ? 5 : slowest),
      fails: () => counted("failedDisks", !isMended && chance(2)),
      keeps: () => counted("keptWrites", chance(500)),
    });
    disks.set(id, disk);
    return disk;
  };

  const hear = (row: TraceRow) => {
    observer(row);
    counted("applied", row.kind === "apply");
    if (row.kind === "apply") stateMachineSafety(row, history);
    counted("snapshots", row.kind === "ready" && row.snapshot !== null);
    if (row.kind === "ready" && checksDurability) onlyLeadersDoNotWait(row);
    if (row.kind !== "message" || row.event !== "sent") return;
    const durable = disks.get(row.from)?.durable;
    if (checksDurability && durable !== undefined) durableBeforeSent(row, durable);
    // Whoever replicates or asserts leadership in a term leads it.
    if (row.type !== "Append" && row.type !== "Heartbeat" && row.type !== "Snapshot") return;
    const leader = history.leaderOf.get(row.term) ?? row.from;
    history.leaderOf.set(row.term, leader);
    seen.elections = history.leaderOf.size;
    assert(leader === row.from, "Election Safety: at most one leader a term");
  };

  const runtime = await startRuntime({
    seed,
    nodes: oneOf([1, 3, 3, 5]),
    latency: oneOf([1, 2]),
    maxSizePerMsg: oneOf([0, 60, 1 << 20]),
    inboxSize: oneOf([6, 20, 1000]),
    tickMs: TICK_MS,
    clock,
    diskOf,
    observer: hear,
    onStart: mutation,
  });
  const { network, ids } = runtime;

  const disturb = (round: number) => {
    for (const { id } of [...network.inFlight()]) {
      const fate = random(0, 1000);
      if (fate < 20) network.duplicateMessage(id);
      else if (fate < 50) network.dropMessage(id);
      else if (fate < 80) network.releaseMessage(id);
      else if (fate < 90) network.holdMessage(id);
    }
    if (chance(100)) network.heal();
    if (chance(20)) {
      const isLeft = ids.map(() => chance(500));
      network.partition(ids.filter((_, i) => isLeft[i]), ids.filter((_, i) => !isLeft[i]));
    }
    for (const id of ids) {
      const isRunning = runtime.nodes().some((node) => node.id === id);
      if (!isRunning && chance(200)) runtime.restart(id);
      else if (isRunning && chance(40)) runtime.stop(id);
      else if (isRunning && chance(20)) runtime.compact(id, random(0, 3));
    }
    const running = runtime.nodes();
    if (running.length === 0 || !chance(500)) return;
    runtime.propose({ kind: "Put", key: `k${random(0, 4)}`, value: `v${round}` }, oneOf(running).id);
  };

  try {
    for (let round = 0; round < ROUNDS; round++) {
      disturb(round);
      await runtime.nextTick();
      afterTick(runtime);
    }
    isMended = true;
    network.heal();
    for (const id of ids) if (!runtime.nodes().some((node) => node.id === id)) runtime.restart(id);
    await runUntil(runtime, "all agree", () => agrees(runtime), 600);
    const logs = runtime.nodes().map((node) => node.terms().join(" "));
    const shortest = Math.min(...logs.map((log) => log.length));
    assert(new Set(logs.map((log) => log.slice(log.length - shortest))).size === 1, "in the end all logs are equal");
  } finally {
    await runtime.close();
  }
  return seen;
}

/** Whether all nodes run, follow one leader, and have applied all of its log. */
function agrees(runtime: Runtime): boolean {
  const leader = runtime.leader()?.status();
  return leader !== undefined && runtime.nodes().length === runtime.ids.length && runtime.nodes().every((node) => {
    const { ss, hs, applied, lastIndex } = node.status();
    const isThere = applied === leader.lastIndex && lastIndex === leader.lastIndex;
    return isThere && ss.leaderId === leader.id && hs.term === leader.hs.term;
  });
}

strictTest(`${RUNS} runs break no invariant, traces tell what logs hold, and all faults happen`, async () => {
  const total = { ...NOTHING_SEEN };
  for (let seed = 0; seed < RUNS; seed++) {
    const trace = new Trace();
    const afterTick = (runtime: Runtime) => {
      const nodes = trace.scenes().at(-1)?.state.nodes;
      for (const node of runtime.nodes()) {
        const told = nodes?.get(node.id)?.log.entries().map(({ term }) => term);
        deepStrictEqual(told, node.terms(), `tick ${runtime.now}, node ${node.id}`);
      }
    };
    try {
      const seen = await fuzzRun(seed, { observer: trace.record, afterTick });
      for (const what of Object.keys(total) as What[]) total[what] += seen[what];
    } catch (error) {
      throw new Error(`The run of seed ${seed} broke something`, { cause: error });
    }
  }
  for (const [what, count] of Object.entries(total)) ok(count > RUNS / 20, `${what}: ${count}`);
});

strictTest("the same seed gives the same run, to the byte; another seed another", async () => {
  const run = async (seed: number) => {
    const trace = new Trace();
    await fuzzRun(seed, { observer: trace.record });
    return trace.toJsonLines();
  };
  const [one, again, other] = await Promise.all([3, 3, 4].map(run));
  strictEqual(one, again);
  ok(one !== other);
});

/** What the first `runs` runs break. */
async function broken(runs: number, options: FuzzOptions): Promise<string> {
  const names = new Set<string>();
  for (let seed = 0; seed < runs; seed++) {
    try {
      await fuzzRun(seed, options);
    } catch (error) {
      const cause = error instanceof RuntimeError && error.cause !== undefined ? error.cause : error;
      if (!(cause instanceof InvariantViolation)) throw error;
      names.add(cause.message);
    }
  }
  return [...names].join("\n");
}

strictTest("nodes that send before they write are found out, by what they send, or by the harm they do", async () => {
  const early = await broken(10, { mutation: sendBeforeTheWrite });
  ok(/^A vote, a vote request or an acknowledgement/m.test(early), early);
  const harm = await broken(60, { mutation: sendBeforeTheWrite, checksDurability: false });
  ok(/^(Election Safety|State Machine Safety|a node is never asked to commit entries it has lost)/m.test(harm), harm);
});
