/**
 * Below the ring: the logs with what the leader knows of them, the stores, the clients.
 *
 * @module
 */
/// <reference lib="dom" />
import { termColour } from "../../charts/palette.ts";
import { type Answer, type ClusterState, conditionOf, leaderOf, type NodeState, type Scene } from "../../trace/fold.ts";
import { commandText } from "../../trace/words.ts";
import { html } from "./dom.ts";

/** How many indices of the logs are shown. */
const COLUMNS = 12;

/** The last entries of the logs; ● how far the leader knows a log to be, ▼ what it would send next. */
export function drawLogs(table: HTMLTableElement, state: ClusterState): void {
  const nodes = [...state.nodes.values()];
  const leader = leaderOf(state);
  const last = Math.max(COLUMNS, ...nodes.map(({ lastIndex }) => lastIndex + 1));
  const indices = Array.from({ length: COLUMNS }, (_, i) => last - COLUMNS + 1 + i);
  const heading = html("tr", {}, ...["index", ...indices].map((name) => html("th", { scope: "col" }, `${name}`)));
  const rows = nodes.map((node) => {
    const known = leader?.progress.find(({ id }) => id === node.node);
    const cells = indices.map((index) => {
      const knows = known?.matchIndex === index ? "●" : "";
      const sends = known?.nextIndex === index && leader?.node !== node.node ? "▼" : "";
      const marks = html("span", { class: "knows" }, `${knows}${sends}`);
      return html("td", {}, ...cellOf(node, index), marks);
    });
    return html("tr", {}, html("th", { scope: "row" }, `node ${node.node}`), ...cells);
  });
  table.tHead?.replaceChildren(heading);
  table.tBodies[0].replaceChildren(...rows);
}

function cellOf(node: NodeState, index: number): HTMLElement[] {
  if (index < node.firstIndex) {
    return index > 0 ? [html("span", { class: "entry snapshot", title: "in the snapshot" }, "snap")] : [];
  }
  const entry = node.log.entry(index);
  if (entry === undefined) return [];
  const { term, command } = entry;
  const isCommitted = index <= node.commit;
  const words = command === null
    ? "(empty)"
    : command.kind === "Put"
    ? `${command.key}=${command.value}`
    : commandText(command);
  const title = `index ${index}, term ${term}, ${isCommitted ? "committed" : "not known to be committed"}: ${words}`;
  const cell = html("span", { class: `entry ${isCommitted ? "" : "open"}`, title }, html("b", {}, words), ` t${term}`);
  cell.style.setProperty("--term", termColour(term));
  return [cell];
}

/** What every node holds. */
export function drawStores(list: Element, { nodes }: ClusterState, keys: readonly string[]): void {
  list.replaceChildren(...[...nodes.values()].map((node) => {
    const held = keys.flatMap((key) => {
      const value = node.store.get(key);
      return value === undefined ? [] : [`${key} = ${value}`];
    });
    const words = `${conditionOf(node) === "stopped" ? " (stopped)" : ""}: ${
      held.length === 0 ? "nothing" : held.join(", ")
    }`;
    return html("li", {}, html("b", {}, `node ${node.node}`), words);
  }));
}

/** What clients asked for, and what they were told up to `tick`; the latest first. */
export function drawClients(list: Element, scenes: readonly Scene[], tick: number): void {
  const past = scenes.filter((scene) => scene.tick <= tick);
  const answers = past.flatMap(({ answers }) => answers);
  const requests = past.flatMap(({ rows }) => rows.flatMap((row) => row.kind === "proposal" ? [row] : []));
  const words: Readonly<Record<Answer["outcome"], string>> = {
    applied: "done",
    replaced: "lost: another entry took its place",
    none: "no answer: the node stopped",
  };
  const items = requests.slice(-8).reverse().map(({ tick: at, node, command, result, index, term }) => {
    const answer = answers.find((each) =>
      each.node === node && each.index === index && each.term === term && each.asked === at
    );
    const told = answer !== undefined
      ? `${words[answer.outcome]} (tick ${answer.tick})`
      : result === "dropped"
      ? "refused: no leader is known"
      : result === "forwarded"
      ? "passed on to the leader"
      : "waits for an answer";
    return html("li", {}, `tick ${at}, node ${node}: ${commandText(command)}: `, html("b", {}, told));
  });
  list.replaceChildren(...(items.length === 0 ? [html("li", {}, "Nothing was asked for yet.")] : items));
}
