/**
 * What clients asked for, as intervals: the history of a run, from which can be told whether it was linearizable.
 *
 * @module
 */
import type { Command, RequestId } from "../command.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";
import type { Scene } from "./fold.ts";
import type { ApplyRow, ProposalRow, ReadWay, RequestRow } from "./rows.ts";

/** An operation of a client that tries again. */
export interface Operation extends RequestId {
  /** What was asked for. */
  readonly command: Command;
  /** How, if it is a `Get`. */
  readonly way: ReadWay;
  /** When it was asked for first. */
  readonly called: Ticks;
  /** When its client was answered; `null` if it never was: then it may take effect at any later time, or never. */
  readonly returned: Ticks | null;
  /** What a `Get` was answered. */
  readonly value: string | null;
  /** Who was asked, and when. */
  readonly attempts: readonly { readonly tick: Ticks; readonly node: NodeId }[];
  /**
   * When a node first carried it out, once for each entry that did anything: more than one if it was done more than once, none if it
   * was read without an entry.
   */
  readonly effects: readonly Ticks[];
}

/** An operation, as it comes together. */
type Draft = { -readonly [K in keyof Operation]: Operation[K] };

/**
 * The operations of all clients that try again, in the order in which they were called.
 *
 * @example
 * ```ts
 * import { Client, Cluster, operationsOf, Trace } from "hello-raft";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const trace = new Trace();
 * const cluster = new Cluster({ nodes: 3, seed: 1, observer: trace.record });
 * cluster.run(20);
 * const client = new Client(cluster, 1);
 * client.ask({ kind: "Put", key: "x", value: "1" });
 * cluster.run(20);
 * deepStrictEqual(operationsOf(trace.scenes()).map(({ called, returned }) => [called, returned]), [[20, 22]]);
 * ```
 */
export function operationsOf(scenes: Iterable<Pick<Scene, "rows">>): Operation[] {
  const operations = new Map<string, Draft>();
  /** By index and term: whose entry it is. */
  const entries = new Map<string, string>();
  for (const { rows } of scenes) {
    for (const row of rows) {
      if (row.kind === "request") takeRequest(row, operations);
      else if (row.kind === "proposal") takeProposal(row, entries);
      else if (row.kind === "apply") takeApply(row, operations, entries);
    }
  }
  return [...operations.values()];
}

function takeRequest(row: RequestRow, operations: Map<string, Draft>): void {
  const { client, request, command, way, tick, node, event, value } = row;
  const fresh = { client, request, command, way, called: tick, returned: null, value: null, attempts: [], effects: [] };
  const operation: Draft = operations.get(keyOf(row)) ?? fresh;
  operations.set(keyOf(row), operation);
  if (event === "asked") operation.attempts = [...operation.attempts, { tick, node }];
  if (event === "answered") [operation.returned, operation.value] = [tick, value];
}

function takeProposal({ by, index, term }: ProposalRow, entries: Map<string, string>): void {
  if (index === null) return;
  // Where an entry was lost before it was durable, another may have its place.
  if (by === undefined) entries.delete(`${index} of ${term}`);
  else entries.set(`${index} of ${term}`, keyOf(by));
}

/** Whoever applies an entry first shows when it took effect. */
function takeApply(row: ApplyRow, operations: Map<string, Draft>, entries: Map<string, string>): void {
  const { tick, index, term, outcome } = row;
  const operation = operations.get(entries.get(`${index} of ${term}`) ?? "");
  entries.delete(`${index} of ${term}`);
  if (operation !== undefined && outcome.kind !== "Repeated") operation.effects = [...operation.effects, tick];
}

function keyOf({ client, request }: RequestId): string {
  return `${client} ${request}`;
}
