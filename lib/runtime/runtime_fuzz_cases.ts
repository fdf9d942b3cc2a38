/**
 * Seeded runs of tasks under faults: messages are lost, doubled and overtake each other, links are cut, nodes stop, join and leave,
 * the lead is handed over, disks are slow, fail and forget; clients write, read and try again. What the paper and the thesis
 * promise is asserted at every row; in the end everything is mended, and all members must agree.
 *
 * @module
 */
import { type Coverage, newCoverage } from "../check/coverage.ts";
import { History } from "../check/history.ts";
import { durableBeforeSent, onlyLeadersDoNotWait } from "../check/invariants.ts";
import { RowChecker } from "../check/row_checker.ts";
import { Client } from "../client.ts";
import type { DemoNode } from "../node.ts";
import {
  assert,
  type ConfChangeSingle,
  isJoint,
  membersOf,
  newConfState,
  type NodeId,
  type RandomInt,
  randomInts,
} from "../raft/mod.ts";
import type { DiskOf } from "../storage/disk.ts";
import type { MessageRow, Observer, TraceRow } from "../trace/rows.ts";
import { VirtualClock } from "./clock.ts";
import { type Runtime, runUntil } from "./runtime.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { startRuntime } from "./start.ts";

const ROUNDS = 100;
const TICK_MS = 10;

/** What was seen in a run, and how often. */
export interface Seen extends Coverage {
  applied: number;
  keptWrites: number;
  failedDisks: number;
}

/** What may be added to a run. */
export interface TaskFuzzOptions {
  /** Called with every node that starts: breaks something. */
  readonly mutation?: (node: DemoNode) => void;
  /** Whether it is asserted that what is sent is durable; else only what follows from it. */
  readonly checksDurability?: boolean;
  readonly observer?: Observer;
  readonly afterTick?: (runtime: Runtime) => void;
}

/** Nothing was seen yet. */
export function nothingSeen(): Seen {
  return { ...newCoverage(), applied: 0, keptWrites: 0, failedDisks: 0 };
}

/** Run the seed, and mend everything in the end. */
export async function fuzzTasks(seed: number, options: TaskFuzzOptions = {}): Promise<Seen> {
  const run = new TaskRun(seed, options);
  const runtime = await run.start();
  try {
    const clients = [1, 2].map((id) => new Client(runtime, id));
    for (let round = 0; round < ROUNDS; round++) {
      run.disturb(runtime, round);
      run.ask(runtime, clients);
      await runtime.nextTick();
      options.afterTick?.(runtime);
    }
    await run.mend(runtime, clients);
  } finally {
    await runtime.close();
  }
  return run.seen;
}

class TaskRun {
  readonly seen = nothingSeen();
  readonly #random: RandomInt;
  readonly #options: Required<Omit<TaskFuzzOptions, "afterTick">>;
  readonly #clock = new VirtualClock();
  readonly #disks = new Map<NodeId, SimulatedDisk>();
  readonly #setting;
  readonly #changes: number;
  readonly #history: History;
  #checker: RowChecker | null = null;
  #isMended = false;

