/**
 * A row of a trace in words: what happens, without when.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type {
  LinkFaultRow,
  MessageRow,
  NodeFaultRow,
  NodeRow,
  ReadyRow,
  TracedMessage,
  TraceRow,
} from "../trace/rows.ts";
import type { NodeId } from "../raft/mod.ts";
import { count, list, nodeList } from "./text.ts";

/** What happens, as a clause. */
export function rowText(row: TraceRow): string {
  switch (row.kind) {
    case "node":
      return nodeText(row);
    case "message":
      return messageText(row);
    case "ready":
      return readyText(row);
    case "proposal":
      return `node ${row.node} is asked for a ${row.command.kind} of ${row.command.key}: ${row.result}`;
    case "commit":
      return `node ${row.node} moves its commit index to ${row.index}`;
    case "apply":
      return `node ${row.node} applies index ${row.index}`;
    case "restore":
      return `node ${row.node} restores its store up to index ${row.index}`;
    case "log":
      return `node ${row.node} begins with a log of ${count(row.entries.length, "entry", "entries")}`;
    case "nodeFault":
      return FAULTS[row.fault](row.node);
    case "linkFault":
      return linkText(row);
    case "messageFault":
      return `${row.type} from node ${row.from} to node ${row.to} is ${row.what} on purpose`;
    case "part":
    case "expectation":
      return "the scenario says something";
  }
}

const FAULTS: Readonly<Record<NodeFaultRow["fault"], (node: NodeId) => string>> = {
  stopped: (node) => `node ${node} is stopped`,
  restarted: (node) => `node ${node} is restarted`,
  muted: (node) => `the clock of node ${node} is made to stand still`,
  unmuted: (node) => `the clock of node ${node} goes on`,
};

function nodeText({ node, running, role, term }: NodeRow): string {
  return `node ${node} ends the tick ${
    running ? `as ${role} ${role === "leader" ? "of" : "in"} term ${term}` : "stopped"
  }`;
}

function messageText({ event, type, from, to }: MessageRow): string {
  if (event === "sent") return `node ${from} sends ${type} to node ${to}`;
  return event === "delivered"
    ? `${type} from node ${from} reaches node ${to}`
    : `${type} from node ${from} to node ${to} is lost`;
}

function readyText({ node, number, snapshot, entries, hs, messages, persistedMessages, light }: ReadyRow): string {
  const vote = hs?.vote ?? null;
  const deeds = [
    snapshot === null ? "" : `takes a snapshot up to index ${snapshot}`,
    entries.length === 0 ? "" : `appends ${count(entries.length, "entry", "entries")}`,
    hs === null
      ? ""
      : `stores term ${hs.term}${
        vote === null ? "" : ` and its vote for ${vote === node ? "itself" : `node ${vote}`}`
      }`,
    sendsText([...messages, ...persistedMessages, ...light.messages]),
  ].filter((deed) => deed !== "");
  return `node ${node} ${deeds.length === 0 ? `handles its Ready number ${number}` : list(deeds)}`;
}

function sendsText(messages: readonly TracedMessage[]): string {
  if (messages.length === 0) return "";
  const types = [...new Set(messages.map(({ type }) => type))];
  const targets = [...new Set(messages.map(({ to }) => to))];
  return `sends ${list(types)} to ${nodeList(targets)}`;
}

function linkText({ from, to, state, latency }: LinkFaultRow): string {
  const what = state === "open" ? `is open and takes ${count(latency, "tick")}` : `is ${state}`;
  return `the link from node ${from} to node ${to} ${what}`;
}

/** What is not the same in two rows of which the same is said, in brackets; empty if something else is said of them. */
export function detailText(left: TraceRow, right: TraceRow): string {
  if (rowText(left) !== rowText(right)) return "";
  const values = new Map<string, unknown>(Object.entries(right));
  const names = Object.entries(left).filter(([name, value]) => !isDeepStrictEqual(value, values.get(name)));
  return ` (not the same: ${list(names.map(([name]) => name))})`;
}
