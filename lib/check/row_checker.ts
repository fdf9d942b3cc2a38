/**
 * What rows alone decide, in every world: what is applied, and what clients are told.
 *
 * @module
 */
import { type Index, isJoint, isVoter, type NodeId, type StateRole } from "../raft/mod.ts";
import type { ApplyRow, ReadRow, TraceRow } from "../trace/rows.ts";
import { carriedOutOnce, readAnswered, readAsked, requestAnswered, requestAppended } from "./client_invariants.ts";
import type { Coverage } from "./coverage.ts";
import type { History } from "./history.ts";
import { stateMachineSafety } from "./invariants.ts";
import { changeApplied } from "./membership_invariants.ts";

/** Hears every row of a run. */
export class RowChecker {
  /**
   * Whether reads by lease are checked: they are right only while all clocks run alike, and nobody campaigns unless its time has
   * come, or the leader wants it.
   */
  leases: "checked" | "not checked" = "not checked";
  /** By node: in which role it last came to know a commit index. */
  readonly #committedAs = new Map<NodeId, StateRole>();
  /** By node: where its log began at the end of the last tick. */
  readonly #firstIndex = new Map<NodeId, Index>();
  /** By node: the last snapshot that has replaced its store. The log counts as applied up to there only once that is on the disk. */
  readonly #restored = new Map<NodeId, Index>();

  /** @param appliedOf How far a node has applied the log. */
  constructor(
    readonly history: History,
    readonly coverage: Coverage,
    readonly appliedOf: (id: NodeId) => Index,
  ) {}

  /** @throws {InvariantViolation} with the name of the invariant that it breaks. */
  hear(row: TraceRow): void {
    const { history, coverage } = this;
    switch (row.kind) {
      case "node":
        if (row.firstIndex > (this.#firstIndex.get(row.node) ?? 1)) coverage.compactions++;
        return void this.#firstIndex.set(row.node, row.firstIndex);
      case "nodeFault":
        return void this.#restored.delete(row.node);
      case "ready":
        if (row.snapshot !== null) this.#restored.set(row.node, row.snapshot);
        return;
      case "commit":
        history.toldCommitted = Math.max(history.toldCommitted, row.index);
        return void this.#committedAs.set(row.node, row.role);
      case "apply":
        return this.#apply(row);
      case "proposal":
        return requestAppended(row, history);
      case "request":
        if (row.event === "answered" && row.attempt > 1) coverage.retries++;
        return requestAnswered(row, history);
      case "read":
        return row.event === "answered" ? this.#read(row) : readAsked(row, history);
      case "message":
        if (row.type === "RequestVote" && row.transfer) history.transfers.add(row.term);
    }
  }

  #apply(row: ApplyRow): void {
    const { history, coverage } = this;
    if (row.outcome.kind === "Repeated" && !history.applied.has(row.index)) coverage.repeated++;
    stateMachineSafety(row, history);
    carriedOutOnce(row, history);
    history.learn(row);
    if (!changeApplied(row, history)) return;
    coverage.changes++;
    if (isJoint(history.latestConfiguration)) coverage.joint++;
    const isLeader = this.#committedAs.get(row.node) === "leader";
    if (isLeader && !isVoter(history.latestConfiguration, row.node)) coverage.removedLeaders++;
  }

  /** Up to which index the store of a node stands for the log. */
  #storeOf(id: NodeId): Index {
    return Math.max(this.appliedOf(id), this.#restored.get(id) ?? 0);
  }

  #read(row: ReadRow): void {
    if (row.index === null) return;
    const isByLease = row.way === "lease";
    this.coverage[isByLease ? "leaseReads" : "reads"]++;
    if (!isByLease || this.leases === "checked") readAnswered(row, this.#storeOf(row.node), this.history);
  }
}
