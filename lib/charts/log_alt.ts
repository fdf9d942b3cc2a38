/**
 * A log table in words.
 *
 * @module
 */
import type { Index, Term, Ticks } from "../raft/mod.ts";
import { conditionOf } from "./history.ts";
import type { LogState } from "./logs.ts";
import { sharing } from "./sentences.ts";
import { capital, nodeList } from "./text.ts";

/** What a table of `logs` at the end of `tick` says. */
export function logAlt(logs: readonly LogState[], tick: Ticks): string {
  const facts = new Map(logs.map((log) => [log.row.node, factOf(log)]));
  const known = new Map(
    logs.flatMap(({ row, progress }) =>
      progress === null ? [] : [[row.node, `match ${progress.matchIndex} and next ${progress.nextIndex}`]]
    ),
  );
  const progress = sharing(known).map(([fact, ids]) => `${fact} for ${nodeList(ids)}`).join("; ");
  return [
    `The ${logs.length === 1 ? "log of one node" : `logs of ${logs.length} nodes`} at the end of tick ${tick}.`,
    `${capital(sharing(facts).map(([fact, ids]) => `${nodeList(ids)}: ${fact}`).join("; "))}.`,
    known.size === 0 ? "Nobody leads." : `The leader's indices are ${progress}.`,
  ].join(" ");
}

function factOf({ row, entries }: LogState): string {
  const { term, firstIndex, lastIndex, commit } = row;
  const condition = conditionOf(row);
  const who = `${condition} ${condition === "leader" ? "of" : "in"} term ${term}`;
  if (lastIndex === 0) return `${who}, an empty log`;
  const parts = [
    firstIndex === 1 ? "" : `a snapshot up to index ${firstIndex - 1}`,
    ...runsOf(entries),
    commit === 0 ? "nothing committed" : `committed up to ${commit}`,
  ];
  return [who, ...parts.filter((part) => part !== "")].join(", ");
}

/** The last entries, by term. */
function runsOf(entries: LogState["entries"]): string[] {
  const runs: { term: Term; from: Index; to: Index }[] = [];
  for (const { index, term } of entries.values()) {
    const run = runs.at(-1);
    if (run?.term === term) run.to = index;
    else runs.push({ term, from: index, to: index });
  }
  const few = runs.slice(-3).map(({ from, to, term }) =>
    from === to ? `index ${from} of term ${term}` : `indices ${from} to ${to} of term ${term}`
  );
  return runs.length > few.length ? ["older entries", ...few] : few;
}
