/**
 * One member of a cluster: a storage that stays, and the node that runs on it, or does not.
 *
 * @module
 */
import { ClusterError, type ClusterOptions } from "./cluster_options.ts";
import { Codec } from "./command.ts";
import type { CommitRow, ConfigurationRow } from "./trace/rows.ts";
import type { Disk } from "./storage/disk.ts";
import { DemoNode } from "./node.ts";
import type { ReadyOutcome, ReadyStep } from "./node_turn.ts";
import type {
  ConfState,
  DurableStorage,
  Index,
  Message,
  NodeId,
  Status,
  Term,
  Ticks,
  WritableStorage,
} from "./raft/mod.ts";
import { InvariantViolation, MemStorage, newConfState, RaftError, seededRandom } from "./raft/mod.ts";
import { requireWhole } from "./arguments.ts";
import { valuesIn } from "./starting_logs.ts";

/** A node crashes in the middle of its ready loop. */
class Crash extends Error {
  /** After `step`; `outcome` is what was done before it. */
  constructor(readonly step: ReadyStep, readonly outcome: ReadyOutcome) {
    super(`It crashes after step ${step}`);
  }
}

const idsUpTo = (last: NodeId): NodeId[] => Array.from({ length: last }, (_, i) => i + 1);

/** A storage, and the node on it. */
export class Member {
  /** Whether its node runs. */
  running = false;
  /** Whether its clock is paused. */
  clockPaused = false;
  #node: DemoNode | null = null;
  /** What it knew when somebody asked last. */
  #lastStatus: Status | null = null;
  /** What is in memory, where there is no disk. */
  #memory: MemStorage;
  /** Its disk; `null`: the log is in memory, and a crash takes nothing from it but the turn in which it comes. */
  readonly disk: Disk | null;
  /** What the disk was opened as. */
  opened: DurableStorage | null = null;
  /** After which step of its ready loop it is to crash. */
  #crashAfter: ReadyStep | null = null;
  /** The commit index as last told to the observer. */
  #commit: Index = 0;
  /** The term that it led then, if it did. */
  #led: Term | null = null;
  /** The configuration as last told to the observer, who takes all nodes for voters before that. */
  #configuration: ConfState;

