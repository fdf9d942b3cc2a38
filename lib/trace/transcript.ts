/**
 * A run as plain text, a line for each message and step: short enough to be read, exact enough to be compared.
 *
 * An entry is written `index@term`, and what it does to a key: `2@1 x=a`.
 *
 * @module
 */
import { unreachable } from "../raft/mod.ts";
import type { Command } from "../command.ts";
import { type Change, type ClusterState, conditionOf, type Scene, scenesOf } from "./fold.ts";
import type { EntrySummary, PartRow, ReadSummary, TracedMessage, TraceRow } from "./rows.ts";
import { appliedText } from "./story_words.ts";
import { visible, word } from "./text.ts";
import type { Trace } from "./trace.ts";
import {
  changeText,
  commandText,
  CONDITIONS,
  configurationText,
  LINK_FAULT_WORDS,
  LOSS,
  MESSAGE_FAULT_WORDS,
  NODE_FAULT_WORDS,
} from "./words.ts";

/**
 * What happened in `trace`, a line for each message that is sent or lost, and for each step.
 *
 * @example
 * ```ts
 * import { Cluster, Trace, transcript } from "hello-raft";
 * import { ok } from "node:assert/strict";
 *
 * const trace = new Trace();
 * new Cluster({ nodes: 3, seed: 1, observer: trace.record }).run(14);
 * ok(transcript(trace).includes("13  1 → 2  Append prev 0@0 [1@1] commit 0\n"));
 * ```
 */
export function transcript(trace: Trace): string {
  return [...scenesOf(trace.rows)].flatMap(sceneLines).map((line) => `${line}\n`).join("");
}

/** What a message says: `Append prev 1@1 [2@1 x=a] commit 1`. */
export function messageText(message: TracedMessage): string {
  const { type } = message;
  switch (type) {
    case "RequestVote":
    case "RequestPreVote":
      return `${type} term ${message.term} last ${message.lastLogIndex}@${message.lastLogTerm} commit ${message.commit}`;
    case "RequestVoteResponse":
    case "RequestPreVoteResponse":
      return `${type} term ${message.term} ${message.voteGranted ? "granted" : `refused commit ${message.commit}`}`;
    case "Append": {
      const { prevLogIndex, prevLogTerm, entries, leaderCommit } = message;
      return `${type} prev ${prevLogIndex}@${prevLogTerm} ${entriesText(entries)} commit ${leaderCommit}`;
    }
    case "AppendResponse": {
      if (message.success) return `${type} match ${message.matchIndex} commit ${message.commit}`;
      const { index, term } = message.hint;
      return `${type} refused prev ${message.prevLogIndex} hint ${index}@${term} commit ${message.commit}`;
    }
    case "Heartbeat":
      return `${type} commit ${message.leaderCommit}${readText(message)}`;
    case "HeartbeatResponse":
      return `${type} commit ${message.commit}${readText(message)}`;
    case "Snapshot":
      return `${type} up to ${message.snapshot.index}@${message.snapshot.term}`;
    case "Propose":
      return `${type} [${
        message.change === undefined ? message.commands.map(effectText).join(", ") : changeText(message.change)
      }]`;
    case "TimeoutNow":
      return `${type} term ${message.term}`;
    case "TransferLeader":
      return `${type} to node ${message.transferee}`;
    case "ReadIndex":
      return `${type}${readText(message)}`;
    case "ReadIndexResp":
      return `${type} index ${message.index}${readText(message)}`;
    default:
      return unreachable(message);
  }
}

/** Which read a message belongs to, if to any. */
function readText({ read }: Partial<ReadSummary>): string {
  return read === undefined ? "" : ` read ${read}`;
}

function entriesText(entries: readonly EntrySummary[]): string {
  const texts = entries.map(({ index, term, command, change }) => {
    const what = change !== undefined ? ` ${changeText(change)}` : command === null ? "" : ` ${effectText(command)}`;
    return `${index}@${term}${what}`;
  });
  return `[${texts.join(", ")}]`;
}

