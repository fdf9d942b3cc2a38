/**
 * What happened in a cluster: all rows, in order. Tables, stories and charts are functions of its scenes.
 *
 * @module
 */
import { Fold, type Scene } from "./fold.ts";
import { visible } from "./text.ts";
import type { NodeRow, Observer, TraceRow } from "./rows.ts";
import type { NodeId, Ticks } from "../raft/mod.ts";

/**
 * The rows of a run.
 *
 * @example
 * ```ts
 * import { Cluster, Trace } from "hello-raft";
 * import { strictEqual } from "node:assert/strict";
 *
 * const trace = new Trace();
 * const cluster = new Cluster({ nodes: 3, seed: 7, observer: trace.record });
 * cluster.run(30);
 * strictEqual(trace.at(30).length, 3);
 * ```
 */
export class Trace {
  readonly #rows: TraceRow[] = [];
  readonly #fold = new Fold();
  readonly #scenes: Scene[] = [];
  /** How many rows are folded. */
  #folded = 0;

  /** Give this to a cluster as its observer. */
  readonly record: Observer = (row) => void this.#rows.push(row);

  /** Every row, in the order in which it happened. */
  get rows(): readonly TraceRow[] {
    return this.#rows;
  }

  /** The rows of one kind. */
  of<K extends TraceRow["kind"]>(kind: K): Extract<TraceRow, { kind: K }>[] {
    return this.#rows.filter((row): row is Extract<TraceRow, { kind: K }> => row.kind === kind);
  }

  /** Every node as it was at `tick`, after all that happened in it, in the order of ids; empty if that tick is not here. */
  at(tick: Ticks): readonly NodeRow[] {
    const last = new Map(this.of("node").filter((row) => row.tick === tick).map((row) => [row.node, row]));
    return [...last.values()].sort((a, b) => a.node - b.node);
  }

  /** The last tick that came to its end; 0 if none did. */
  lastTick(): Ticks {
    return this.#rows.findLast((row) => row.kind === "node")?.tick ?? 0;
  }

  /** Every tick that came to its end, with the cluster before and after it. */
  scenes(): readonly Scene[] {
    const last = this.#foldAll();
    return this.#fold.isOver ? [...this.#scenes, last] : this.#scenes;
  }

  /** What `key` is in the store of `node`, going by what it applied; `null` if there is nothing. */
  value(node: NodeId, key: string): string | null {
    return this.#foldAll().state.nodes.get(node)?.store.get(key) ?? null;
  }

  /** Fold what is new; what is not over yet. */
  #foldAll(): Scene {
    for (; this.#folded < this.#rows.length; this.#folded++) {
      const scene = this.#fold.hear(this.#rows[this.#folded]);
      if (scene !== null) this.#scenes.push(scene);
    }
    return this.#fold.end();
  }

  /** Every row as JSON, in which controls are written by their codes. */
  *jsonLines(): Generator<string, void> {
    for (const row of this.#rows) yield visible(JSON.stringify(row));
  }

  /** A row a line, as JSON. */
  toJsonLines(): string {
    return Array.from(this.jsonLines(), (line) => `${line}\n`).join("");
  }
}
