/**
 * Holds a cluster against the invariants of Raft, after every step.
 *
 * Each invariant is an assertion with its name. A checker that has seen nothing happen proves nothing, so it
 * also counts the moments that matter.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { ClusterError, type ClusterOptions } from "../cluster_options.ts";
import type { Observer, TraceRow } from "../trace/rows.ts";
import type { NodeId, Storage } from "../raft/mod.ts";
import {
  commitsByQuorum,
  committedStays,
  leaderCompleteness,
  logMatching,
  matchTellsTheTruth,
} from "./cluster_rules.ts";
import { copyLog, endOf, History, type LogCopy, type Memory, termIn, type View } from "./history.ts";
import { nodeRules } from "./node_rules.ts";
import { durableBeforeSent, onlyLeadersDoNotWait, stateMachineSafety } from "./row_rules.ts";

/** How often what was seen. */
export interface Moments {
  /** Leaders, each in its term. */
  elections: number;
  /** Logs that lost a suffix to a leader. */
  truncations: number;
  /** Entries that were committed in a later term than their own. */
  laterCommits: number;
  /** Snapshots that replaced a log. */
  snapshots: number;
  /** Nodes that came back. */
  restarts: number;
}

/** What is durable of a node: what a crash would leave. */
export type DurableOf = (id: NodeId) => Storage;

/**
 * A cluster, and a checker that watches it.
 *
 * @example
 * ```ts
 * import { InvariantChecker } from "hello-raft";
 *
 * const checker = new InvariantChecker({ nodes: 3, seed: 7 });
 * for (let i = 0; i < 30; i++) {
 *   checker.cluster.tick();
 *   checker.checkAll();
 * }
 * ```
 */
export class InvariantChecker {
  /** The cluster that is watched. */
  readonly cluster: Cluster;
  /** What was seen so far. */
  readonly moments: Moments = { elections: 0, truncations: 0, laterCommits: 0, snapshots: 0, restarts: 0 };
  readonly #history = new History();

  readonly #durableOf: DurableOf;

  /**
   * A new cluster, and a checker that has just begun to watch it.
   *
   * @param durableOf What is durable of a node. On disks that can lose something that must be said, for what a storage
   * answers with need not be on its disk yet.
   * @throws {ClusterError} naming the option that is wrong, or that is missing.
   */
  constructor(options: ClusterOptions = {}, durableOf: DurableOf | null = null) {
    if (options.diskOf && durableOf === null) {
      throw new ClusterError("Cannot watch a cluster on disks: durableOf must say what is durable on each of them");
    }
    const observer: Observer = (row) => {
      options.observer?.(row);
      this.#hear(row);
    };
    this.#durableOf = durableOf ?? ((id) => this.cluster.storage(id));
    this.cluster = new Cluster({ ...options, observer });
    this.checkAll();
  }

  /** Check every node. */
  checkAll(): void {
    for (const id of this.cluster.ids) this.check(id);
  }

  /**
   * Check one node, and the others as far as it speaks of them: all that a step of this node can have broken.
   *
   * @throws {InvariantViolation} with the name of the invariant.
   */
  check(id: NodeId): void {
    const peers = this.cluster.ids.map((other) => this.#view(other));
    const view = this.#view(id);
    const before = this.#history.memories.get(id);
    const now = copyLog(view.raft);
    for (const rule of nodeRules) rule(view, now, before, this.#history);
    logMatching(view, now, this.#history);
    leaderCompleteness(view, now, before, this.#history);
    matchTellsTheTruth(view, peers);
    commitsByQuorum(view, before, peers);
    committedStays(view, now, before, this.#history);
    this.#remember(view, now, before);
  }

  #hear(row: TraceRow): void {
    switch (row.kind) {
      case "apply":
        return stateMachineSafety(row, this.#history);
      case "ready":
        if (row.snapshot !== null) this.moments.snapshots++;
        return onlyLeadersDoNotWait(row);
      case "message":
        return durableBeforeSent(row, this.#durableOf(row.from));
      case "nodeFault":
        if (row.fault === "restart") this.moments.restarts++;
    }
  }

  #view(id: NodeId): View {
    const { cluster } = this;
    return { id, running: cluster.isRunning(id), raft: cluster.node(id).raft, storage: this.#durableOf(id) };
  }

  #remember({ id, running, raft, storage }: View, log: LogCopy, before: Memory | undefined): void {
    const history = this.#history;
    if (raft.role.kind === "leader" && !history.leaderOf.has(raft.term)) {
      history.leaderOf.set(raft.term, id);
      this.moments.elections++;
    }
    if (before !== undefined && differsWithin(before.log, log)) this.moments.truncations++;
    for (let index = Math.max(log.firstIndex, history.lastCommitted + 1); index <= raft.log.committed; index++) {
      const term = termIn(log, index) ?? 0;
      history.committed.set(index, { term, committedIn: raft.term });
      if (term < raft.term) this.moments.laterCommits++;
    }
    history.lastCommitted = Math.max(history.lastCommitted, raft.log.committed);
    const { role } = raft;
    history.memories.set(id, {
      running,
      term: raft.term,
      vote: raft.vote,
      commit: raft.log.committed,
      stored: storage.initialState().hardState,
      persisted: raft.log.persisted,
      role: role.kind,
      log,
      matchIndex: new Map(
        role.kind === "leader" ? [...role.tracker.values()].map((pr) => [pr.id, pr.matchIndex] as const) : [],
      ),
    });
  }
}

/** Whether an index that both logs hold has another term now. */
function differsWithin(before: LogCopy, now: LogCopy): boolean {
  for (let index = Math.max(before.firstIndex, now.firstIndex); index < Math.min(endOf(before), endOf(now)); index++) {
    if (termIn(before, index) !== termIn(now, index)) return true;
  }
  return false;
}
