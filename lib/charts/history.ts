/**
 * What became of each operation of the clients that try again: their history, as charts show and tell it.
 *
 * @module
 */
import type { Ticks } from "../raft/mod.ts";
import type { Scene } from "../trace/fold.ts";
import { type Operation, operationsOf } from "../trace/operations.ts";
import type { ReadRow, RequestRow } from "../trace/rows.ts";
import { list, nodeList, word } from "../trace/text.ts";
import { commandText } from "../trace/words.ts";
import { isStale, WAYS } from "./asked.ts";
import { type Span, told } from "./spans.ts";

/** An operation, and what else is to be known of it. */
export interface Happened extends Operation {
  readonly isStale: boolean;
  /** Refusals, time-outs, lost answers. */
  readonly setbacks: readonly RequestRow[];
  /** When it took effect: when an entry of it was first applied, or when the index was taken from which on a read could be answered. */
  readonly effects: readonly Ticks[];
}

/** The operations that were under way in these ticks. */
export function historyOf(scenes: readonly Scene[], { from, to }: Span): Happened[] {
  const until = scenes.filter(({ tick }) => tick <= to);
  const rows = until.flatMap(({ rows }) => rows);
  const isOf = ({ client, request }: Operation, by: Partial<Operation> | undefined) =>
    by !== undefined && by.client === client && by.request === request;
  return operationsOf(until).filter(({ returned }) => returned === null || returned >= from).map((operation) => {
    const { command: { kind, key }, way, value, called, returned } = operation;
    const reads = rows.filter((row): row is ReadRow => row.kind === "read" && isOf(operation, row.by));
    return {
      ...operation,
      isStale: kind === "Get" && way !== "log" && returned !== null &&
        isStale(until, key, value, { from: called, to: returned }),
      setbacks: rows.filter((row): row is RequestRow =>
        row.kind === "request" && isOf(operation, row) && row.event !== "asked" && row.event !== "answered"
      ),
      effects: way === "log" ? operation.effects : indexTaken(reads),
    };
  });
}

/** When the index was taken for the attempt that was answered: a leader takes it when it is asked, a store is read at once. */
function indexTaken(reads: readonly ReadRow[]): Ticks[] {
  const answer = reads.find(({ event }) => event === "answered");
  const asked = reads.find(({ number, event }) => number === answer?.number && event !== "forwarded");
  return asked === undefined ? [] : [asked.tick];
}

/** Who asked for what, and what came of it. */
export function historyText(all: readonly Happened[]): string {
  const clause = (operation: Happened) => {
    const { client, called, returned, attempts, effects, setbacks } = operation;
    const nodes = attempts.map(({ node }) => node);
    const lost = setbacks.filter(({ event }) => event === "lost").length;
    const asked = nodes.length === 1
      ? `of node ${nodes[0]}`
      : `${nodes.length} times, of ${nodeList([...new Set(nodes)])}`;
    return [
      `at tick ${called} client ${client} asks for ${textOf(operation)}, ${asked}`,
      lost === 0 ? "" : `${lost === 1 ? "an answer is" : `${lost} answers are`} lost`,
      effects.length === 0
        ? ""
        : effects.length === 1
        ? `it takes effect at tick ${effects[0]}`
        : `it takes effect ${effects.length} times, at ticks ${list(effects)}`,
      returned === null ? "it is not answered" : `it is answered at tick ${returned}${answerOf(operation)}`,
    ].filter((part) => part !== "").join(", ");
  };
  return told(all, clause, (amount) => `there are ${amount} operations`, 12);
}

function answerOf({ command: { kind }, value, isStale }: Happened): string {
  if (kind !== "Get") return "";
  return `: ${value === null ? "nothing is there" : word(value)}${isStale ? ", which is stale" : ""}`;
}

/** What is asked for, and how. */
function textOf({ command, way }: Happened): string {
  return `${commandText(command)}${way === "log" ? "" : ` ${WAYS[way].long}`}`;
}
