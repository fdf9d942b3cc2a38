/**
 * Checks a cluster against the invariants of Raft, after every step.
 *
 * A checker that has seen nothing happen proves nothing, so it also counts what it has seen.
 *
 * @module
 */
import { Cluster } from "../cluster.ts";
import { ClusterError, type ClusterOptions, completeOptions } from "../cluster_options.ts";
import type { ApplyRow, MessageRow, Observer, ReadRow, TraceRow } from "../trace/rows.ts";
import {
  type ConfState,
  type Entry,
  InvariantViolation,
  isJoint,
  isVoter,
  newConfState,
  type NodeId,
  type Storage,
} from "../raft/mod.ts";
import { carriedOutOnce, readAnswered, readAsked, requestAnswered, requestProposed } from "./client_invariants.ts";
import { History, type Memory, termIn, type View } from "./history.ts";
import {
  durableBeforeSent,
  type Invariant,
  INVARIANTS,
  onlyLeadersDoNotWait,
  stateMachineSafety,
} from "./invariants.ts";
import { changeApplied } from "./membership_invariants.ts";

/** What was seen, and how often. */
export interface Coverage {
  /** Leaders, each in its term. */
  elections: number;
  /** Logs that lost a suffix to a leader. */
  truncations: number;
  /** Entries that were committed in a later term than their own. */
  laterCommits: number;
  /** Snapshots that replaced a log. */
  snapshots: number;
  /** Snapshots that met another entry at their index. */
  conflictingSnapshots: number;
  /** Messages that arrived in a later term than their own. */
  lateMessages: number;
  /** Nodes that came back. */
  restarts: number;
  /** Leaders that were elected because the one before had asked for it. */
  transfers: number;
  /** Reads that were answered once it was known that the leader still led; by its lease, if it has one. */
  reads: number;
  leaseReads: number;
  /** Configurations, wherever they were reached first; those that were joint; and leaders that left with one. */
  changes: number;
  joint: number;
  removedLeaders: number;
  /** Requests that were answered when they were sent again; entries that repeated a request. */
  retries: number;
  repeated: number;
}

/** Nothing was seen yet. */
export function newCoverage(): Coverage {
  return {
    elections: 0,
    truncations: 0,
    laterCommits: 0,
    snapshots: 0,
    conflictingSnapshots: 0,
    lateMessages: 0,
    restarts: 0,
    transfers: 0,
    reads: 0,
    leaseReads: 0,
    changes: 0,
    joint: 0,
    removedLeaders: 0,
    retries: 0,
    repeated: 0,
  };
}

/** Add what was seen in another run. */
export function addCoverage(total: Coverage, run: Readonly<Coverage>): void {
  for (const kind of Object.keys(total) as (keyof Coverage)[]) total[kind] += run[kind];
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
  readonly coverage: Coverage = newCoverage();
  /** @internal Those that are checked of a node. */
  invariants: readonly Invariant[] = INVARIANTS;
  /**
   * @internal Whether reads by lease are checked: they are right only while all clocks run alike, and nobody campaigns unless
   * its time has come, or the leader wants it.
   */
  leases: "checked" | "not checked" = "not checked";
  readonly #history: History;

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
    this.#durableOf = durableOf ?? ((id) => this.cluster.storage(id));
    this.cluster = new Cluster({ ...complete, observer });
    this.checkAll();
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
    switch (row.kind) {
      case "apply":
        return this.#hearApply(row);
      case "proposal":
        return requestProposed(row, this.#history);
      case "request":
        if (row.event === "answered" && row.attempt > 1) this.coverage.retries++;
        return requestAnswered(row, this.#history);
      case "read":
        return this.#hearRead(row);
      case "ready":
        if (row.snapshot !== null) this.coverage.snapshots++;
        return onlyLeadersDoNotWait(row);
      case "message":
        if (row.event === "delivered") this.#count(row);
        if (row.type === "RequestVote" && row.transfer) this.#history.transfers.add(row.term);
        return durableBeforeSent(row, this.#durableOf(row.from));
      case "nodeFault":
        if (row.fault === "restart") this.coverage.restarts++;
    }
  }

  #hearApply(row: ApplyRow): void {
    const history = this.#history;
    const isFirst = !history.applied.has(row.index);
    stateMachineSafety(row, history);
    this.#hearChange(row);
    history.learn(row);
    if (row.outcome.kind === "Repeated") this.coverage.repeated++;
    const { log } = this.cluster.node(row.node).raft;
    const entry = isFirst ? log.entries(row.index, 0)?.at(0) : undefined;
    if (entry !== undefined) carriedOutOnce(row, entry, history);
  }

  #hearChange(row: ApplyRow): void {
    const { coverage } = this;
    if (!changeApplied(row, this.#history)) return;
    coverage.changes++;
    if (isJoint(this.latestConfiguration)) coverage.joint++;
    const before = this.#history.memories.get(row.node);
    const isGone = before?.role === "leader" && !isVoter(this.latestConfiguration, row.node);
    if (isGone) coverage.removedLeaders++;
  }

  #hearRead(row: ReadRow): void {
    if (row.event !== "answered") return readAsked(row, this.#history);
    if (row.index === null) return;
    const isByLease = row.way === "lease";
    this.coverage[isByLease ? "leaseReads" : "reads"]++;
    if (isByLease && this.leases === "not checked") return;
    readAnswered(row, this.cluster.node(row.node).status().applied, this.#history);
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
