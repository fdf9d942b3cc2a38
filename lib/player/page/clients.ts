/**
 * What clients ask for, and what they are told; one of them tries again until it has an answer.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Command } from "../../command.ts";
import type { Act } from "../../scenario/perform.ts";
import type { Answer, Scene } from "../../trace/fold.ts";
import { READ_WAYS, type ReadWay } from "../../trace/rows.ts";
import { commandText } from "../../trace/words.ts";
import { html, part } from "./dom.ts";
import type { Asked, Found } from "./found.ts";

/** How many requests of clients are shown. */
const REQUESTS = 6;

/** The client that tries again. */
const CLIENT = 1;

/** How a client can read. */
export const WAYS: Readonly<Record<ReadWay, string>> = {
  log: "through the log",
  readIndex: "by ReadIndex",
  lease: "by a lease",
  store: "from the store",
};

/** What the client that tries again asks for, as the switches say. */
export function requestOf(command: Command): Act {
  const chosen = part("way", HTMLSelectElement).value;
  const way = command.kind === "Get" ? READ_WAYS.find((each) => each === chosen) : undefined;
  const { checked: sessions } = part("sessions", HTMLInputElement);
  return { do: "request", client: CLIENT, command, sessions, ...(way === undefined ? {} : { way }) };
}

/** The next answer to the client that tries again is lost. */
export const LOSE_ANSWER: Act = { do: "loseAnswer", client: CLIENT, count: 1 };

/** Whether the client that tries again still waits for an answer. */
export function isWaiting({ asked }: Found): boolean {
  const last = [...asked.values()].map((rows) => rows.at(-1)).findLast((row) =>
    row?.kind === "request" && row.client === CLIENT
  );
  return last?.kind === "request" && last.event !== "answered";
}

/** What a client is told in the end, of what it asked one node for. */
const OUTCOMES: Readonly<Record<Answer["outcome"], string>> = {
  applied: "done",
  replaced: "replaced by another entry",
  none: "no answer: the node stopped",
};

/** How it stands until then. */
const YET = {
  asked: "waits for an answer",
  appended: "waits for an answer",
  forwarded: "passed on to the leader",
  dropped: "refused: no leader is known",
  refused: "refused: no leader is known",
} as const;

/** What clients asked for, and what they were told up to `tick`; the latest first. */
export function drawClients(list: Element, { asked, branch: { scenes } }: Found, tick: number): void {
  const known = [...asked.values()].filter(([first]) => first.tick <= tick).slice(-REQUESTS).reverse();
  const items = known.map((all) => {
    const rows = all.filter((row) => row.tick <= tick);
    const [first, last] = [all[0], rows[rows.length - 1]];
    const answer = answerTo(first, scenes.slice(first.tick, tick + 1));
    const isDone = answer?.outcome === "applied" || "event" in last && last.event === "answered";
    const before = rows.flatMap((row) => row !== last && row.kind === "request" && row.event !== "asked" ? [row] : []);
    const told = answer === undefined ? toldBy(last) : `${OUTCOMES[answer.outcome]} (tick ${answer.tick})`;
    const style = isDone ? "good" : answer === undefined ? "" : "bad";
    const words = [wantedBy(first), ...before.map(toldBy)].join("; ");
    return html("li", {}, `tick ${first.tick}, ${words}: `, html("b", { class: style }, told));
  });
  const none = html("li", { class: "faint" }, "No client has asked for anything.");
  list.replaceChildren(...(items.length === 0 ? [none] : items));
}

/** What became of an entry, as the node that appended it can tell. */
function answerTo(row: Asked, scenes: readonly Scene[]): Answer | undefined {
  if (row.kind !== "proposal") return undefined;
  return scenes.flatMap(({ answers }) => answers).find(({ node, index, term, asked }) =>
    node === row.node && index === row.index && term === row.term && asked === row.tick
  );
}

/** Who asks for what. */
function wantedBy(row: Asked): string {
  if (row.kind === "read") return `node ${row.node}: Get ${row.key} ${WAYS[row.way]}`;
  const what = commandText(row.command);
  if (row.kind === "proposal") return `node ${row.node}: ${what}`;
  const { client, request, command, way } = row;
  return `client ${client}, request ${request}: ${what}${command.kind === "Get" ? ` ${WAYS[way]}` : ""}`;
}

/** What a client has learnt. */
function toldBy(row: Asked): string {
  if (row.kind === "proposal") return YET[row.result];
  const { node, tick, value } = row;
  if (row.kind === "read") {
    const { event } = row;
    return event === "answered" ? `${value ?? "nothing"} (tick ${tick})` : YET[event];
  }
  const { leader, command } = row;
  return {
    asked: `waits for node ${node} since tick ${tick}`,
    refused: leader === null || leader === node ? `node ${node} refuses` : `node ${node} names node ${leader}`,
    timedOut: `node ${node} says nothing up to tick ${tick}`,
    lost: `node ${node}'s answer is lost`,
    answered: `${command.kind === "Get" ? value ?? "nothing" : "done"} (node ${node}, tick ${tick})`,
  }[row.event];
}
