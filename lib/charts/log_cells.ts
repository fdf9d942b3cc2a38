/**
 * The cells of a log table: what they hold, their colour and their text.
 *
 * @module
 */
import type { EntrySummary } from "../trace/rows.ts";
import type { Index, NodeId } from "../raft/mod.ts";
import type { LogState } from "./logs.ts";
import { pale, termColour } from "./palette.ts";
import { shorten, textWidth, visible } from "./text.ts";

/** An entry, or its place in a snapshot, in a row of the table. */
export interface Cell {
  /** The node. */
  readonly node: NodeId;
  /** The index. */
  readonly index: Index;
  /** Whether the node knows it to be committed. */
  readonly kind: "committed" | "open" | "snapshot";
  /** The entry, if the trace tells it. */
  readonly entry: EntrySummary | null;
}

/** The cell of a log at `index`; none if the log ends before. */
export function cellAt({ row, entries }: LogState, index: Index): Cell[] {
  const { node, firstIndex, lastIndex, commit } = row;
  if (index > lastIndex) return [];
  if (index < firstIndex) return [{ node, index, kind: "snapshot", entry: null }];
  return [{ node, index, kind: index <= commit ? "committed" : "open", entry: entries.get(index) ?? null }];
}

/** The fill of a cell. */
export function fillOf({ kind, entry }: Cell): string {
  if (kind === "snapshot" || entry === null) return "#e6e6e6";
  const colour = termColour(entry.term);
  return kind === "committed" ? colour : pale(colour);
}

/** What an entry asks for, in `width` pixels: without blanks around "=", or cut, if need be. */
export function cellText(cell: Cell, width: number): string {
  const text = commandOf(cell);
  return textWidth(text, 10) <= width ? text : shorten(text.replace(" = ", "="), width, 10);
}

function commandOf({ kind, entry }: Cell): string {
  if (kind === "snapshot") return "";
  if (entry === null) return "?";
  const { command } = entry;
  if (command === null) return "(empty)";
  const key = visible(command.key);
  return command.kind === "Put" ? `${key} = ${visible(command.value)}` : `${command.kind} ${key}`;
}