  constructor(seed: number, { mutation = () => {}, checksDurability = true, observer = () => {} }: TaskFuzzOptions) {
    this.#random = randomInts(seed);
    this.#options = { mutation, checksDurability, observer };
    const [founders, spares] = [this.#oneOf([1, 3, 3, 5]), this.#oneOf([0, 0, 1, 2])];
    const [preVote, checkQuorum] = [this.#chance(300), this.#chance(400)];
    this.#setting = {
      seed,
      nodes: founders + spares,
      spares,
      latency: this.#oneOf([1, 2]),
      maxSizePerMsg: this.#oneOf([0, 60, 1 << 20]),
      inboxSize: this.#oneOf([8, 20, 1000]),
      preVote,
      checkQuorum,
      readOnlyOption: checkQuorum && this.#chance(600) ? "leaseBased" as const : "safe" as const,
      snapshotEvery: this.#chance(300) ? this.#random(1, 8) : null,
    };
    this.#changes = spares > 0 || this.#chance(200) ? 80 : 0;
    this.#history = new History(newConfState({ voters: Array.from({ length: founders }, (_, i) => i + 1) }));
  }

  start(): Promise<Runtime> {
    const { mutation: onStart } = this.#options;
    const observer = (row: TraceRow) => this.#hear(row);
    const more = { tickMs: TICK_MS, clock: this.#clock, diskOf: this.#diskOf, observer, onStart };
    return startRuntime({ ...this.#setting, ...more }).then((runtime) => {
      this.#checker = new RowChecker(this.#history, this.seen, (id) => runtime.node(id).status().applied);
      this.#checker.leases = "checked";
      return runtime;
    });
  }

  /** Something breaks. */
  disturb(runtime: Runtime, round: number): void {
    const { network, ids } = runtime;
    for (const { id } of [...network.inFlight()]) {
      const fate = this.#random(0, 1000);
      if (fate < 20) network.duplicateMessage(id);
      else if (fate < 50) network.dropMessage(id);
      else if (fate < 80) network.releaseMessage(id);
      else if (fate < 90) network.holdMessage(id);
    }
    if (this.#chance(30)) network.heal();
    if (this.#chance(20)) {
      const isLeft = ids.map(() => this.#chance(500));
      network.partition(ids.filter((_, i) => isLeft[i]), ids.filter((_, i) => !isLeft[i]));
    }
    const leader = runtime.leader()?.id ?? null;
    if (leader !== null && this.#chance(15)) network.partition([leader], ids.filter((id) => id !== leader));
    for (const id of ids) {
      const isRunning = runtime.nodes().some((node) => node.id === id);
      if (!isRunning && this.#chance(200)) runtime.restart(id);
      else if (isRunning && this.#chance(30)) runtime.stop(id);
      else if (isRunning && this.#chance(20)) runtime.compact(id, this.#random(0, 3));
    }
    const running = runtime.nodes();
    if (running.length === 0 || !this.#chance(500)) return;
    runtime.propose({ kind: "Put", key: this.#key(), value: `v${round}` }, this.#oneOf(running).id);
  }

  /** Somebody reads, or wants another leader or another configuration. */
  ask(runtime: Runtime, clients: readonly Client[]): void {
    for (const client of clients) if (client.isIdle && this.#chance(300)) this.#request(client);
    const running = runtime.nodes().map(({ id }) => id);
    if (running.length === 0) return;
    const leader = runtime.leader()?.id ?? this.#oneOf(running);
    if (this.#chance(300)) this.#read(runtime, running);
    if (this.#chance(20)) runtime.transfer(this.#oneOf(runtime.ids), this.#oneOf(running));
    if (this.#chance(this.#changes)) this.#change(runtime, leader);
  }

  /** An outdated leader is the one that might give an outdated answer. */
  #read(runtime: Runtime, running: readonly NodeId[]): void {
    const leaders = running.filter((id) => runtime.node(id).status().ss.raftState === "leader");
    runtime.read(this.#key(), "readIndex", this.#oneOf(leaders.length > 0 && this.#chance(700) ? leaders : running));
  }

  #request(client: Client): void {
    const way = this.#oneOf(["log", "readIndex"] as const);
    if (this.#chance(200)) client.loseAnswer(1);
    if (this.#chance(300)) client.ask({ kind: "Get", key: this.#key() }, { way, timeout: 10 });
    else client.ask({ kind: "Put", key: this.#key(), value: `c${client.id}` }, { timeout: 10 });
  }

  #change(runtime: Runtime, leader: NodeId): void {
    if (isJoint(runtime.node(leader).configuration) && this.#chance(600)) return this.#leaveJoint(runtime, leader);
    const types = ["addNode", "addNode", "addLearnerNode", "removeNode"] as const;
    const changes = Array.from({ length: this.#oneOf([1, 1, 2]) }, (): ConfChangeSingle => {
      return { type: this.#oneOf(types), node: this.#oneOf(runtime.ids) };
    });
    runtime.confChange({ transition: this.#oneOf(["auto", "auto", "implicit", "explicit"] as const), changes }, leader);
  }

  #leaveJoint(runtime: Runtime, leader: NodeId): void {
    runtime.confChange({ transition: "auto", changes: [] }, leader);
  }

  /** Nothing breaks any more: all members come to agree, and all clients are answered. */
  async mend(runtime: Runtime, clients: readonly Client[]): Promise<void> {
    this.#isMended = true;
    runtime.network.heal();
    await runUntil(runtime, "all agree", () => {
      this.#keepUp(runtime);
      return agrees(runtime) && clients.every(({ isIdle }) => isIdle);
    }, 900);
    const members = membersOf(runtime.leader()?.configuration ?? this.#history.latestConfiguration);
    const logs = members.map((id) => runtime.node(id).terms().join(" "));
    const shortest = Math.min(...logs.map((log) => log.length));
    assert(new Set(logs.map((log) => log.slice(log.length - shortest))).size === 1, "in the end all logs are equal");
  }

  /**
   * What whoever runs a cluster must do: start what has stopped, end a joint configuration that does not end by itself, and stop
   * whoever was removed, once all members know it, unless PreVote and CheckQuorum keep it from disturbing them.
   */
  #keepUp(runtime: Runtime): void {
    const { latestConfiguration: latest } = this.#history;
    const [members, running] = [membersOf(latest), runtime.nodes().map(({ id }) => id)];
    const { preVote, checkQuorum } = this.#setting;
    const isLatest = (id: NodeId) => JSON.stringify(runtime.node(id).configuration) === JSON.stringify(latest);
    const mayStay = preVote && checkQuorum || !members.every((id) => running.includes(id) && isLatest(id));
    for (const id of runtime.ids) {
      const runs = members.includes(id) || mayStay;
      if (runs && !running.includes(id)) runtime.restart(id);
      if (!runs && running.includes(id)) runtime.stop(id);
    }
    const leader = runtime.leader();
    const isStuck = leader !== null && isJoint(leader.configuration) && !leader.configuration.autoLeave;
    if (isStuck && runtime.now % 10 === 0) this.#leaveJoint(runtime, leader.id);
  }

  readonly #diskOf: DiskOf = (id, initial) => {
    const slowest = this.#oneOf([1, TICK_MS, 4 * TICK_MS]);
    const disk = new SimulatedDisk(initial, this.#clock, {
      delay: () => this.#random(0, this.#isMended ? 5 : slowest),
      fails: () => this.#counted("failedDisks", !this.#isMended && this.#chance(2)),
      keeps: () => this.#counted("keptWrites", this.#chance(500)),
    });
    this.#disks.set(id, disk);
    return disk;
  };

  #hear(row: TraceRow): void {
    this.#options.observer(row);
    this.#checker?.hear(row);
    this.#counted("applied", row.kind === "apply");
    this.#counted("restarts", row.kind === "nodeFault" && row.fault === "restart");
    this.#counted("snapshots", row.kind === "ready" && row.snapshot !== null);
    if (row.kind === "ready" && this.#options.checksDurability) onlyLeadersDoNotWait(row);
    if (row.kind === "message" && row.event === "sent") this.#hearSent(row);
  }

  #hearSent(row: MessageRow): void {
    const durable = this.#disks.get(row.from)?.durable;
    if (this.#options.checksDurability && durable !== undefined) durableBeforeSent(row, durable);
    // Whoever replicates or asserts leadership in a term leads it.
    if (row.type !== "Append" && row.type !== "Heartbeat" && row.type !== "Snapshot") return;
    const { leaderOf, transfers } = this.#history;
    this.#counted("elections", !leaderOf.has(row.term));
    this.#counted("transfers", !leaderOf.has(row.term) && transfers.has(row.term));
    const leader = leaderOf.get(row.term) ?? row.from;
    leaderOf.set(row.term, leader);
    assert(leader === row.from, "Election Safety: at most one leader a term");
  }

  #counted(what: keyof Seen, happens: boolean): boolean {
    if (happens) this.seen[what]++;
    return happens;
  }

  #key(): string {
    return `k${this.#random(0, 4)}`;
  }

  #chance(inAThousand: number): boolean {
    return this.#random(0, 1000) < inAThousand;
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.#random(0, choices.length)];
  }
}

/** Whether all members run, follow one leader, and have applied all of its log; a joint configuration is left. */
function agrees(runtime: Runtime): boolean {
  const view = runtime.leader();
  if (view === null || isJoint(view.configuration)) return false;
  const [leader, running] = [view.status(), runtime.nodes()];
  return membersOf(view.configuration).every((id) => {
    const node = running.find((other) => other.id === id);
    if (node === undefined) return false;
    const { ss, hs, applied, lastIndex } = node.status();
    const isThere = applied === leader.lastIndex && lastIndex === leader.lastIndex;
    return isThere && ss.leaderId === leader.id && hs.term === leader.hs.term;
  });
}