  /** A member without a node, its storage empty but for the log that the options name. `seed` is its own. */
  constructor(readonly id: NodeId, readonly seed: number, readonly options: Required<ClusterOptions>) {
    const { nodes, spares, logs, diskOf } = options;
    this.#memory = MemStorage.newWithConfState({ voters: idsUpTo(nodes - spares) });
    this.#configuration = newConfState({ voters: idsUpTo(nodes) });
    const values = valuesIn(logs).at(id - 1) ?? [];
    this.#memory.append(values.map((value, i) => {
      const data = Codec.encode({ kind: "Put", key: "x", value });
      return { type: "command", term: logs[id - 1][i], index: i + 1, data };
    }));
    const term = logs.reduce((most, log) => Math.max(most, log.at(-1) ?? 0), 0);
    this.#memory.setHardState({ term, vote: null, commit: 0 });
    this.disk = diskOf?.(id, this.#memory) ?? null;
  }

  /** The node, as it is or as it was when it stopped. */
  get node(): DemoNode {
    if (this.#node === null) throw new ClusterError(`Cannot look at node ${this.id}: it has not started yet`);
    return this.#node;
  }

  /** What stays. */
  get storage(): WritableStorage {
    return this.opened ?? this.#memory;
  }

  /** Start a node on what is stored: whatever is not is forgotten. */
  start(): void {
    if (this.opened !== null) {
      this.close();
      this.disk?.crash?.();
    }
    this.opened = this.disk?.open() ?? null;
    try {
      // Its timeouts go on where they were.
      const { random, fixedTimeout } = this.#node?.raft ?? { random: seededRandom(this.seed), fixedTimeout: null };
      const { electionTick, heartbeatTick, maxSizePerMsg, maxInflightMsgs, onStart } = this.options;
      const { preVote, checkQuorum, readOnlyOption, snapshotEvery } = this.options;
      const limits = { electionTick, heartbeatTick, maxSizePerMsg, maxInflightMsgs };
      const rules = { preVote, checkQuorum, readOnlyOption, snapshotEvery };
      const config = { id: this.id, random, fixedTimeout, ...limits, ...rules };
      this.#node = new DemoNode(config, this.storage);
      onStart(this.#node);
    } catch (error) {
      this.close();
      throw error;
    }
    this.running = true;
    this.#led = null;
    this.#commit = this.#node.status().hs.commit;
  }

  /** What the node knows; of one that is stopped, what it knew last: its disk may have failed, and answer nothing. */
  status(): Status {
    if (this.running || this.#lastStatus === null) this.#lastStatus = this.node.status();
    return this.#lastStatus;
  }

  /** Stop without warning. What is not durable is lost; that shows when it starts again. */
  crash(failed: "on purpose" | "its disk failed" = "on purpose"): void {
    if (failed === "on purpose" && this.#node !== null) this.status();
    this.running = false;
    this.#crashAfter = null;
  }

  /** Let go of the disk. */
  close(): void {
    this.opened?.close();
  }

  /** Crash after this step of the next turn of the ready loop that has something to sync. */
  crashAfter(step: ReadyStep): void {
    requireWhole(ClusterError, `Cannot crash node ${this.id}: step`, step, 1, 7);
    this.#crashAfter = step;
  }

  /** Do what is ready, up to the crash if one is due: what was done, and after which step it crashed. */
  drain(): { readonly outcome: ReadyOutcome; readonly crashedAfter: ReadyStep | null } {
    let synced = this.#memory;
    try {
      const outcome = this.node.drainReady((step, { mustSync }, soFar) => {
        if (step === 1 && this.#crashAfter !== null) synced = this.#memory.clone();
        if (mustSync && step === this.#crashAfter) throw new Crash(step, soFar);
      });
      return { outcome, crashedAfter: null };
    } catch (error) {
      if (!(error instanceof Crash)) throw this.#placed(error);
      // A turn is synced in its step 5, all of it or nothing.
      if (error.step < 5) this.#memory = synced;
      return { outcome: error.outcome, crashedAfter: error.step };
    }
  }

  /** From now on every election timeout is `ticks`; `null`: random again, from the next one on. */
  fixTimeout(ticks: Ticks | null): void {
    const { electionTick } = this.options;
    const what = `Cannot fix the timeout of node ${this.id}: ticks`;
    if (ticks !== null) requireWhole(ClusterError, what, ticks, electionTick, 2 * electionTick - 1);
    this.node.raft.fixedTimeout = ticks;
    if (ticks !== null) this.node.raft.randomizedElectionTimeout = ticks;
  }

  /** What has become of the commit index since this was last asked; `null` if it is the same. */
  commitRow(tick: Ticks): CommitRow | null {
    const { id, hs, ss } = this.status();
    const [previous, led] = [this.#commit, this.#led];
    this.#led = ss.raftState === "leader" ? hs.term : null;
    if (hs.commit === previous) return null;
    this.#commit = hs.commit;
    // By what it has just committed a leader may have removed itself.
    const role = led === hs.term ? "leader" : ss.raftState;
    return { kind: "commit", tick, node: id, role, term: hs.term, previous, index: hs.commit };
  }

  /** What has become of the configuration since this was last asked; `null` if it is the same. */
  configurationRow(tick: Ticks): ConfigurationRow | null {
    const { id, node: { configuration } } = this;
    const told = this.#configuration;
    this.#configuration = configuration;
    if (configuration === told || JSON.stringify(configuration) === JSON.stringify(told)) return null;
    return { kind: "configuration", tick, node: id, configuration };
  }

  /**
   * Let the node take in `message`.
   *
   * @returns Whether it did: not if it does not run, or refuses it.
   */
  step(message: Message): boolean {
    if (!this.running) return false;
    try {
      this.node.step(message);
      return true;
    } catch (error) {
      if (error instanceof RaftError) return false;
      throw this.#placed(error);
    }
  }

  /** Let a tick pass for the node. */
  tick(): void {
    try {
      this.node.tick();
    } catch (error) {
      throw this.#placed(error);
    }
  }

  /** A broken invariant tells which node it is, and its term. */
  #placed(error: unknown): unknown {
    return error instanceof InvariantViolation ? error.at({ node: this.id, term: this.node.raft.term }) : error;
  }
}
