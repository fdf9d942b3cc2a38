/**
 * A run as plain text, a line for each message and step: short enough to be read, exact enough to be compared.
 *
 * An entry is written `index@term`, and what it does to a key: `2@1 x=a`.
 *
 * @module
 */
import { unreachable } from "../raft/mod.ts";
import type { Command } from "../command.ts";
import { conditionOf, type Scene, scenesOf } from "./fold.ts";
import type { EntrySummary, MessageFaultRow, MessageRow, TracedMessage, TraceRow } from "./rows.ts";
import { visible, word } from "./text.ts";
import type { Trace } from "./trace.ts";
import {
  commandText,
  CONDITIONS,
  LINK_FAULT_WORDS,
  LOSS,
  MESSAGE_FAULT_WORDS,
  NODE_FAULT_WORDS,
  outcomeText,
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
  return scenesOf(trace.rows).flatMap(sceneLines).map((line) => `${line}\n`).join("");
}

/** What a message says: `Append prev 1@1 [2@1 x=a] commit 1`. */
export function messageText(message: TracedMessage): string {
  const { type } = message;
  switch (type) {
    case "RequestVote":
      return `${type} term ${message.term} last ${message.lastLogIndex}@${message.lastLogTerm} commit ${message.commit}`;
    case "RequestVoteResponse":
      return `${type} term ${message.term} ${message.voteGranted ? "granted" : `refused commit ${message.commit}`}`;
    case "Append": {
      const entries = `[${message.entries.map(entryText).join(", ")}]`;
      return `${type} prev ${message.prevLogIndex}@${message.prevLogTerm} ${entries} commit ${message.leaderCommit}`;
    }
    case "AppendResponse": {
      if (message.success) return `${type} match ${message.matchIndex} commit ${message.commit}`;
      const { index, term } = message.hint;
      return `${type} refused prev ${message.prevLogIndex} hint ${index}@${term} commit ${message.commit}`;
    }
    case "Heartbeat":
      return `${type} commit ${message.leaderCommit}`;
    case "HeartbeatResponse":
      return `${type} commit ${message.commit}`;
    case "Snapshot":
      return `${type} up to ${message.snapshot.index}@${message.snapshot.term}`;
    case "Propose":
      return `${type} [${message.commands.map(effectText).join(", ")}]`;
    default:
      return unreachable(message);
  }
}

function entryText({ index, term, command }: EntrySummary): string {
  return `${index}@${term}${command === null ? "" : ` ${effectText(command)}`}`;
}

function effectText(command: Command | null): string {
  if (command?.kind !== "Put") return commandText(command);
  return `${word(command.key)}=${word(command.value)}`;
}

function sceneLines(scene: Scene): string[] {
  const roles = [...scene.state.nodes.values()].flatMap((node) => {
    const before = scene.before.nodes.get(node.node);
    const [was, is] = [before === undefined ? "follower" : conditionOf(before), conditionOf(node)];
    if (is === "stopped" || (is === was && node.term === (before?.term ?? 0))) return [];
    return [lineOf(scene.tick, `${node.node}`, `${CONDITIONS[is].one} of term ${node.term}`)];
  });
  const isExpectation = (row: TraceRow) => row.kind === "expectation" && row.tick === scene.tick;
  const linesOf = (rows: readonly TraceRow[]) => rows.flatMap(rowLines);
  return [
    ...linesOf(scene.rows.filter((row) => !isExpectation(row))),
    ...roles,
    ...linesOf(scene.rows.filter(isExpectation)),
  ];
}

function rowLines(row: TraceRow): string[] {
  switch (row.kind) {
    case "message":
      if (row.event === "delivered") return [];
      return [messageLine(row, row.event === "sent" ? "" : `${LOSS.one}: `)];
    case "messageFault":
      return [messageLine(row, `${MESSAGE_FAULT_WORDS[row.fault].one}: `)];
    case "linkFault": {
      const latency = row.fault === "delay" ? ` to ${row.latency}` : "";
      return [lineOf(row.tick, `${row.from} → ${row.to}`, `${LINK_FAULT_WORDS[row.fault].one}${latency}`)];
    }
    case "nodeFault": {
      const after = row.after === undefined ? "" : ` after step ${row.after}`;
      const why = row.why === undefined ? "" : `: ${row.why}`;
      return [lineOf(row.tick, `${row.node}`, `${NODE_FAULT_WORDS[row.fault].one}${after}${why}`)];
    }
    case "proposal": {
      const where = row.index === null ? "" : ` at ${row.index}@${row.term}`;
      return [lineOf(row.tick, `${row.node}`, `propose ${effectText(row.command)}: ${row.result}${where}`)];
    }
    case "commit":
      return [lineOf(row.tick, `${row.node}`, `commit ${row.index}`)];
    case "apply":
      return [lineOf(row.tick, `${row.node}`, `apply ${row.index}@${row.term}: ${outcomeText(row.outcome)}`)];
    case "restore":
      return [lineOf(row.tick, `${row.node}`, `restore ${row.index}`)];
    case "log":
      return [lineOf(row.tick, `${row.node}`, `log [${row.entries.map(entryText).join(", ")}]`)];
    case "ready":
      if (row.entries.length === 0) return [];
      return [lineOf(row.tick, `${row.node}`, `append [${row.entries.map(entryText).join(", ")}]`)];
    case "part":
      return [`# ${visible(row.title)}`];
    case "expectation":
      return [lineOf(row.tick, "", `${row.holds ? "as" : "not as"} expected: ${row.text}`)];
    case "node":
      return [];
    default:
      return unreachable(row);
  }
}

function messageLine(row: MessageRow | MessageFaultRow, fate: string): string {
  return lineOf(row.tick, `${row.from} → ${row.to}`, `${fate}${messageText(row)}`);
}

function lineOf(tick: number, who: string, what: string): string {
  return `${`${tick}`.padStart(3)}  ${who.padEnd(5)}  ${visible(what)}`;
}
