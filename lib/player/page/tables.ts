/**
 * The logs with what the leader knows of them, the stores.
 *
 * @module
 */
/// <reference lib="dom" />
import { inkOn, pale, termColour } from "../../charts/palette.ts";
import { type ClusterState, conditionOf, leaderOf, type NodeState } from "../../trace/fold.ts";
import type { EntrySummary } from "../../trace/rows.ts";
import { changeText, changeTexts, commandText, emptyText } from "../../trace/words.ts";
import { html } from "./dom.ts";
import { configurationOf, type Place, placeOf } from "../places.ts";

/** How many indices of the logs are shown at least, and at most. */
const [FEWEST, MOST] = [12, 20];

/** How many characters there is room for in a cell. */
const WIDE = 12;

/** The last entries of the logs; ● how far the leader knows a log to be, ▼ what it would send next. */
export class LogTable {
  readonly #table: HTMLTableElement;
  #heading = "";
  /** The rows, and what was to be seen in them: a row in which nothing has changed stays. */
  #rows: { readonly row: HTMLElement; readonly shows: readonly unknown[] }[] = [];

  constructor(table: HTMLTableElement) {
    this.#table = table;
  }

  /** Draw the logs of `state`. */
  draw(state: ClusterState): void {
    const nodes = [...state.nodes.values()];
    const configuration = configurationOf(state);
    const leader = leaderOf(state);
    const last = Math.max(FEWEST, ...nodes.map(({ lastIndex }) => lastIndex + 1));
    const columns = Math.min(MOST, last);
    const indices = Array.from({ length: columns }, (_, i) => last - columns + 1 + i);
    this.#rows = nodes.map((node, i) => {
      const known = leader?.progress.find(({ id }) => id === node.node);
      const next = leader?.node === node.node ? undefined : known?.nextIndex;
      const place = placeOf(configuration, node.node);
      const shows = [node.node, node.log, node.commit, conditionOf(node), known?.matchIndex, next, last, place];
      const old = this.#rows.at(i);
      if (old !== undefined && old.shows.every((each, j) => each === shows[j])) return old;
      return { row: rowOf(node, place, indices, known?.matchIndex, next), shows };
    });
    const rows = this.#rows.map(({ row }) => row);
    const { children } = this.#table.tBodies[0];
    if (rows.length !== children.length || rows.some((row, i) => row !== children[i])) {
      this.#table.tBodies[0].replaceChildren(...rows);
    }
    if (this.#heading === `${last}`) return;
    this.#heading = `${last}`;
    const names = ["index", ...indices].map((name) => html("th", { scope: "col" }, `${name}`));
    this.#table.tHead?.replaceChildren(html("tr", {}, ...names));
    const scroller = this.#table.parentElement;
    if (scroller !== null) scroller.scrollLeft = last > FEWEST ? scroller.scrollWidth : 0;
  }
}

function rowOf(
  node: NodeState,
  place: Place,
  indices: readonly number[],
  matchIndex?: number,
  nextIndex?: number,
): HTMLElement {
  const cells = indices.map((index) => {
    const marks = `${index === matchIndex ? "●" : ""}${index === nextIndex ? "▼" : ""}`;
    return html("td", {}, ...cellOf(node, index), html("span", { class: "knows" }, marks));
  });
  const isPlain = place === "voter";
  const name = html("th", { scope: "row" }, `node ${node.node}`, ...(isPlain ? [] : [html("small", {}, ` ${place}`)]));
  return html("tr", { class: conditionOf(node) }, name, ...cells);
}

function cellOf(node: NodeState, index: number): HTMLElement[] {
  if (index < node.firstIndex) {
    const isThere = index > 0;
    return [html("span", { class: `entry ${isThere ? "snapshot" : "none"}` }, isThere ? "snapshot" : "")];
  }
  const entry = node.log.entry(index);
  if (entry === undefined) return [html("span", { class: "entry none" })];
  const { term } = entry;
  const isCommitted = index <= node.commit;
  const [words, meaning] = wordsOf(entry, node.log.entry(index - 1));
  const title = `index ${index}, term ${term}, ${isCommitted ? "committed" : "not known to be committed"}: ${meaning}`;
  const parts = [html("b", {}, words), html("small", {}, `t${term}`)];
  const cell = html("span", { class: `entry ${isCommitted ? "" : "open"}`, title }, ...parts);
  const colour = termColour(term);
  cell.style.background = isCommitted ? colour : pale(colour);
  cell.style.color = isCommitted ? inkOn(colour) : "#222222";
  cell.style.borderColor = colour;
  return [cell];
}

/** An entry in a cell, and what that means. */
function wordsOf(
  { command, change, term }: EntrySummary,
  before?: EntrySummary,
): readonly [words: string, meaning: string] {
  if (change !== undefined) return [changeTexts(change).find(({ length }) => length <= WIDE) ?? "", changeText(change)];
  if (command === null) return ["empty", emptyText(term, before?.term)];
  return [command.kind === "Put" ? `${command.key}=${command.value}` : commandText(command), commandText(command)];
}

/** What every node holds, and behind an arrow what its log would make of it. */
export function drawStores(list: Element, { nodes }: ClusterState, keys: ReadonlySet<string>): void {
  list.replaceChildren(...[...nodes.values()].map((node) => {
    const pending = new Map<string, string>();
    for (const { command } of node.log.entries(node.applied + 1)) {
      if (command?.kind === "Put") pending.set(command.key, command.value);
      if (command?.kind === "Delete") pending.set(command.key, "nothing");
    }
    const held = [...keys].flatMap((key) => {
      const [value, next] = [node.store.get(key), pending.get(key)];
      if (value === undefined && next === undefined) return [];
      const later = next === undefined ? [] : [html("span", { class: "faint" }, ` → ${next}`)];
      return [html("span", { class: "held" }, `${key} = ${value ?? "nothing"}`, ...later)];
    });
    const isStopped = conditionOf(node) === "stopped";
    const all = held.length === 0 ? [html("span", { class: "faint" }, "nothing")] : held;
    const name = html("b", {}, `node ${node.node}`);
    return html("li", isStopped ? { class: "faint" } : {}, name, isStopped ? " (stopped) " : " ", ...all);
  }));
}
