/**
 * All nodes as tables: before anything is broken, and at the end.
 *
 * @module
 */
import type { NodeFaultRow } from "../../trace/rows.ts";
import type { NodeState, NodeStates } from "./node_states.ts";
import { type Paint, table, word } from "../terminal.ts";

/** A log is shown, term by term, if no node's is longer. */
const LONGEST_LOG = 16;

/** The tables of a run. What one of them shows, the other shows as well. */
export class NodeTables {
  #before: readonly NodeState[] = [];
  #isBroken = false;

  /** Tables of `states`, which go on changing. */
  constructor(readonly states: NodeStates, readonly paint: Paint) {}

  /**
   * Something is about to be broken, maybe by `fault`. If it is the first: all nodes as they are now, as lines that are
   * laid out once the run is over. Before the first tick there is nothing to be shown; clocks that stand still from there
   * on are no reason to show nothing later.
   */
  keep(fault: NodeFaultRow["fault"] | null): (() => string[]) | null {
    const [states, tick] = [this.states.now(), this.states.tick];
    if (this.#isBroken || (tick === 0 && fault === "pauseClock")) return null;
    this.#isBroken = true;
    if (tick === 0) return null;
    this.#before = states;
    const heading = this.paint("faint", `all nodes at the end of tick ${tick}, before anything is broken:`);
    return () => ["", heading, ...this.#table(states)];
  }

  /** All nodes as they are in the end, if a tick has passed. */
  atEnd(): string[] {
    return this.states.tick === 0 ? [] : ["", ...this.#table(this.states.now())];
  }

  #table(states: readonly NodeState[]): string[] {
    const extra = this.#extra();
    const heading = ["node", "role", "term", ...(extra === null ? [] : [extra]), "commit", "applied"];
    const rows = states.map(({ row, stopped, value, log }) => [
      `${row.node}`,
      stopped ? "stopped" : row.role,
      `${row.term}`,
      ...(extra === null ? [] : extra === "last" ? [`${row.lastIndex}`] : [log.join(" ")]),
      `${row.commit}`,
      `${row.applied}`,
      value === null ? "-" : word(value),
    ]);
    return table([[...heading, word(this.states.key)], ...rows], this.paint);
  }

  /** What is worth showing besides: all logs, if somebody's was given or mended; their ends, if not all is committed. */
  #extra(): "log, by terms" | "last" | null {
    const states = [...this.#before, ...this.states.now()];
    const isShort = states.every(({ log }) => log.length <= LONGEST_LOG);
    if (this.states.logs.remarkable && isShort) return "log, by terms";
    return states.some(({ row }) => row.lastIndex !== row.commit) ? "last" : null;
  }
}
