/**
 * Checks a cluster against the invariants of Raft, after every step.
 *
 * It also counts what it has seen.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { ClusterError, type ClusterOptions, completeOptions } from "../cluster_options.ts";
import type { MessageRow, Observer, TraceRow } from "../trace/rows.ts";
import {
  type ConfState,
  type Entry,
  InvariantViolation,
  newConfState,
  type NodeId,
  type Storage,
} from "../raft/mod.ts";
import { type Coverage, newCoverage } from "./coverage.ts";
import { History, type Memory, termIn, type View } from "./history.ts";
import { durableBeforeSent, type Invariant, INVARIANTS, onlyLeadersDoNotWait } from "./invariants.ts";

import { RowChecker } from "./row_checker.ts";

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
  readonly coverage: Coverage = newCoverage();
  /** @internal Those that are checked of a node. */
  invariants: readonly Invariant[] = INVARIANTS;
  readonly #history: History;
  readonly #rows: RowChecker;

  readonly #durableOf: DurableOf;

  /**
   * A new cluster, and a checker that has just begun to watch it.
   *
   * @param durableOf What is durable of a node. On disks that can lose something that must be said, for what a storage
   * answers with need not be on its disk yet.
   * @throws {ClusterError} naming the option that is wrong, or that is missing.
   */
  constructor(options: ClusterOptions = {}, durableOf: DurableOf | null = null) {
    const complete = completeOptions(options);
    if (complete.diskOf !== null && durableOf === null) {
      throw new ClusterError("Cannot watch a cluster on disks: durableOf must say what is durable on each of them");
    }
    const observer: Observer = (row) => {
      complete.observer(row);
      this.#hear(row);
    };
    const founders = Array.from({ length: complete.nodes - complete.spares }, (_, i) => i + 1);
    this.#history = new History(newConfState({ voters: founders }));
    this.#rows = new RowChecker(this.#history, this.coverage, (id) => this.cluster.node(id).raft.log.applied);
    this.#durableOf = durableOf ?? ((id) => this.cluster.storage(id));
    this.cluster = new Cluster({ ...complete, observer });
    this.checkAll();
  }

  /** @internal See {@link RowChecker}. */
  checkLeases(): void {
    this.#rows.leases = "checked";
  }

  /** The configuration to which the log has led so far, wherever that is known. */
  get latestConfiguration(): ConfState {
    return this.#history.latestConfiguration;
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
    const nodes = this.cluster.ids.map((other) => this.#view(other));
    const view = this.#view(id);
    const [history, { log }] = [this.#history, view.raft];
    const [now, before] = [log.entries(log.firstIndex(), Infinity) ?? [], history.memories.get(id)];
    try {
      for (const check of this.invariants) check({ view, now, before, history, nodes });
    } catch (error) {
      throw error instanceof InvariantViolation ? error.at({ node: id, term: view.raft.term }) : error;
    }
    this.#remember(view, now, before);
  }

  #hear(row: TraceRow): void {
    this.#rows.hear(row);
    switch (row.kind) {
      case "ready":
        if (row.snapshot !== null) this.coverage.snapshots++;
        return onlyLeadersDoNotWait(row);
      case "message":
        if (row.event === "delivered") this.#count(row);
        return durableBeforeSent(row, this.#durableOf(row.from));
      case "nodeFault":
        if (row.fault === "restart") this.coverage.restarts++;
    }
  }

  /** A message has been stepped; the history still knows the node as it was before. */
  #count(row: MessageRow): void {
    if (!("term" in row)) return;
    const before = this.#history.memories.get(row.to);
    if (before === undefined) return;
    if (row.term < before.term) this.coverage.lateMessages++;
    if (row.type !== "Snapshot") return;
    const { index, term } = row.snapshot;
    if ((termIn(before.log, index) ?? term) !== term) this.coverage.conflictingSnapshots++;
  }

  #view(id: NodeId): View {
    const { cluster } = this;
    return { id, running: cluster.isRunning(id), raft: cluster.node(id).raft, storage: this.#durableOf(id) };
  }

  #remember({ id, running, raft, storage }: View, log: readonly Entry[], before: Memory | undefined): void {
    const history = this.#history;
    const { term, vote, role, confState, log: { committed: commit, persisted } } = raft;
    if (vote !== null) history.votes.set(`${term} ${id}`, vote);
    if (role.kind === "leader" && !history.leaderOf.has(term)) {
      history.leaderOf.set(term, id);
      this.coverage.elections++;
      if (history.transfers.has(term)) this.coverage.transfers++;
    }
    if (before !== undefined && differsWithin(before.log, log)) this.coverage.truncations++;
    for (let index = Math.max(raft.log.firstIndex(), history.lastCommitted + 1); index <= commit; index++) {
      const entryTerm = termIn(log, index) ?? 0;
      history.committed.set(index, { term: entryTerm, committedIn: term });
      if (entryTerm < term) this.coverage.laterCommits++;
    }
    history.lastCommitted = Math.max(history.lastCommitted, commit);
    const stored = storage.initialState().hardState;
    const peers = role.kind === "leader" ? [...role.tracker.values()] : [];
    const matchIndex = new Map(peers.map((peer) => [peer.id, peer.matchIndex]));
    const known = { running, term, vote, commit, stored, persisted, role: role.kind, confState };
    history.memories.set(id, { ...known, log, matchIndex });
  }
}

/** Whether an index that both logs hold has another term now. */
function differsWithin(before: readonly Entry[], now: readonly Entry[]): boolean {
  return now.some(({ index, term }) => (termIn(before, index) ?? term) !== term);
}
