/**
 * One turn of a node's ready loop, in the seven steps of the crate's documentation.
 *
 * The same steps, in the same order, stand in `lib/node.ts`.
 *
 * @module
 */
import type { ReadyRow, TracedMessage } from "../../trace/rows.ts";
import type { Index } from "../../raft/mod.ts";
import { type Paint, wrap } from "../terminal.ts";
import { messageText } from "./words.ts";

/** Where the contents of a step begin. */
const INDENT = " ".repeat(33);

/** A turn, a line a step; messages a line each. */
export function readyLines(row: ReadyRow, paint: Paint): string[] {
  const { hs, light } = row;
  const hardState = hs === null ? null : `term ${hs.term}, vote ${hs.vote ?? "nobody"}, commit ${hs.commit}`;
  const steps: [string, string | null][] = [
    ["messages", messages(row.messages)],
    ["snapshot", row.snapshot === null ? null : `up to index ${row.snapshot}`],
    ["committedEntries", indices(row.committedEntries)],
    ["entries", indices(row.entries.map(({ index }) => index))],
    ["hs", hardState],
    ["persistedMessages", messages(row.persistedMessages)],
    ["advance", lightText(light)],
  ];
  const heading = `tick ${String(row.tick).padStart(3)}  node ${row.node}, Ready ${row.number}`;
  return [paint("faint", heading)].concat(steps.flatMap(([name, content], i) => {
    const text = `            ${i + 1} ${name.padEnd(17)}  ${content ?? "-"}`;
    const lines = text.split("\n").flatMap((line) => wrap(line.slice(0, INDENT.length), line.slice(INDENT.length)));
    return lines.map((line) => paint(content === null ? "faint" : "plain", line));
  }));
}

function lightText(light: ReadyRow["light"]): string | null {
  const parts = [
    light.commitIndex === null ? null : `commit ${light.commitIndex}`,
    messages(light.messages),
    light.committedEntries.length === 0 ? null : `apply ${indices(light.committedEntries)}`,
  ];
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : said.join(`;\n${INDENT}`);
}

function messages(summaries: readonly TracedMessage[]): string | null {
  return summaries.length === 0 ? null : summaries.map(messageText).join(`,\n${INDENT}`);
}

function indices(entries: readonly Index[]): string | null {
  if (entries.length === 0) return null;
  return entries.length === 1 ? `index ${entries[0]}` : `indices ${entries[0]} to ${entries.at(-1)}`;
}
