/**
 * What must hold of every run, whatever runtime it is: told by its rows and by what is durable.
 *
 * @module
 */
import type { TraceRow } from "../trace/rows.ts";
import { History } from "../check/history.ts";
import { durableBeforeSent, onlyLeadersDoNotWait, stateMachineSafety } from "../check/invariants.ts";
import { assert, type NodeId, type Storage, type Term } from "../raft/mod.ts";
import type { Runtime } from "./runtime.ts";

/** Hears every row, and asserts what the paper says must hold. */
export class Safety {
  readonly #history = new History();

  /** `durableOf` tells what is durable of a node; `null`: whether that is so before it is told is not asserted. */
  constructor(readonly durableOf: ((id: NodeId) => Storage | null) | null) {}

  /** Terms that had a leader. */
  get elections(): number {
    return this.#history.leaderOf.size;
  }

  /** Whoever replicates or asserts leadership in a term leads it. */
  hear(row: TraceRow): void {
    if (row.kind === "apply") return stateMachineSafety(row, this.#history);
    if (row.kind === "ready" && this.durableOf !== null) return onlyLeadersDoNotWait(row);
    if (row.kind !== "message" || row.event !== "sent") return;
    const durable = this.durableOf?.(row.from) ?? null;
    if (durable !== null) durableBeforeSent(row, durable);
    if (row.type === "Append" || row.type === "Heartbeat" || row.type === "Snapshot") {
      this.#leads(row.from, row.term ?? 0);
    }
  }

  #leads(id: NodeId, term: Term): void {
    const leader = this.#history.leaderOf.get(term) ?? id;
    this.#history.leaderOf.set(term, leader);
    assert(leader === id, "Election Safety: at most one leader a term");
  }
}

/** Whether all nodes run, follow one leader, and have applied all of its log. */
export function agrees(runtime: Runtime): boolean {
  const leader = runtime.leader()?.status();
  return leader !== undefined && runtime.nodes().length === runtime.ids.length && runtime.nodes().every((node) => {
    const { ss, hs, applied, lastIndex } = node.status();
    const isThere = applied === leader.lastIndex && lastIndex === leader.lastIndex;
    return isThere && ss.leaderId === leader.id && hs.term === leader.hs.term;
  });
}