function effectText(command: Command | null): string {
  if (command?.kind !== "Put") return commandText(command);
  return `${word(command.key)}=${word(command.value)}`;
}

function sceneLines({ passing, byHand }: Scene): string[] {
  return [passing, byHand].flatMap(changeLines);
}

function changeLines({ before, rows, state }: Change): string[] {
  const roles = [...state.nodes.values()].flatMap((node) => {
    const earlier = before.nodes.get(node.node);
    const [was, is] = [earlier === undefined ? "follower" : conditionOf(earlier), conditionOf(node)];
    if (is === "stopped" || (is === was && node.term === (earlier?.term ?? 0))) return [];
    return [lineOf(state.tick, `${node.node}`, `${CONDITIONS[is].one} of term ${node.term}`)];
  });
  return [...rows.flatMap((row) => rowLines(row, state)), ...roles];
}

function rowLines(row: TraceRow, state: ClusterState): string[] {
  if (row.kind === "part") return [`# ${visible(row.title)}`];
  const what = rowText(row, state);
  const who = "node" in row ? `${row.node}` : "from" in row ? `${row.from} → ${row.to}` : "";
  return what === null ? [] : [lineOf(row.tick, who, what)];
}

function rowText(row: Exclude<TraceRow, PartRow>, { nodes }: ClusterState): string | null {
  switch (row.kind) {
    case "message":
      if (row.event === "delivered") return null;
      return row.event === "sent" ? messageText(row) : `${LOSS.one}: ${messageText(row)}`;
    case "messageFault":
      return `${MESSAGE_FAULT_WORDS[row.fault].one}: ${messageText(row)}`;
    case "linkFault":
      return `${LINK_FAULT_WORDS[row.fault].one}${row.fault === "delay" ? ` to ${row.latency}` : ""}`;
    case "nodeFault": {
      const after = row.after === undefined ? "" : ` after step ${row.after}`;
      return `${NODE_FAULT_WORDS[row.fault].one}${after}${row.why === undefined ? "" : `: ${row.why}`}`;
    }
    case "proposal":
      return `propose ${effectText(row.command)}: ${row.result}${
        row.index === null ? "" : ` at ${row.index}@${row.term}`
      }`;
    case "confChange":
      return `${changeText(row.change)}: ${row.result}${row.index === null ? "" : ` at ${row.index}@${row.term}`}`;
    case "configuration":
      return `configuration: ${configurationText(row.configuration)}`;
    case "transfer":
      return `transfer to node ${row.transferee}: ${row.result}`;
    case "read":
      return `read ${row.number} of ${word(row.key)} by ${row.way}: ${row.event}${
        row.event === "answered" ? ` ${row.value === null ? "nothing there" : word(row.value)}` : ""
      }`;
    case "request": {
      const what = row.event === "asked" ? ` ${row.attempt}: ${effectText(row.command)} by ${row.way}` : "";
      const learnt = row.value === null ? "" : ` ${word(row.value)}`;
      return `client ${row.client} request ${row.request} ${row.event}${what}${learnt}`;
    }
    case "commit":
      return `commit ${row.index}`;
    case "apply":
      return `apply ${row.index}@${row.term}: ${appliedText(row, nodes.get(row.node))}`;
    case "restore":
      return `restore ${row.index}`;
    case "log":
      return `log ${entriesText(row.entries)}`;
    case "write":
      return `${row.finished ? "written" : "write cut short"}, begun at ${row.since}`;
    case "ready":
      return row.entries.length === 0 ? null : `append ${entriesText(row.entries)}`;
    case "expectation":
      return `${row.holds ? "as" : "not as"} expected: ${row.text}`;
    case "node":
      return null;
    default:
      return unreachable(row);
  }
}

function lineOf(tick: number, who: string, what: string): string {
  return `${`${tick}`.padStart(3)}  ${who.padEnd(5)}  ${visible(what)}`;
}
