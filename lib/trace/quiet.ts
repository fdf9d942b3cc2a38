/**
 * What is said of a tick of which the story tells nothing: which messages end in it, and whose log grows.
 *
 * @module
 */
import type { Scene } from "./fold.ts";
import { groupBy } from "./group.ts";
import { count, list, nodeList } from "./text.ts";
import { LOSS, messageWords } from "./words.ts";

/** How messages end, and what is said of those that do. */
const ENDS = [["delivered", { one: "arrives", many: "arrive" }], ["dropped", LOSS]] as const;

/** Which messages end, and whose log grows. */
export function quiet({ rows, before, state }: Scene): string {
  const grown = [...state.nodes.values()].filter(({ node, lastIndex }) =>
    lastIndex > (before.nodes.get(node)?.lastIndex ?? lastIndex)
  );
  const growth = [...groupBy(grown, ({ lastIndex }) => lastIndex)].map(([last, nodes]) =>
    `the ${nodes.length === 1 ? "log" : "logs"} of ${nodeList(nodes.map(({ node }) => node))} ${
      nodes.length === 1 ? "grows" : "grow"
    } to index ${last}`
  );
  const messages = rows.filter((row) => row.kind === "message");
  const clauses = ENDS.flatMap(([event, ends]) => {
    const ended = messages.filter((row) => row.event === event);
    const kinds = [...groupBy(ended, messageWords)].map(([{ one, many }, { length }]) => count(length, one, many));
    return ended.length === 0 ? [] : [`${list(kinds)} ${ended.length === 1 ? ends.one : ends.many}`];
  });
  return clauses.length + growth.length === 0 ? "no message arrives" : [...clauses, ...growth].join("; ");
}
