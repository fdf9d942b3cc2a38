/**
 * Every node at one moment of a run, going by the rows so far.
 *
 * @module
 */
import type { NodeFaultRow, NodeRow, TraceRow } from "../../trace/rows.ts";
import type { Index, NodeId, Ticks } from "../../raft/mod.ts";
import { LogChanges } from "./log_changes.ts";

/** A node at one moment. */
export interface NodeState {
  /** The node as it was reported last. */
  readonly row: NodeRow;
  /** Whether it is stopped. */
  readonly stopped: boolean;
  /** What its store has under the key. */
  readonly value: string | null;
  /** The terms of its entries. */
  readonly log: readonly Index[];
}

/** The nodes of a run, going by its rows. */
export class NodeStates {
  /** Their logs. */
  readonly logs = new LogChanges();
  readonly #rows = new Map<NodeId, NodeRow>();
  readonly #values = new Map<NodeId, string | null>();
  readonly #stopped = new Set<NodeId>();
  #tick: Ticks = 0;

  /** `key`: the one whose value is looked at. */
  constructor(readonly key: string) {}

  /** The last tick that came to its end; 0 if none did. */
  get tick(): Ticks {
    return this.#tick;
  }

  /** A node as it was at the end of that tick, and as it was restarted since. */
  node(id: NodeId): NodeRow | undefined {
    return this.#rows.get(id);
  }

  /** Whether a node is stopped now. */
  isStopped(id: NodeId): boolean {
    return this.#stopped.has(id);
  }

  /** Take in a row. What was replaced in a log by it, if anything. */
  hear(row: TraceRow): string | null {
    if (row.kind === "node") {
      this.#rows.set(row.node, row);
      this.#tick = row.tick;
    } else if (row.kind === "restore") {
      this.#values.set(row.node, new Map(row.pairs).get(this.key) ?? null);
    } else if (row.kind === "apply") {
      const { outcome } = row;
      if (outcome.kind === "Put" && outcome.key === this.key) this.#values.set(row.node, outcome.value);
      if (outcome.kind === "Delete" && outcome.key === this.key) this.#values.set(row.node, null);
    } else if (row.kind === "nodeFault") {
      this.#hearFault(row);
    }
    return this.logs.hear(row);
  }

  #hearFault({ node, fault }: NodeFaultRow): void {
    const before = this.#rows.get(node);
    if (fault === "stop") this.#stopped.add(node);
    if (fault !== "restart") return;
    this.#stopped.delete(node);
    if (before !== undefined) this.#rows.set(node, { ...before, role: "follower" });
  }

  /** All nodes as they are now. */
  now(): NodeState[] {
    return [...this.#rows.values()].map((row) => ({
      row,
      stopped: this.#stopped.has(row.node),
      value: this.#values.get(row.node) ?? null,
      log: this.logs.terms(row.node),
    }));
  }
}
